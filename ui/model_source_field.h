// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace yingxun::ui {

/// Where models are downloaded from: a known place, or an address that is typed. Remembers it.
class ModelSourceField : public QWidget
{
    Q_OBJECT
public:
    explicit ModelSourceField(QWidget *parent = nullptr);

    QString source() const; ///< As models::Manifest::address() takes it.

private:
    void keep();

    QComboBox *m_place;
    QLineEdit *m_address;
};

} // namespace yingxun::ui
