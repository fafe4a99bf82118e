// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"

#include "core/services/handoff.h"
#include "core/services/path_text.h"
#include "core/vectors/encoder.h"

#include <QNetworkProxyFactory>
#include <QThreadPool>

#include <chrono>
#include <cstdio>
#include <vector>

namespace yingxun::app {
namespace {

constexpr auto kIdle = std::chrono::minutes(5);

} // namespace

Composition::Composition(Parts parts)
    : m_named(parts.isNamed), m_librarian(parts.data),
      m_indexer(parts.data, parts.model.encoder, parts.model.store),
      m_searcher(parts.model.encoder, parts.model.store),
      m_switch(parts.data, parts.model, &m_indexer, &m_searcher, parts.settings, remarking(parts),
               parts.choice, parts.computing),
      m_thumbnails(parts.data, parts.reader()), m_health(&m_librarian, &m_indexer, &m_watcher),
      m_reconciler(&m_indexer, parts.reconcileAfter), m_trash(parts.data), m_keeper(parts.models),
      m_window(
          {.librarian = &m_librarian,
           .indexer = &m_indexer,
           .searcher = &m_searcher,
           .thumbnails = &m_thumbnails,
           .modelName = parts.model.encoder ? QString::fromStdString(parts.model.encoder->name()) : QString(),
           .device = parts.model.encoder ? QString::fromStdString(parts.model.encoder->device()) : QString(),
           .modelSwitch = &m_switch,
           .keeper = &m_keeper,
           .computing = parts.choices,
           .watcher = &m_watcher,
           .health = &m_health,
           .trash = &m_trash})
{
    m_indexer.setReader(parts.reader());
    QNetworkProxyFactory::setUseSystemConfiguration(true); // For downloads of models.
    m_searcher.setData(parts.data);
    m_searcher.setReader(parts.reader());
    connectWatcher();
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdle);
    connect(&m_idle, &QTimer::timeout, this, &Composition::freeDeviceMemory);
    connect(&m_indexer, &services::Indexer::progressed, this, &Composition::onModelUsed);
    connect(&m_searcher, &services::Searcher::found, this, &Composition::onModelUsed);
    connect(&m_searcher, &services::Searcher::classified, this, &Composition::onModelUsed);
    connect(&m_switch, &services::ModelSwitch::changed, this, &Composition::onModelUsed);
    connect(&m_switch, &services::ModelSwitch::noModel, this,
            [](const Error &error) { std::fprintf(stderr, "yingxun: %s\n", error.message.c_str()); });
    connect(&m_backups, &QTimer::timeout, &m_librarian, &services::Librarian::backUp);
}

/// Loads, and shows what is to be said of the model.
services::ModelSwitch::Load Composition::remarking(const Parts &parts)
{
    if (!parts.remark)
        return parts.load;
    return [this, load = parts.load, remark = parts.remark](
               const QString &choice, const services::Computing &computing, const std::stop_token &stop) {
        auto encoder = load(choice, computing, stop);
        if (encoder) {
            services::runOnThreadOf(this, [this, text = remark(**encoder)] { m_window.showWarning(text); });
        }
        return encoder;
    };
}

void Composition::connectWatcher()
{
    connect(&m_librarian, &services::Librarian::foldersLoaded, this, [this](const QList<Folder> &folders) {
        QStringList paths;
        for (const Folder &folder : folders)
            paths.append(services::textOfPath(folder.path));
        m_watcher.setFolders(paths);
    });
    connect(&m_librarian, &services::Librarian::exclusionsLoaded, this, [this](const QStringList &patterns) {
        std::vector<std::string> list;
        for (const QString &pattern : patterns)
            list.push_back(services::pathOfText(pattern));
        m_watcher.setExclusions(ingest::Exclusions(list));
    });
    connect(&m_librarian, &services::Librarian::exclusionsChanged, &m_indexer, &services::Indexer::start);
    connect(&m_watcher, &services::FolderWatcher::changed, &m_indexer, &services::Indexer::update);
    connect(&m_watcher, &services::FolderWatcher::placesChanged, &m_librarian,
            &services::Librarian::loadFolders);
    connect(&m_watcher, &services::FolderWatcher::placesChanged, &m_indexer,
            &services::Indexer::followVolumes);
    connect(&m_indexer, &services::Indexer::foldersMoved, &m_librarian, &services::Librarian::loadFolders);
    // Where nobody tells of it; and for what lies beside the photos.
    connect(&m_trash, &services::Trash::changed, &m_indexer,
            [this](const QStringList &paths) { m_indexer.update(paths); });
    connect(&m_librarian, &services::Librarian::folderAdded, &m_indexer, &services::Indexer::start);
}

void Composition::start(const QStringList &folders)
{
    m_window.show();
    for (const QString &folder : folders)
        m_librarian.addFolder(folder);
    m_librarian.loadFolders();
    m_librarian.backUp();
    m_backups.start(std::chrono::hours(1));
    // Not the indexer: the watcher names each folder once it watches it, and what would be looked through
    // before would be looked through again.
    m_idle.start();
    m_switch.start();
    if (!m_named)
        m_switch.resume();
}

/// Restarts the wait, and shows where the model runs: that may have become another device.
void Composition::onModelUsed()
{
    m_idle.start();
    const auto encoder = m_switch.encoder();
    if (encoder) // Filters alone are answered without one.
        m_window.showModel(QString::fromStdString(encoder->name()),
                           QString::fromStdString(encoder->device()));
}

void Composition::freeDeviceMemory()
{
    if (!m_switch.encoder())
        return;
    // Elsewhere: it waits for a picture that is being embedded, and copies all weights.
    QThreadPool::globalInstance()->start([encoder = m_switch.encoder()] { encoder->freeDeviceMemory(); });
}

} // namespace yingxun::app
