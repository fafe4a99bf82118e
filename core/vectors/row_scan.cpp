// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/row_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <system_error>
#include <thread>

namespace yingxun::vectors {
namespace {

constexpr std::int64_t kRowsAThread = 4096; // Below, starting a thread costs more than it saves.
constexpr std::int64_t kWordRows = RowSet::kWordRows;
// Memory answers slowly to whoever jumps: where so many of a word's rows are wanted, reading those
// between them as well is faster than leaving them out.
constexpr int kDenseRows = 16;

struct ScoredRow {
    float score;
    std::int64_t row;
};

/// Best first; equal scores in the order of storing.
bool isBetter(const ScoredRow &a, const ScoredRow &b)
{
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// Where each of `parts` ranges of rows begins, and where the last one ends: each has nearly as many
/// wanted rows, however those cluster. All begin at multiples of kWordRows.
std::vector<std::int64_t> equalRanges(const RowScan &rows, int parts)
{
    std::vector<std::int64_t> bounds{0};
    std::int64_t end = 0;
    std::int64_t before = 0;
    for (int part = 1; part < parts; ++part) {
        for (; end < rows.count && before < rows.wanted * part / parts; end += kWordRows)
            before += std::popcount(rows.wantedFrom(end));
        bounds.push_back(std::min(end, rows.count));
    }
    bounds.push_back(rows.count);
    return bounds;
}

/// Calls work(part, first, last) for each of the ranges, the first one on this thread.
template<typename Work>
void inParallel(const std::vector<std::int64_t> &bounds, const Work &work)
{
    std::vector<std::thread> workers;
    for (std::size_t part = 1; part + 1 < bounds.size(); ++part) {
        const std::int64_t first = bounds[part];
        const std::int64_t last = bounds[part + 1];
        try {
            workers.emplace_back([&work, part, first, last] { work(part, first, last); });
        } catch (const std::system_error &) { // No more threads to be had.
            work(part, first, last);
        }
    }
    work(std::size_t{0}, bounds[0], bounds[1]);
    for (std::thread &worker : workers)
        worker.join();
}

/// scores[i] of each row `first` + i whose bit i is in `wanted`; between them others may be scored, too.
void scoreWord(const RowScan &rows, std::span<const float> query, std::int64_t first, std::uint64_t wanted,
               float *scores)
{
    const bool isDense = std::popcount(wanted) >= kDenseRows;
    while (wanted != 0) {
        const int begin = std::countr_zero(wanted);
        const int end = isDense ? static_cast<int>(kWordRows) - std::countl_zero(wanted)
                                : begin + std::countr_one(wanted >> begin);
        rows.dot({rows.mapping->data() + rows.layout.offsetOf(first + begin) + RowLayout::kRowHeaderBytes,
                  rows.layout.stride, static_cast<std::size_t>(end - begin), rows.layout.paddedDimension},
                 query.data(), scores + begin);
        wanted = end < kWordRows ? wanted >> end << end : 0;
    }
}

/// visit(row, score) for every wanted row of first..last that is not skipped. `query` is padded, `first`
/// a multiple of kWordRows.
template<typename Visit>
void scan(const RowScan &rows, std::span<const float> query, std::int64_t first, std::int64_t last,
          const Visit &visit)
{
    std::array<float, kWordRows> scores;
    auto nextSkipped = std::lower_bound(rows.skipped->begin(), rows.skipped->end(), first);
    for (std::int64_t word = first; word < last; word += kWordRows) {
        std::uint64_t wanted = rows.wantedFrom(word);
        for (; nextSkipped != rows.skipped->end() && *nextSkipped < word + kWordRows; ++nextSkipped)
            wanted &= ~(std::uint64_t{1} << (*nextSkipped - word));
        scoreWord(rows, query, word, wanted, scores.data());
        for (; wanted != 0; wanted &= wanted - 1) {
            const int i = std::countr_zero(wanted);
            visit(word + i, scores[static_cast<std::size_t>(i)]);
        }
    }
}

} // namespace

std::uint64_t RowScan::wantedFrom(std::int64_t first) const
{
    if (first >= count)
        return 0;
    const std::uint64_t all = ~std::uint64_t{0} >> (kWordRows - std::min(kWordRows, count - first));
    return among ? all & among->words()[static_cast<std::size_t>(first / kWordRows)] : all;
}

std::vector<float> RowScan::padded(std::span<const float> query) const
{
    std::vector<float> result(query.begin(), query.end());
    result.resize(layout.paddedDimension);
    return result;
}

std::vector<Hit> RowScan::best(std::span<const float> query, int limit, int threads) const
{
    const std::size_t most = static_cast<std::size_t>(std::min<std::int64_t>(limit, wanted));
    if (most == 0)
        return {};
    const std::vector<float> paddedQuery = padded(query);
    const int parts = static_cast<int>(std::clamp<std::int64_t>(wanted / kRowsAThread, 1, threads));
    std::vector<std::vector<ScoredRow>> heaps(static_cast<std::size_t>(parts));
    inParallel(equalRanges(*this, parts), [&](std::size_t part, std::int64_t first, std::int64_t last) {
        std::vector<ScoredRow> heap; // Its front is the worst one kept.
        scan(*this, paddedQuery, first, last, [&](std::int64_t row, float score) {
            if (heap.size() == most) {
                if (!isBetter({score, row}, heap.front()))
                    return;
                std::pop_heap(heap.begin(), heap.end(), isBetter);
                heap.back() = {score, row};
            } else {
                heap.push_back({score, row});
            }
            std::push_heap(heap.begin(), heap.end(), isBetter);
        });
        heaps[part] = std::move(heap);
    });
    std::vector<ScoredRow> all;
    for (const std::vector<ScoredRow> &heap : heaps)
        all.insert(all.end(), heap.begin(), heap.end());
    std::sort(all.begin(), all.end(), isBetter);
    all.resize(std::min(all.size(), most));
    std::vector<Hit> hits;
    hits.reserve(all.size());
    for (const ScoredRow &scored : all)
        hits.push_back({contentOf(mapping->data() + layout.offsetOf(scored.row)), scored.score});
    return hits;
}

std::vector<Hit> RowScan::scores(std::span<const float> query, int threads) const
{
    const std::vector<float> paddedQuery = padded(query);
    const int parts = static_cast<int>(std::clamp<std::int64_t>(wanted / kRowsAThread, 1, threads));
    std::vector<std::vector<Hit>> found(static_cast<std::size_t>(parts));
    inParallel(equalRanges(*this, parts), [&](std::size_t part, std::int64_t first, std::int64_t last) {
        std::vector<Hit> &hits = found[part];
        hits.reserve(static_cast<std::size_t>(std::min(wanted, last - first)));
        scan(*this, paddedQuery, first, last, [&](std::int64_t row, float score) {
            hits.push_back({contentOf(mapping->data() + layout.offsetOf(row)), score});
        });
    });
    std::vector<Hit> all = std::move(found.front());
    for (std::size_t part = 1; part < found.size(); ++part)
        all.insert(all.end(), found[part].begin(), found[part].end());
    return all;
}

} // namespace yingxun::vectors
