// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

class QLabel;
class QLineEdit;
class QPushButton;

namespace yingxun::ui {

/// Asks for the name of a saved search. One that is empty or taken cannot be accepted, and it says why.
class SearchNameDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param name  Proposed.
    /// @param taken  Names of other saved searches.
    SearchNameDialog(const QString &title, const QString &name, const QStringList &taken,
                     QWidget *parent = nullptr);

    QString name() const; ///< Without blanks at both ends.

private:
    void check();

    QStringList m_taken;
    QLineEdit *m_name;
    QLabel *m_reason;
    QPushButton *m_accept;
};

} // namespace yingxun::ui
