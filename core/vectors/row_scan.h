// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/vectors/byte_row.h"
#include "core/vectors/dot.h"
#include "core/vectors/embedding_file.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/inverted_lists.h"
#include "core/vectors/row_set.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace yingxun::vectors {

/// What one scan of a store reads, and the scan itself. Keeps its mapping alive while the store grows on or
/// is replaced. Queries are D floats that fit the layout and are storable: the store sees to that. Threads:
/// any.
struct RowScan {
    RowLayout layout;
    DotKernel dot;
    std::shared_ptr<const RowMapping> mapping;
    std::shared_ptr<const std::vector<std::int64_t>> skipped; ///< Rows that are not to be found, rising.
    std::int64_t count = 0;                                   ///< Rows below it are looked at.
    const RowSet *among = nullptr;                            ///< Borrowed; none: all rows.
    std::int64_t wanted = 0;                                  ///< Rows to be scored, those skipped included.
    ByteLayout bytes;
    ByteDotKernel byteDot;
    std::shared_ptr<const RowMapping> copy; ///< None: no row is copied.
    std::int64_t copied = 0; ///< Rows below it are in `copy`, see byte_copy.h; at most `count`.
    std::shared_ptr<const InvertedLists> lists; ///< None: no row is listed.

    /// The `limit` rows of highest cosine, best first, equal ones in the order of storing. Some of the best
    /// may be missing where rows are listed, see EmbeddingStore::topK().
    std::vector<Hit> best(std::span<const float> query, int limit, int threads) const;
    /// The cosine of every wanted row, in the order of storing.
    std::vector<Hit> scores(std::span<const float> query, int threads) const;

    /// Bit i: row `first` + i is to be scored. `first` is a multiple of RowSet::kWordRows.
    std::uint64_t wantedFrom(std::int64_t first) const;

private:
    std::vector<Hit> bestOfCandidates(std::span<const float> query, std::size_t most, int threads) const;
    std::vector<Hit> bestOfNearest(std::span<const float> query, std::size_t most, std::int64_t least,
                                   int threads) const;
    std::vector<float> padded(std::span<const float> query) const; ///< With zeros, to the layout's dimension.
};

} // namespace yingxun::vectors
