// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/undo_commands.h"

#include "core/services/librarian.h"
#include "ui/photo_browser.h"

namespace yingxun::ui {

HandCommand::HandCommand(const QString &text, services::Librarian *librarian, QList<PhotoId> photos)
    : QUndoCommand(text), m_librarian(librarian), m_photos(std::move(photos))
{
}

HandCommand::~HandCommand()
{
    if (m_change)
        m_librarian->forget(m_change);
}

void HandCommand::redo()
{
    if (m_change)
        m_librarian->repeat(m_change);
    else
        m_change = begin(m_librarian, m_photos);
}

void HandCommand::undo()
{
    m_librarian->revert(m_change);
}

LabelCommand::LabelCommand(services::Librarian *librarian, Kind kind, LabelId label, QList<PhotoId> photos)
    : HandCommand(kind == Kind::Assign ? tr("Assign a label") : tr("Take a label off"), librarian,
                  std::move(photos)),
      m_kind(kind), m_label(label)
{
}

ChangeId LabelCommand::begin(services::Librarian *librarian, const QList<PhotoId> &photos)
{
    return m_kind == Kind::Assign ? librarian->assignLabel(m_label, photos)
                                  : librarian->unassignLabel(m_label, photos);
}

FeedbackCommand::FeedbackCommand(PhotoBrowser *browser, query::Feedback after)
    : QUndoCommand(tr("Refine the results")), m_browser(browser), m_question(browser->text()),
      m_before(browser->feedback()), m_after(std::move(after))
{
}

void FeedbackCommand::change(const query::Feedback &from, const query::Feedback &to)
{
    // The same line may have been asked anew meanwhile, without marks.
    if (m_browser->canRefine() && m_browser->text() == m_question && m_browser->feedback() == from)
        m_browser->refine(to);
    else
        setObsolete(true);
}

RatingCommand::RatingCommand(services::Librarian *librarian, int stars, QList<PhotoId> photos)
    : HandCommand(tr("Rate"), librarian, std::move(photos)), m_stars(stars)
{
}

ChangeId RatingCommand::begin(services::Librarian *librarian, const QList<PhotoId> &photos)
{
    return librarian->setRating(photos, m_stars);
}

TrashCommand::TrashCommand(services::Trash *trash, QList<services::TrashItem> items)
    : QUndoCommand(tr("Move to the trash")), m_trash(trash), m_items(std::move(items))
{
}

TrashCommand::~TrashCommand()
{
    if (m_change)
        m_trash->forget(m_change);
}

void TrashCommand::redo()
{
    if (m_change)
        m_trash->moveAgain(m_change);
    else
        m_change = m_trash->moveAway(m_items);
}

void TrashCommand::undo()
{
    m_trash->putBack(m_change);
}

} // namespace yingxun::ui
