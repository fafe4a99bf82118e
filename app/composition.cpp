// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"

#include "app/startup.h"
#include "core/jobs/path_text.h"

#include <QNetworkProxyFactory>
#include <QThreadPool>

#include <chrono>

namespace yingxun::app {
namespace {

constexpr auto kIdle = std::chrono::minutes(5);

} // namespace

Composition::Composition(const LibrarySession &session, const ModelWish &wish,
                         const jobs::Computing &computing, const QString &warning)
    : m_settings(openSettings()), m_named(!namedModel(wish.model).isEmpty()), m_librarian(session.data),
      m_indexer(session.data, session.encoder, session.store), m_searcher(session.encoder, session.store),
      m_switch(
          session.data, {session.encoder, session.store}, &m_indexer, &m_searcher, m_settings.get(),
          [wish, data = session.data](const QString &choice, const jobs::Computing &chosen) {
              ModelWish other = wish;
              other.model = choice;
              return loadEncoder(withComputing(other, chosen), data);
          },
          jobs::textOfPath(modelFolder(wish.model, session.data).string()), computing),
      m_thumbnails(session.data), m_keeper(modelsFolder(session.data)),
      m_window({&m_librarian, &m_indexer, &m_searcher, &m_thumbnails,
                QString::fromStdString(session.encoder->name()),
                QString::fromStdString(session.encoder->device()), &m_switch, &m_keeper, warning,
                computingChoices(wish), &m_watcher})
{
    QNetworkProxyFactory::setUseSystemConfiguration(true); // For downloads of models.
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
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdle);
    connect(&m_idle, &QTimer::timeout, this, &Composition::freeDeviceMemory);
    connect(&m_indexer, &jobs::Indexer::progressed, this, &Composition::onModelUsed);
    connect(&m_searcher, &jobs::Searcher::found, this, &Composition::onModelUsed);
    connect(&m_searcher, &jobs::Searcher::classified, this, &Composition::onModelUsed);
    connect(&m_switch, &jobs::ModelSwitch::changed, this, &Composition::onModelUsed);
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
    m_idle.start();
    if (!m_named)
        m_switch.resume();
}

/// Restarts the wait, and shows where the model runs: that may have become another device.
void Composition::onModelUsed()
{
    m_idle.start();
    const jobs::Encoder &encoder = *m_switch.encoder();
    m_window.showModel(QString::fromStdString(encoder.name()), QString::fromStdString(encoder.device()));
}

void Composition::freeDeviceMemory()
{
    // Elsewhere: it waits for a picture that is being embedded, and copies all weights.
    QThreadPool::globalInstance()->start([encoder = m_switch.encoder()] { encoder->freeDeviceMemory(); });
}

} // namespace yingxun::app
