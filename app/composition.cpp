// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"

#include "core/jobs/path_text.h"

#include <chrono>

namespace yingxun::app {

Composition::Composition(const LibrarySession &session)
    : m_librarian(session.data), m_indexer(session.data, session.encoder, session.store),
      m_searcher(session.encoder, session.store), m_thumbnails(session.data),
      m_window({&m_librarian, &m_indexer, &m_searcher, &m_thumbnails,
                QString::fromStdString(session.encoder->name()),
                QString::fromStdString(session.encoder->device())})
{
    connect(&m_librarian, &jobs::Librarian::foldersLoaded, this, [this](const QList<Folder> &folders) {
        QStringList paths;
        for (const Folder &folder : folders)
            paths.append(jobs::textOfPath(folder.path));
        m_watcher.setFolders(paths);
    });
    connect(&m_librarian, &jobs::Librarian::exclusionsLoaded, this, [this](const QStringList &patterns) {
        std::vector<std::string> list;
        for (const QString &pattern : patterns)
            list.push_back(jobs::pathOfText(pattern));
        m_watcher.setExclusions(jobs::Exclusions(list));
    });
    connect(&m_librarian, &jobs::Librarian::exclusionsChanged, &m_indexer, &jobs::Indexer::start);
    connect(&m_watcher, &jobs::FolderWatcher::changed, &m_indexer, &jobs::Indexer::update);
    connect(&m_librarian, &jobs::Librarian::folderAdded, &m_indexer, &jobs::Indexer::start);
    connect(&m_backups, &QTimer::timeout, &m_librarian, &jobs::Librarian::backUp);
}

void Composition::start(const QStringList &folders)
{
    m_window.show();
    for (const QString &folder : folders)
        m_librarian.addFolder(folder);
    m_librarian.loadFolders();
    m_librarian.backUp();
    m_backups.start(std::chrono::hours(1));
    m_indexer.start();
}

} // namespace yingxun::app
