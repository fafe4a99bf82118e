// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDate>
#include <QMessageBox>

namespace yingxun::ui {

/// Says that labels and stars cannot be read, and offers a copy of them. Leaving it in any other way than by
/// the button changes nothing.
class RestoreQuestion : public QMessageBox
{
    Q_OBJECT
public:
    /// `copy`: the day of the newest good copy; invalid when there is none.
    RestoreQuestion(const QString &reason, const QDate &copy, QWidget *parent = nullptr);

    bool isRestoreChosen() const; ///< After exec().

private:
    QPushButton *m_restore = nullptr; ///< None when there is no copy.
};

} // namespace yingxun::ui
