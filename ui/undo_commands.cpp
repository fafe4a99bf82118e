// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/undo_commands.h"

#include "core/jobs/librarian.h"

namespace yingxun::ui {

LabelCommand::LabelCommand(jobs::Librarian *librarian, Kind kind, LabelId label, QList<PhotoId> photos)
    : QUndoCommand(kind == Kind::Assign ? tr("Assign a label") : tr("Take a label off")),
      m_librarian(librarian), m_kind(kind), m_label(label), m_photos(std::move(photos))
{
}

LabelCommand::~LabelCommand()
{
    if (m_change)
        m_librarian->forget(m_change);
}

void LabelCommand::redo()
{
    if (m_change)
        m_librarian->repeat(m_change);
    else if (m_kind == Kind::Assign)
        m_change = m_librarian->assignLabel(m_label, m_photos);
    else
        m_change = m_librarian->unassignLabel(m_label, m_photos);
}

void LabelCommand::undo()
{
    m_librarian->revert(m_change);
}

RatingCommand::RatingCommand(jobs::Librarian *librarian, int stars, QMap<int, QList<PhotoId>> before)
    : QUndoCommand(tr("Rate")), m_librarian(librarian), m_stars(stars), m_before(std::move(before))
{
}

void RatingCommand::redo()
{
    for (const QList<PhotoId> &photos : std::as_const(m_before))
        m_librarian->setRating(photos, m_stars);
}

void RatingCommand::undo()
{
    for (auto entry = m_before.cbegin(); entry != m_before.cend(); ++entry)
        m_librarian->setRating(entry.value(), entry.key());
}

} // namespace yingxun::ui
