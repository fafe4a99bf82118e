// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/index_pipeline.h"

#include "core/base/guarded.h"
#include "core/ingest/bounded_queue.h"
#include "core/ingest/growing_files.h"
#include "core/ingest/index_stages.h"
#include "core/ingest/library_access.h"
#include "core/ingest/removal_brake.h"
#include "core/ingest/unused_contents.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace yingxun::ingest {
namespace {

constexpr std::size_t kWaitingTasks = 256;
/// Of a photo, and of each moment of a film: a thumbnail and a square, at most some 400 KB.
constexpr std::size_t kWaitingPictures = 64;
constexpr auto kBatchPatience = std::chrono::milliseconds(50);
constexpr int kBackgroundNice = 5; // Indexing yields to whoever sits in front of the screen.

void lowerThisThread()
{
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kBackgroundNice);
}

void pauseFor(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

/// The stages of one run; the members are declared so that threads end before what they use.
class Run
{
public:
    Run(const IndexPipeline &pipeline, const std::vector<IndexScope> &scopes, std::stop_token stop)
        : m_pipeline(pipeline), m_scopes(scopes), m_stop(std::move(stop))
    {
    }

    Result<void> operator()()
    {
        auto catalogue = db::Catalogue::open(m_pipeline.dataDirectory);
        if (!catalogue)
            return catalogue.propagate();
        if (auto settled = catalogue->settleOrphans(); !settled)
            return settled;
        auto folders = catalogue->folders();
        if (!folders)
            return folders.propagate();
        auto known =
            KnownFiles::load(*catalogue, m_scopes, readersWith(*m_pipeline.encoder), m_pipeline.problems);
        if (!known)
            return known.propagate();
        auto exclusions = loadExclusions(*catalogue);
        if (!exclusions)
            return exclusions.propagate();
        const int decoders = std::max(1, m_pipeline.decodeThreads);
        m_running = decoders; // Falls while the loop below still starts threads.
        std::vector<std::jthread> threads;
        threads.emplace_back([this, &known, &folders, &exclusions] { walk(*known, *folders, *exclusions); });
        for (int i = 0; i < decoders; ++i)
            threads.emplace_back([this] { decode(); });

        auto stored = guarded("Storing photos", [&] { return store(*catalogue); });
        if (!stored)
            m_end.request_stop(); // Nobody takes what the other stages make any more.
        threads.clear();
        m_passedOver.save();
        if (m_failure)
            return yingxun::fail(m_failure->code, m_failure->message);
        if (m_stop.stop_requested() && (stored || stored.error().code == ErrorCode::Cancelled))
            return {};
        if (!stored)
            return stored;
        if (auto noted = noteWalk(*catalogue); !noted)
            return noted;
        if (auto forgotten = forgetVanished(*known, *exclusions, *catalogue); !forgotten)
            return forgotten;
        if (auto noted = noteSeenWhole(*catalogue); !noted)
            return noted;
        sweep(*catalogue);
        list();
        return {};
    }

    /// What may not be whole; after the run.
    std::vector<IndexScope> growing()
    {
        std::vector<IndexScope> files = std::exchange(m_walk.growing, {});
        files.insert(files.end(), m_changed.begin(), m_changed.end());
        return files;
    }

private:
    void walk(const KnownFiles &known, const std::vector<Folder> &folders, const Exclusions &exclusions)
    {
        lowerThisThread();
        const auto walked = guarded("Looking for photos", [&]() -> Result<void> {
            m_walk = walkScopes(
                m_scopes, folders, exclusions, m_passedOver, known, *m_pipeline.store, *m_pipeline.counts,
                *m_pipeline.gate,
                {[this](IndexTask task) { return m_tasks.push(std::move(task), m_end.get_token()); },
                 [this](const std::string &directory) { noteMountPoint(directory); }},
                m_end.get_token());
            return {};
        });
        if (!walked)
            fail(walked.error());
        m_tasks.close();
    }

    /// At once, on the walk's thread: if the run does not come to its end, the next one has to know.
    void noteMountPoint(const std::string &directory)
    {
        auto catalogue = db::Catalogue::open(m_pipeline.dataDirectory);
        std::error_code error; // Gone again: then it is no link either.
        const bool isLink = std::filesystem::is_symlink(directory, error);
        const auto noted = catalogue ? catalogue->addMountPoint({directory, isLink}) : catalogue.propagate();
        if (!noted)
            fail(noted.error());
    }

    void decode()
    {
        lowerThisThread();
        const auto decoded = guarded("Decoding photos", [this] { return decodeAll(m_end.get_token()); });
        if (!decoded)
            fail(decoded.error());
        if (--m_running == 0)
            m_items.close();
    }

    Result<void> decodeAll(const std::stop_token &stop)
    {
        auto catalogue =
            db::Catalogue::open(m_pipeline.dataDirectory); // Its own: connections stay with their thread.
        if (!catalogue)
            return catalogue.propagate();
        while (auto task = m_tasks.pop(stop)) {
            m_pipeline.gate->wait(stop);
            IndexItem item = openPhoto(*std::move(task), m_pipeline.encoder->imageSize(), *m_pipeline.store,
                                       *catalogue, *m_pipeline.reader, stop);
            const std::size_t pictures = 1 + item.moments.size();
            if (item.isChanged)
                noteGrowing(item);
            else if (!m_items.push(std::move(item), stop, pictures))
                break;
        }
        return {};
    }

    void noteGrowing(const IndexItem &item)
    {
        const auto scope =
            std::find_if(m_scopes.begin(), m_scopes.end(), [&item](const IndexScope &candidate) {
                return candidate.folder.id == item.task.folder;
            });
        const std::scoped_lock lock(m_changedMutex);
        m_changed.push_back({scope->folder, item.task.file.path});
        --m_pipeline.counts->found;
    }

    void fail(const Error &error)
    {
        const std::scoped_lock lock(m_failureMutex);
        m_failure = error;
        m_end.request_stop();
    }

    /// Collects batches until the decoders are through.
    Result<void> store(db::Catalogue &catalogue)
    {
        const std::stop_token stop = m_end.get_token();
        auto movedFiles = MovedFiles::begin(catalogue);
        if (!movedFiles)
            return movedFiles.propagate();
        BatchSize size;
        while (auto first = m_items.pop(stop)) {
            std::vector<IndexItem> batch;
            batch.push_back(*std::move(first));
            const auto deadline = std::chrono::steady_clock::now() + kBatchPatience;
            std::size_t pictures = 1 + batch.front().moments.size();
            while (pictures < static_cast<std::size_t>(size.pictures())) {
                auto next = m_items.popUntil(deadline, stop);
                if (!next)
                    break;
                batch.push_back(*std::move(next));
                pictures += 1 + batch.back().moments.size();
            }
            m_pipeline.gate->wait(stop);
            if (auto done = storeBatch(batch, *m_pipeline.encoder, *m_pipeline.store, catalogue, *movedFiles,
                                       *m_pipeline.counts, size, stop);
                !done)
                return done;
            m_failedInPassing =
                m_failedInPassing || std::any_of(batch.begin(), batch.end(), [](const auto &item) {
                    return item.error && retryAfter(item.error->code) == Retry::EachRun;
                });
            m_pipeline.onStep(true);
        }
        return {};
    }

    /// What could not be looked into, and where no volumes are mounted any more.
    Result<void> noteWalk(db::Catalogue &catalogue)
    {
        if (!m_walk.problems.empty()) {
            if (auto noted = catalogue.putProblems(m_walk.problems); !noted)
                return noted;
            m_pipeline.onStep(true);
        }
        for (const std::string &directory : m_walk.formerMountPoints) {
            if (auto noted = catalogue.removeMountPoint(directory); !noted)
                return noted;
        }
        return {};
    }

    Result<void> forgetVanished(const KnownFiles &before, const Exclusions &exclusions,
                                db::Catalogue &catalogue)
    {
        std::vector<PhotoId> photos;
        std::vector<std::string> problems;
        for (const IndexScope &scope : m_walk.complete)
            before.collectVanished(scope, m_walk, photos, problems);
        // A photo that was moved in this run lives on under its new path.
        std::erase_if(photos, [&](PhotoId id) {
            const auto now = catalogue.photo(id);
            return !now || !*now || m_walk.seen.contains((*now)->path);
        });
        if (auto braked = brake(photos, exclusions, catalogue); !braked)
            return braked;
        if (photos.empty() && problems.empty())
            return {};
        if (auto removed = catalogue.removePhotos(photos); !removed)
            return removed;
        if (auto removed = catalogue.removeProblems(problems); !removed)
            return removed;
        m_pipeline.onStep(true);
        return {};
    }

    /// Leaves of the photos that are to go those which nobody excluded only if they are few.
    Result<void> brake(std::vector<PhotoId> &photos, const Exclusions &exclusions, db::Catalogue &catalogue)
    {
        if (m_pipeline.brake == nullptr || photos.empty())
            return {};
        std::unordered_map<FolderId, std::string> roots;
        for (const IndexScope &scope : m_scopes)
            roots.emplace(scope.folder.id, scope.folder.path);
        std::unordered_set<PhotoId> gone;
        for (const PhotoId id : photos) {
            if (m_stop.stop_requested()) {
                photos.clear(); // The next run finds them again.
                return {};
            }
            const auto photo = catalogue.photo(id);
            if (!photo)
                return photo.propagate();
            if (*photo && !exclusions.excludes((*photo)->path, roots[(*photo)->folder]))
                gone.insert(id);
        }
        const auto all = catalogue.photoCount();
        if (!all)
            return all.propagate();
        if (m_pipeline.brake->lets(std::ssize(gone), *all))
            return {};
        m_pipeline.counts->missing = std::ssize(gone);
        std::erase_if(photos, [&gone](PhotoId id) { return gone.contains(id); });
        return {};
    }

    /// When every folder that the library has now was there and has been looked through.
    Result<void> noteSeenWhole(db::Catalogue &catalogue)
    {
        const auto folders = catalogue.folders();
        if (!folders)
            return folders.propagate();
        const auto isSeen = [this](const Folder &folder) {
            return std::any_of(m_walk.complete.begin(), m_walk.complete.end(),
                               [&](const IndexScope &scope) { return scope.path == folder.path; });
        };
        if (m_walk.missedSome || m_failedInPassing || !m_walk.growing.empty() || !m_changed.empty() ||
            folders->empty() || !std::all_of(folders->begin(), folders->end(), isSeen))
            return {};
        return catalogue.setSeenWhole();
    }

    /// What cannot be removed stays a day longer: no reason to call a run failed that has stored all photos.
    void sweep(db::Catalogue &catalogue)
    {
        const std::int64_t now = unixTimeMs();
        const auto isDue = isSweepDue(catalogue, now);
        if (!isDue)
            return warn(isDue.error());
        if (!*isDue)
            return;
        const UnusedSweep unused{m_pipeline.dataDirectory, now, m_pipeline.store.get()};
        const auto swept = guarded("Looking for what is unused", [&] { return sweepUnused(unused, m_stop); });
        if (!swept && !m_stop.stop_requested())
            warn(swept.error());
        if (swept && swept->problem)
            warn(*swept->problem);
    }

    /// Without the lists searches take longer.
    void list()
    {
        if (!m_pipeline.store->wantsLists())
            return;
        const auto made = guarded("Listing embeddings", [&] { return m_pipeline.store->makeLists(m_stop); });
        if (!made && !m_stop.stop_requested())
            warn(made.error());
    }

    void warn(const Error &error)
    {
        if (m_pipeline.onWarning)
            m_pipeline.onWarning(error);
    }

    const IndexPipeline &m_pipeline;
    const std::vector<IndexScope> &m_scopes;
    std::stop_token m_stop;
    std::stop_source m_end; // Ends the stages: asked from outside, or because storing failed.
    std::stop_callback<std::function<void()>> m_forward{m_stop, [this] { m_end.request_stop(); }};
    BoundedQueue<IndexTask> m_tasks{kWaitingTasks};
    BoundedQueue<IndexItem> m_items{kWaitingPictures};
    std::atomic<int> m_running = 0; // Decoders.
    WalkOutcome m_walk;
    bool m_failedInPassing = false; // Of the files that were found, some could not be read this time.
    PassedOver m_passedOver = PassedOver::load(m_pipeline.dataDirectory / "passed-over");
    std::mutex m_changedMutex;
    std::vector<IndexScope> m_changed; // Files, since the walk found them.
    std::mutex m_failureMutex;
    std::optional<Error> m_failure; // Of a stage on another thread.
};

/// Looks again at what is still being written, until it is whole or the patience ends.
Result<void> runPatiently(const IndexPipeline &pipeline, std::vector<IndexScope> scopes,
                          const std::stop_token &stop)
{
    constexpr auto kPause = kQuiet + std::chrono::milliseconds(50);
    const auto end = std::chrono::steady_clock::now() + pipeline.patience;
    for (;;) {
        Run run(pipeline, scopes, stop);
        if (auto done = run(); !done || stop.stop_requested())
            return done;
        scopes = run.growing();
        if (scopes.empty() || std::chrono::steady_clock::now() + kPause > end)
            break;
        pauseFor(kPause, stop);
    }
    std::vector<std::string> paths;
    paths.reserve(scopes.size());
    for (const IndexScope &scope : scopes)
        paths.push_back(scope.path);
    if (pipeline.onGrowing)
        pipeline.onGrowing(paths);
    return {};
}

} // namespace

void PauseGate::setPaused(bool paused)
{
    const std::scoped_lock lock(m_mutex);
    m_paused = paused;
    m_changed.notify_all();
}

void PauseGate::wait(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, stop, [this] { return !m_paused; });
}

Result<void> IndexPipeline::run(const std::vector<IndexScope> &scopes, const std::stop_token &stop) const
{
    lowerThisThread();
    auto access = seekAccess(dataDirectory, *store);
    if (!access)
        return access.propagate();
    if (auto granted = requireWriter(*access, dataDirectory); !granted)
        return granted;
    if (auto prepared = reader->prepare(); !prepared)
        return prepared;
    return guarded("Indexing", [&] { return runPatiently(*this, scopes, stop); });
}

} // namespace yingxun::ingest
