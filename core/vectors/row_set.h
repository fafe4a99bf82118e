// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yingxun::vectors {

/// Which rows of a store hold some contents.
struct RowNumbers {
    std::vector<std::int64_t> rows; ///< One for each content; -1: none holds it.
    std::int64_t end = 0;           ///< All rows were below.
    std::uint64_t numbering = 0;    ///< See EmbeddingStore::numbering().
};

/// Some of the rows 0..size()-1 of one store in one numbering, one bit each.
class RowSet
{
public:
    static constexpr std::int64_t kWordRows = 64;

    RowSet() = default;
    /// No row of the first `size` ones.
    explicit RowSet(std::int64_t size, std::uint64_t numbering = 0)
        : m_size(size), m_numbering(numbering),
          m_words(static_cast<std::size_t>((size + kWordRows - 1) / kWordRows))
    {
    }

    explicit RowSet(const RowNumbers &numbers) : RowSet(numbers.end, numbers.numbering)
    {
        for (const std::int64_t row : numbers.rows) {
            if (row >= 0)
                insert(row);
        }
    }

    std::int64_t size() const noexcept { return m_size; }
    std::uint64_t numbering() const noexcept { return m_numbering; } ///< See EmbeddingStore::numbering().
    /// `row` must be in 0..size()-1.
    void insert(std::int64_t row) { m_words[wordOf(row)] |= std::uint64_t{1} << (row % kWordRows); }
    /// False for every row outside of 0..size()-1.
    bool contains(std::int64_t row) const
    {
        return row >= 0 && row < m_size && (m_words[wordOf(row)] >> (row % kWordRows) & 1) != 0;
    }
    std::int64_t count() const
    {
        std::int64_t rows = 0;
        for (const std::uint64_t word : m_words)
            rows += std::popcount(word);
        return rows;
    }
    /// Row r is bit r % kWordRows of word r / kWordRows; bits from size() on are 0.
    std::span<const std::uint64_t> words() const noexcept { return m_words; }

private:
    static std::size_t wordOf(std::int64_t row) { return static_cast<std::size_t>(row / kWordRows); }

    std::int64_t m_size = 0;
    std::uint64_t m_numbering = 0;
    std::vector<std::uint64_t> m_words;
};

} // namespace yingxun::vectors
