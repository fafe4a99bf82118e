// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/health_monitor.h"

#include "core/services/indexer.h"
#include "core/services/librarian.h"
#include "core/services/path_text.h"

#include <utility>

namespace yingxun::services {

HealthMonitor::HealthMonitor(Librarian *librarian, Indexer *indexer, FolderWatcher *watcher, QObject *parent)
    : QObject(parent)
{
    m_facts.pollInterval = watcher->pollInterval();
    m_facts.access = indexer->access();
    follow(librarian);
    follow(indexer);
    follow(watcher);
}

void HealthMonitor::follow(Librarian *librarian)
{
    connect(librarian, &Librarian::foldersLoaded, this, [this](const QList<Folder> &folders) {
        m_facts.folders = folders;
        QSet<QString> paths;
        for (const Folder &folder : folders)
            paths.insert(textOfPath(folder.path));
        // One that is added again later is looked through again.
        m_facts.watched.intersect(paths);
        m_facts.looked.intersect(paths);
        m_facts.polled.removeIf([&paths](const auto &entry) { return !paths.contains(entry.key()); });
        tell();
    });
    connect(librarian, &Librarian::foldersAway, this, [this](const QList<FolderId> &folders) {
        m_facts.away = QSet<FolderId>(folders.begin(), folders.end());
        for (const Folder &folder : std::as_const(m_facts.folders)) {
            if (m_facts.away.contains(folder.id))
                m_facts.looked.remove(textOfPath(folder.path)); // It may come back with other photos.
        }
        tell();
    });
    connect(librarian, &Librarian::problemsLoaded, this, [this](const QList<Problem> &problems) {
        m_facts.problems = problems;
        tell();
    });
}

void HealthMonitor::follow(Indexer *indexer)
{
    connect(indexer, &Indexer::lookedThrough, this, [this](const QStringList &folders) {
        m_facts.looked.unite(QSet<QString>(folders.begin(), folders.end()));
        tell();
    });
    connect(indexer, &Indexer::brokeOff, this, [this] {
        m_facts.looked.clear(); // What it was to look at, nobody remembers.
        tell();
    });
    connect(indexer, &Indexer::accessChanged, this, [this](ingest::LibraryAccess access) {
        m_facts.access = access;
        tell();
    });
    connect(indexer, &Indexer::progressed, this, [this](const IndexProgress &progress) {
        const bool isPaused = progress.state == IndexProgress::State::Paused;
        if (std::exchange(m_facts.isPaused, isPaused) != isPaused)
            tell();
    });
}

void HealthMonitor::follow(FolderWatcher *watcher)
{
    connect(watcher, &FolderWatcher::watched, this, [this](const QString &root) {
        m_facts.polled.remove(root);
        m_facts.watched.insert(root);
        m_facts.looked.remove(root); // It will be, for what happened before.
        tell();
    });
    connect(watcher, &FolderWatcher::degraded, this, [this](const QString &root, PollingReason reason) {
        m_facts.watched.remove(root);
        m_facts.polled.insert(root, reason);
        tell();
    });
}

void HealthMonitor::tell()
{
    Q_EMIT changed(health());
}

} // namespace yingxun::services
