// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index.h"

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace yingxun::query {

/// Some of the photos of one library index, a bit for each row.
class PhotoSet
{
public:
    PhotoSet() = default;
    /// None of the photos of rows below `end`.
    explicit PhotoSet(library::Row end) : m_words((end + kWordRows - 1) / kWordRows) {}

    /// The photos for which test(row) holds.
    template<typename Test>
    static PhotoSet where(const library::LibraryIndex &library, Test test)
    {
        PhotoSet set(library.rowEnd());
        for (library::Row row = 0; row < library.rowEnd(); ++row) {
            if (library.isPhoto(row) && test(row))
                set.insert(row);
        }
        return set;
    }

    void insert(library::Row row) { m_words[row / kWordRows] |= bitOf(row); }
    void remove(library::Row row) { m_words[row / kWordRows] &= ~bitOf(row); }
    bool contains(library::Row row) const
    {
        return row / kWordRows < m_words.size() && (m_words[row / kWordRows] & bitOf(row)) != 0;
    }
    int count() const
    {
        int photos = 0;
        for (const std::uint64_t word : m_words)
            photos += std::popcount(word);
        return photos;
    }

    // With another set of the same index.
    void intersect(const PhotoSet &other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] &= other.m_words[i];
    }
    void unite(const PhotoSet &other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] |= other.m_words[i];
    }
    void subtract(const PhotoSet &other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] &= ~other.m_words[i];
    }

private:
    static constexpr library::Row kWordRows = 64;
    static std::uint64_t bitOf(library::Row row) { return std::uint64_t{1} << (row % kWordRows); }

    std::vector<std::uint64_t> m_words;
};

/// Null: all photos.
using SharedPhotoSet = std::shared_ptr<const PhotoSet>;

} // namespace yingxun::query
