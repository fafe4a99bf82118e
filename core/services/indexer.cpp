// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/indexer.h"

#include "core/base/guarded.h"
#include "core/base/path_within.h"
#include "core/db/catalogue.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/folder_places.h"
#include "core/ingest/growing_files.h"
#include "core/ingest/index_pipeline.h"
#include "core/ingest/removal_brake.h"
#include "core/media/media.h"
#include "core/services/handoff.h"
#include "core/services/path_text.h"
#include "core/services/worker_thread.h"
#include "core/vectors/encoder.h"

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <set>
#include <thread>

namespace yingxun::services {
namespace {

constexpr int kProgressIntervalMs = 100;
constexpr int kChangesIntervalMs = 500;
constexpr qint64 kRateWindowMs = 5000;
constexpr std::chrono::milliseconds kSoonWhole = ingest::kQuiet + std::chrono::milliseconds(100);
constexpr std::chrono::milliseconds kLateWhole = std::chrono::seconds(10);
constexpr int kSuccessionIntervalMs = 2000; // How often a reader asks whether the writer has ended.

/// What one run is to look at: everything, or these paths; and the files listed as problems.
struct Request {
    bool everything = false;
    std::set<std::string> paths;   // Of what changed.
    std::set<std::string> growing; // Files that were still being written.
    ingest::ProblemFiles problems = ingest::ProblemFiles::WhenDue;
    qint64 confirmed = 0;        // Missing photos that may go.
    bool followsVolumes = false; // As if it had paths: every run does.

    bool isEmpty() const
    {
        return !everything && paths.empty() && growing.empty() && !followsVolumes &&
               problems == ingest::ProblemFiles::WhenDue;
    }
};

struct Scopes {
    std::vector<ingest::IndexScope> scopes;
    bool foldersMoved = false;
    std::size_t folders = 0; ///< That are there.
};

/// Those that are walked whole, by path.
std::set<std::string> wholeFolders(const Scopes &scopes)
{
    std::set<std::string> whole;
    for (const ingest::IndexScope &scope : scopes.scopes) {
        if (scope.path == scope.folder.path)
            whole.insert(scope.path);
    }
    return whole;
}

Result<Scopes> scopesOf(const Request &request, const std::filesystem::path &dataDirectory)
{
    auto catalogue = db::Catalogue::open(dataDirectory);
    if (!catalogue)
        return catalogue.propagate();
    auto places = ingest::settlePlaces(*catalogue, ingest::MountTable::now());
    if (!places)
        return places.propagate();
    const std::vector<Folder> &folders = places->here;
    std::vector<ingest::IndexScope> scopes;
    for (const Folder &folder : folders) {
        if (request.everything)
            scopes.push_back({folder, folder.path});
    }
    if (request.everything)
        return Scopes{std::move(scopes), !places->moved.empty(), folders.size()};
    std::set<std::string> paths = request.paths;
    paths.insert(request.growing.begin(), request.growing.end());
    for (const Folder &folder : places->moved)
        paths.insert(folder.path);
    if (request.problems == ingest::ProblemFiles::All) {
        auto problems = catalogue->problems();
        if (!problems)
            return problems.propagate();
        for (const Problem &problem : *problems)
            paths.insert(problem.path);
    }
    for (const std::string &path : paths) {
        // The innermost folder: what an outer one excludes may have been added by itself, and is then walked
        // by itself as well, or it would seem to have vanished.
        const auto owner = std::find_if(folders.rbegin(), folders.rend(),
                                        [&](const Folder &folder) { return isWithin(path, folder.path); });
        if (owner == folders.rend())
            continue;
        scopes.push_back({*owner, path, request.paths.contains(path)});
        for (const Folder &folder : folders) {
            if (folder.id != owner->id && isWithin(folder.path, path))
                scopes.push_back({folder, folder.path});
        }
    }
    return Scopes{std::move(scopes), !places->moved.empty(), folders.size()};
}

/// Photos opened in the last seconds, for a rate that follows what happens now.
class RateMeter
{
public:
    double update(qint64 nowMs, qint64 opened)
    {
        m_samples.push_back({nowMs, opened});
        while (m_samples.size() > 2 && nowMs - m_samples.front().first > kRateWindowMs)
            m_samples.pop_front();
        const qint64 span = nowMs - m_samples.front().first;
        return span > 0 ? static_cast<double>(opened - m_samples.front().second) * 1000.0 /
                              static_cast<double>(span)
                        : 0;
    }

private:
    std::deque<std::pair<qint64, qint64>> m_samples;
};

} // namespace

struct Indexer::Impl {
    void beginNext(Indexer *owner);
    Result<ingest::LibraryAccess> seek(vectors::EmbeddingStore &embeddings);
    struct Looked {
        std::set<std::string> folders;
        bool all = false;
    };
    void ended(Indexer *owner, const Result<ingest::LibraryAccess> &result, const Looked &looked);
    void tellLooked(Indexer *owner, bool isWhole, const Looked &looked) const;
    void noteAccess(Indexer *owner, ingest::LibraryAccess now);
    void seekSuccession(Indexer *owner);
    void lookAgain(const std::vector<std::string> &paths);
    void report(Indexer *owner);
    void reportChanges(Indexer *owner);

    std::filesystem::path dataDirectory;
    std::shared_ptr<vectors::Encoder> encoder; // Null until there is a model; so the store.
    std::shared_ptr<vectors::EmbeddingStore> store;

    std::shared_ptr<media::Reader> reader = std::make_shared<media::DirectReader>();

    Request waiting;
    std::shared_ptr<ingest::IndexCounts> counts =
        std::make_shared<ingest::IndexCounts>(); // Shared with the run.
    ingest::PauseGate gate;
    ingest::RemovalBrake brake; // Used on the thread only.
    bool walksAll = false;      // The run that goes on.
    qint64 missing = 0;
    bool paused = false;
    IndexProgress last;
    std::optional<std::stop_source> stop; // Set while a run goes on.
    std::atomic<bool> storedSomething = false;
    QTimer progressTimer;
    QTimer changesTimer;
    QTimer successionTimer;
    QTimer wholeTimer;             // Until files that are being written are looked at again:
    std::set<std::string> growing; // these.
    std::chrono::milliseconds untilWhole = kSoonWhole;
    ingest::LibraryAccess access = ingest::LibraryAccess::Writer;
    std::unique_ptr<db::Catalogue> watched; // Used on the thread only, while another Yingxun writes.
    std::int64_t seen = 0;                  // Its revision; on the thread only.
    QElapsedTimer clock;
    RateMeter meter;
    WorkerThread thread; // Last: joined before the rest goes.
};

void Indexer::Impl::beginNext(Indexer *owner)
{
    if (stop || !encoder || waiting.isEmpty())
        return;
    stop.emplace();
    counts = std::make_shared<ingest::IndexCounts>();
    meter = {};
    last = {};
    walksAll = waiting.everything;
    last.state = paused ? IndexProgress::State::Paused : IndexProgress::State::Running;
    Q_EMIT owner->progressed(last);
    progressTimer.start(kProgressIntervalMs);
    changesTimer.start(kChangesIntervalMs);

    // By value: a run may still be ending while the next request comes.
    thread.post([this, owner, request = std::exchange(waiting, {}), runCounts = counts, runEncoder = encoder,
                 runStore = store, runReader = reader,
                 token = stop->get_token()](const std::stop_token &closing) {
        std::stop_source either;
        const std::stop_callback onCancel(token, [&either] { either.request_stop(); });
        const std::stop_callback onClose(closing, [&either] { either.request_stop(); });
        ingest::IndexPipeline pipeline{dataDirectory,
                                       runEncoder,
                                       runStore,
                                       std::max(1, static_cast<int>(std::thread::hardware_concurrency())),
                                       runCounts.get(),
                                       &gate,
                                       [this](bool stored) { storedSomething = storedSomething || stored; },
                                       request.problems,
                                       &brake,
                                       [](const Error &error) { qWarning("%s", error.message.c_str()); },
                                       runReader,
                                       std::chrono::milliseconds(0),
                                       [this, owner](const std::vector<std::string> &paths) {
                                           runOnThreadOf(owner, [this, paths] { lookAgain(paths); });
                                       }};
        brake.confirm(request.confirmed);
        Looked looked;
        const auto result = guarded("Indexing", [&]() -> Result<ingest::LibraryAccess> {
            auto found = seek(*runStore);
            if (!found || *found != ingest::LibraryAccess::Writer)
                return found;
            auto scopes = scopesOf(request, dataDirectory);
            if (!scopes)
                return scopes.propagate();
            if (scopes->foldersMoved) {
                storedSomething = true;
                runOnThreadOf(owner, [owner] { Q_EMIT owner->foldersMoved(); });
            }
            auto done = pipeline.run(scopes->scopes, either.get_token());
            looked.folders = wholeFolders(*scopes);
            looked.all = looked.folders.size() == scopes->folders;
            return done ? found : done.propagate();
        });
        runOnThreadOf(owner, [this, owner, result, looked] { ended(owner, result, looked); });
    });
}

/// On the thread: who may write now. What another Yingxun has stored since counts as stored.
Result<ingest::LibraryAccess> Indexer::Impl::seek(vectors::EmbeddingStore &embeddings)
{
    std::optional<std::int64_t> revision;
    if (watched) {
        auto now = watched->revision(); // First: the embeddings of what it counts are stored already.
        if (!now)
            return now.propagate();
        revision = *now;
    }
    auto found = ingest::seekAccess(dataDirectory, embeddings);
    if (!found || *found != ingest::LibraryAccess::OtherWrites) {
        watched.reset();
    } else if (!watched) {
        auto opened = db::Catalogue::open(dataDirectory);
        if (!opened)
            return opened.propagate();
        watched = std::make_unique<db::Catalogue>(*std::move(opened));
        storedSomething = true; // Perhaps.
    }
    if (revision && std::exchange(seen, *revision) != *revision)
        storedSomething = true;
    return found;
}

void Indexer::Impl::noteAccess(Indexer *owner, ingest::LibraryAccess now)
{
    if (now == ingest::LibraryAccess::OtherWrites)
        successionTimer.start(kSuccessionIntervalMs);
    else
        successionTimer.stop();
    if (std::exchange(access, now) != now)
        Q_EMIT owner->accessChanged(now);
}

void Indexer::Impl::seekSuccession(Indexer *owner)
{
    thread.post([this, owner, current = store](const std::stop_token &) {
        const auto found = guarded("Indexing", [&] { return seek(*current); });
        runOnThreadOf(owner, [this, owner, found] {
            if (found)
                noteAccess(owner, *found);
            reportChanges(owner);
            if (found && *found == ingest::LibraryAccess::Writer)
                owner->start(); // What changed while the other one was there, or after.
        });
    });
}

/// The longer they take, the more seldom: a film may be recorded for hours.
void Indexer::Impl::lookAgain(const std::vector<std::string> &paths)
{
    growing.insert(paths.begin(), paths.end());
    if (growing.empty()) {
        untilWhole = kSoonWhole;
    } else if (!wholeTimer.isActive()) {
        wholeTimer.start(untilWhole);
        untilWhole = std::min(2 * untilWhole, kLateWhole);
    }
}

void Indexer::Impl::report(Indexer *owner)
{
    if (!stop)
        return;
    last.found = counts->found;
    last.done = counts->done;
    last.unchanged = counts->unchanged;
    last.embedded = counts->embedded;
    last.failed = counts->failed;
    last.missing = counts->missing;
    last.photosPerSecond = meter.update(clock.elapsed(), last.done - last.unchanged);
    const bool known = counts->walked && last.photosPerSecond > 0;
    last.secondsLeft =
        known ? static_cast<qint64>(static_cast<double>(last.found - last.done) / last.photosPerSecond) : -1;
    Q_EMIT owner->progressed(last);
}

void Indexer::Impl::reportChanges(Indexer *owner)
{
    if (storedSomething.exchange(false))
        Q_EMIT owner->photosChanged();
}

void Indexer::Impl::tellLooked(Indexer *owner, bool isWhole, const Looked &looked) const
{
    QStringList paths;
    for (const std::string &folder : looked.folders)
        paths.append(textOfPath(folder));
    if (!isWhole)
        Q_EMIT owner->brokeOff();
    else if (!paths.isEmpty())
        Q_EMIT owner->lookedThrough(paths, looked.all);
}

void Indexer::Impl::ended(Indexer *owner, const Result<ingest::LibraryAccess> &result, const Looked &looked)
{
    progressTimer.stop();
    changesTimer.stop();
    report(owner);
    const bool isWhole = result && !stop->stop_requested();
    stop.reset();
    last.state = IndexProgress::State::Idle;
    last.secondsLeft = -1;
    if (result)
        noteAccess(owner, *result);
    reportChanges(owner);
    Q_EMIT owner->progressed(last);
    if (!result)
        Q_EMIT owner->failed(result.error());
    // A run over a part says nothing of the others.
    if (result && (last.missing > 0 || walksAll) && std::exchange(missing, last.missing) != last.missing)
        Q_EMIT owner->missingChanged(missing);
    tellLooked(owner, isWhole, looked);
    Q_EMIT owner->finished(last);
    beginNext(owner);
}

Indexer::Indexer(std::filesystem::path dataDirectory, std::shared_ptr<vectors::Encoder> encoder,
                 std::shared_ptr<vectors::EmbeddingStore> store, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    Impl &d = *m_impl;
    d.dataDirectory = std::move(dataDirectory);
    d.encoder = std::move(encoder);
    d.store = std::move(store);
    d.clock.start();
    connect(&d.progressTimer, &QTimer::timeout, this, [this] { m_impl->report(this); });
    connect(&d.successionTimer, &QTimer::timeout, this, [this] { m_impl->seekSuccession(this); });
    d.wholeTimer.setSingleShot(true);
    connect(&d.wholeTimer, &QTimer::timeout, this, [this] {
        m_impl->waiting.growing.merge(m_impl->growing);
        m_impl->growing.clear();
        m_impl->beginNext(this);
    });
    connect(&d.changesTimer, &QTimer::timeout, this, [this] { m_impl->reportChanges(this); });
}

Indexer::~Indexer()
{
    cancel();
}

void Indexer::setModel(std::shared_ptr<vectors::Encoder> encoder,
                       std::shared_ptr<vectors::EmbeddingStore> store)
{
    m_impl->encoder = std::move(encoder);
    m_impl->store = std::move(store);
    if (m_impl->stop) {
        m_impl->stop->request_stop();
        m_impl->waiting.everything = true;
    }
    m_impl->beginNext(this);
}

void Indexer::setReader(std::shared_ptr<media::Reader> reader)
{
    m_impl->reader = std::move(reader);
}

std::shared_ptr<media::Reader> Indexer::reader() const
{
    return m_impl->reader;
}

void Indexer::start()
{
    m_impl->waiting.everything = true;
    m_impl->beginNext(this);
}

void Indexer::update(const QStringList &paths, const QStringList &open)
{
    std::set<std::string> growing;
    for (const QString &path : open) {
        growing.insert(pathOfText(path));
        m_impl->waiting.paths.erase(pathOfText(path)); // Whatever was said before of the file at this place.
    }
    for (const QString &path : paths) {
        if (const std::string changed = pathOfText(path); !growing.contains(changed))
            m_impl->waiting.paths.insert(changed);
    }
    m_impl->waiting.growing.merge(growing);
    m_impl->beginNext(this);
}

void Indexer::retryProblems()
{
    m_impl->waiting.problems = ingest::ProblemFiles::All;
    m_impl->beginNext(this);
}

void Indexer::followVolumes()
{
    m_impl->waiting.followsVolumes = true;
    m_impl->beginNext(this);
}

void Indexer::removeMissing()
{
    m_impl->waiting.confirmed = m_impl->missing;
    start();
}

void Indexer::setPaused(bool paused)
{
    m_impl->paused = paused;
    m_impl->gate.setPaused(paused);
    if (m_impl->stop) {
        m_impl->last.state = paused ? IndexProgress::State::Paused : IndexProgress::State::Running;
        Q_EMIT progressed(m_impl->last);
    }
}

void Indexer::pause()
{
    setPaused(true);
}

void Indexer::resume()
{
    setPaused(false);
}

void Indexer::cancel()
{
    m_impl->waiting = {};
    m_impl->growing.clear();
    m_impl->wholeTimer.stop();
    if (m_impl->stop)
        m_impl->stop->request_stop();
}

ingest::LibraryAccess Indexer::access() const
{
    return m_impl->access;
}

IndexProgress Indexer::progress() const
{
    return m_impl->last;
}

} // namespace yingxun::services
