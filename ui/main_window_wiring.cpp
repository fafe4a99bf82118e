// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/folder_watcher.h"
#include "core/services/indexer.h"
#include "core/services/librarian.h"
#include "core/services/model_switch.h"
#include "core/services/searcher.h"
#include "core/services/trash.h"
#include "ui/error_text.h"
#include "ui/feedback_actions.h"
#include "ui/folder_panel.h"
#include "ui/label_list.h"
#include "ui/label_panel.h"
#include "ui/main_window.h"
#include "ui/message_line.h"
#include "ui/photo_browser.h"
#include "ui/photo_grid.h"
#include "ui/photo_list_model.h"
#include "ui/photo_viewer.h"
#include "ui/problems_dialog.h"
#include "ui/search_field.h"
#include "ui/search_panel.h"
#include "ui/status_panel.h"
#include "ui/zero_shot_panel.h"

#include <algorithm>

/// What of the window listens to what.
namespace yingxun::ui {
namespace {

constexpr int kRefreshMs = 1000; // While indexing, so that a large library is not looked at at every batch.
constexpr int kSoonMs = 50;      // For a single change: several batches of one run come within it.

/// As they can be typed, each once.
QStringList directoryNames(const library::LibraryIndex &library)
{
    QStringList names;
    for (const library::LibraryIndex::Directory &directory : library.directories())
        names.append(QString::fromStdString(directory.path.substr(directory.path.rfind('/') + 1)));
    names.sort();
    names.removeDuplicates();
    return names;
}

} // namespace

void MainWindow::connectLibrary()
{
    services::Librarian *librarian = m_services.librarian;
    connect(librarian, &services::Librarian::foldersLoaded, this, [this](const QList<Folder> &folders) {
        m_hasFolders = !folders.isEmpty();
        m_folders->setFolders(folders);
        m_browser->refresh();
        m_services.librarian->loadLabels(); // With how many of their photos are still here.
    });
    connect(librarian, &services::Librarian::foldersAway, m_folders, &FolderPanel::setAway);
    connect(librarian, &services::Librarian::foldersAway, m_model, &PhotoListModel::setAway);
    connect(librarian, &services::Librarian::exclusionsLoaded, this,
            [this](const QStringList &patterns) { m_exclusions = patterns; });
    connect(librarian, &services::Librarian::labelsLoaded, this, [this](const QList<Label> &labels) {
        m_labelList = labels;
        m_labels->list()->setLabels(labels);
        QStringList names;
        for (const Label &label : labels)
            names.append(QString::fromStdString(label.name));
        m_search->setLabels(names);
        if (m_browser->label() || m_browser->isFiltered())
            m_browser->refresh();
    });
    connect(librarian, &services::Librarian::problemsLoaded, this, [this](const QList<Problem> &problems) {
        m_problemList = problems;
        m_folders->setProblems(problems);
        if (m_problems)
            m_problems->setProblems(problems);
    });
    connect(librarian, &services::Librarian::ratingsLoaded, m_model, &PhotoListModel::setRatings);
    connect(librarian, &services::Librarian::ratingsLoaded, this, [this] {
        if (m_browser->isFiltered())
            m_browser->refresh();
    });
    const auto report = [this](const Error &error) { showMessage(errorText(error)); };
    connect(librarian, &services::Librarian::failed, this, report);
    connect(m_services.indexer, &services::Indexer::failed, this, report);
    connect(m_services.searcher, &services::Searcher::failed, this, report);
    if (const services::Trash *trash = m_services.trash) {
        connect(trash, &services::Trash::changed, m_browser, &PhotoBrowser::refresh);
        connect(trash, &services::Trash::changed, librarian, &services::Librarian::loadLabels);
        connect(trash, &services::Trash::failed, this, report);
        connect(trash, &services::Trash::stayed, this,
                [this](const QList<services::StayedFile> &files) { showMessage(stayedText(files)); });
    }
    if (const services::ModelSwitch *models = m_services.modelSwitch) {
        connect(models, &services::ModelSwitch::failed, this, report);
        connect(models, &services::ModelSwitch::noModel, m_message, &MessageLine::setNoModel);
        connect(models, &services::ModelSwitch::changing, m_message, &MessageLine::forgetNoModel);
    }

    if (m_services.watcher != nullptr) {
        connect(m_services.watcher, &services::FolderWatcher::degraded, m_folders, &FolderPanel::setPolled);
        connect(m_services.watcher, &services::FolderWatcher::watched, m_folders, &FolderPanel::setWatched);
    }
    connect(m_folders, &FolderPanel::folderDropped, librarian, &services::Librarian::addFolder);
    connect(m_labels, &LabelPanel::labelAdded, librarian, &services::Librarian::addLabel);
    connect(m_labels, &LabelPanel::labelRenamed, librarian, &services::Librarian::renameLabel);
    connect(m_labels, &LabelPanel::labelRemoved, this, [this](LabelId label) {
        m_undo.clear(); // What would be undone had a label that is no more.
        if (m_browser->label() == label)
            m_browser->showEverything();
        m_services.librarian->removeLabel(label);
    });
    connect(m_labels->list(), &LabelList::photosDropped, this, &MainWindow::assignLabel);
}

void MainWindow::connectSavedSearches()
{
    connect(m_services.librarian, &services::Librarian::searchesLoaded, m_search, &SearchField::setSaved);
    connect(m_services.librarian, &services::Librarian::historyLoaded, m_search, &SearchField::setHistory);
    connect(m_search, &SearchField::lineStood, m_services.librarian, &services::Librarian::noteSearch);
    connect(m_search, &SearchField::saveWanted, m_searches, &SearchPanel::save);
    connect(m_search, &SearchField::searchWanted, m_searches, &SearchPanel::setAsked);
    connect(m_searches, &SearchPanel::refused, this, &MainWindow::showMessage);
    connect(m_searches, &SearchPanel::searchChosen, this, [this](const QString &line) {
        m_browser->showEverything(); // It was not kept for the place that is shown now.
        m_search->ask(line);
    });
}

void MainWindow::connectSearch()
{
    // At each key: the searcher drops what the next key overtakes.
    connect(m_search, &SearchField::searchWanted, this, [this](const QString &typed) {
        closeViewer();
        m_browser->searchText(typed);
        m_message->remindOfNoModel();
    });
    m_feedback = new FeedbackActions(m_browser, m_model, m_grid, &m_undo, this);
    connect(m_feedback, &FeedbackActions::told, this, &MainWindow::showMessage);
    connect(m_browser, &PhotoBrowser::lineRead, m_search, &SearchField::setError);
    connect(m_services.librarian, &services::Librarian::equipmentLoaded, m_search,
            &SearchField::setEquipment);
    connect(m_search, &SearchField::picturePasted, m_services.librarian, &services::Librarian::keepPasted);
    connect(m_services.librarian, &services::Librarian::pastedKept, m_search, &SearchField::addPicture);

    // Results stay live while indexing goes on.
    m_refresh.setSingleShot(true);
    connect(m_services.indexer, &services::Indexer::photosChanged, this, [this] {
        if (m_refresh.isActive())
            return;
        const qint64 rest = m_refreshed.isValid() ? kRefreshMs - m_refreshed.elapsed() : 0;
        m_refresh.start(int(std::max<qint64>(kSoonMs, rest)));
    });
    const auto refresh = [this] {
        m_refreshed.start();
        m_browser->refresh();
        m_services.librarian->loadProblems();
        m_services.librarian->loadLabels(); // With the stars they follow files that were edited.
        m_services.librarian->loadRatings();
        m_services.librarian->loadEquipment();
    };
    connect(&m_refresh, &QTimer::timeout, this, refresh);
    connect(m_services.indexer, &services::Indexer::finished, this, [this, refresh] {
        if (!m_refresh.isActive())
            return; // It changed nothing.
        m_refresh.stop();
        refresh();
    });
    if (m_services.modelSwitch != nullptr)
        connect(m_services.modelSwitch, &services::ModelSwitch::changed, this, refresh);

    connect(m_zeroShot, &ZeroShotPanel::wordsChanged, m_services.searcher, &services::Searcher::classify);
    connect(m_zeroShot, &ZeroShotPanel::wordsChanged, m_message, &MessageLine::remindOfNoModel);
    connect(m_services.searcher, &services::Searcher::classified, m_zeroShot, &ZeroShotPanel::setResults);
    connect(m_zeroShot, &ZeroShotPanel::matchesChosen, this,
            [this](const QString &label, const services::SearchResult &result, float threshold) {
                closeViewer();
                m_browser->showMatches(label, result, threshold);
            });
    connect(m_zeroShot, &ZeroShotPanel::matchesChanged, m_browser, &PhotoBrowser::showMatches);
}

void MainWindow::connectViews()
{
    connect(m_browser, &PhotoBrowser::questionChanged, this, [this] {
        m_newQuestion = true;
        if (m_browser->order() != PhotoBrowser::Order::Matches)
            m_zeroShot->clearChoice();
    });
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, m_grid, &PhotoGrid::rememberPlace);
    connect(m_browser, &PhotoBrowser::shown, this, &MainWindow::onShown);
    connect(m_browser, &PhotoBrowser::libraryLoaded, this, [this](const library::LibraryIndex &library) {
        m_status->setPhotoCount(library.items());
        m_folders->setLibrary(library);
        m_search->setFolders(directoryNames(library));
        if (!m_zeroShot->words().isEmpty())
            m_services.searcher->classify(m_zeroShot->words());
    });
    connect(m_folders, &FolderPanel::everythingChosen, this, [this] {
        closeViewer();
        m_browser->showEverything();
    });
    connect(m_folders, &FolderPanel::directoryChosen, this, [this](const QString &directory) {
        closeViewer();
        m_browser->showDirectory(directory);
    });
    connect(m_folders, &FolderPanel::problemsChosen, this, &MainWindow::showProblems);
    connect(m_status, &StatusPanel::problemsWanted, this, &MainWindow::showProblems);
    connect(m_status, &StatusPanel::folderWanted, m_folders, &FolderPanel::pointOut);
    connect(m_labels, &LabelPanel::labelChosen, this, [this](const Label &label) {
        closeViewer();
        m_browser->showLabel(label.id, QString::fromStdString(label.name));
    });
    connect(m_grid, &PhotoGrid::opened, this, [this](int row) { openPhoto(m_model->photo(row)); });
    connect(m_grid, &PhotoGrid::menuWanted, this, &MainWindow::showPhotoMenu);
    connect(m_viewer, &PhotoViewer::opened, m_services.librarian, &services::Librarian::loadMetadata);
    connect(m_services.librarian, &services::Librarian::metadataLoaded, m_viewer, &PhotoViewer::showMetadata);
    connect(m_viewer, &PhotoViewer::closed, this, &MainWindow::closeViewer);
}

} // namespace yingxun::ui
