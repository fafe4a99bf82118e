// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/model_switch.h"

#include "core/base/guarded.h"
#include "core/services/handoff.h"
#include "core/services/indexer.h"
#include "core/services/searcher.h"
#include "core/services/worker_thread.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <QSettings>

#include <optional>
#include <utility>
#include <vector>

namespace yingxun::services {
namespace {

using State = IndexProgress::State;

enum class Kind { OtherModel, Reload };

/// A model on its way into use.
struct Change {
    Kind kind = Kind::OtherModel;
    QString choice;
    Computing computing;
    QString then;                       // The model that is changed to after this; empty: none.
    vectors::ModelWithEmbeddings model; // Without while it is being loaded.
    std::unique_ptr<Indexer> filler;    // Embeds the library with it.
    bool looksAgain = false;            // Another run of the filler follows.
    std::stop_source stop;              // Of its load, and of its encoder until that is in use.

    QString title() const { return model.encoder ? QString::fromStdString(model.encoder->name()) : choice; }
};

/// Whether a model computes: a device may have memory for the weights and no more.
Result<void> tried(vectors::Encoder &encoder)
{
    const std::string device = encoder.device();
    const std::string text = "图";
    const auto side = static_cast<std::size_t>(encoder.imageSize());
    if (const auto texts = encoder.encodeTexts({&text, 1}); !texts)
        return texts.propagate();
    if (const auto pictures = encoder.encodeImages(std::vector<std::uint8_t>(3 * side * side), 1); !pictures)
        return pictures.propagate();
    if (encoder.device() != device)
        return fail(ErrorCode::OutOfMemory, device + " has too little memory for this model");
    return {};
}

/// What comes of loading the model in use anew, or for the first time.
Result<vectors::ModelWithEmbeddings> renewed(std::shared_ptr<vectors::Encoder> encoder,
                                             const vectors::ModelWithEmbeddings &current,
                                             const std::filesystem::path &dataDirectory)
{
    if (!current.encoder)
        return vectors::withEmbeddings(std::move(encoder), dataDirectory);
    if (encoder->identity() != current.encoder->identity())
        return fail(ErrorCode::NotFound, "the model's files were replaced since the program started");
    if (const auto works = tried(*encoder); !works)
        return works.propagate();
    return vectors::ModelWithEmbeddings{std::move(encoder), current.store};
}

void keep(QSettings &settings, const char *key, const QString &value)
{
    if (value.isEmpty())
        settings.remove(key);
    else
        settings.setValue(key, value);
}

} // namespace

struct ModelSwitch::Impl {
    void begin(ModelSwitch *owner, const QString &title);
    void beginReload(ModelSwitch *owner, const Computing &with, const QString &then);
    void loaded(ModelSwitch *owner, Result<vectors::ModelWithEmbeddings> model);
    void fill(ModelSwitch *owner);
    void filled(ModelSwitch *owner);
    void followIndexer(const IndexProgress &progress);
    void lookAgain();
    void finish(ModelSwitch *owner);
    void finishReload(ModelSwitch *owner);
    void goOnWith(ModelSwitch *owner, const QString &model);
    void drop();
    void abandon();
    void giveUp(ModelSwitch *owner, const Error &error);

    std::filesystem::path dataDirectory;
    vectors::ModelWithEmbeddings current;
    QString choice;      // What `current` was loaded by,
    Computing computing; // and how.
    Indexer *indexer = nullptr;
    Searcher *searcher = nullptr;
    QSettings *settings = nullptr;
    Load load;
    std::optional<Change> change;
    quint64 latest = 0;  // Which load is still wanted.
    WorkerThread thread; // Last: joined before the rest goes.
};

/// Loads what `change` says.
void ModelSwitch::Impl::begin(ModelSwitch *owner, const QString &title)
{
    Q_EMIT owner->changing(title, 0, 0);
    thread.post([this, owner, wanted = ++latest, kind = change->kind, choice = change->choice,
                 computing = change->computing, load = load, current = current, data = dataDirectory,
                 stop = change->stop.get_token()](const std::stop_token &) {
        auto model = guarded("Loading a model", [&]() -> Result<vectors::ModelWithEmbeddings> {
            auto encoder = load(choice, computing, stop);
            if (!encoder)
                return encoder.propagate();
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "the change of models was given up");
            if (kind == Kind::Reload)
                return renewed(*std::move(encoder), current, data);
            const bool isCurrent = current.encoder && (*encoder)->identity() == current.encoder->identity();
            return isCurrent ? current : vectors::withEmbeddings(*std::move(encoder), data);
        });
        runOnThreadOf(owner, [this, owner, wanted, model = std::move(model)]() mutable {
            if (wanted == latest)
                loaded(owner, std::move(model));
        });
    });
}

void ModelSwitch::Impl::loaded(ModelSwitch *owner, Result<vectors::ModelWithEmbeddings> model)
{
    if (!model)
        return giveUp(owner, model.error());
    change->model = *std::move(model);
    if (change->kind == Kind::Reload)
        return finishReload(owner);
    if (change->model.encoder == current.encoder || !current.encoder) // No other answers until it is filled.
        return finish(owner);
    settings->setValue(kNextKey, change->choice);
    fill(owner);
}

void ModelSwitch::Impl::fill(ModelSwitch *owner)
{
    change->filler = std::make_unique<Indexer>(dataDirectory, change->model.encoder, change->model.store);
    Indexer *filler = change->filler.get();
    filler->setReader(indexer->reader());
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
    case ingest::LibraryAccess::Writer:
        break;
    case ingest::LibraryAccess::OtherWrites:
        return; // Another program embeds with that model; the filler takes its place when it has ended.
    case ingest::LibraryAccess::WriteProtected:
        return giveUp(owner,
                      ingest::requireWriter(ingest::LibraryAccess::WriteProtected, dataDirectory).error());
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
    choice = change->choice;
    settings->setValue(kModelKey, choice);
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

void ModelSwitch::Impl::finishReload(ModelSwitch *owner)
{
    // Only what was chosen now: the rest may be set for a device that is away today.
    if (change->computing.device != computing.device)
        keep(*settings, kDeviceKey, change->computing.device);
    if (change->computing.precision != computing.precision)
        keep(*settings, kPrecisionKey, change->computing.precision);
    const vectors::ModelWithEmbeddings model = change->model;
    computing = change->computing;
    const QString title = change->title();
    const QString then = change->then;
    drop();
    current = model;
    searcher->setModel(current.encoder, current.store);
    indexer->setModel(current.encoder, current.store);
    Q_EMIT owner->changed(title);
    goOnWith(owner, then);
}

void ModelSwitch::Impl::goOnWith(ModelSwitch *owner, const QString &model)
{
    if (model.isEmpty())
        return;
    settings->setValue(kNextKey, model); // Else the program's end while it is loaded would end the change.
    owner->resume();
}

/// Forgets the change; its indexer ends by itself, since waiting for its batch would hold up the window.
void ModelSwitch::Impl::drop()
{
    ++latest;
    if (current.encoder || (change && change->kind == Kind::OtherModel))
        settings->remove(kNextKey); // Else the program has only begun, and may yet go on with that one.
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

/// Forgets a change whose model is not wanted any more.
void ModelSwitch::Impl::abandon()
{
    if (change)
        change->stop.request_stop();
    drop();
}

void ModelSwitch::Impl::giveUp(ModelSwitch *owner, const Error &error)
{
    const Kind kind = change->kind;
    const QString then = change->then;
    abandon();
    if (!current.encoder && then.isEmpty())
        Q_EMIT owner->noModel(error);
    else if (kind == Kind::OtherModel)
        Q_EMIT owner->failed(error);
    else if (current.encoder)
        Q_EMIT owner->reloadFailed(error);
    goOnWith(owner, then);
}

ModelSwitch::ModelSwitch(std::filesystem::path dataDirectory, vectors::ModelWithEmbeddings current,
                         Indexer *indexer, Searcher *searcher, QSettings *settings, Load load, QString choice,
                         Computing computing)
    : m_impl(std::make_unique<Impl>())
{
    Impl &d = *m_impl;
    d.dataDirectory = std::move(dataDirectory);
    d.current = std::move(current);
    d.indexer = indexer;
    d.searcher = searcher;
    d.settings = settings;
    d.load = std::move(load);
    d.choice = std::move(choice);
    d.computing = std::move(computing);
    connect(indexer, &Indexer::progressed, this,
            [this](const IndexProgress &progress) { m_impl->followIndexer(progress); });
    connect(indexer, &Indexer::finished, this, [this] { m_impl->lookAgain(); });
}

ModelSwitch::~ModelSwitch()
{
    if (m_impl->change)
        m_impl->change->stop.request_stop();
}

void ModelSwitch::Impl::beginReload(ModelSwitch *owner, const Computing &with, const QString &then)
{
    abandon();
    if (!then.isEmpty())
        settings->setValue(kNextKey, then);
    change.emplace();
    change->kind = Kind::Reload;
    change->choice = choice;
    change->computing = with;
    change->then = then;
    begin(owner, current.encoder ? QString::fromStdString(current.encoder->name()) : choice);
}

void ModelSwitch::start()
{
    Impl &d = *m_impl;
    if (!d.current.encoder)
        d.beginReload(this, d.computing, {});
}

const std::shared_ptr<vectors::Encoder> &ModelSwitch::encoder() const
{
    return m_impl->current.encoder;
}

const Computing &ModelSwitch::computing() const
{
    const Impl &d = *m_impl;
    return d.change && d.change->kind == Kind::Reload ? d.change->computing : d.computing;
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
    if (d.change && d.change->kind == Kind::Reload) {
        d.change->then = idOrPath;
        return;
    }
    const QString interrupted = d.settings->value(kNextKey).toString();
    d.abandon();
    if (interrupted == idOrPath) // Else the program's end while it is loaded would end the change.
        d.settings->setValue(kNextKey, interrupted);
    d.change.emplace();
    d.change->choice = idOrPath;
    d.change->computing = d.computing;
    d.begin(this, idOrPath);
}

void ModelSwitch::reload(const Computing &computing)
{
    Impl &d = *m_impl;
    QString then;
    if (d.change && !d.current.encoder && d.change->kind == Kind::Reload && d.change->computing == computing)
        return; // That is what is being loaded.
    if (d.change)
        then = d.change->kind == Kind::Reload ? d.change->then : d.change->choice;
    if (!d.current.encoder && d.change && d.change->kind == Kind::OtherModel) {
        // There is nothing that the choice could be tried on but the model that is on the way.
        keep(*d.settings, kDeviceKey, computing.device);
        keep(*d.settings, kPrecisionKey, computing.precision);
        d.computing = computing;
        use(then);
        return;
    }
    d.beginReload(this, computing, then);
}

void ModelSwitch::cancel()
{
    Impl &d = *m_impl;
    if (!d.change)
        return;
    const QString then = d.change->then;
    d.abandon();
    Q_EMIT cancelled();
    d.goOnWith(this, then);
}

} // namespace yingxun::services
