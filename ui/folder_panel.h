// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/folder_watcher.h"
#include "core/jobs/photo_collection.h"

#include <QHash>
#include <QTreeWidget>

namespace yingxun::ui {

/// The places of the library: everything, the watched folders with the directories below them, and the files
/// that could not be read. Folders can be dropped onto it.
class FolderPanel : public QTreeWidget
{
    Q_OBJECT
public:
    explicit FolderPanel(QWidget *parent = nullptr);

    void setFolders(const QList<Folder> &folders);
    void setPhotos(const jobs::Photos &photos); ///< For the directories and the counts.
    void setProblems(const QList<Problem> &problems);
    void setPolled(const QString &root, jobs::PollingReason reason); ///< Shown at the folder, with a remedy.
    void setWatched(const QString &root);                            ///< Takes that back.
    FolderId currentFolder() const;                                  ///< The chosen root; none otherwise.

Q_SIGNALS:
    void everythingChosen();
    void directoryChosen(const QString &directory); ///< Here and below as jobs::textOfPath() writes paths.
    void problemsChosen();
    void folderDropped(const QString &path);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void rebuild();
    void showPolling();

    QList<Folder> m_folders;
    jobs::Photos m_photos;
    QList<Problem> m_problems;
    QHash<QString, jobs::PollingReason> m_polled; ///< By path.
};

} // namespace yingxun::ui
