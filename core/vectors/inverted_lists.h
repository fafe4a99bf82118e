// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/vectors/embedding_file.h"
#include "core/vectors/row_set.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>

namespace yingxun::vectors {

/// Where the lists of a file of embeddings lie.
std::filesystem::path invertedListsOf(const std::filesystem::path &embeddings);

/// An inverted file (IVF; Jégou, Douze and Schmid, Product Quantization for Nearest Neighbor Search, 2011):
/// the first rows of a store, listed by the centroid that each is nearest to. Of very many rows a search
/// then looks at those whose centroids are nearest to the query alone. It says where to look, and may miss
/// some of the best; scores are made from the rows themselves. Format at the top of inverted_lists.cpp.
/// Threads: any.
class InvertedLists
{
public:
    /// Lists the first `count` rows, and writes the file. Its centroids are those of k-means on unit vectors,
    /// in two levels, over a sample.
    /// Errors: Cancelled, InvalidArgument (no rows, or too many for 32 bits), Io.
    static Result<void> make(const std::filesystem::path &path, const RowLayout &layout,
                             const RowMapping &rows, std::int64_t count, const std::stop_token &stop);
    /// `count`: how many rows there are, of which those that are listed must be the first ones.
    /// Errors: those of MappedFile::open, CorruptData (damaged, or not of these rows).
    static Result<InvertedLists> read(const std::filesystem::path &path, const RowLayout &layout,
                                      const RowMapping &rows, std::int64_t count);

    std::int64_t rows() const { return std::ssize(m_order); } ///< So many are listed.

    /// Of the rows below `size` and `among` these (null: all): of the lists nearest to `query` (as long as a
    /// padded row), list by list, until they are `least`; and all that are in no list.
    RowSet nearest(std::span<const float> query, std::int64_t least, const RowSet *among,
                   std::int64_t size) const;

private:
    InvertedLists(MappedFile file, const RowLayout &layout) : m_file(std::move(file)), m_layout(layout) {}

    MappedFile m_file;
    RowLayout m_layout;
    // Parts of the file.
    std::span<const std::byte> m_centroids;
    std::span<const std::uint32_t> m_starts; ///< In m_order; one more than there are lists.
    std::span<const std::uint32_t> m_order;  ///< The numbers of the rows, list by list.
};

} // namespace yingxun::vectors
