// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folder_panel.h"

#include "core/base/path_within.h"
#include "core/services/path_text.h"
#include "ui/error_text.h"
#include "ui/photo_paths.h"

#include <QDir>
#include <QDropEvent>
#include <QHeaderView>
#include <QLocale>
#include <QMimeData>
#include <QSet>
#include <QStyle>
#include <QToolTip>
#include <QTreeWidgetItemIterator>
#include <QUrl>

#include <algorithm>
#include <filesystem>
#include <utility>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

enum Role { PathRole = Qt::UserRole, KindRole, FolderRole, CountRole };
constexpr std::size_t kManyDirectories = 50; // Faster made anew than one by one.

enum Kind { Everything, Directory, Problems };

QStringList folderPaths(const QMimeData *mime)
{
    QStringList paths;
    for (const QUrl &url : mime->urls()) {
        const std::string path = services::pathOfUrl(url);
        std::error_code error;
        if (std::filesystem::is_directory(path, error))
            paths.append(services::textOfPath(path));
    }
    return paths;
}

void setCount(QTreeWidgetItem *item, qsizetype count)
{
    item->setData(0, CountRole, qint64{count});
    item->setText(1, QLocale().toString(count));
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
}

qint64 countOf(const QTreeWidgetItem *item)
{
    return item->data(0, CountRole).toLongLong();
}

void makeDirectory(QTreeWidgetItem *item, const std::string &path)
{
    item->setText(0, QDir(shownPath(path)).dirName());
    item->setData(0, KindRole, Directory);
    item->setData(0, PathRole, services::textOfPath(path));
}

} // namespace

FolderPanel::FolderPanel(QWidget *parent) : QTreeWidget(parent)
{
    setObjectName(u"folderPanel"_s);
    setAccessibleName(tr("Folders"));
    setColumnCount(2);
    setHeaderHidden(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    setFrameShape(QFrame::NoFrame);
    setAcceptDrops(true);
    connect(this, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem *item) {
        switch (item->data(0, KindRole).toInt()) {
        case Everything:
            Q_EMIT everythingChosen();
            break;
        case Directory:
            Q_EMIT directoryChosen(item->data(0, PathRole).toString());
            break;
        case Problems:
            Q_EMIT problemsChosen();
            break;
        }
    });
    connect(this, &QTreeWidget::itemActivated, this, &QTreeWidget::itemClicked);
    rebuild();
}

void FolderPanel::setFolders(const QList<Folder> &folders)
{
    m_folders = folders;
    rebuild();
}

void FolderPanel::setLibrary(const library::LibraryIndex &library)
{
    setCount(m_everything, library.items());
    const auto &now = library.directories();
    const auto isSame = [](const auto &a, const auto &b) { return a.path == b.path; };
    if (now.size() < m_directories.size() ||
        !std::equal(m_directories.begin(), m_directories.end(), now.begin(), isSame)) {
        m_directories = now; // Numbered anew.
        rebuild();
        return;
    }
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i].photos != (i < m_directories.size() ? m_directories[i].photos : 0))
            changed.push_back(i);
    }
    if (changed.size() > kManyDirectories) {
        m_directories = now;
        rebuild();
        return;
    }
    const auto difference = [&](std::size_t i) {
        return now[i].photos - (i < m_directories.size() ? m_directories[i].photos : 0);
    };
    // What has more first: what is above both of a move stays, open and chosen as it is.
    std::stable_partition(changed.begin(), changed.end(), [&](std::size_t i) { return difference(i) > 0; });
    for (const std::size_t i : changed)
        count(now[i].path, difference(i));
    m_directories = now;
}

void FolderPanel::setProblems(const QList<Problem> &problems)
{
    m_problems = problems;
    showProblems();
}

void FolderPanel::setPolled(const QString &root, services::PollingReason reason)
{
    m_polled.insert(root, reason);
    showStates();
}

void FolderPanel::setWatched(const QString &root)
{
    if (m_polled.remove(root))
        showStates();
}

void FolderPanel::setAway(const QList<FolderId> &folders)
{
    if (std::exchange(m_away, folders) != folders)
        showStates();
}

void FolderPanel::pointOut(FolderId folder)
{
    for (int row = 0; row < topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = topLevelItem(row);
        if (FolderId{item->data(0, FolderRole).toLongLong()} != folder)
            continue;
        setFocus();
        setCurrentItem(item);
        const QPoint below = visualItemRect(item).bottomLeft();
        QToolTip::showText(viewport()->mapToGlobal(below), item->toolTip(0), this);
    }
}

FolderId FolderPanel::currentFolder() const
{
    const QTreeWidgetItem *item = currentItem();
    return item != nullptr ? FolderId{item->data(0, FolderRole).toLongLong()} : FolderId();
}

void FolderPanel::rebuild()
{
    const QString chosen = currentItem() != nullptr ? currentItem()->data(0, PathRole).toString() : QString();
    QSet<QString> open;
    for (QTreeWidgetItemIterator it(this, QTreeWidgetItemIterator::HasChildren); *it != nullptr; ++it) {
        if ((*it)->isExpanded())
            open.insert((*it)->data(0, PathRole).toString());
    }
    const qint64 all = m_everything != nullptr ? countOf(m_everything) : 0;
    clear();
    m_unreadable = nullptr;
    m_everything = new QTreeWidgetItem(this, {tr("All photos")});
    m_everything->setData(0, KindRole, Everything);
    setCount(m_everything, all);
    setCurrentItem(m_everything);

    m_items.clear();
    for (const Folder &folder : std::as_const(m_folders)) {
        auto *root = new QTreeWidgetItem; // In the view once it is whole: each item tells it otherwise.
        makeDirectory(root, folder.path);
        root->setData(0, FolderRole, qint64{folder.id.value});
        setCount(root, 0);
        m_items.push_back({{folder.path, root}});
    }
    auto directories = m_directories;
    std::sort(directories.begin(), directories.end(),
              [](const auto &a, const auto &b) { return a.path < b.path; });
    for (const auto &directory : directories)
        count(directory.path, directory.photos);
    for (qsizetype i = 0; i < m_folders.size(); ++i)
        addTopLevelItem(m_items[std::size_t(i)].at(m_folders.at(i).path));
    for (const Items &items : m_items) {
        for (const auto &[path, item] : items) {
            const QString text = services::textOfPath(path);
            if (open.contains(text))
                item->setExpanded(true);
            if (!chosen.isEmpty() && text == chosen)
                setCurrentItem(item);
        }
    }
    showStates();
    showProblems();
}

void FolderPanel::count(const std::string &directory, int photos)
{
    if (photos == 0)
        return;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const std::string &root = m_folders.at(qsizetype(i)).path;
        if (!isWithin(directory, root))
            continue;
        for (QTreeWidgetItem *item = itemOf(directory, root, m_items[i]); item != nullptr;) {
            QTreeWidgetItem *parent = item->parent();
            setCount(item, countOf(item) + photos);
            if (countOf(item) == 0 && parent != nullptr) {
                m_items[i].erase(services::pathOfText(item->data(0, PathRole).toString()));
                delete item;
            }
            item = parent;
        }
    }
}

QTreeWidgetItem *FolderPanel::itemOf(const std::string &directory, const std::string &root, Items &items)
{
    if (const auto found = items.find(directory); found != items.end())
        return found->second;
    const std::string above = directory.substr(0, directory.rfind('/'));
    QTreeWidgetItem *parent = itemOf(above.size() < root.size() ? root : above, root, items);
    int place = parent->childCount(); // In the order of their paths.
    while (place > 0 &&
           services::pathOfText(parent->child(place - 1)->data(0, PathRole).toString()) > directory)
        --place;
    auto *item = new QTreeWidgetItem;
    makeDirectory(item, directory);
    parent->insertChild(place, item);
    items.emplace(directory, item);
    return item;
}

void FolderPanel::showProblems()
{
    if (m_problems.isEmpty()) {
        delete std::exchange(m_unreadable, nullptr);
        return;
    }
    if (m_unreadable == nullptr) {
        m_unreadable = new QTreeWidgetItem(this, {tr("Unreadable files")});
        m_unreadable->setData(0, KindRole, Problems);
    }
    setCount(m_unreadable, m_problems.size());
}

void FolderPanel::showStates()
{
    for (qsizetype i = 0; i < m_folders.size(); ++i)
        showState(m_items[std::size_t(i)].at(m_folders.at(i).path), m_folders.at(i));
}

void FolderPanel::showState(QTreeWidgetItem *item, const Folder &folder)
{
    const QString name = QDir(shownPath(folder.path)).dirName();
    const auto reason = m_polled.constFind(services::textOfPath(folder.path));
    const bool isAway = m_away.contains(folder.id);
    QString text;
    QIcon icon;
    if (isAway) {
        text = awayText(folder.place);
        icon = style()->standardIcon(QStyle::SP_DriveHDIcon);
    } else if (reason != m_polled.cend()) {
        text = pollingText(*reason);
        icon = style()->standardIcon(*reason == services::PollingReason::NetworkShare
                                         ? QStyle::SP_MessageBoxInformation
                                         : QStyle::SP_MessageBoxWarning);
    }
    const QString shown = shownPath(folder.path);
    item->setText(0, isAway ? tr("%1 (not connected)").arg(name) : name);
    item->setForeground(0, isAway ? palette().brush(QPalette::PlaceholderText) : QBrush());
    item->setToolTip(0, text.isEmpty() ? shown : shown + u"\n\n"_s + text);
    item->setData(0, Qt::AccessibleDescriptionRole, text);
    item->setIcon(0, icon);
}

void FolderPanel::dragEnterEvent(QDragEnterEvent *event)
{
    if (!folderPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void FolderPanel::dragMoveEvent(QDragMoveEvent *event)
{
    event->acceptProposedAction();
}

void FolderPanel::dropEvent(QDropEvent *event)
{
    for (const QString &path : folderPaths(event->mimeData()))
        Q_EMIT folderDropped(path);
    event->acceptProposedAction();
}

} // namespace yingxun::ui
