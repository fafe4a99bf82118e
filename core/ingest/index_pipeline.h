// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"
#include "core/media/media.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
} // namespace yingxun::vectors

namespace yingxun::ingest {

class RemovalBrake;

/// What a run has to look at.
struct IndexScope {
    Folder folder;       ///< The root it belongs to.
    std::string path;    ///< The root itself, a directory below it, or a file; it may have vanished.
    bool isTold = false; ///< The system said of this file that whoever wrote it has closed it.
};

/// Which of the files listed as problems are opened again.
enum class ProblemFiles {
    WhenDue, ///< Those that may go better now, see Retry.
    All,
};

/// Counts of a run; files that are still being written are in none of them. May be read from any thread while
/// it goes on.
struct IndexCounts {
    std::atomic<std::int64_t> found = 0;     ///< Photo files seen by the walk so far.
    std::atomic<std::int64_t> done = 0;      ///< Of these: finished, whatever the outcome.
    std::atomic<std::int64_t> unchanged = 0; ///< Known already, not opened.
    std::atomic<std::int64_t> embedded = 0;
    std::atomic<std::int64_t> failed = 0; ///< Listed as problems.
    /// Gone from the disk, and kept because they are too many at once; see RemovalBrake.
    std::atomic<std::int64_t> missing = 0;
    std::atomic<bool> walked = false; ///< `found` is final.
};

/// Holds threads while a run is paused.
class PauseGate
{
public:
    void setPaused(bool paused);
    /// Returns at once unless paused; then when resumed or stopped.
    void wait(const std::stop_token &stop);

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_paused = false;
};

/// One run of: walk -> decode on several threads -> embed in batches -> store. Without Qt.
struct IndexPipeline {
    std::filesystem::path dataDirectory;
    std::shared_ptr<vectors::Encoder> encoder;
    std::shared_ptr<vectors::EmbeddingStore> store;
    int decodeThreads = 2;
    IndexCounts *counts = nullptr; ///< Not owned.
    PauseGate *gate = nullptr;     ///< Not owned.
    std::function<void(bool stored)>
        onStep; ///< After each batch, on the running thread; `stored`: the catalogue changed.
    ProblemFiles problems = ProblemFiles::WhenDue;
    RemovalBrake *brake = nullptr; ///< Not owned. Null: what has gone from the disk leaves the library.
    /// On the running thread: something failed that leaves the photos as they should be; may be empty.
    std::function<void(const Error &)> onWarning = {};
    std::shared_ptr<media::Reader> reader = std::make_shared<media::DirectReader>();
    /// For so long the end of the run waits for files that are still being written; see mayStillGrow().
    std::chrono::milliseconds patience{0};
    /// On the running thread, at the end: those that still are. Nothing was done about them; may be empty.
    std::function<void(const std::vector<std::string> &paths)> onGrowing = {};

    /// Blocks. Errors: ReadOnly (another Yingxun indexes the library, or it cannot be written); those that
    /// end the run (catalogue or embedding file cannot be written, the encoder embeds nothing any more, the
    /// reader cannot read); a
    /// photo's own failure becomes a Problem instead. Stopped: returns without error.
    Result<void> run(const std::vector<IndexScope> &scopes, const std::stop_token &stop) const;
};

} // namespace yingxun::ingest
