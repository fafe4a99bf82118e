// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/vectors/byte_row.h"
#include "core/vectors/embedding_file.h"
#include "core/vectors/row_set.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

namespace yingxun::vectors {

/// Where the lists of a file of embeddings lie.
std::filesystem::path invertedListsOf(const std::filesystem::path &embeddings);

/// An inverted file (IVF; Jégou, Douze and Schmid, Product Quantization for Nearest Neighbor Search, 2011):
/// the first rows of a store, once more in bytes, list by list: each is in the list of the centroid that it
/// is nearest to. Of very many rows a search then reads those lists alone whose centroids are nearest to the
/// query. It may miss some of the best; scores are made from the rows themselves. Format at the top of
/// inverted_lists.cpp. Threads: any.
class InvertedLists
{
public:
    /// Lists the first `count` rows, and writes the file. Its centroids are those of k-means on unit vectors,
    /// in two levels, over a sample.
    /// Errors: Cancelled, InvalidArgument (no rows, or too many for 32 bits), Io.
    static Result<void> make(const std::filesystem::path &path, const RowLayout &layout,
                             const RowMapping &rows, std::int64_t count, const std::stop_token &stop);
    /// `count`: how many rows there are, of which those that are listed must be the first ones. That the rows
    /// in bytes are whole is not looked at, as there are very many: one that is not may be missed, or keep
    /// another one out.
    /// Errors: those of MappedFile::open, CorruptData (damaged, or not of these rows).
    static Result<InvertedLists> read(const std::filesystem::path &path, const RowLayout &layout,
                                      const RowMapping &rows, std::int64_t count);

    /// Some places in the order of the lists.
    struct Places {
        std::int64_t first;
        std::int64_t end;
    };
    /// Of the lists nearest to `query` (as long as a padded row), as many as have `least` rows `among` some
    /// (null: all).
    std::vector<Places> nearest(std::span<const float> query, std::int64_t least, const RowSet *among) const;

    std::int64_t rows() const { return std::ssize(m_order); }
    std::int64_t rowAt(std::int64_t place) const { return m_order[static_cast<std::size_t>(place)]; }
    const std::byte *bytesAt(std::int64_t place) const ///< Of ByteLayout::stride.
    {
        return m_byteRows.data() + static_cast<std::size_t>(place) * m_bytes.stride;
    }

private:
    InvertedLists(MappedFile file, const RowLayout &layout)
        : m_file(std::move(file)), m_length(layout.paddedDimension), m_bytes(layout)
    {
    }

    MappedFile m_file;
    std::size_t m_length; ///< Numbers a centroid.
    ByteLayout m_bytes;
    // Parts of the file.
    std::span<const std::byte> m_centroids;
    std::span<const std::uint32_t> m_starts; ///< Places; one more than there are lists.
    std::span<const std::uint32_t> m_order;  ///< Row numbers, place by place.
    std::span<const std::byte> m_byteRows;
};

} // namespace yingxun::vectors
