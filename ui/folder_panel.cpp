// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folder_panel.h"

#include "core/jobs/path_text.h"
#include "ui/error_text.h"
#include "ui/photo_paths.h"

#include <QDir>
#include <QDropEvent>
#include <QHeaderView>
#include <QLocale>
#include <QMap>
#include <QMimeData>
#include <QSet>
#include <QStyle>
#include <QTreeWidgetItemIterator>
#include <QUrl>

#include <filesystem>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

enum Role { PathRole = Qt::UserRole, KindRole, FolderRole };
enum Kind { Everything, Directory, Problems };

QStringList folderPaths(const QMimeData *mime)
{
    QStringList paths;
    for (const QUrl &url : mime->urls()) {
        const std::string path = jobs::pathOfUrl(url);
        std::error_code error;
        if (std::filesystem::is_directory(path, error))
            paths.append(jobs::textOfPath(path));
    }
    return paths;
}

void setCount(QTreeWidgetItem *item, qsizetype count)
{
    item->setText(1, QLocale().toString(count));
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
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

void FolderPanel::setPhotos(const jobs::Photos &photos)
{
    m_photos = photos;
    rebuild();
}

void FolderPanel::setProblems(const QList<Problem> &problems)
{
    m_problems = problems;
    rebuild();
}

void FolderPanel::setPolled(const QString &root, jobs::PollingReason reason)
{
    m_polled.insert(root, reason);
    showPolling();
}

void FolderPanel::setWatched(const QString &root)
{
    if (m_polled.remove(root))
        showPolling();
}

FolderId FolderPanel::currentFolder() const
{
    const QTreeWidgetItem *item = currentItem();
    return item != nullptr ? FolderId{item->data(0, FolderRole).toLongLong()} : FolderId();
}

void FolderPanel::rebuild()
{
    // Photos directly in each directory; parents add up their children's.
    static const std::map<std::string, qsizetype> kNone;
    const std::map<std::string, qsizetype> &inDirectory = m_photos ? m_photos->directories() : kNone;

    const QString chosen = currentItem() != nullptr ? currentItem()->data(0, PathRole).toString() : QString();
    QSet<QString> open;
    for (QTreeWidgetItemIterator it(this, QTreeWidgetItemIterator::HasChildren); *it != nullptr; ++it) {
        if ((*it)->isExpanded())
            open.insert((*it)->data(0, PathRole).toString());
    }
    clear();
    auto *everything = new QTreeWidgetItem(this, {tr("All photos")});
    everything->setData(0, KindRole, Everything);
    setCount(everything, m_photos ? m_photos->size() : 0);
    setCurrentItem(everything);

    for (const Folder &folder : std::as_const(m_folders)) {
        QMap<std::string, QTreeWidgetItem *> items;
        auto *root = new QTreeWidgetItem(this, {QDir(shownPath(folder.path)).dirName()});
        root->setData(0, FolderRole, qint64{folder.id.value});
        items.insert(folder.path, root);
        qsizetype total = 0;
        for (const auto &[directory, count] : inDirectory) {
            if (directory != folder.path && !liesIn(directory, folder.path))
                continue;
            total += count;
            QTreeWidgetItem *parent = root;
            for (std::size_t slash = folder.path.size(); slash < directory.size();) {
                slash = std::min(directory.find('/', slash + 1), directory.size());
                QTreeWidgetItem *&item = items[directory.substr(0, slash)];
                if (item == nullptr)
                    item =
                        new QTreeWidgetItem(parent, {QDir(shownPath(directory.substr(0, slash))).dirName()});
                item->setText(1, QLocale().toString(QLocale().toLongLong(item->text(1)) + count));
                parent = item;
            }
        }
        setCount(root, total);
        for (auto it = items.cbegin(); it != items.cend(); ++it) {
            const QString path = jobs::textOfPath(it.key());
            it.value()->setData(0, KindRole, Directory);
            it.value()->setData(0, PathRole, path);
            it.value()->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            it.value()->setExpanded(open.contains(path));
            if (!chosen.isEmpty() && path == chosen)
                setCurrentItem(it.value());
        }
    }
    showPolling();
    if (!m_problems.isEmpty()) {
        auto *problems = new QTreeWidgetItem(this, {tr("Unreadable files")});
        problems->setData(0, KindRole, Problems);
        setCount(problems, m_problems.size());
    }
}

void FolderPanel::showPolling()
{
    for (int i = 0; i < topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = topLevelItem(i);
        if (item->data(0, KindRole).toInt() != Directory)
            continue;
        const QString path = item->data(0, PathRole).toString();
        const QString shown = shownPath(jobs::pathOfText(path));
        const auto reason = m_polled.constFind(path);
        const QString text = reason != m_polled.cend() ? pollingText(*reason) : QString();
        item->setToolTip(0, text.isEmpty() ? shown : shown + u"\n\n"_s + text);
        item->setData(0, Qt::AccessibleDescriptionRole, text);
        if (text.isEmpty())
            item->setIcon(0, {});
        else
            item->setIcon(0, style()->standardIcon(*reason == jobs::PollingReason::NetworkShare
                                                       ? QStyle::SP_MessageBoxInformation
                                                       : QStyle::SP_MessageBoxWarning));
    }
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
