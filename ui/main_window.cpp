// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "core/ingest/unused_contents.h"
#include "core/services/indexer.h"
#include "core/services/librarian.h"
#include "core/services/path_text.h"
#include "core/services/query_error_text.h"
#include "core/services/thumbnail_source.h"
#include "core/services/trash.h"
#include "ui/exclusion_dialog.h"
#include "ui/feedback_actions.h"
#include "ui/folder_panel.h"
#include "ui/label_list.h"
#include "ui/label_panel.h"
#include "ui/message_line.h"
#include "ui/model_menu.h"
#include "ui/photo_browser.h"
#include "ui/photo_grid.h"
#include "ui/photo_list_model.h"
#include "ui/photo_paths.h"
#include "ui/photo_viewer.h"
#include "ui/problems_dialog.h"
#include "ui/search_field.h"
#include "ui/search_panel.h"
#include "ui/section_title.h"
#include "ui/status_panel.h"
#include "ui/trash_question.h"
#include "ui/undo_commands.h"
#include "ui/zero_shot_panel.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr int kThumbnailCacheKiB = 256 * 1024;
constexpr int kSidebarWidth = 250;
constexpr int kMostStars = 5;

} // namespace

MainWindow::MainWindow(const Services &services, QWidget *parent)
    : QMainWindow(parent), m_services(services),
      m_model(new PhotoListModel(services.thumbnails, kThumbnailCacheKiB, this)),
      m_browser(new PhotoBrowser(services.librarian, services.searcher, m_model, this))
{
    setObjectName(u"mainWindow"_s);
    resize(1200, 800);
    auto *splitter = new QSplitter(this);
    splitter->addWidget(makeSidebar());
    splitter->addWidget(makeContent());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kSidebarWidth, width() - kSidebarWidth});
    splitter->setChildrenCollapsible(false);
    setCentralWidget(splitter);
    makeActions();
    connectLibrary();
    connectSearch();
    connectSavedSearches();
    connectViews();
    m_services.librarian->loadFolders();
    m_services.librarian->loadExclusions();
    m_services.librarian->loadLabels();
    m_services.librarian->loadRatings();
    m_services.librarian->loadSearches();
    m_services.librarian->loadHistory();
    m_services.librarian->loadEquipment();
    m_services.librarian->loadProblems();
    m_browser->refresh();
    m_grid->setFocus();
}

QWidget *MainWindow::makeSidebar()
{
    auto *sidebar = new QWidget(this);
    m_folders = new FolderPanel(sidebar);
    m_labels = new LabelPanel(sidebar);
    m_searches = new SearchPanel(m_services.librarian, sidebar);
    m_zeroShot = new ZeroShotPanel(sidebar);
    auto *add = new QPushButton(tr("Add a folder…"), sidebar);
    add->setObjectName(u"addFolderButton"_s);
    connect(add, &QPushButton::clicked, this, &MainWindow::addFolder);
    auto *layout = new QVBoxLayout(sidebar);
    layout->setContentsMargins(8, 4, 4, 8);
    layout->addWidget(new SectionTitle(tr("Folders"), sidebar));
    layout->addWidget(m_folders, 3);
    layout->addWidget(add);
    layout->addWidget(new SectionTitle(tr("Labels"), sidebar));
    layout->addWidget(m_labels, 2);
    layout->addWidget(m_searches, 1);
    layout->addWidget(new SectionTitle(tr("Looks like"), sidebar));
    layout->addWidget(m_zeroShot, 2);
    return sidebar;
}

QWidget *MainWindow::makeContent()
{
    auto *content = new QWidget(this);
    m_search = new SearchField(content);
    m_heading = new QLabel(content);
    m_heading->setObjectName(u"heading"_s);
    m_heading->setContentsMargins(8, 0, 0, 0);
    m_heading->setTextFormat(Qt::PlainText);

    m_grid = new PhotoGrid(m_model, content);
    m_viewer = new PhotoViewer(m_services.thumbnails, m_model, content);
    m_empty = new QLabel(content);
    m_empty->setObjectName(u"emptyText"_s);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_pages = new QStackedWidget(content);
    m_pages->addWidget(m_grid);
    m_pages->addWidget(m_viewer);
    m_pages->addWidget(m_empty);

    auto *size = new QSlider(Qt::Horizontal, content);
    size->setObjectName(u"thumbnailSize"_s);
    size->setAccessibleName(tr("Thumbnail size"));
    size->setToolTip(tr("Thumbnail size"));
    size->setRange(96, 320);
    size->setValue(m_grid->thumbnailSide());
    size->setMaximumWidth(140);
    connect(size, &QSlider::valueChanged, m_grid, &PhotoGrid::setThumbnailSide);
    connect(m_grid, &PhotoGrid::thumbnailSideChanged, size, &QSlider::setValue);

    m_message = new MessageLine(content);
    m_status = new StatusPanel(m_services, content);

    auto *row = new QHBoxLayout;
    row->addWidget(m_heading, 1);
    row->addWidget(size);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(4, 8, 8, 0);
    layout->addWidget(m_search);
    layout->addLayout(row);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_message);
    layout->addWidget(m_status);
    return content;
}

void MainWindow::showModel(const QString &name, const QString &device)
{
    m_status->setModel(name, device);
}

void MainWindow::makeActions()
{
    QMenu *library = menuBar()->addMenu(tr("&Library"));
    library->addAction(tr("&Add a folder…"), QKeySequence(u"Ctrl+O"_s), this, &MainWindow::addFolder);
    library->addAction(tr("&Remove the folder…"), this, &MainWindow::removeFolder);
    library->addAction(tr("What is &not indexed…"), this, &MainWindow::editExclusions);
    library->addAction(tr("&Look for changes now"), QKeySequence::Refresh, m_services.indexer,
                       &services::Indexer::start);
    library->addAction(tr("&Unreadable files…"), this, &MainWindow::showProblems);
    addModelActions(library, m_services, this);
    library->addSeparator();
    library->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_undo.createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = m_undo.createRedoAction(this, tr("&Redo"));
    redo->setShortcut(QKeySequence::Redo);
    edit->addActions({undo, redo});

    edit->addSeparator();
    addRatingActions(edit->addMenu(tr("&Rating")), RatingKeys::Shown);
    if (m_services.trash != nullptr) {
        QAction *trash = edit->addAction(tr("Move to the &trash…"), this, &MainWindow::moveToTrash);
        trash->setObjectName(u"trashAction"_s);
        trash->setShortcut(QKeySequence::Delete);
        // Not where somebody deletes a letter, or means a label or a folder.
        trash->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_pages->addAction(trash);
    }

    QMenu *search = menuBar()->addMenu(tr("&Search"));
    search->addAction(tr("&Describe a photo"), QKeySequence::Find, this, [this] {
        closeViewer();
        m_search->beginTyping();
    });
    search->addAction(tr("&More like this photo"), QKeySequence(u"Ctrl+M"_s), this,
                      &MainWindow::searchLikeCurrent);
    search->addAction(tr("&Save this search…"), QKeySequence(u"Ctrl+D"_s), this,
                      [this] { m_searches->save(m_search->line()); });
    search->addAction(tr("&Clear the history"), this, [this] {
        m_search->leaveOut();
        m_services.librarian->clearHistory(m_search->line());
    });
}

void MainWindow::showMessage(const QString &text)
{
    m_message->showText(text);
}

void MainWindow::showWarning(const QString &text)
{
    m_status->setWarning(text);
}

void MainWindow::addFolder()
{
    // As a URL: it keeps names that are not UTF-8.
    const QUrl url = QFileDialog::getExistingDirectoryUrl(this, tr("Add a folder"), {},
                                                          QFileDialog::ShowDirsOnly, {u"file"_s});
    const QString path = services::textOfPath(services::pathOfUrl(url));
    if (!path.isEmpty())
        m_services.librarian->addFolder(path);
}

void MainWindow::removeFolder()
{
    const FolderId folder = m_folders->currentFolder();
    if (!folder) {
        showMessage(tr("Choose a folder at the left first."));
        return;
    }
    const auto answer = QMessageBox::question(
        this, tr("Remove the folder"),
        tr("Stop showing the photos of this folder? The files stay where they are, and so do your labels. "
           "What was computed of them is kept for %1 days, in case they come back.")
            .arg(ingest::kUnusedKeptMs / ingest::kDayMs));
    if (answer != QMessageBox::Yes)
        return;
    m_browser->showEverything();
    m_services.librarian->removeFolder(folder);
}

void MainWindow::editExclusions()
{
    ExclusionDialog dialog(m_exclusions, this);
    if (dialog.exec() == QDialog::Accepted && dialog.patterns() != m_exclusions)
        m_services.librarian->setExclusions(dialog.patterns());
}

void MainWindow::openPhoto(const Photo &photo)
{
    m_viewer->open(photo);
    m_pages->setCurrentWidget(m_viewer);
    m_viewer->setFocus();
}

void MainWindow::closeViewer()
{
    if (m_pages->currentWidget() != m_viewer)
        return;
    // Where the photo is, or the one that has taken its place.
    const QModelIndex index = m_model->index(std::min(m_viewer->row(), m_model->rowCount() - 1));
    const bool focused = m_viewer->hasFocus(); // Not while somebody types a description.
    showPage();
    if (index.isValid()) {
        m_grid->setCurrentIndex(index);
        m_grid->scrollTo(index);
    }
    if (focused)
        m_grid->setFocus();
}

void MainWindow::searchLikeCurrent()
{
    if (m_pages->currentWidget() == m_viewer)
        searchLike(m_viewer->photo());
    else if (m_grid->currentRow() >= 0)
        searchLike(m_model->photo(m_grid->currentRow()));
    else
        showMessage(tr("Choose a photo first."));
}

void MainWindow::searchLike(const Photo &photo)
{
    closeViewer();
    m_browser->searchLike(photo);
    m_message->remindOfNoModel();
}

void MainWindow::showPage()
{
    m_pages->setCurrentWidget(m_model->rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_grid);
}

void MainWindow::showPhotoMenu(const QPoint &globalPosition)
{
    const QList<PhotoId> photos = m_grid->selectedPhotos();
    if (photos.isEmpty() || m_grid->currentRow() < 0)
        return;
    const Photo photo = m_model->photo(m_grid->currentRow()); // The rows may change while the menu is open.
    QMenu menu;
    menu.addAction(tr("Open"), this, [this, photo] { openPhoto(photo); });
    menu.addAction(tr("More like this photo"), this, [this, photo] { searchLike(photo); });
    m_feedback->addTo(&menu);
    QMenu *labels = menu.addMenu(tr("Assign a label"));
    labels->setEnabled(!m_labelList.isEmpty());
    for (const Label &label : std::as_const(m_labelList))
        labels->addAction(QString::fromStdString(label.name), this,
                          [this, id = label.id, photos] { assignLabel(id, photos); });
    if (m_browser->label())
        menu.addAction(tr("Take this label off"), this, &MainWindow::unassignLabel);
    addRatingActions(menu.addMenu(tr("Rating")), RatingKeys::Hidden);
    menu.addSeparator();
    menu.addAction(tr("Show in the file manager"), this, [path = photo.path] {
        QDesktopServices::openUrl(services::urlOfPath(path.substr(0, path.rfind('/'))));
    });
    if (m_services.trash != nullptr)
        menu.addAction(tr("Move to the trash…"), this, &MainWindow::moveToTrash);
    menu.exec(globalPosition);
}

void MainWindow::assignLabel(LabelId label, const QList<PhotoId> &photos)
{
    m_undo.push(new LabelCommand(m_services.librarian, LabelCommand::Kind::Assign, label, photos));
}

void MainWindow::unassignLabel()
{
    m_undo.push(new LabelCommand(m_services.librarian, LabelCommand::Kind::Unassign, m_browser->label(),
                                 m_grid->selectedPhotos()));
}

void MainWindow::addRatingActions(QMenu *menu, RatingKeys keys)
{
    for (int stars = 0; stars <= kMostStars; ++stars) {
        const QString text = stars == 0 ? tr("No stars") : QString(stars, QChar(u'★'));
        QAction *action = menu->addAction(text, this, [this, stars] { rate(stars); });
        if (keys == RatingKeys::Shown)
            action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + stars)));
    }
}

void MainWindow::rate(int stars)
{
    QList<PhotoId> photos;
    if (m_pages->currentWidget() == m_viewer) {
        if (!m_viewer->isListed()) {
            showMessage(tr("This photo is no longer here: it was not rated."));
            return;
        }
        photos.append(m_viewer->photo().id);
    } else {
        photos = m_grid->selectedPhotos();
    }
    if (photos.isEmpty()) {
        showMessage(tr("Choose a photo first."));
        return;
    }
    m_undo.push(new RatingCommand(m_services.librarian, stars, photos));
}

void MainWindow::moveToTrash()
{
    const bool isLarge = m_pages->currentWidget() == m_viewer;
    if (isLarge && !m_viewer->isListed()) {
        showMessage(tr("This photo is no longer here: it was not moved to the trash."));
        return;
    }
    const QList<PhotoId> photos = isLarge ? QList{m_viewer->photo().id} : m_grid->selectedPhotos();
    const QList<services::TrashItem> items = m_model->trashItems(photos);
    if (items.isEmpty()) {
        showMessage(tr("Choose a photo first."));
        return;
    }
    if (!TrashQuestion(items, this).isConfirmed())
        return;
    if (isLarge)
        m_viewer->leave(photos.first());
    m_undo.push(new TrashCommand(m_services.trash, items));
}

void MainWindow::showProblems()
{
    if (!m_problems) {
        m_problems = new ProblemsDialog(this);
        m_problems->setAttribute(Qt::WA_DeleteOnClose);
        m_problems->setProblems(m_problemList);
        connect(m_problems, &ProblemsDialog::retryWanted, m_services.indexer,
                &services::Indexer::retryProblems);
    }
    m_problems->show();
    m_problems->raise();
    m_problems->activateWindow();
}

void MainWindow::onShown()
{
    const bool keep = !std::exchange(m_newQuestion, false);
    m_heading->setText(m_browser->heading());
    if (m_model->rowCount() == 0) {
        if (!m_hasFolders)
            m_empty->setText(
                tr("Add a folder of photos to begin, with the button at the left or by dropping it there."));
        else if (m_browser->order() == PhotoBrowser::Order::Time)
            m_empty->setText(tr("There are no photos here yet."));
        else if (m_browser->problem() != query::QueryProblem::None)
            m_empty->setText(services::queryErrorText(m_browser->problem(), m_browser->problemText()));
        else
            m_empty->setText(tr("Nothing was found."));
    }
    if (m_pages->currentWidget() != m_viewer)
        showPage();
    const int matching = m_model->matching();
    // What stands below is not hidden: a small model knows little of what it has found.
    m_grid->divideAt(std::max(matching, 0), matching < 0 ? QString()
                                            : matching == 0
                                                ? tr("Nothing matches for sure. Possibly related:")
                                                : tr("Possibly related"));
    m_grid->restorePlace(keep);
}

} // namespace yingxun::ui
