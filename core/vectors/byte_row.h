// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/vectors/byte_dot.h"
#include "core/vectors/embedding_file.h"

#include <cstddef>
#include <cstdint>

namespace yingxun::vectors {

/// Where things lie in a copy in bytes of a file of rows of dimension D; see the top of byte_copy.cpp.
struct ByteLayout {
    static constexpr std::size_t kHeaderBytes = 64;
    static constexpr std::size_t kRowHeaderBytes = 16;

    explicit ByteLayout(const RowLayout &rows)
        : length((rows.dimension + kByteStep - 1) / kByteStep * kByteStep), stride(kRowHeaderBytes + length)
    {
    }

    std::size_t length; ///< Bytes of numbers a row; those behind the first D stand for 0.
    std::size_t stride; ///< Bytes a row.

    std::size_t offsetOf(std::int64_t row) const
    {
        return kHeaderBytes + static_cast<std::size_t>(row) * stride;
    }
};

/// What a row of bytes says of the row it was made of.
struct ByteRowHeader {
    float scale;  ///< The row is nearly this times its bytes less kByteZero.
    float error;  ///< Not less than the Euclidean length of what that differs by.
    float length; ///< Not less than the Euclidean length of either.
    std::uint32_t checksum;
};

ByteRowHeader byteHeaderOf(const std::byte *byteRow);

/// Writes the copy of `row` (made by makeRow()) to `byteRow`, `bytes.stride` bytes. That of a row that is not
/// finite is one of zeros.
void makeByteRow(const RowLayout &rows, const ByteLayout &bytes, const std::byte *row, std::byte *byteRow);

/// Whether it is whole, and the copy of this row and no other.
bool isCopyOf(const ByteLayout &bytes, const std::byte *byteRow, const std::byte *row);

/// From the sum of a row of bytes to what the cosine of the row itself may be.
class ByteBound
{
public:
    ByteBound(const ByteQuery &query, std::size_t dimension);

    struct Range {
        float least;
        float most;
    };
    /// Holds the row's product with the query, in exact numbers and as any DotKernel computes it.
    Range rangeOf(const ByteRowHeader &row, std::int32_t sum) const
    {
        const float score = static_cast<float>(sum - m_zero) * row.scale * m_scale;
        const float off = row.error * m_perError + row.length * m_perLength + kUnderflow;
        return {score - off, score + off};
    }

private:
    static constexpr float kUnderflow = 1e-37f; // More than products too small for a float can lose.

    float m_scale;
    std::int32_t m_zero;
    float m_perError;
    float m_perLength;
};

} // namespace yingxun::vectors
