// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/computing.h"
#include "core/jobs/folder_watcher.h"
#include "core/jobs/indexer.h"
#include "core/jobs/librarian.h"
#include "core/jobs/model_switch.h"
#include "core/jobs/searcher.h"
#include "core/jobs/thumbnail_loader.h"
#include "core/models/model_keeper.h"
#include "ui/main_window.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <filesystem>
#include <functional>

class QSettings;

namespace yingxun::app {

/// Puts the running program together: the jobs over one library, the window over the jobs, and the watcher
/// that keeps both current. Knows no torch: who loads models is plugged in, so that tests are put together by
/// it as well.
class Composition : public QObject
{
    Q_OBJECT
public:
    struct Parts {
        std::filesystem::path data;
        std::filesystem::path models;        ///< Where those that were added are kept.
        QSettings *settings = nullptr;       ///< Borrowed.
        jobs::ModelSwitch::Load load;        ///< Called on a thread of its own; the same goes for `remark`.
        QString choice;                      ///< The id or path of the model to start with,
        jobs::Computing computing = {};      ///< and how it was chosen to run.
        bool isNamed = false;                ///< For this one start: no interrupted change of models goes on.
        jobs::ComputingChoices choices = {}; ///< What the window offers.
        /// What is to be said of the models of this computer; empty: nothing.
        std::function<QString(const jobs::Encoder &)> remark = {};
        jobs::ModelWithEmbeddings model = {}; ///< Loaded already; nulls: start() loads `choice`.
    };

    explicit Composition(Parts parts);

    /// Shows the window, adds the folders, and loads the model behind it; indexing begins when it is there.
    void start(const QStringList &folders);

    jobs::Librarian &librarian() { return m_librarian; }
    jobs::Indexer &indexer() { return m_indexer; }
    jobs::Searcher &searcher() { return m_searcher; }
    jobs::ModelSwitch &models() { return m_switch; }
    jobs::FolderWatcher &watcher() { return m_watcher; }
    ui::MainWindow &window() { return m_window; }

private:
    jobs::ModelSwitch::Load remarking(const Parts &parts);
    void connectWatcher();
    void onModelUsed();
    void freeDeviceMemory();

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
