// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/vectors/row_set.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::vectors {

/// One answer of a scan.
struct Hit {
    ContentHash content;
    float score = 0; ///< Cosine, -1..1.
};

/// What was taken out of a store.
struct Dropped {
    std::int64_t embeddings = 0;
    std::int64_t bytes = 0;
};

/// All embeddings of one model: a memory-mapped file of fp16 rows, each beside the hash of its content and a
/// checksum, which grows until drop() puts a smaller one in its place. Format at the top of
/// embedding_store.cpp.
///
/// One process writes a store at a time (advisory lock); any number read.
/// A row's number, counted from 0 in the order of storing, stays the same until numbering() changes: later
/// rows come behind it.
/// Threads: any, but makeLists() is called by one at a time; a scan sees all rows appended
/// before it, and goes on with what there was when rows are dropped meanwhile.
class EmbeddingStore
{
public:
    /// Opens or creates `<directory>/<modelIdentity>.f16`. A torn last row (power cut) is cut off;
    /// rows whose checksum fails are ignored and counted.
    /// A file of the model's former identity becomes this one, with all its rows; as long as another Yingxun
    /// writes it, or where it is write-protected, it is used under the former identity.
    /// @param former  gives that identity, or nothing; asked only where there may be such a file
    /// Errors: Io, CorruptData (another dimension or model in the header), Unsupported (newer format), those
    /// of `former`.
    static Result<EmbeddingStore> open(const std::filesystem::path &directory,
                                       const std::string &modelIdentity, int dimension,
                                       const std::function<Result<std::string>()> &former = {});
    EmbeddingStore(EmbeddingStore &&) noexcept;
    EmbeddingStore &operator=(EmbeddingStore &&) noexcept;
    ~EmbeddingStore();

    int dimension() const noexcept;
    /// The identity it is listed under: that of open(), or for now the former one.
    std::string identity() const;
    std::int64_t count() const; ///< Rows that can be found.
    bool contains(const ContentHash &content) const;
    std::int64_t skippedRows() const; ///< Rows ignored: damaged, or stored twice.
    /// So many rows, the first ones, are searched by a copy in bytes, which is made once there are many.
    std::int64_t copiedRows() const;
    bool isReadOnly() const;       ///< Another Yingxun writes it, or the file is write-protected.
    bool isWriteProtected() const; ///< Stays read-only whoever ends. Without a file it is empty, too.
    /// Only reads from now on, so that another Yingxun can write.
    void yield();
    /// Sees what another Yingxun has stored since, and becomes the writer when that one has ended.
    /// Errors: as open().
    Result<void> refresh();
    /// Contents already present are skipped. Rows are in the file (page cache) when it returns.
    /// Errors: InvalidArgument (dimension or count differ), Io (disk full: nothing is half-stored).
    Result<void> append(std::span<const ContentHash> contents, const Embeddings &embeddings);
    /// Takes contents out, damaged rows included, for good: the file is written anew without them, if any of
    /// them is in it. Scans go on meanwhile. The rest is renumbered. Errors: ReadOnly, Cancelled, Io (disk
    /// full); then all are still there.
    Result<Dropped> drop(std::span<const ContentHash> contents, const std::stop_token &stop = {});
    /// Another number once rows have been renumbered, here or by another Yingxun.
    std::uint64_t numbering() const;
    /// The stored row as float32, empty when there is none.
    std::vector<float> find(const ContentHash &content) const;

    RowNumbers rowsOf(std::span<const ContentHash> contents) const;

    /// All of fewer rows are looked at within 150 ms (512 dimensions, two cores).
    static constexpr std::int64_t kFewestListed = 6'000'000;
    /// Whether makeLists() is due: there are `fewest` rows or more, and the lists lack more than a ninth of
    /// them. Not once it has failed.
    bool wantsLists(std::int64_t fewest = kFewestListed) const;
    /// Lists the rows there are (see InvertedLists), which takes a minute for some millions. Rows that come
    /// later are none of the listed ones, until it is called again; when some are dropped there are no lists.
    /// Scans and append() go on meanwhile.
    /// Errors: ReadOnly, and those of InvertedLists::make and read; there are then the lists that there were.
    Result<void> makeLists(const std::stop_token &stop = {});
    std::int64_t listedRows() const; ///< So many rows, the first ones, are listed; 0: there are no lists.

    /// The `limit` rows of highest cosine with `query` (D floats, unit), best first, ties in the order of
    /// storing. Uses `threads` threads. `among`, a set of this store's rows, leaves out all others, and the
    /// scan does not read them; scores are the same with it as without.
    /// Exact as long as no rows are listed. Where a quarter of the listed rows or more are to be looked at
    /// for few results, those near the query alone are, and all that came later: some of the best may be
    /// missing.
    Result<std::vector<Hit>> topK(std::span<const float> query, int limit, const RowSet *among = nullptr,
                                  int threads = 2) const;
    /// The cosine of every row (of `among`), in the order of storing. Errors of both: InvalidArgument (the
    /// query, or a set of another numbering).
    Result<std::vector<Hit>> scores(std::span<const float> query, const RowSet *among = nullptr,
                                    int threads = 2) const;

private:
    struct Impl;
    explicit EmbeddingStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::vectors
