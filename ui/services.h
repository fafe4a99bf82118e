// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/computing.h"

#include <QString>

namespace yingxun::services {
class FolderWatcher;
class HealthMonitor;
class Indexer;
class Librarian;
class ModelSwitch;
class Searcher;
class ThumbnailSource;
class Trash;
} // namespace yingxun::services

namespace yingxun::models {
class ModelKeeper;
}

namespace yingxun::ui {

/// What the window works with. All pointers are borrowed and outlive the window.
struct Services {
    services::Librarian *librarian = nullptr;
    services::Indexer *indexer = nullptr;
    services::Searcher *searcher = nullptr;
    services::ThumbnailSource *thumbnails = nullptr;
    QString modelName; ///< For the status bar; at the start. Empty: none is loaded.
    QString device;    ///< "cpu", "cuda:0"…
    services::ModelSwitch *modelSwitch = nullptr; ///< Null: the model stays.
    models::ModelKeeper *keeper = nullptr;        ///< Null: the window manages no models.
    services::ComputingChoices computing = {};    ///< Without devices: the window offers no choice.
    services::FolderWatcher *watcher = nullptr;   ///< Null: nobody watches.
    services::HealthMonitor *health = nullptr;    ///< Null: it is not said whether the library is current.
    services::Trash *trash = nullptr;             ///< Null: the window deletes nothing.
};

} // namespace yingxun::ui
