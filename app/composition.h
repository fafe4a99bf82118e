// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"
#include "core/jobs/folder_watcher.h"
#include "core/jobs/indexer.h"
#include "core/jobs/librarian.h"
#include "core/jobs/model_switch.h"
#include "core/jobs/searcher.h"
#include "core/jobs/thumbnail_loader.h"
#include "core/models/model_keeper.h"
#include "ui/main_window.h"

#include <QObject>
#include <QSettings>
#include <QStringList>
#include <QTimer>

#include <memory>

namespace yingxun::app {

/// Puts the running program together: the jobs over one library, the window over the jobs, and the watcher
/// that keeps both current.
class Composition : public QObject
{
    Q_OBJECT
public:
    /// @param wish       what is asked for on the command line, instead of what is chosen in the window.
    /// @param computing  how the session's model was chosen to run in the window.
    /// @param warning    for the status bar; empty: none.
    Composition(const LibrarySession &session, const ModelWish &wish, const jobs::Computing &computing,
                const QString &warning);

    /// Adds the folders, starts indexing, and shows the window.
    void start(const QStringList &folders);

private:
    void onModelUsed();
    void freeDeviceMemory();

    std::unique_ptr<QSettings> m_settings;
    bool m_named; // The model, for this one start.
    jobs::Librarian m_librarian;
    jobs::Indexer m_indexer;
    jobs::Searcher m_searcher;
    jobs::ModelSwitch m_switch; // After indexer and searcher, which it borrows.
    QTimer m_idle;              // Since the model was last used.
    jobs::ThumbnailLoader m_thumbnails;
    jobs::FolderWatcher m_watcher;
    models::ModelKeeper m_keeper;
    QTimer m_backups;        // A window may stay open for weeks.
    ui::MainWindow m_window; // After the jobs, which it borrows.
};

} // namespace yingxun::app
