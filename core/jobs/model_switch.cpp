// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/model_switch.h"

#include "core/base/guarded.h"
#include "core/jobs/encoder.h"
#include "core/jobs/handoff.h"
#include "core/jobs/indexer.h"
#include "core/jobs/searcher.h"
#include "core/jobs/worker_thread.h"
#include "core/search/embedding_store.h"

#include <QSettings>

#include <optional>
#include <utility>

namespace yingxun::jobs {
namespace {

using State = IndexProgress::State;

/// A model on its way into use.
struct Change {
    QString choice;
    ModelWithEmbeddings model;       // Without while it is being loaded.
    std::unique_ptr<Indexer> filler; // Embeds the library with it.
    bool looksAgain = false;         // Another run of the filler follows.

    QString title() const { return model.encoder ? QString::fromStdString(model.encoder->name()) : choice; }
};

} // namespace

struct ModelSwitch::Impl {
    void loaded(ModelSwitch *owner, Result<ModelWithEmbeddings> model);
    void fill(ModelSwitch *owner);
    void filled(ModelSwitch *owner);
    void followIndexer(const IndexProgress &progress);
    void lookAgain();
    void finish(ModelSwitch *owner);
    void drop();
    void giveUp(ModelSwitch *owner, const Error &error);

    std::filesystem::path dataDirectory;
    ModelWithEmbeddings current;
    Indexer *indexer = nullptr;
    Searcher *searcher = nullptr;
    QSettings *settings = nullptr;
    Load load;
    std::optional<Change> change;
    quint64 latest = 0;  // Which load is still wanted.
    WorkerThread thread; // Last: joined before the rest goes.
};

void ModelSwitch::Impl::loaded(ModelSwitch *owner, Result<ModelWithEmbeddings> model)
{
    if (!model)
        return giveUp(owner, model.error());
    change->model = *std::move(model);
    if (change->model.encoder == current.encoder)
        return finish(owner);
    settings->setValue(kNextKey, change->choice);
    fill(owner);
}

void ModelSwitch::Impl::fill(ModelSwitch *owner)
{
    change->filler = std::make_unique<Indexer>(dataDirectory, change->model.encoder, change->model.store);
    Indexer *filler = change->filler.get();
    QObject::connect(filler, &Indexer::progressed, owner, [this, owner](const IndexProgress &progress) {
        if (progress.state != State::Idle)
            Q_EMIT owner->changing(change->title(), progress.done, progress.found);
    });
    QObject::connect(filler, &Indexer::failed, owner,
                     [this, owner](const Error &error) { giveUp(owner, error); });
    QObject::connect(filler, &Indexer::finished, owner, [this, owner] { filled(owner); });
    if (indexer->progress().state == State::Paused)
        filler->pause();
    filler->start();
}

/// A run with the new model has ended.
void ModelSwitch::Impl::filled(ModelSwitch *owner)
{
    switch (change->filler->access()) {
    case LibraryAccess::Writer:
        break;
    case LibraryAccess::OtherWrites:
        return; // Another program embeds with that model; the filler takes its place when it has ended.
    case LibraryAccess::WriteProtected:
        return giveUp(owner, requireWriter(LibraryAccess::WriteProtected, dataDirectory).error());
    }
    // What the indexer is at may have changed after the filler looked: it looks again when that is done.
    if (!std::exchange(change->looksAgain, false) && indexer->progress().state == State::Idle)
        finish(owner);
}

/// Paused with the indexer; and what that one has taken in comes to the new model, too.
void ModelSwitch::Impl::followIndexer(const IndexProgress &progress)
{
    if (!change || !change->filler)
        return;
    Indexer &filler = *change->filler;
    const State state = filler.progress().state;
    if (progress.state == State::Paused && state == State::Running)
        filler.pause();
    else if (progress.state != State::Paused && state == State::Paused)
        filler.resume();
}

void ModelSwitch::Impl::lookAgain()
{
    if (!change || !change->filler)
        return;
    change->looksAgain = change->filler->progress().state != State::Idle;
    change->filler->start();
}

void ModelSwitch::Impl::finish(ModelSwitch *owner)
{
    const QString title = change->title();
    settings->setValue(kModelKey, change->choice);
    if (change->model.encoder != current.encoder) {
        current = change->model;
        drop();
        searcher->setModel(current.encoder, current.store);
        indexer->setModel(current.encoder, current.store);
        indexer->start(); // For what changed in this moment.
    } else {
        drop();
    }
    Q_EMIT owner->changed(title);
}

/// Forgets the change; its indexer ends by itself, since waiting for its batch would hold up the window.
void ModelSwitch::Impl::drop()
{
    ++latest;
    settings->remove(kNextKey);
    if (change && change->filler) {
        Indexer *filler = change->filler.release();
        filler->disconnect();
        filler->setParent(indexer); // Should the program end first.
        filler->cancel();
        if (filler->progress().state == State::Idle)
            filler->deleteLater();
        else
            QObject::connect(filler, &Indexer::finished, filler, &QObject::deleteLater);
    }
    change.reset();
}

void ModelSwitch::Impl::giveUp(ModelSwitch *owner, const Error &error)
{
    drop();
    Q_EMIT owner->failed(error);
}

ModelSwitch::ModelSwitch(std::filesystem::path dataDirectory, ModelWithEmbeddings current, Indexer *indexer,
                         Searcher *searcher, QSettings *settings, Load load, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    Impl &d = *m_impl;
    d.dataDirectory = std::move(dataDirectory);
    d.current = std::move(current);
    d.indexer = indexer;
    d.searcher = searcher;
    d.settings = settings;
    d.load = std::move(load);
    connect(indexer, &Indexer::progressed, this,
            [this](const IndexProgress &progress) { m_impl->followIndexer(progress); });
    connect(indexer, &Indexer::finished, this, [this] { m_impl->lookAgain(); });
}

ModelSwitch::~ModelSwitch() = default;

const std::shared_ptr<Encoder> &ModelSwitch::encoder() const
{
    return m_impl->current.encoder;
}

void ModelSwitch::resume()
{
    const QString next = m_impl->settings->value(kNextKey).toString();
    if (!next.isEmpty())
        use(next);
}

void ModelSwitch::use(const QString &idOrPath)
{
    Impl &d = *m_impl;
    const QString interrupted = d.settings->value(kNextKey).toString();
    d.drop();
    if (interrupted == idOrPath) // Else the program's end while it is loaded would end the change.
        d.settings->setValue(kNextKey, interrupted);
    d.change.emplace();
    d.change->choice = idOrPath;
    Q_EMIT changing(idOrPath, 0, 0);
    d.thread.post([this, idOrPath, wanted = ++d.latest, load = d.load, current = d.current,
                   data = d.dataDirectory](const std::stop_token &) {
        auto model = guarded("Loading a model", [&]() -> Result<ModelWithEmbeddings> {
            auto encoder = load(idOrPath);
            if (!encoder)
                return encoder.propagate();
            if ((*encoder)->identity() == current.encoder->identity())
                return current;
            return withEmbeddings(*std::move(encoder), data);
        });
        runOnThreadOf(this, [this, wanted, model = std::move(model)]() mutable {
            if (wanted == m_impl->latest)
                m_impl->loaded(this, std::move(model));
        });
    });
}

void ModelSwitch::cancel()
{
    if (!m_impl->change)
        return;
    m_impl->drop();
    Q_EMIT cancelled();
}

} // namespace yingxun::jobs
