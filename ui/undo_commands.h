// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QCoreApplication>
#include <QList>
#include <QMap>
#include <QUndoCommand>

namespace yingxun::jobs {
class Librarian;
}

namespace yingxun::ui {

/// Assigning a label, or taking it off. The librarian knows what that changed, and takes back no more.
class LabelCommand : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::LabelCommand)
public:
    enum class Kind { Assign, Unassign };

    /// `librarian` is borrowed and outlives the command.
    LabelCommand(jobs::Librarian *librarian, Kind kind, LabelId label, QList<PhotoId> photos);
    ~LabelCommand() override;
    void redo() override;
    void undo() override;

private:
    jobs::Librarian *m_librarian;
    Kind m_kind;
    LabelId m_label;
    QList<PhotoId> m_photos;
    ChangeId m_change; ///< None before the first redo().
};

/// Giving stars to photos that had others.
class RatingCommand : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::RatingCommand)
public:
    RatingCommand(jobs::Librarian *librarian, int stars, QMap<int, QList<PhotoId>> before);
    void redo() override;
    void undo() override;

private:
    jobs::Librarian *m_librarian;
    int m_stars;
    QMap<int, QList<PhotoId>> m_before; ///< Photos by the stars they had.
};

} // namespace yingxun::ui
