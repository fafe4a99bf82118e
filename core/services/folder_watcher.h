// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ingest/exclusions.h"

#include <QMetaType>
#include <QObject>
#include <QStringList>

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>

namespace yingxun::services {

/// Why a folder is looked at from time to time, instead of the system telling what changes in it.
enum class PollingReason {
    NetworkShare,  ///< Its file system does not tell what other computers change.
    WatchLimit,    ///< The system watches no more directories (fs.inotify.max_user_watches).
    InstanceLimit, ///< The system gives out no more watchers (fs.inotify.max_user_instances).
};

/// Watches directory trees (one watch a directory, excluded ones left out) and says which paths changed, at
/// most every 500 ms. Where that cannot be done it says why and names the whole folder instead, at once and
/// then every 60 s. A folder that is not there is looked for every 2 s; one that comes, or comes back, is
/// told of as a whole, as is one whose changes the system lost. Paths are as textOfPath() writes them.
///
/// Threads: lives on one; every call returns at once. The disk is looked at on a thread of its own.
class FolderWatcher : public QObject
{
    Q_OBJECT
public:
    /// @param mostWatches  a limit besides the system's.
    /// @param pollEvery  how often what cannot be watched is told of.
    explicit FolderWatcher(QObject *parent = nullptr,
                           std::size_t mostWatches = std::numeric_limits<std::size_t>::max(),
                           std::chrono::milliseconds pollEvery = std::chrono::seconds(60));
    ~FolderWatcher() override;

    void setFolders(const QStringList &roots); ///< Absolute; replaces the earlier set.
    /// What it is not to watch and not to tell of; the default ones at first.
    void setExclusions(const ingest::Exclusions &exclusions);
    std::chrono::milliseconds pollInterval() const; ///< How often what cannot be watched is told of.

Q_SIGNALS:
    /// Files or directories that appeared, changed, moved or vanished; of these `open` are files that, as far
    /// as is known, may still be being written.
    void changed(const QStringList &paths, const QStringList &open);
    /// All of the folder is watched: for the first time, or once more after it had not been. What changed
    /// until then is told of by naming the folder.
    void watched(const QString &root);
    /// A folder came or went, or something was mounted or unmounted anywhere.
    void placesChanged();
    void degraded(const QString &root, yingxun::services::PollingReason reason); ///< Now polling.

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

Q_DECLARE_METATYPE(yingxun::services::PollingReason)
