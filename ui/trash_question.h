// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/trash.h"

#include <QMessageBox>

namespace yingxun::ui {

/// Asks before photos go to the trash. Return and Escape leave them where they are.
class TrashQuestion : public QMessageBox
{
    Q_OBJECT
public:
    TrashQuestion(const QList<services::TrashItem> &items, QWidget *parent);

    bool isConfirmed(); ///< Asks.

private:
    QPushButton *m_move;
};

} // namespace yingxun::ui
