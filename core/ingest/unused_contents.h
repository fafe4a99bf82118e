// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::vectors {
class EmbeddingStore;
}

/// What was computed of contents that have left the library is kept for a while, for they may come back, and
/// then purged: thumbnails, measures, and the embeddings of all models. What people made is kept for good.
namespace yingxun::ingest {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr std::int64_t kUnusedKeptMs = 90 * kDayMs;
constexpr std::int64_t kSweepIntervalMs = kDayMs;
/// Embeddings are written anew for the sake of one row in so many that is due, or of any that has been due
/// for so long: one photo must not cost the rewriting of gigabytes each day.
constexpr std::int64_t kRowsADueRow = 50;
constexpr std::int64_t kLongestDueMs = 30 * kDayMs;

std::int64_t unixTimeMs(); ///< Now; ms since the epoch, UTC.

struct UnusedSweep {
    std::filesystem::path dataDirectory;
    std::int64_t nowMs = 0;
    /// The embeddings that this process has open; none: all are opened here. Not owned.
    vectors::EmbeddingStore *store = nullptr;
    bool everything = false; ///< Purges whatever is unused, however short and however few.
};

struct SweptContents {
    std::int64_t contents = 0; ///< Of which nothing is left.
    std::int64_t thumbnails = 0;
    std::int64_t measures = 0;
    std::int64_t embeddings = 0;
    std::int64_t bytes = 0;   ///< Of thumbnails and embeddings.
    std::int64_t waiting = 0; ///< Contents that are kept a while longer.
    std::int64_t nextMs = 0;  ///< When the first of them is due; only where some wait.
    /// Nothing was done: no run has looked through the whole library since the catalogue was made, so that
    /// all that it has not found again would seem to be unused.
    bool isLibraryUnseen = false;
    std::int64_t inUse = 0;       ///< Contents that are due, in embeddings that another Yingxun has open.
    std::optional<Error> problem; ///< Why some embeddings could not be removed; the rest was.
};

/// Looks through all that was computed, notes what no photo has any more, and purges what has been noted for
/// longer than kUnusedKeptMs. May break off anywhere, the next one goes on. Blocks; threads: any.
/// Errors: ReadOnly (the library cannot be written), Cancelled, those of the catalogue and of
/// reading embeddings.
Result<SweptContents> sweepUnused(const UnusedSweep &sweep, const std::stop_token &stop = {});

/// Whether the last one was a day ago or longer, and a run has looked through the whole library.
Result<bool> isSweepDue(db::Catalogue &catalogue, std::int64_t nowMs);

} // namespace yingxun::ingest
