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

/// Assigning a label, or taking it off, so that it can be taken back.
class LabelCommand : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::LabelCommand)
public:
    enum class Kind { Assign, Unassign };

    LabelCommand(jobs::Librarian *librarian, Kind kind, LabelId label, QList<PhotoId> photos);
    void redo() override { apply(m_kind == Kind::Assign); }
    void undo() override { apply(m_kind != Kind::Assign); }

private:
    void apply(bool assign);

    jobs::Librarian *m_librarian;
    Kind m_kind;
    LabelId m_label;
    QList<PhotoId> m_photos;
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
