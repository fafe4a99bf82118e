// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/unused_contents.h"

#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/jobs/model_with_embeddings.h"
#include "core/search/embedding_list.h"
#include "core/search/embedding_store.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <unordered_set>
#include <vector>

namespace yingxun::jobs {
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
    /// Those that cannot be opened are passed over: whoever uses them hears of it.
    Result<void> forEachStore(const std::function<Result<void>(search::EmbeddingStore &)> &work)
    {
        const auto folder = embeddingsFolder(m_wish.dataDirectory);
        for (const search::EmbeddingListing &one : search::listEmbeddings(folder)) {
            Result<void> done;
            if (m_wish.store != nullptr && one.identity == m_wish.identity)
                done = work(*m_wish.store);
            else if (auto store = search::EmbeddingStore::open(folder, one.identity, one.dimension))
                done = work(*store);
            if (!done)
                return done;
        }
        return {};
    }

    Result<void> findUnused()
    {
        auto used = m_catalogue.contents();
        if (!used)
            return used.propagate();
        std::sort(used->begin(), used->end());
        const auto take = [&](const std::vector<ContentHash> &contents) {
            std::copy_if(contents.begin(), contents.end(), std::back_inserter(m_unused),
                         [&](const ContentHash &content) {
                             return !std::binary_search(used->begin(), used->end(), content);
                         });
        };
        const auto derived = m_catalogue.derivedContents();
        if (!derived)
            return derived.propagate();
        take(*derived);
        auto done = forEachStore([&](const search::EmbeddingStore &store) -> Result<void> {
            take(store.contents());
            return {};
        });
        sortOnce(m_unused);
        return done;
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
        if (one.sinceMs <= dueSince) {
            m_due.push_back(one.content);
            return;
        }
        const std::int64_t at = one.sinceMs + kUnusedKeptMs;
        m_swept.nextMs = m_swept.waiting == 0 ? at : std::min(m_swept.nextMs, at);
        ++m_swept.waiting;
    }

    Result<void> dropEmbeddings()
    {
        return forEachStore([&](search::EmbeddingStore &store) -> Result<void> {
            const auto dropped = store.drop(m_due, m_stop);
            if (dropped) {
                m_swept.embeddings += dropped->embeddings;
                m_swept.bytes += dropped->bytes;
                return {};
            }
            if (dropped.error().code != ErrorCode::ReadOnly)
                return dropped.propagate();
            std::copy_if(m_due.begin(), m_due.end(), std::inserter(m_held, m_held.end()),
                         [&](const ContentHash &content) { return store.contains(content); });
            return {};
        });
    }

    Result<void> purge()
    {
        m_swept.inUse = static_cast<std::int64_t>(m_held.size());
        return inBatches<ContentHash>(m_due, m_stop, [&](auto batch) -> Result<void> {
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
    std::vector<ContentHash> m_unused; // Sorted.
    std::vector<ContentHash> m_due;
    std::unordered_set<ContentHash> m_held; // In embeddings that cannot be written now.
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
    const auto isSeen = catalogue.isSeenWhole();
    if (!isSeen || !*isSeen)
        return isSeen;
    const auto last = catalogue.sweptAt();
    if (!last)
        return last.propagate();
    // One that lies ahead was noted by a clock that has been put right since.
    return !*last || **last > nowMs || nowMs - **last >= kSweepIntervalMs;
}

} // namespace yingxun::jobs
