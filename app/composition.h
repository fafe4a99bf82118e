// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/media/media.h"
#include "core/models/model_keeper.h"
#include "core/services/computing.h"
#include "core/services/folder_watcher.h"
#include "core/services/health_monitor.h"
#include "core/services/indexer.h"
#include "core/services/librarian.h"
#include "core/services/model_switch.h"
#include "core/services/reconciler.h"
#include "core/services/searcher.h"
#include "core/services/thumbnail_loader.h"
#include "core/services/trash.h"
#include "ui/main_window.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <filesystem>
#include <functional>

class QSettings;

namespace yingxun::app {

/// Puts the running program together: the services over one library, the window over them, and the watcher
/// that keeps both current. Knows no torch: who loads models is plugged in, so that tests are put together by
/// it as well.
class Composition : public QObject
{
    Q_OBJECT
public:
    struct Parts {
        std::filesystem::path data;
        std::filesystem::path models;       ///< Where those that were added are kept.
        QSettings *settings = nullptr;      ///< Borrowed.
        services::ModelSwitch::Load load;   ///< Called on a thread of its own; the same goes for `remark`.
        QString choice;                     ///< The id or path of the model to start with,
        services::Computing computing = {}; ///< and how it was chosen to run.
        bool isNamed = false;               ///< For this one start: no interrupted change of models goes on.
        services::ComputingChoices choices = {}; ///< What the window offers.
        /// What is to be said of the models of this computer; empty: nothing.
        std::function<QString(const vectors::Encoder &)> remark = {};
        /// Makes what reads photos: one for the indexer, one for what is looked at, which is not to wait.
        std::function<std::shared_ptr<media::Reader>()> reader = [] {
            return std::make_shared<media::DirectReader>();
        };
        /// How long watching may go on before all is looked through once more.
        std::chrono::milliseconds reconcileAfter = services::Reconciler::kInterval;
        vectors::ModelWithEmbeddings model = {}; ///< Loaded already; nulls: start() loads `choice`.
    };

    explicit Composition(Parts parts);

    /// Shows the window, adds the folders, and loads the model behind it; indexing begins when it is there.
    void start(const QStringList &folders);

    services::Librarian &librarian() { return m_librarian; }
    services::Indexer &indexer() { return m_indexer; }
    services::Searcher &searcher() { return m_searcher; }
    services::ModelSwitch &models() { return m_switch; }
    services::FolderWatcher &watcher() { return m_watcher; }
    ui::MainWindow &window() { return m_window; }

private:
    services::ModelSwitch::Load remarking(const Parts &parts);
    void connectWatcher();
    void onModelUsed();
    void freeDeviceMemory();

    bool m_named; // The model, for this one start.
    services::Librarian m_librarian;
    services::Indexer m_indexer;
    services::Searcher m_searcher;
    services::ModelSwitch m_switch; // After indexer and searcher, which it borrows.
    QTimer m_idle;                  // Since the model was last used.
    services::ThumbnailLoader m_thumbnails;
    services::FolderWatcher m_watcher;
    services::HealthMonitor m_health; // After the three that it follows.
    services::Reconciler m_reconciler;
    services::Trash m_trash;
    models::ModelKeeper m_keeper;
    QTimer m_backups;        // A window may stay open for weeks.
    ui::MainWindow m_window; // After the services, which it borrows.
};

} // namespace yingxun::app
