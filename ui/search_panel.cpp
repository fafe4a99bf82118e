// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/search_panel.h"

#include "core/services/librarian.h"
#include "ui/search_name_dialog.h"
#include "ui/section_title.h"

#include <QAction>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

SearchPanel::SearchPanel(services::Librarian *librarian, QWidget *parent)
    : QWidget(parent), m_librarian(librarian), m_list(new QListWidget(this)),
      m_rename(new QAction(tr("Rename…"), m_list)), m_remove(new QAction(tr("Delete…"), m_list))
{
    m_list->setObjectName(u"searchList"_s);
    m_list->setAccessibleName(tr("Saved searches"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_rename->setShortcut(Qt::Key_F2);
    m_remove->setShortcut(QKeySequence::Delete);
    for (QAction *action : {m_rename, m_remove})
        action->setShortcutContext(Qt::WidgetShortcut);
    m_list->addActions({m_rename, m_remove});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new SectionTitle(tr("Saved searches"), this));
    layout->addWidget(m_list);
    hide();

    connect(m_rename, &QAction::triggered, this, &SearchPanel::rename);
    connect(m_remove, &QAction::triggered, this, &SearchPanel::remove);
    connect(m_list, &QListWidget::itemClicked, this, &SearchPanel::choose);
    connect(m_list, &QListWidget::itemActivated, this, &SearchPanel::choose);
    connect(m_list, &QWidget::customContextMenuRequested, this, &SearchPanel::showMenu);
    connect(m_librarian, &services::Librarian::searchesLoaded, this, &SearchPanel::setSearches);
}

void SearchPanel::save(const QString &line)
{
    const QString wanted = line.trimmed();
    if (wanted.isEmpty()) {
        Q_EMIT refused(tr("Type what to search for first."));
        return;
    }
    const auto same =
        std::find_if(m_searches.cbegin(), m_searches.cend(), [&wanted](const SavedSearch &search) {
            return QString::fromStdString(search.line) == wanted;
        });
    if (same != m_searches.cend()) {
        Q_EMIT refused(tr("This search is saved already, as “%1”.").arg(QString::fromStdString(same->name)));
        return;
    }
    SearchNameDialog dialog(tr("Save the search"), wanted, namesBut({}), this);
    if (dialog.exec() == QDialog::Accepted)
        m_librarian->addSearch(dialog.name(), wanted);
}

void SearchPanel::setAsked(const QString &line)
{
    m_asked = line.trimmed();
    pointOut();
}

void SearchPanel::setSearches(const QList<SavedSearch> &searches)
{
    m_searches = searches;
    m_list->clear();
    for (const SavedSearch &search : searches) {
        auto *item = new QListWidgetItem(QString::fromStdString(search.name), m_list);
        item->setToolTip(QString::fromStdString(search.line).toHtmlEscaped());
    }
    setVisible(!searches.isEmpty());
    pointOut();
}

void SearchPanel::pointOut()
{
    const auto isAsked = [this](const SavedSearch &search) {
        return QString::fromStdString(search.line) == m_asked;
    };
    if (const SavedSearch *now = current(); now != nullptr && isAsked(*now))
        return; // Another one may have the same line.
    const auto asked = std::find_if(m_searches.cbegin(), m_searches.cend(), isAsked);
    m_list->setCurrentRow(asked == m_searches.cend() ? -1 : int(asked - m_searches.cbegin()));
}

const SavedSearch *SearchPanel::current() const
{
    const int row = m_list->currentRow();
    return row < 0 || row >= int(m_searches.size()) ? nullptr : &m_searches.at(row);
}

void SearchPanel::choose()
{
    if (const SavedSearch *search = current())
        Q_EMIT searchChosen(QString::fromStdString(search->line));
}

void SearchPanel::rename()
{
    if (current() == nullptr)
        return;
    const SavedSearch search = *current(); // The list may change while the dialog is open.
    SearchNameDialog dialog(tr("Rename the saved search"), QString::fromStdString(search.name),
                            namesBut(search.id), this);
    if (dialog.exec() == QDialog::Accepted)
        m_librarian->renameSearch(search.id, dialog.name());
}

void SearchPanel::remove()
{
    if (current() == nullptr)
        return;
    const SavedSearch search = *current();
    const auto answer = QMessageBox::question(
        this, tr("Delete the saved search"),
        tr("Delete the saved search “%1”? The photos stay.").arg(QString::fromStdString(search.name)));
    if (answer == QMessageBox::Yes)
        m_librarian->removeSearch(search.id);
}

void SearchPanel::showMenu(const QPoint &at)
{
    if (m_list->itemAt(at) != nullptr) // A press has made it the current one.
        QMenu::exec({m_rename, m_remove}, m_list->viewport()->mapToGlobal(at), nullptr, this);
}

QStringList SearchPanel::namesBut(SavedSearchId search) const
{
    QStringList names;
    for (const SavedSearch &one : m_searches) {
        if (one.id != search)
            names.append(QString::fromStdString(one.name));
    }
    return names;
}

} // namespace yingxun::ui
