// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index.h"
#include "core/services/folder_watcher.h"

#include <QHash>
#include <QTreeWidget>

#include <string>
#include <unordered_map>
#include <vector>

namespace yingxun::ui {

/// The places of the library: everything, the watched folders with the directories below them, and the files
/// that could not be read. Folders can be dropped onto it.
class FolderPanel : public QTreeWidget
{
    Q_OBJECT
public:
    explicit FolderPanel(QWidget *parent = nullptr);

    void setFolders(const QList<Folder> &folders);
    /// For the directories and the counts. Touches only what has changed since the last time.
    void setLibrary(const library::LibraryIndex &library);
    void setProblems(const QList<Problem> &problems);
    void setPolled(const QString &root,
                   services::PollingReason reason); ///< Shown at the folder, with a remedy.
    void setWatched(const QString &root);           ///< Takes that back.
    /// Folders that are not there now. Shown so, with the disk that they lie on.
    void setAway(const QList<FolderId> &folders);
    void pointOut(FolderId folder); ///< Goes to it and says what is to be said of it.
    FolderId currentFolder() const; ///< The chosen root; none otherwise.

Q_SIGNALS:
    void everythingChosen();
    void
    directoryChosen(const QString &directory); ///< Here and below as services::textOfPath() writes paths.
    void problemsChosen();
    void folderDropped(const QString &path);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    using Items = std::unordered_map<std::string, QTreeWidgetItem *>; ///< By path.

    void rebuild();
    void showStates();
    void showState(QTreeWidgetItem *item, const Folder &folder);
    void showProblems();
    void count(const std::string &directory, int photos); ///< So many more in it, or fewer.
    QTreeWidgetItem *itemOf(const std::string &directory, const std::string &root, Items &items);

    QList<Folder> m_folders;
    std::vector<library::LibraryIndex::Directory> m_directories; ///< As they are shown.
    QTreeWidgetItem *m_everything = nullptr;
    QTreeWidgetItem *m_unreadable = nullptr; ///< Null: there are no problems.
    std::vector<Items> m_items;              ///< One for each folder: a directory may lie in several.
    QList<Problem> m_problems;
    QHash<QString, services::PollingReason> m_polled; ///< By path.
    QList<FolderId> m_away;
};

} // namespace yingxun::ui
