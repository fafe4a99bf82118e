// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"
#include "core/jobs/folder_watcher.h"
#include "core/jobs/indexer.h"
#include "core/jobs/librarian.h"
#include "core/jobs/searcher.h"
#include "core/jobs/thumbnail_loader.h"
#include "ui/main_window.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

namespace yingxun::app {

/// Puts the running program together: the jobs over one library, the window over the jobs, and the watcher
/// that keeps both current.
class Composition : public QObject
{
    Q_OBJECT
public:
    explicit Composition(const LibrarySession &session);

    /// Adds the folders, starts indexing, and shows the window.
    void start(const QStringList &folders);

private:
    jobs::Librarian m_librarian;
    jobs::Indexer m_indexer;
    jobs::Searcher m_searcher;
    jobs::ThumbnailLoader m_thumbnails;
    jobs::FolderWatcher m_watcher;
    QTimer m_backups;        // A window may stay open for weeks.
    ui::MainWindow m_window; // After the jobs, which it borrows.
};

} // namespace yingxun::app
