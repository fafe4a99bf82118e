// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/feedback_actions.h"

#include "ui/photo_browser.h"
#include "ui/photo_grid.h"
#include "ui/photo_list_model.h"
#include "ui/undo_commands.h"

#include <QAction>
#include <QMenu>
#include <QUndoStack>

#include <algorithm>

namespace yingxun::ui {

FeedbackActions::FeedbackActions(PhotoBrowser *browser, PhotoListModel *model, PhotoGrid *grid,
                                 QUndoStack *undo, QObject *parent)
    : QObject(parent), m_browser(browser), m_model(model), m_grid(grid), m_undo(undo),
      m_more(makeAction(tr("Results more like this"), Qt::Key_Plus)),
      m_less(makeAction(tr("Results less like this"), Qt::Key_Minus)),
      m_takeBack(makeAction(tr("Results as before"), Qt::Key_Escape))
{
    connect(m_more, &QAction::triggered, this, [this] { mark(Mark::More); });
    connect(m_less, &QAction::triggered, this, [this] { mark(Mark::Less); });
    connect(m_takeBack, &QAction::triggered, this, &FeedbackActions::takeBack);
    connect(m_browser, &PhotoBrowser::feedbackChanged, this, &FeedbackActions::onChanged);
    m_takeBack->setEnabled(false);
}

QAction *FeedbackActions::makeAction(const QString &text, Qt::Key key)
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetShortcut); // In the search field these are signs.
    m_grid->addAction(action);
    return action;
}

void FeedbackActions::addTo(QMenu *menu) const
{
    if (m_browser->canRefine())
        menu->addActions({m_more, m_less});
    if (m_takeBack->isEnabled())
        menu->addAction(m_takeBack);
}

void FeedbackActions::mark(Mark mark)
{
    if (!m_browser->canRefine()) {
        Q_EMIT told(tr("Search for a description or a picture first: its results can be refined."));
        return;
    }
    QList<ContentHash> chosen;
    for (const int row : m_model->rowsOf(m_grid->selectedPhotos())) {
        if (const ContentHash content = m_model->shownKey(row); !chosen.contains(content))
            chosen.append(content);
    }
    if (chosen.isEmpty()) {
        Q_EMIT told(tr("Choose a photo first."));
        return;
    }
    query::Feedback feedback = m_browser->feedback();
    QList<ContentHash> &marked = mark == Mark::More ? feedback.more : feedback.less;
    const bool isMarked = std::all_of(chosen.cbegin(), chosen.cend(),
                                      [&marked](const ContentHash &one) { return marked.contains(one); });
    const auto isChosen = [&chosen](const ContentHash &one) { return chosen.contains(one); };
    feedback.more.removeIf(isChosen);
    feedback.less.removeIf(isChosen);
    if (!isMarked)
        marked.append(chosen);
    m_undo->push(new FeedbackCommand(m_browser, feedback));
}

void FeedbackActions::takeBack()
{
    m_undo->push(new FeedbackCommand(m_browser, {}));
}

void FeedbackActions::onChanged()
{
    const query::Feedback &feedback = m_browser->feedback();
    m_takeBack->setEnabled(!feedback.isEmpty());
    const auto count = int(feedback.more.size() + feedback.less.size());
    Q_EMIT told(count == 0
                    ? QString()
                    : tr("The results are refined by %n photo(s). Escape takes it back.", nullptr, count));
}

} // namespace yingxun::ui
