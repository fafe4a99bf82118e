// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"
#include "core/ingest/library_access.h"
#include "core/services/folder_watcher.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

#include <chrono>

namespace yingxun::services {

/// Whether the library is what lies on the disk by now, and what keeps it from being so.
struct LibraryHealth {
    /// From the best to the worst. A folder is never Paused, OtherWrites or WriteProtected.
    enum class State {
        Live,             ///< Looked through, and the system tells what changes.
        Polled,           ///< Looked through, and looked at from time to time.
        Away,             ///< On a disk that is not there now.
        NotLookedThrough, ///< What has changed since the program, or the disk, was there last is not known.
        Paused,           ///< What has changed waits.
        OtherWrites,      ///< Another Yingxun keeps it current.
        WriteProtected,   ///< Nobody does.
        Unreadable,       ///< Something of it cannot be looked into.
    };
    enum class Light { Green, Yellow, Red };

    struct FolderHealth {
        Folder folder;
        State state = State::Live;
        PollingReason reason = PollingReason::NetworkShare; ///< Of Polled.
    };

    State state = State::Live; ///< The worst there is.
    QList<FolderHealth> folders = {};
    QList<Problem> unseen = {};                  ///< What cannot be looked into.
    std::chrono::milliseconds pollInterval = {}; ///< Of Polled.

    Light light() const;
    /// The first folder that is as bad as the whole; null: it is no folder's fault.
    const FolderHealth *worst() const;
};

/// All that LibraryHealth is computed from. Paths are as textOfPath() writes them.
struct HealthFacts {
    QList<Folder> folders = {};
    QSet<FolderId> away = {};
    QSet<QString> watched = {};                ///< Wholly, by the system.
    QHash<QString, PollingReason> polled = {}; ///< Instead.
    QSet<QString> looked = {};                 ///< Looked through since they were watched, or polled.
    QList<Problem> problems = {};
    std::chrono::milliseconds pollInterval = {};
    ingest::LibraryAccess access = ingest::LibraryAccess::Writer;
    bool isPaused = false;
};

LibraryHealth healthOf(const HealthFacts &facts);

} // namespace yingxun::services
