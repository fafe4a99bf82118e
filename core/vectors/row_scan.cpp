// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/row_scan.h"

#include "core/vectors/candidates.h"

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
// Where more of the rows are asked for, nearly all would be looked at twice.
constexpr std::int64_t kRowsAResult = 16;
// Of listed rows that are wanted one of so many is looked at, and so many for each result. Of the best 20 of
// 35,000 photographs for descriptions, which lie far from all of them, that misses 2 %, an eighth 5 %, a
// sixteenth 10 %; and of the best that are a smaller share of all it misses fewer.
constexpr std::int64_t kNearShare = 4;
constexpr std::int64_t kNearAResult = 64;
// Where fewer of the listed rows are wanted, to read those alone takes no longer.
constexpr std::int64_t kWantedShare = 4;

struct ScoredRow {
    float score;
    std::int64_t row;
};

/// Best first; equal scores in the order of storing.
bool isBetter(const ScoredRow &a, const ScoredRow &b)
{
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// The `most` best of them.
std::vector<Hit> hitsOf(const RowScan &rows, std::vector<ScoredRow> scored, std::size_t most)
{
    std::sort(scored.begin(), scored.end(), isBetter);
    scored.resize(std::min(scored.size(), most));
    std::vector<Hit> hits;
    hits.reserve(scored.size());
    for (const ScoredRow &one : scored)
        hits.push_back({contentOf(rows.mapping->data() + rows.layout.offsetOf(one.row)), one.score});
    return hits;
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

/// run(begin, end) for the bits that are set of a word, or for those between as well.
template<typename Run>
void forEachRun(std::uint64_t wanted, const Run &run)
{
    const bool isDense = std::popcount(wanted) >= kDenseRows;
    while (wanted != 0) {
        const int begin = std::countr_zero(wanted);
        const int end = isDense ? static_cast<int>(kWordRows) - std::countl_zero(wanted)
                                : begin + std::countr_one(wanted >> begin);
        run(begin, end);
        wanted = end < kWordRows ? wanted >> end << end : 0;
    }
}

/// scores[i] of each row `first` + i whose bit i is in `wanted`; between them others may be scored, too.
void scoreWord(const RowScan &rows, std::span<const float> query, std::int64_t first, std::uint64_t wanted,
               float *scores)
{
    forEachRun(wanted, [&](int begin, int end) {
        rows.dot({rows.mapping->data() + rows.layout.offsetOf(first + begin) + RowLayout::kRowHeaderBytes,
                  rows.layout.stride, static_cast<std::size_t>(end - begin), rows.layout.paddedDimension},
                 query.data(), scores + begin);
    });
}

/// Likewise the sums of their copies, which all are there.
void sumWord(const RowScan &rows, const ByteQuery &query, std::int64_t first, std::uint64_t wanted,
             std::int32_t *sums)
{
    forEachRun(wanted, [&](int begin, int end) {
        rows.byteDot({rows.copy->data() + rows.bytes.offsetOf(first + begin) + ByteLayout::kRowHeaderBytes,
                      rows.bytes.stride, static_cast<std::size_t>(end - begin), rows.bytes.length},
                     query, sums + begin);
    });
}

/// visit(begin, wanted) for every word of the rows first..last that has rows to be scored and not skipped.
template<typename Visit>
void forEachWord(const RowScan &rows, std::int64_t first, std::int64_t last, const Visit &visit)
{
    const std::int64_t begin = first / kWordRows * kWordRows;
    auto nextSkipped = std::lower_bound(rows.skipped->begin(), rows.skipped->end(), begin);
    for (std::int64_t word = begin; word < last; word += kWordRows) {
        std::uint64_t wanted = rows.wantedFrom(word);
        if (word < first)
            wanted = wanted >> (first - word) << (first - word);
        for (; nextSkipped != rows.skipped->end() && *nextSkipped < word + kWordRows; ++nextSkipped)
            wanted &= ~(std::uint64_t{1} << (*nextSkipped - word));
        if (wanted != 0)
            visit(word, wanted);
    }
}

/// visit(row, score) for every wanted row of first..last that is not skipped. `query` is padded, `first`
/// a multiple of kWordRows.
template<typename Visit>
void scan(const RowScan &rows, std::span<const float> query, std::int64_t first, std::int64_t last,
          const Visit &visit)
{
    std::array<float, kWordRows> scores;
    forEachWord(rows, first, last, [&](std::int64_t word, std::uint64_t wanted) {
        scoreWord(rows, query, word, wanted, scores.data());
        for (; wanted != 0; wanted &= wanted - 1) {
            const int i = std::countr_zero(wanted);
            visit(word + i, scores[static_cast<std::size_t>(i)]);
        }
    });
}

/// Bit i: row `first` + i has a copy.
std::uint64_t copiedFrom(const RowScan &rows, std::int64_t first)
{
    const std::int64_t copied = std::clamp(rows.copied - first, std::int64_t{0}, kWordRows);
    return copied == 0 ? 0 : ~std::uint64_t{0} >> (kWordRows - copied);
}

/// Shows `found` each wanted row of first..last: between which numbers the score is, by its copy, or the
/// score where it has none.
void findCandidates(const RowScan &rows, std::span<const float> query, const ByteQuery &byteQuery,
                    std::int64_t first, std::int64_t last, Candidates &found)
{
    const ByteBound bound(byteQuery, rows.layout.paddedDimension);
    std::array<std::int32_t, kWordRows> sums;
    std::array<float, kWordRows> scores;
    forEachWord(rows, first, last, [&](std::int64_t word, std::uint64_t wanted) {
        std::uint64_t byCopy = wanted & copiedFrom(rows, word);
        std::uint64_t byRow = wanted & ~byCopy;
        sumWord(rows, byteQuery, word, byCopy, sums.data());
        for (; byCopy != 0; byCopy &= byCopy - 1) {
            const int i = std::countr_zero(byCopy);
            const auto [least, most] =
                bound.rangeOf(byteHeaderOf(rows.copy->data() + rows.bytes.offsetOf(word + i)),
                              sums[static_cast<std::size_t>(i)]);
            found.see({least, most, word + i});
        }
        scoreWord(rows, query, word, byRow, scores.data());
        for (; byRow != 0; byRow &= byRow - 1) {
            const int i = std::countr_zero(byRow);
            const float score = scores[static_cast<std::size_t>(i)];
            found.see({score, score, word + i});
        }
    });
}

bool isSkipped(const RowScan &rows, std::int64_t row)
{
    return !rows.skipped->empty() && std::binary_search(rows.skipped->begin(), rows.skipped->end(), row);
}

/// Likewise each wanted row of a list.
void findListed(const RowScan &rows, const ByteQuery &query, const InvertedLists::Places &places,
                Candidates &found)
{
    const ByteBound bound(query, rows.layout.paddedDimension);
    std::array<std::int32_t, kWordRows> sums;
    for (std::int64_t first = places.first; first < places.end; first += kWordRows) {
        const std::int64_t end = std::min(places.end, first + kWordRows);
        rows.byteDot({rows.lists->bytesAt(first) + ByteLayout::kRowHeaderBytes, rows.bytes.stride,
                      static_cast<std::size_t>(end - first), rows.bytes.length},
                     query, sums.data());
        for (std::int64_t place = first; place < end; ++place) {
            const std::int64_t row = rows.lists->rowAt(place);
            if (row >= rows.count || (rows.among && !rows.among->contains(row)) || isSkipped(rows, row))
                continue;
            const auto [least, most] = bound.rangeOf(byteHeaderOf(rows.lists->bytesAt(place)),
                                                     sums[static_cast<std::size_t>(place - first)]);
            if (least <= most) // Or it is damaged.
                found.see({least, most, row});
        }
    }
}

/// Adds the scores of these rows; `candidates` is put in the order of storing.
void score(const RowScan &rows, std::span<const float> query, std::span<Candidate> candidates, int threads,
           std::vector<ScoredRow> &scored)
{
    std::sort(candidates.begin(), candidates.end(),
              [](const Candidate &a, const Candidate &b) { return a.row < b.row; });
    const std::size_t before = scored.size();
    scored.resize(before + candidates.size());
    const auto count = std::ssize(candidates);
    const auto parts = std::clamp<std::int64_t>(count / kRowsAThread, 1, threads);
    std::vector<std::int64_t> bounds;
    for (std::int64_t part = 0; part <= parts; ++part)
        bounds.push_back(count * part / parts);
    inParallel(bounds, [&](std::size_t, std::int64_t first, std::int64_t last) {
        for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
            ScoredRow &one = scored[before + i];
            one.row = candidates[i].row;
            scoreWord(rows, query, one.row, 1, &one.score);
        }
    });
}

/// The best of candidates, by the rows themselves.
std::vector<Hit> bestOf(const RowScan &rows, std::span<const float> query, std::vector<Candidate> all,
                        std::size_t most, int threads)
{
    const std::size_t likely = std::min(most, all.size());
    // First those that look best: the worst of so many rows excludes more.
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(likely), all.end(),
                     [](const Candidate &a, const Candidate &b) { return a.least > b.least; });
    std::vector<ScoredRow> scored;
    score(rows, query, std::span(all).first(likely), threads, scored);
    if (likely == most) {
        const float worst = std::max_element(scored.begin(), scored.end(), isBetter)->score;
        const auto rest = std::partition(all.begin() + static_cast<std::ptrdiff_t>(likely), all.end(),
                                         [worst](const Candidate &one) { return one.most >= worst; });
        all.erase(rest, all.end());
        score(rows, query, std::span(all).subspan(likely), threads, scored);
    }
    return hitsOf(rows, std::move(scored), most);
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
    const std::int64_t least = std::max(wanted / kNearShare, kNearAResult * static_cast<std::int64_t>(most));
    if (lists && least < wanted / 2 && wanted >= lists->rows() / kWantedShare)
        return bestOfNearest(query, most, least, threads);
    if (copied > 0 && wanted >= kRowsAResult * static_cast<std::int64_t>(most))
        return bestOfCandidates(query, most, threads);
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
    return hitsOf(*this, std::move(all), most);
}

/// A pass over the copy tells of most rows that they cannot be among the best; the others are scored as they
/// are.
std::vector<Hit> RowScan::bestOfCandidates(std::span<const float> query, std::size_t most, int threads) const
{
    const std::vector<float> paddedQuery = padded(query);
    const ByteQuery byteQuery(query, bytes.length);
    const int parts = static_cast<int>(std::clamp<std::int64_t>(wanted / kRowsAThread, 1, threads));
    std::vector<std::vector<Candidate>> found(static_cast<std::size_t>(parts));
    inParallel(equalRanges(*this, parts), [&](std::size_t part, std::int64_t first, std::int64_t last) {
        Candidates candidates(most);
        findCandidates(*this, paddedQuery, byteQuery, first, last, candidates);
        found[part] = std::move(candidates).take();
    });
    std::vector<Candidate> all;
    for (const std::vector<Candidate> &some : found)
        all.insert(all.end(), some.begin(), some.end());
    return bestOf(*this, paddedQuery, std::move(all), most, threads);
}

/// Likewise, of the lists near the query, and of the rows that are in no list.
std::vector<Hit> RowScan::bestOfNearest(std::span<const float> query, std::size_t most, std::int64_t least,
                                        int threads) const
{
    const std::vector<float> paddedQuery = padded(query);
    const ByteQuery byteQuery(query, bytes.length);
    const std::vector<InvertedLists::Places> near = lists->nearest(paddedQuery, least, among);
    std::vector<std::vector<Candidate>> found(static_cast<std::size_t>(threads));
    std::vector<std::int64_t> bounds;
    for (int part = 0; part <= threads; ++part)
        bounds.push_back(std::ssize(near) * part / threads);
    inParallel(bounds, [&](std::size_t part, std::int64_t first, std::int64_t last) {
        Candidates candidates(most);
        for (std::int64_t list = first; list < last; ++list)
            findListed(*this, byteQuery, near[static_cast<std::size_t>(list)], candidates);
        found[part] = std::move(candidates).take();
    });
    std::vector<Candidate> all;
    for (const std::vector<Candidate> &some : found)
        all.insert(all.end(), some.begin(), some.end());
    Candidates later(most);
    findCandidates(*this, paddedQuery, byteQuery, lists->rows(), count, later);
    const std::vector<Candidate> laterOnes = std::move(later).take();
    all.insert(all.end(), laterOnes.begin(), laterOnes.end());
    return bestOf(*this, paddedQuery, std::move(all), most, threads);
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
