// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/library_health.h"

#include <QObject>

namespace yingxun::services {

class Indexer;
class Librarian;

/// Follows how current the library is, by what the other services say. Lives on their thread.
class HealthMonitor : public QObject
{
    Q_OBJECT
public:
    /// Borrows all three.
    HealthMonitor(Librarian *librarian, Indexer *indexer, FolderWatcher *watcher, QObject *parent = nullptr);

    LibraryHealth health() const { return healthOf(m_facts); }

Q_SIGNALS:
    void changed(const yingxun::services::LibraryHealth &health); ///< Or said once more.

private:
    void follow(Librarian *librarian);
    void follow(Indexer *indexer);
    void follow(FolderWatcher *watcher);
    void tell();

    HealthFacts m_facts;
};

} // namespace yingxun::services
