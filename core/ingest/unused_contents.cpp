// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/unused_contents.h"

#include "core/base/moment_key.h"
#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/model_with_embeddings.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace yingxun::ingest {
namespace {

constexpr std::size_t kBatch = 500; // A transaction of so many keeps nobody waiting.

template<typename T>
Result<void> inBatches(const std::vector<T> &all, const std::stop_token &stop,
                       const std::function<Result<void>(std::span<const T>)> &work)
{
    for (std::size_t first = 0; first < all.size(); first += kBatch) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Stopped while looking for what is unused.");
        if (auto done = work(std::span(all).subspan(first, std::min(kBatch, all.size() - first))); !done)
            return done;
    }
    return {};
}

void sortOnce(std::vector<ContentHash> &contents)
{
    std::sort(contents.begin(), contents.end());
    contents.erase(std::unique(contents.begin(), contents.end()), contents.end());
}

class Sweep
{
public:
    Sweep(const UnusedSweep &wish, db::Catalogue &catalogue, const std::stop_token &stop)
        : m_wish(wish), m_catalogue(catalogue), m_stop(stop)
    {
    }

    Result<SweptContents> operator()()
    {
        auto done = findUnused();
        if (done)
            done = note();
        if (done && !m_due.empty())
            done = dropEmbeddings();
        if (done)
            done = purge();
        return done ? Result<SweptContents>(m_swept) : done.propagate();
    }

private:
    struct Stored {
        vectors::EmbeddingListing listing;
        std::vector<ContentHash> unused;
    };

    /// Reads what was computed first and the photos last: what an indexer in another process stores
    /// meanwhile then counts as used.
    Result<void> findUnused()
    {
        auto derived = m_catalogue.derivedContents();
        if (!derived)
            return derived.propagate();
        m_unused = *std::move(derived);
        for (vectors::EmbeddingListing &one : vectors::listEmbeddings(m_folder)) {
            auto contents = vectors::embeddedContents(m_folder, one.identity, m_stop);
            if (contents)
                m_stored.push_back({std::move(one), *std::move(contents)});
            else if (contents.error().code == ErrorCode::Cancelled)
                return contents.propagate(); // Others are passed over: whoever uses them hears of it.
        }
        const auto used = usedContents();
        if (!used)
            return used.propagate();
        const auto isUsed = [&used](const ContentHash &content) { return used->count(content) != 0; };
        std::erase_if(m_unused, isUsed);
        for (Stored &one : m_stored) {
            std::erase_if(one.unused, isUsed);
            m_unused.insert(m_unused.end(), one.unused.begin(), one.unused.end());
        }
        sortOnce(m_unused);
        return {};
    }

    /// Of photos, and the keys of their moments.
    Result<std::unordered_set<ContentHash>> usedContents()
    {
        const auto contents = m_catalogue.contents();
        if (!contents)
            return contents.propagate();
        std::unordered_set<ContentHash> used(contents->begin(), contents->end());
        const auto read = m_catalogue.forEachFilm(0, [&used](const Film &film) {
            if (!used.contains(film.content))
                return;
            for (const std::int64_t timeMs : film.timesMs)
                used.insert(momentKey(film.content, timeMs));
        });
        if (!read)
            return read.propagate();
        return used;
    }

    /// Brings the catalogue's list up to date, and tells who is due.
    Result<void> note()
    {
        auto noted = m_catalogue.unused();
        if (!noted)
            return noted.propagate();
        const std::int64_t dueSince = m_wish.nowMs - kUnusedKeptMs;
        std::vector<ContentHash> known;
        std::vector<ContentHash> gone; // Back in the library, or nothing of them is left.
        std::vector<Unused> changed;
        for (const Unused &one : *noted) {
            if (!std::binary_search(m_unused.begin(), m_unused.end(), one.content)) {
                gone.push_back(one.content);
                continue;
            }
            known.push_back(one.content);
            if (m_wish.everything && one.sinceMs > dueSince)
                changed.push_back({one.content, dueSince}); // So that it goes in any case, and soon.
            else if (one.sinceMs > m_wish.nowMs)
                changed.push_back({one.content, m_wish.nowMs}); // Noted by a clock that was ahead.
            else
                sort(one, dueSince);
        }
        std::sort(known.begin(), known.end());
        for (const ContentHash &content : m_unused) {
            if (!std::binary_search(known.begin(), known.end(), content))
                changed.push_back({content, m_wish.everything ? dueSince : m_wish.nowMs});
        }
        for (const Unused &one : changed)
            sort(one, dueSince);
        auto done =
            inBatches<ContentHash>(gone, m_stop, [&](auto batch) { return m_catalogue.removeUnused(batch); });
        if (done)
            done =
                inBatches<Unused>(changed, m_stop, [&](auto batch) { return m_catalogue.putUnused(batch); });
        return done;
    }

    void sort(const Unused &one, std::int64_t dueSince)
    {
        if (one.sinceMs <= dueSince)
            m_due.emplace(one.content, one.sinceMs);
        else
            wait(one.sinceMs + kUnusedKeptMs);
    }

    void wait(std::int64_t untilMs)
    {
        m_swept.nextMs = m_swept.waiting == 0 ? untilMs : std::min(m_swept.nextMs, untilMs);
        ++m_swept.waiting;
    }

    Result<void> dropEmbeddings()
    {
        for (const Stored &one : m_stored) {
            if (auto done = forgetThoseBackInUse(); !done)
                return done;
            std::vector<ContentHash> due;
            std::int64_t since = m_wish.nowMs;
            for (const ContentHash &content : one.unused) {
                if (const auto found = m_due.find(content); found != m_due.end()) {
                    due.push_back(content);
                    since = std::min(since, found->second);
                }
            }
            if (due.empty())
                continue;
            const bool isWorthwhile = m_wish.everything ||
                                      std::ssize(due) * kRowsADueRow >= one.listing.count ||
                                      since <= m_wish.nowMs - kUnusedKeptMs - kLongestDueMs;
            if (!isWorthwhile)
                m_postponed.insert(due.begin(), due.end());
            else if (auto done = drop(one.listing, due); !done)
                return done;
        }
        return {};
    }

    /// Asked before each file is written anew, which takes a while: what has come back keeps what it has.
    Result<void> forgetThoseBackInUse()
    {
        const auto used = usedContents();
        if (!used)
            return used.propagate();
        std::vector<ContentHash> back;
        for (const auto &[content, since] : m_due) {
            if (used->count(content) != 0)
                back.push_back(content);
        }
        for (const ContentHash &content : back)
            m_due.erase(content);
        return inBatches<ContentHash>(back, m_stop,
                                      [&](auto batch) { return m_catalogue.removeUnused(batch); });
    }

    /// Only what stops everything is an error; any other one leaves these contents on the list.
    Result<void> drop(const vectors::EmbeddingListing &listing, const std::vector<ContentHash> &due)
    {
        const auto dropped = [&]() -> Result<vectors::Dropped> {
            if (m_wish.store != nullptr && listing.identity == m_wish.store->identity())
                return m_wish.store->drop(due, m_stop);
            auto store = vectors::EmbeddingStore::open(m_folder, listing.identity, listing.dimension);
            return store ? store->drop(due, m_stop) : store.propagate();
        }();
        if (dropped) {
            m_swept.embeddings += dropped->embeddings;
            m_swept.bytes += dropped->bytes;
            return {};
        }
        if (dropped.error().code == ErrorCode::Cancelled)
            return dropped.propagate();
        if (dropped.error().code == ErrorCode::ReadOnly)
            m_inUse.insert(due.begin(), due.end());
        else
            m_swept.problem = dropped.error();
        m_held.insert(due.begin(), due.end());
        return {};
    }

    Result<void> purge()
    {
        m_swept.inUse = static_cast<std::int64_t>(m_inUse.size());
        std::vector<ContentHash> due;
        for (const auto &[content, since] : m_due) {
            due.push_back(content);
            if (m_postponed.count(content) != 0 && m_held.insert(content).second)
                wait(since + kUnusedKeptMs + kLongestDueMs);
        }
        return inBatches<ContentHash>(due, m_stop, [&](auto batch) -> Result<void> {
            const auto purged = m_catalogue.purge(batch);
            if (!purged)
                return purged.propagate();
            m_swept.thumbnails += purged->thumbnails;
            m_swept.measures += purged->measures;
            m_swept.bytes += purged->bytes;
            std::vector<ContentHash> finished;
            std::copy_if(batch.begin(), batch.end(), std::back_inserter(finished),
                         [&](const ContentHash &content) { return m_held.count(content) == 0; });
            m_swept.contents += static_cast<std::int64_t>(finished.size());
            return m_catalogue.removeUnused(finished);
        });
    }

    const UnusedSweep &m_wish;
    db::Catalogue &m_catalogue;
    const std::stop_token &m_stop;
    const std::filesystem::path m_folder = vectors::embeddingsFolder(m_wish.dataDirectory);
    std::vector<Stored> m_stored;
    std::vector<ContentHash> m_unused;                   // Sorted.
    std::unordered_map<ContentHash, std::int64_t> m_due; // Since when each is unused.
    std::unordered_set<ContentHash> m_held;              // Of which some embeddings stay for now: …
    std::unordered_set<ContentHash> m_inUse;             // … because another process writes them,
    std::unordered_set<ContentHash> m_postponed;         // … or they are too few to be worth it.
    SweptContents m_swept;
};

} // namespace

std::int64_t unixTimeMs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Result<SweptContents> sweepUnused(const UnusedSweep &sweep, const std::stop_token &stop)
{
    auto catalogue = db::Catalogue::open(sweep.dataDirectory);
    if (!catalogue)
        return catalogue.propagate();
    if (catalogue->isReadOnly())
        return db::writeProtected(sweep.dataDirectory);
    const auto isSeen = catalogue->isSeenWhole();
    if (!isSeen)
        return isSeen.propagate();
    if (!*isSeen) {
        SweptContents nothing;
        nothing.isLibraryUnseen = true;
        return nothing;
    }
    // First, so that one that fails is not tried again at once.
    if (auto noted = catalogue->setSweptAt(sweep.nowMs); !noted)
        return noted.propagate();
    return Sweep(sweep, *catalogue, stop)();
}

Result<bool> isSweepDue(db::Catalogue &catalogue, std::int64_t nowMs)
{
    auto isSeen = catalogue.isSeenWhole();
    if (!isSeen || !*isSeen)
        return isSeen;
    const auto last = catalogue.sweptAt();
    if (!last)
        return last.propagate();
    // One that lies ahead was noted by a clock that has been put right since.
    return !*last || **last > nowMs || nowMs - **last >= kSweepIntervalMs;
}

} // namespace yingxun::ingest
