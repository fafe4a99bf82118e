// SPDX-License-Identifier: GPL-3.0-or-later
//
// File format, all integers little-endian:
//
//   header, 64 bytes
//      0  8  "YXEMB001"
//      8  4  version, 1
//     12  4  dimension D
//     16  4  stride: bytes a row, a multiple of 32
//     20  4  XXH32 of bytes 24..55, seeded by XXH32 of bytes 0..19
//     24 32  identity of the model (hexadecimal; shorter ones filled with zeros, longer ones hashed)
//     56  8  published rows; written after the rows, so that readers never see half a batch
//   row
//      0 16  hash of the content
//     16  4  XXH32 of bytes 32.., seeded by XXH32 of bytes 0..15
//     20 12  zero
//     32 2D  IEEE half-precision numbers, then zeros up to the stride
//
// The file grows, until one without some of the rows is renamed over it. The writer's lock is on the file
// that has the name: whoever gets the lock of another one opens the new one. Whatever is behind the last
// whole row is cut off by the next writer.
#include "core/search/embedding_store.h"

#include "core/base/private_files.h"
#include "core/search/dot.h"
#include "core/search/embedding_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace yingxun::search {

namespace {

constexpr int kLargestDimension = 65536;
constexpr std::int64_t kRowsAThread = 4096; // Below, starting a thread costs more than it saves.
constexpr float kLargestHalf = 65504;
constexpr std::int64_t kWordRows = RowSet::kWordRows;
// Memory answers slowly to whoever jumps: where so many of a word's rows are wanted, reading those
// between them as well is faster than leaving them out.
constexpr int kDenseRows = 16;

/// What one scan reads; keeps its mapping alive while the store grows on.
struct Snapshot {
    std::shared_ptr<const RowMapping> mapping;
    std::shared_ptr<const std::vector<std::int64_t>> skipped; ///< Rising.
    std::int64_t count = 0;
    const RowSet *among = nullptr; ///< None: all rows.
    std::int64_t wanted = 0;       ///< Rows to be scored, those skipped included.

    /// Bit i: row `first` + i is to be scored. `first` is a multiple of kWordRows.
    std::uint64_t wantedFrom(std::int64_t first) const
    {
        if (first >= count)
            return 0;
        const std::uint64_t all = ~std::uint64_t{0} >> (kWordRows - std::min(kWordRows, count - first));
        return among ? all & among->words()[static_cast<std::size_t>(first / kWordRows)] : all;
    }
};

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
std::vector<std::int64_t> equalRanges(const Snapshot &rows, int parts)
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

bool areStorable(std::span<const float> values)
{
    return std::all_of(values.begin(), values.end(), [](float x) { return std::abs(x) <= kLargestHalf; });
}

bool isFileName(const std::string &identity)
{
    return !identity.empty() && identity.size() <= 200 && identity.front() != '.' &&
           std::all_of(identity.begin(), identity.end(), [](char c) { return c != '/' && c != '\0'; });
}

/// Which contents lie where in a file.
struct RowIndex {
    void takeIn(const RowLayout &layout, const EmbeddingFile &file); ///< The rows that came since.

    std::int64_t indexed = 0; ///< Rows that were looked at, whether found or skipped.
    /// Replaced, never changed: scans read it.
    std::shared_ptr<const std::vector<std::int64_t>> skipped =
        std::make_shared<const std::vector<std::int64_t>>();
    std::unordered_map<ContentHash, std::int64_t> rowOf;
};

void RowIndex::takeIn(const RowLayout &layout, const EmbeddingFile &file)
{
    rowOf.reserve(static_cast<std::size_t>(file.count()));
    const auto mapping = file.mapping();
    std::vector<std::int64_t> bad;
    for (; indexed < file.count(); ++indexed) {
        const std::byte *bytes = mapping->data() + layout.offsetOf(indexed);
        if (!isIntact(layout, bytes) || !rowOf.emplace(contentOf(bytes), indexed).second)
            bad.push_back(indexed);
    }
    if (bad.empty())
        return;
    bad.insert(bad.begin(), skipped->begin(), skipped->end());
    skipped = std::make_shared<const std::vector<std::int64_t>>(std::move(bad));
}

} // namespace

struct EmbeddingStore::Impl {
    explicit Impl(EmbeddingFile opened, const RowLayout &rowLayout)
        : layout(rowLayout), file(std::move(opened))
    {
    }

    void renumber(RowIndex &now);
    Result<Snapshot> snapshot(const RowSet *among) const;
    std::vector<float> padded(std::span<const float> query) const;
    Result<void> checkQuery(std::span<const float> query) const;
    void score(const Snapshot &rows, std::span<const float> query, std::int64_t first, std::uint64_t wanted,
               float *scores) const;
    template<typename Visit>
    void scan(const Snapshot &rows, std::span<const float> query, std::int64_t first, std::int64_t last,
              const Visit &visit) const;

    RowLayout layout;
    DotKernel dot = dotKernel(fastestDot());
    std::mutex writing;              ///< Held while the file is changed or replaced; locked first.
    mutable std::shared_mutex mutex; ///< Guards all below.
    EmbeddingFile file;
    RowIndex index;
    std::uint64_t numbering = 0;
};

/// The lock is held, and the file another one. Leaves the former index, whose end takes a while.
void EmbeddingStore::Impl::renumber(RowIndex &now)
{
    std::swap(index, now);
    ++numbering;
}

Result<Snapshot> EmbeddingStore::Impl::snapshot(const RowSet *among) const
{
    const std::int64_t members = among ? among->count() : 0;
    const std::shared_lock lock(mutex);
    if (among && among->numbering() != numbering)
        return fail(ErrorCode::InvalidArgument, "A set of rows of which some have been dropped.");
    const std::int64_t count = among ? std::min(file.count(), among->size()) : file.count();
    return Snapshot{file.mapping(), index.skipped, count, among, among ? std::min(members, count) : count};
}

std::vector<float> EmbeddingStore::Impl::padded(std::span<const float> query) const
{
    std::vector<float> result(query.begin(), query.end());
    result.resize(layout.paddedDimension);
    return result;
}

Result<void> EmbeddingStore::Impl::checkQuery(std::span<const float> query) const
{
    if (query.size() != layout.dimension)
        return fail(ErrorCode::InvalidArgument, "A query of " + std::to_string(query.size()) +
                                                    " numbers for embeddings of " +
                                                    std::to_string(layout.dimension) + '.');
    if (!areStorable(query))
        return fail(ErrorCode::InvalidArgument, "A query with numbers that are infinite or not numbers.");
    return {};
}

/// scores[i] of each row `first` + i whose bit i is in `wanted`; between them others may be scored, too.
void EmbeddingStore::Impl::score(const Snapshot &rows, std::span<const float> query, std::int64_t first,
                                 std::uint64_t wanted, float *scores) const
{
    const bool isDense = std::popcount(wanted) >= kDenseRows;
    while (wanted != 0) {
        const int begin = std::countr_zero(wanted);
        const int end = isDense ? static_cast<int>(kWordRows) - std::countl_zero(wanted)
                                : begin + std::countr_one(wanted >> begin);
        dot({rows.mapping->data() + layout.offsetOf(first + begin) + RowLayout::kRowHeaderBytes,
             layout.stride, static_cast<std::size_t>(end - begin), layout.paddedDimension},
            query.data(), scores + begin);
        wanted = end < kWordRows ? wanted >> end << end : 0;
    }
}

/// visit(row, score) for every wanted row of first..last that is not skipped. `query` is padded, `first`
/// a multiple of kWordRows.
template<typename Visit>
void EmbeddingStore::Impl::scan(const Snapshot &rows, std::span<const float> query, std::int64_t first,
                                std::int64_t last, const Visit &visit) const
{
    std::array<float, kWordRows> scores;
    auto nextSkipped = std::lower_bound(rows.skipped->begin(), rows.skipped->end(), first);
    for (std::int64_t word = first; word < last; word += kWordRows) {
        std::uint64_t wanted = rows.wantedFrom(word);
        for (; nextSkipped != rows.skipped->end() && *nextSkipped < word + kWordRows; ++nextSkipped)
            wanted &= ~(std::uint64_t{1} << (*nextSkipped - word));
        score(rows, query, word, wanted, scores.data());
        for (; wanted != 0; wanted &= wanted - 1) {
            const int i = std::countr_zero(wanted);
            visit(word + i, scores[static_cast<std::size_t>(i)]);
        }
    }
}

EmbeddingStore::EmbeddingStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EmbeddingStore::EmbeddingStore(EmbeddingStore &&) noexcept = default;
EmbeddingStore &EmbeddingStore::operator=(EmbeddingStore &&) noexcept = default;
EmbeddingStore::~EmbeddingStore() = default;

Result<EmbeddingStore> EmbeddingStore::open(const std::filesystem::path &directory,
                                            const std::string &modelIdentity, int dimension)
{
    if (dimension < 1 || dimension > kLargestDimension)
        return fail(ErrorCode::InvalidArgument, "Embeddings of " + std::to_string(dimension) + " numbers.");
    if (!isFileName(modelIdentity))
        return fail(ErrorCode::InvalidArgument,
                    "The model's identity \"" + modelIdentity + "\" names no file.");
    const std::error_code error = makePrivateDirectory(directory);
    const bool forbidden = error == std::errc::permission_denied || error == std::errc::read_only_file_system;
    if (error && !forbidden)
        return fail(ErrorCode::Io, "Could not create " + directory.string() + ": " + error.message() + '.');
    static constexpr std::array<std::string_view, 1> kAll{""};
    closeToOthers(directory, kAll);
    const RowLayout layout(dimension);
    auto file = EmbeddingFile::open(directory / (modelIdentity + ".f16"), modelIdentity, layout);
    if (!file)
        return file.propagate();
    auto impl = std::make_unique<Impl>(std::move(*file), layout);
    impl->index.takeIn(layout, impl->file);
    return EmbeddingStore(std::move(impl));
}

int EmbeddingStore::dimension() const noexcept
{
    return static_cast<int>(m_impl->layout.dimension);
}

std::int64_t EmbeddingStore::count() const
{
    const std::shared_lock lock(m_impl->mutex);
    return static_cast<std::int64_t>(m_impl->index.rowOf.size());
}

bool EmbeddingStore::contains(const ContentHash &content) const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->index.rowOf.count(content) != 0;
}

std::int64_t EmbeddingStore::skippedRows() const
{
    const std::shared_lock lock(m_impl->mutex);
    return static_cast<std::int64_t>(m_impl->index.skipped->size());
}

bool EmbeddingStore::isReadOnly() const
{
    const std::shared_lock lock(m_impl->mutex);
    return !m_impl->file.isWriter();
}

bool EmbeddingStore::isWriteProtected() const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->file.isWriteProtected();
}

Result<void> EmbeddingStore::refresh()
{
    // Or the file would change under a drop, which reads it without the other lock.
    const std::scoped_lock writing(m_impl->writing);
    const std::unique_lock lock(m_impl->mutex);
    const auto replaced = m_impl->file.refresh();
    if (!replaced)
        return replaced.propagate();
    RowIndex index;
    if (*replaced)
        m_impl->renumber(index);
    m_impl->index.takeIn(m_impl->layout, m_impl->file);
    return {};
}

Result<void> EmbeddingStore::append(std::span<const ContentHash> contents, const Embeddings &embeddings)
{
    const RowLayout &layout = m_impl->layout;
    if (embeddings.dimension != dimension() ||
        static_cast<std::size_t>(embeddings.count) != contents.size() ||
        embeddings.values.size() != contents.size() * layout.dimension)
        return fail(ErrorCode::InvalidArgument,
                    "Embeddings whose dimension or number does not fit the store.");
    if (!areStorable(embeddings.values))
        return fail(ErrorCode::InvalidArgument, "Embeddings with numbers that are infinite or not numbers.");

    const std::scoped_lock writing(m_impl->writing);
    const std::unique_lock lock(m_impl->mutex);
    std::vector<std::byte> rows;
    std::vector<ContentHash> added;
    std::unordered_set<ContentHash> seen;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        if (m_impl->index.rowOf.count(contents[i]) != 0 || !seen.insert(contents[i]).second)
            continue;
        rows.resize(rows.size() + layout.stride);
        makeRow(layout, contents[i], embeddings.row(static_cast<int>(i)),
                rows.data() + rows.size() - layout.stride);
        added.push_back(contents[i]);
    }
    if (added.empty())
        return {};
    std::int64_t row = m_impl->file.count();
    if (auto written = m_impl->file.append(rows); !written)
        return written;
    for (const ContentHash &content : added)
        m_impl->index.rowOf.emplace(content, row++);
    m_impl->index.indexed = row;
    return {};
}

Result<Dropped> EmbeddingStore::drop(std::span<const ContentHash> contents, const std::stop_token &stop)
{
    const std::scoped_lock writing(m_impl->writing);
    const RowLayout &layout = m_impl->layout;
    std::unordered_set<ContentHash> dropped;
    for (const ContentHash &content : contents) {
        if (this->contains(content))
            dropped.insert(content);
    }
    // Rows that cannot be found are looked at as well: their contents are taken out for good, too.
    const std::unordered_set<ContentHash> asked(contents.begin(), contents.end());
    for (const std::int64_t row : *m_impl->index.skipped) {
        const ContentHash content = contentOf(m_impl->file.mapping()->data() + layout.offsetOf(row));
        if (asked.count(content) != 0)
            dropped.insert(content);
    }
    if (dropped.empty())
        return Dropped();
    // Nobody else changes what the writer reads here, so that scans need not wait.
    const std::int64_t before = m_impl->file.count();
    auto file = m_impl->file.rewriteWithout(dropped, stop);
    if (!file)
        return file.propagate();
    const std::int64_t rowsLess = before - file->count();
    RowIndex index;
    index.takeIn(layout, *file);
    const std::unique_lock lock(m_impl->mutex);
    m_impl->file = *std::move(file);
    m_impl->renumber(index);
    return Dropped{std::ssize(dropped), rowsLess * static_cast<std::int64_t>(layout.stride)};
}

std::uint64_t EmbeddingStore::numbering() const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->numbering;
}

std::vector<float> EmbeddingStore::find(const ContentHash &content) const
{
    const std::shared_lock lock(m_impl->mutex);
    const auto found = m_impl->index.rowOf.find(content);
    if (found == m_impl->index.rowOf.end())
        return {};
    const std::byte *numbers =
        m_impl->file.mapping()->data() + m_impl->layout.offsetOf(found->second) + RowLayout::kRowHeaderBytes;
    std::vector<float> vector(m_impl->layout.dimension);
    for (std::size_t i = 0; i < vector.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, numbers + 2 * i, sizeof half);
        vector[i] = floatFromHalf(half);
    }
    return vector;
}

RowNumbers EmbeddingStore::rowsOf(std::span<const ContentHash> contents) const
{
    RowNumbers numbers;
    numbers.rows.reserve(contents.size());
    const std::shared_lock lock(m_impl->mutex);
    for (const ContentHash &content : contents) {
        const auto found = m_impl->index.rowOf.find(content);
        numbers.rows.push_back(found == m_impl->index.rowOf.end() ? -1 : found->second);
    }
    numbers.end = m_impl->file.count();
    numbers.numbering = m_impl->numbering;
    return numbers;
}

Result<std::vector<Hit>> EmbeddingStore::topK(std::span<const float> query, int limit, const RowSet *among,
                                              int threads) const
{
    if (auto checked = m_impl->checkQuery(query); !checked)
        return checked.propagate();
    if (limit < 0 || threads < 1)
        return fail(ErrorCode::InvalidArgument, "A search for fewer than no results, or on no thread.");
    const auto taken = m_impl->snapshot(among);
    if (!taken)
        return taken.propagate();
    const Snapshot &rows = *taken;
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::int64_t>(limit, rows.wanted));
    if (wanted == 0)
        return std::vector<Hit>();
    const std::vector<float> paddedQuery = m_impl->padded(query);
    const int parts = static_cast<int>(std::clamp<std::int64_t>(rows.wanted / kRowsAThread, 1, threads));
    std::vector<std::vector<ScoredRow>> heaps(static_cast<std::size_t>(parts));
    inParallel(equalRanges(rows, parts), [&](std::size_t part, std::int64_t first, std::int64_t last) {
        std::vector<ScoredRow> heap; // Its front is the worst one kept.
        m_impl->scan(rows, paddedQuery, first, last, [&](std::int64_t row, float score) {
            if (heap.size() == wanted) {
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
    std::vector<ScoredRow> best;
    for (const std::vector<ScoredRow> &heap : heaps)
        best.insert(best.end(), heap.begin(), heap.end());
    std::sort(best.begin(), best.end(), isBetter);
    best.resize(std::min(best.size(), wanted));
    std::vector<Hit> hits;
    hits.reserve(best.size());
    for (const ScoredRow &scored : best)
        hits.push_back({contentOf(rows.mapping->data() + m_impl->layout.offsetOf(scored.row)), scored.score});
    return hits;
}

Result<std::vector<Hit>> EmbeddingStore::scores(std::span<const float> query, const RowSet *among,
                                                int threads) const
{
    if (auto checked = m_impl->checkQuery(query); !checked)
        return checked.propagate();
    if (threads < 1)
        return fail(ErrorCode::InvalidArgument, "A search on no thread.");
    const auto taken = m_impl->snapshot(among);
    if (!taken)
        return taken.propagate();
    const Snapshot &rows = *taken;
    const std::vector<float> paddedQuery = m_impl->padded(query);
    const int parts = static_cast<int>(std::clamp<std::int64_t>(rows.wanted / kRowsAThread, 1, threads));
    std::vector<std::vector<Hit>> found(static_cast<std::size_t>(parts));
    inParallel(equalRanges(rows, parts), [&](std::size_t part, std::int64_t first, std::int64_t last) {
        std::vector<Hit> &hits = found[part];
        hits.reserve(static_cast<std::size_t>(std::min(rows.wanted, last - first)));
        m_impl->scan(rows, paddedQuery, first, last, [&](std::int64_t row, float score) {
            hits.push_back({contentOf(rows.mapping->data() + m_impl->layout.offsetOf(row)), score});
        });
    });
    std::vector<Hit> all = std::move(found.front());
    for (std::size_t part = 1; part < found.size(); ++part)
        all.insert(all.end(), found[part].begin(), found[part].end());
    return all;
}

} // namespace yingxun::search
