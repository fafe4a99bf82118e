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
// The name of the file is the identity. In one of a former identity of its model each byte of 20..55 may also
// be what the present one asks for: its adoption was interrupted.
//
// The file grows, until one without some of the rows is renamed over it. The writer's lock is on the file
// that has the name: whoever gets the lock of another one opens the new one. Whatever is behind the last
// whole row is cut off by the next writer.
#include "core/vectors/embedding_store.h"

#include "core/base/atomic_file.h"
#include "core/base/private_files.h"
#include "core/vectors/byte_copy.h"
#include "core/vectors/dot.h"
#include "core/vectors/embedding_file.h"
#include "core/vectors/embedding_list.h"
#include "core/vectors/inverted_lists.h"
#include "core/vectors/row_index.h"
#include "core/vectors/row_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <system_error>
#include <unordered_set>

namespace yingxun::vectors {

namespace {

constexpr int kLargestDimension = 65536;
constexpr float kLargestHalf = 65504;
constexpr std::int64_t kLaterShare = 8; // Lists that lack no more than one of so many rows are good enough.

bool areStorable(std::span<const float> values)
{
    return std::all_of(values.begin(), values.end(), [](float x) { return std::abs(x) <= kLargestHalf; });
}

bool isFileName(const std::string &identity)
{
    return !identity.empty() && identity.size() <= 200 && identity.front() != '.' &&
           std::all_of(identity.begin(), identity.end(), [](char c) { return c != '/' && c != '\0'; });
}

/// The file of the former identity, where this model has one and no other yet; otherwise an empty path.
Result<std::filesystem::path> formerFile(const std::filesystem::path &path, int dimension,
                                         const std::function<Result<std::string>()> &former)
{
    std::error_code ignored;
    if (!former || std::filesystem::exists(path, ignored))
        return std::filesystem::path();
    auto all = listEmbeddings(path.parent_path());
    std::erase_if(all, [&](const EmbeddingListing &one) { return one.dimension != dimension; });
    if (all.empty())
        return std::filesystem::path();
    const auto identity = former();
    if (!identity)
        return identity.propagate();
    const bool isListed =
        std::any_of(all.begin(), all.end(), [&](const auto &one) { return one.identity == *identity; });
    return isListed ? path.parent_path() / (*identity + kEmbeddingsEnding) : std::filesystem::path();
}

} // namespace

struct EmbeddingStore::Impl {
    explicit Impl(EmbeddingFile opened, const RowLayout &rowLayout)
        : layout(rowLayout), file(std::move(opened)), copy(layout)
    {
    }

    void renumber(RowIndex &now, ByteCopy &copyNow);
    bool areListsBehind() const;
    void takeLists();
    /// What a scan reads from now on. Errors: InvalidArgument (a set of another numbering).
    Result<RowScan> scanOf(const RowSet *among) const;
    Result<void> checkQuery(std::span<const float> query) const;

    RowLayout layout;
    DotKernel dot = dotKernel(fastestDot());
    ByteDotKernel byteDot = byteDotKernel(fastestByteDot());
    std::mutex writing;              ///< Held while the file is changed or replaced; locked first.
    mutable std::shared_mutex mutex; ///< Guards all below.
    EmbeddingFile file;
    RowIndex index;
    ByteCopy copy;
    std::shared_ptr<const InvertedLists> lists; ///< None: there are none of these rows.
    bool listsFailed = false;
    std::uint64_t numbering = 0;
};

/// The lock is held, and the file another one. Leaves the former index, whose end takes a while.
void EmbeddingStore::Impl::renumber(RowIndex &now, ByteCopy &copyNow)
{
    std::swap(index, now);
    std::swap(copy, copyNow);
    lists.reset();
    ++numbering;
}

/// The lock is held.
bool EmbeddingStore::Impl::areListsBehind() const
{
    const std::int64_t listed = lists ? lists->rows() : 0;
    return file.count() - listed > listed / kLaterShare;
}

/// The lock is held. Those beside the file, where they list more than those that there are.
void EmbeddingStore::Impl::takeLists()
{
    if (!areListsBehind())
        return;
    auto read = InvertedLists::read(invertedListsOf(file.path()), layout, *file.mapping(), file.count());
    if (read && (!lists || read->rows() > lists->rows()))
        lists = std::make_shared<const InvertedLists>(*std::move(read));
}

Result<RowScan> EmbeddingStore::Impl::scanOf(const RowSet *among) const
{
    const std::int64_t members = among ? among->count() : 0;
    const std::shared_lock lock(mutex);
    if (among && among->numbering() != numbering)
        return fail(ErrorCode::InvalidArgument, "A set of rows of which some have been dropped.");
    const std::int64_t count = among ? std::min(file.count(), among->size()) : file.count();
    return RowScan{layout,
                   dot,
                   file.mapping(),
                   index.skipped,
                   count,
                   among,
                   among ? std::min(members, count) : count,
                   copy.layout(),
                   byteDot,
                   copy.mapping(),
                   std::min(copy.count(), count),
                   lists};
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

EmbeddingStore::EmbeddingStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EmbeddingStore::EmbeddingStore(EmbeddingStore &&) noexcept = default;
EmbeddingStore &EmbeddingStore::operator=(EmbeddingStore &&) noexcept = default;
EmbeddingStore::~EmbeddingStore() = default;

Result<EmbeddingStore> EmbeddingStore::open(const std::filesystem::path &directory,
                                            const std::string &modelIdentity, int dimension,
                                            const std::function<Result<std::string>()> &former)
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
    removeAbandoned(directory, kAll);
    const RowLayout layout(dimension);
    const std::filesystem::path path = directory / (modelIdentity + kEmbeddingsEnding);
    const auto toAdopt = formerFile(path, dimension, former);
    if (!toAdopt)
        return toAdopt.propagate();
    auto file = toAdopt->empty() ? EmbeddingFile::open(path, modelIdentity, layout)
                                 : EmbeddingFile::adopt(*toAdopt, path, layout);
    if (!file)
        return file.propagate();
    auto impl = std::make_unique<Impl>(std::move(*file), layout);
    impl->index.takeIn(layout, impl->file);
    impl->copy.follow(impl->file);
    impl->takeLists();
    return EmbeddingStore(std::move(impl));
}

int EmbeddingStore::dimension() const noexcept
{
    return static_cast<int>(m_impl->layout.dimension);
}

std::string EmbeddingStore::identity() const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->file.path().stem().string();
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

std::int64_t EmbeddingStore::copiedRows() const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->copy.count();
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

void EmbeddingStore::yield()
{
    const std::scoped_lock writing(m_impl->writing);
    const std::unique_lock lock(m_impl->mutex);
    m_impl->file.yield();
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
    ByteCopy copy(m_impl->layout);
    if (*replaced)
        m_impl->renumber(index, copy);
    m_impl->index.takeIn(m_impl->layout, m_impl->file);
    m_impl->copy.follow(m_impl->file);
    m_impl->takeLists();
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
    m_impl->copy.follow(m_impl->file);
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
    ByteCopy copy(layout);
    copy.follow(*file);
    const std::unique_lock lock(m_impl->mutex);
    m_impl->file = *std::move(file);
    m_impl->renumber(index, copy);
    std::error_code ignored; // What stays is not taken for lists of these rows.
    std::filesystem::remove(invertedListsOf(m_impl->file.path()), ignored);
    return Dropped{std::ssize(dropped), rowsLess * static_cast<std::int64_t>(layout.stride)};
}

bool EmbeddingStore::wantsLists(std::int64_t fewest) const
{
    const std::shared_lock lock(m_impl->mutex);
    return !m_impl->listsFailed && m_impl->file.count() >= fewest && m_impl->areListsBehind();
}

Result<void> EmbeddingStore::makeLists(const std::stop_token &stop)
{
    std::filesystem::path path;
    std::shared_ptr<const RowMapping> rows;
    std::int64_t count = 0;
    std::uint64_t numbering = 0;
    {
        const std::shared_lock lock(m_impl->mutex);
        if (!m_impl->file.isWriter())
            return fail(ErrorCode::ReadOnly, "Another Yingxun writes these embeddings, or nobody may.");
        path = invertedListsOf(m_impl->file.path());
        rows = m_impl->file.mapping();
        count = m_impl->file.count();
        numbering = m_impl->numbering;
    }
    // What is there does not change meanwhile, and what was dropped by then is seen when they are read.
    auto made = InvertedLists::make(path, m_impl->layout, *rows, count, stop);
    const std::unique_lock lock(m_impl->mutex);
    auto read = made
                    ? InvertedLists::read(path, m_impl->layout, *m_impl->file.mapping(), m_impl->file.count())
                    : Result<InvertedLists>(made.propagate());
    if (!read) {
        // It takes minutes, and would fail again: the disk is full. But not where rows were dropped
        // meanwhile.
        m_impl->listsFailed = read.error().code != ErrorCode::Cancelled && m_impl->numbering == numbering;
        return read.propagate();
    }
    m_impl->lists = std::make_shared<const InvertedLists>(*std::move(read));
    return {};
}

std::int64_t EmbeddingStore::listedRows() const
{
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->lists ? m_impl->lists->rows() : 0;
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
    std::vector<float> vector(m_impl->layout.dimension);
    readNumbers(m_impl->file.mapping()->data() + m_impl->layout.offsetOf(found->second), vector);
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
    const auto scan = m_impl->scanOf(among);
    if (!scan)
        return scan.propagate();
    return scan->best(query, limit, threads);
}

Result<std::vector<Hit>> EmbeddingStore::scores(std::span<const float> query, const RowSet *among,
                                                int threads) const
{
    if (auto checked = m_impl->checkQuery(query); !checked)
        return checked.propagate();
    if (threads < 1)
        return fail(ErrorCode::InvalidArgument, "A search on no thread.");
    const auto scan = m_impl->scanOf(among);
    if (!scan)
        return scan.propagate();
    return scan->scores(query, threads);
}

} // namespace yingxun::vectors
