// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_keeper.h"

#include "core/models/rate_meter.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace yingxun::models {
namespace {

/// Reads the disk.
QList<ModelEntry> entriesOf(const ModelStore &store, const Manifest &manifest)
{
    QList<ModelEntry> entries;
    const std::vector<StoredModel> installed = store.list();
    const auto isInstalled = [&installed](const std::string &id) {
        return std::any_of(installed.begin(), installed.end(),
                           [&id](const StoredModel &one) { return one.id == id; });
    };
    if (!isInstalled(kStarterId)) {
        ModelEntry starter;
        starter.id = QString::fromLatin1(kStarterId);
        starter.starter = true;
        entries.append(starter);
    }
    for (const StoredModel &stored : installed) {
        // By its title, which only the store gives: an id may be anybody's choice.
        const auto released =
            std::find_if(manifest.models().begin(), manifest.models().end(),
                         [&stored](const ReleasedModel &one) { return one.title == stored.title; });
        entries.append({QString::fromStdString(stored.id), QString::fromStdString(stored.title),
                        released == manifest.models().end() ? nullptr : &*released, false, true, stored.whole,
                        stored.bytes(), 0});
    }
    for (const ReleasedModel &released : manifest.models()) {
        if (!isInstalled(released.id))
            entries.append({QString::fromStdString(released.id), QString::fromStdString(released.title),
                            &released, false, false, true, released.bytes(), store.arrived(released)});
    }
    return entries;
}

} // namespace

ModelKeeper::ModelKeeper(const std::filesystem::path &folder, const Manifest &manifest, Patience patience)
    : m_manifest(manifest), m_store(folder, manifest), m_desk(new DownloadDesk(m_store, manifest, patience))
{
    m_worker.setMaxThreadCount(1);
    m_lister.setMaxThreadCount(1);
    m_desk->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_desk, &QObject::deleteLater);
    connect(m_desk, &DownloadDesk::progressed, this,
            [this](const QString &id, qint64 received, qint64 total, double rate, double left) {
                report(id, {ModelWork::Download, received, total, rate, left});
            });
    connect(m_desk, &DownloadDesk::finished, this, [this](const QString &id) { end(id, id, {}); });
    connect(m_desk, &DownloadDesk::failed, this,
            [this](const QString &id, const Error &error) { end(id, id, fail(error.code, error.message)); });
    m_thread.start();
}

ModelKeeper::~ModelKeeper()
{
    for (const std::stop_source &stop : std::as_const(m_stops))
        std::stop_source(stop).request_stop();
    m_thread.quit();
    m_thread.wait();
    m_worker.clear();
    m_worker.waitForDone();
    m_lister.waitForDone();
}

void ModelKeeper::load()
{
    m_lister.start([this] {
        const QList<ModelEntry> entries = entriesOf(m_store, m_manifest);
        QMetaObject::invokeMethod(this, [this, entries] {
            QList<ModelEntry> known = entries;
            for (ModelEntry &entry : known)
                entry.whole = entry.whole && !(entry.installed && m_damaged.contains(entry.id));
            Q_EMIT modelsLoaded(known);
        });
    });
}

bool ModelKeeper::begin(const QString &id, ModelWork work)
{
    if (m_works.contains(id))
        return false;
    m_works.insert(id, {work});
    if (work != ModelWork::Download)
        m_stops.insert(id, std::stop_source());
    Q_EMIT progressed(id, m_works[id]);
    return true;
}

void ModelKeeper::download(const QString &id, const QString &from)
{
    if (begin(id, ModelWork::Download))
        QMetaObject::invokeMethod(m_desk, [desk = m_desk, id, from] { desk->start(id, from); });
}

void ModelKeeper::add(const std::filesystem::path &from)
{
    const QString id;
    if (!begin(id, ModelWork::Add))
        return;
    m_worker.start([this, id, from, progress = progressFor(id, ModelWork::Add)] {
        const auto model = m_store.add(from, {}, progress);
        endLater(id, model ? QString::fromStdString(model->id) : id,
                 model ? Result<void>() : Result<void>(model.propagate()));
    });
}

void ModelKeeper::verify(const QString &id)
{
    if (!begin(id, ModelWork::Verify))
        return;
    m_worker.start([this, id, progress = progressFor(id, ModelWork::Verify)] {
        endLater(id, id, m_store.verify(id.toStdString(), progress));
    });
}

void ModelKeeper::remove(const QString &id)
{
    if (!begin(id, ModelWork::Remove))
        return;
    m_worker.start([this, id] { endLater(id, id, m_store.remove(id.toStdString())); });
}

void ModelKeeper::cancel(const QString &id)
{
    const auto work = m_works.constFind(id);
    if (work == m_works.cend() || work->work == ModelWork::Remove)
        return;
    if (work->work == ModelWork::Download)
        QMetaObject::invokeMethod(m_desk, [desk = m_desk, id] { desk->cancel(id); });
    else
        m_stops[id].request_stop();
}

Progress ModelKeeper::progressFor(const QString &id, ModelWork work)
{
    RateMeter rate;
    rate.start();
    return [this, id, work, rate, stop = m_stops[id].get_token(),
            before = std::int64_t{0}](std::int64_t done, std::int64_t total) mutable {
        if (rate.add(done - std::exchange(before, done))) {
            const ModelProgress now{work, done, total, rate.perSecond(), rate.secondsFor(total - done)};
            QMetaObject::invokeMethod(this, [this, id, now] { report(id, now); });
        }
        return !stop.stop_requested();
    };
}

void ModelKeeper::report(const QString &id, const ModelProgress &progress)
{
    if (!m_works.contains(id))
        return;
    m_works[id] = progress;
    Q_EMIT progressed(id, progress);
}

void ModelKeeper::endLater(const QString &id, const QString &finishedId, const Result<void> &result)
{
    QMetaObject::invokeMethod(this, [this, id, finishedId, result] { end(id, finishedId, result); });
}

void ModelKeeper::end(const QString &id, const QString &finishedId, const Result<void> &result)
{
    const ModelWork work = m_works.take(id).work;
    m_stops.remove(id);
    if (result)
        m_damaged.remove(finishedId);
    else if (work == ModelWork::Verify && result.error().code == ErrorCode::CorruptData)
        m_damaged.insert(id);
    if (result)
        Q_EMIT finished(finishedId, work);
    else
        Q_EMIT failed(id, work, result.error());
    load();
}

} // namespace yingxun::models
