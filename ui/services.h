// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/computing.h"

#include <QString>

namespace yingxun::jobs {
class FolderWatcher;
class Indexer;
class Librarian;
class ModelSwitch;
class Searcher;
class ThumbnailSource;
} // namespace yingxun::jobs

namespace yingxun::models {
class ModelKeeper;
}

namespace yingxun::ui {

/// What the window works with. All pointers are borrowed and outlive the window.
struct Services {
    jobs::Librarian *librarian = nullptr;
    jobs::Indexer *indexer = nullptr;
    jobs::Searcher *searcher = nullptr;
    jobs::ThumbnailSource *thumbnails = nullptr;
    QString modelName;                        ///< For the status bar; at the start. Empty: none is loaded.
    QString device;                           ///< "cpu", "cuda:0"…
    jobs::ModelSwitch *modelSwitch = nullptr; ///< Null: the model stays.
    models::ModelKeeper *keeper = nullptr;    ///< Null: the window manages no models.
    jobs::ComputingChoices computing = {};    ///< Without devices: the window offers no choice.
    jobs::FolderWatcher *watcher = nullptr;   ///< Null: nobody watches.
};

} // namespace yingxun::ui
