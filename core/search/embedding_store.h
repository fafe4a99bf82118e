// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/search/row_set.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yingxun::search {

/// One answer of a scan.
struct Hit {
    ContentHash content;
    float score = 0; ///< Cosine, -1..1.
};

/// All embeddings of one model: an append-only, memory-mapped file of fp16 rows, each beside the hash
/// of its content and a checksum. Format at the top of embedding_store.cpp.
///
/// One process writes a store at a time (advisory lock); any number read.
/// A row's number, counted from 0 in the order of storing, stays the same for as long as the store is open:
/// later rows come behind it.
/// Threads: append, refresh and topK may be called from any thread; a scan sees all rows appended before it.
class EmbeddingStore
{
public:
    /// Opens or creates `<directory>/<modelIdentity>.f16`. A torn last row (power cut) is cut off;
    /// rows whose checksum fails are ignored and counted.
    /// Errors: Io, CorruptData (another dimension or model in the header), Unsupported (newer format).
    static Result<EmbeddingStore> open(const std::filesystem::path &directory,
                                       const std::string &modelIdentity, int dimension);
    EmbeddingStore(EmbeddingStore &&) noexcept;
    EmbeddingStore &operator=(EmbeddingStore &&) noexcept;
    ~EmbeddingStore();

    int dimension() const noexcept;
    std::int64_t count() const; ///< Rows that can be found.
    bool contains(const ContentHash &content) const;
    std::int64_t skippedRows() const; ///< Rows ignored: damaged, or stored twice.
    bool isReadOnly() const;          ///< Another Yingxun writes it, or the file is write-protected.
    bool isWriteProtected() const;    ///< Stays read-only whoever ends. Without a file it is empty, too.
    /// Sees what another Yingxun has stored since, and becomes the writer when that one has ended.
    /// Errors: as open().
    Result<void> refresh();
    /// Contents already present are skipped. Rows are in the file (page cache) when it returns.
    /// Errors: InvalidArgument (dimension or count differ), Io (disk full: nothing is half-stored).
    Result<void> append(std::span<const ContentHash> contents, const Embeddings &embeddings);
    /// The stored row as float32, empty when there is none.
    std::vector<float> find(const ContentHash &content) const;

    std::int64_t rowEnd() const; ///< All rows are below.
    /// The row that holds each of the contents; -1 where none does.
    std::vector<std::int64_t> rowsOf(std::span<const ContentHash> contents) const;

    /// Exact: the `limit` rows of highest cosine with `query` (D floats, unit), best first, ties in
    /// the order of storing. Uses `threads` threads. `among`, a set of this store's rows, leaves out all
    /// others, and the scan does not read them; scores are the same with it as without.
    Result<std::vector<Hit>> topK(std::span<const float> query, int limit, const RowSet *among = nullptr,
                                  int threads = 2) const;
    /// The cosine of every row (of `among`), in the order of storing.
    Result<std::vector<Hit>> scores(std::span<const float> query, const RowSet *among = nullptr,
                                    int threads = 2) const;

private:
    struct Impl;
    explicit EmbeddingStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::search
