// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QWidget>

class QLineEdit;

namespace yingxun::ui {

class LabelList;

/// The hand-made labels: choose, make, rename, delete.
class LabelPanel : public QWidget
{
    Q_OBJECT
public:
    explicit LabelPanel(QWidget *parent = nullptr);

    LabelList *list() const { return m_list; }

Q_SIGNALS:
    void labelChosen(const yingxun::Label &label);
    void labelAdded(const QString &name);
    void labelRenamed(yingxun::LabelId label, const QString &name);
    void labelRemoved(yingxun::LabelId label);

private:
    void showMenu(const QPoint &at);

    LabelList *m_list;
    QLineEdit *m_name;
};

} // namespace yingxun::ui
