// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/jobs/exclusions.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace yingxun::jobs {

/// Watches directory trees (inotify, one watch a directory, excluded ones left out) and says which
/// paths changed, debounced by 500 ms. When the kernel's queue overflows or watches run out, it says so
/// and falls back to naming the whole root, at once and then every 60 s. Paths are as textOfPath() writes
/// them. Lives on one thread.
class FolderWatcher : public QObject
{
    Q_OBJECT
public:
    explicit FolderWatcher(QObject *parent = nullptr);
    ~FolderWatcher() override;

    void setFolders(const QStringList &roots); ///< Absolute; replaces the earlier set.
    /// What it is not to watch and not to tell of; the default ones at first.
    void setExclusions(const Exclusions &exclusions);

Q_SIGNALS:
    void
    changed(const QStringList &paths); ///< Files or directories that appeared, changed, moved or vanished.
    void degraded(const QString &root, const yingxun::Error &reason); ///< Now polling.

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::jobs
