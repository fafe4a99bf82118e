// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why no row is missed. Be x a row, y what its bytes stand for, q the query, p what its whole numbers stand
// for. Then
//
//   |xq - yp| = |(x - y)q + y(q - p)| <= |x - y| |q| + |y| |q - p|      (Cauchy, Schwarz)
//
// and |x - y| is kept with each row. yp is computed in whole numbers, and a dot product of n floats is off by
// less than n rounding errors of |x| |q|, in whichever order it is summed.
#include "core/vectors/byte_row.h"

#include "core/vectors/dot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <xxhash.h>

namespace yingxun::vectors {
namespace {

constexpr int kLargestByte = 127;
constexpr std::size_t kChecksumOffset = 12;
constexpr float kRoundedUp = 1.01f; // More than sums of squares of floats lose.
constexpr std::size_t kSums = 16;   // That do not wait for each other.

float halfAt(const std::byte *numbers, std::size_t i)
{
    std::uint16_t half = 0;
    std::memcpy(&half, numbers + 2 * i, sizeof half);
    return floatFromHalf(half);
}

float lengthOf(const std::array<float, kSums> &squares)
{
    float sum = 0;
    for (const float square : squares)
        sum += square;
    return std::sqrt(sum) * kRoundedUp;
}

std::uint32_t checksumOf(const ByteLayout &bytes, const std::byte *byteRow, const std::byte *row)
{
    // The row's own checksum: that of its content and of all its numbers.
    std::uint32_t seed = 0;
    std::memcpy(&seed, row + 16, sizeof seed);
    return XXH32(byteRow + ByteLayout::kRowHeaderBytes, bytes.length, XXH32(byteRow, kChecksumOffset, seed));
}

} // namespace

ByteRowHeader byteHeaderOf(const std::byte *byteRow)
{
    ByteRowHeader header;
    static_assert(sizeof header == ByteLayout::kRowHeaderBytes);
    std::memcpy(&header, byteRow, sizeof header);
    return header;
}

void makeByteRow(const RowLayout &rows, const ByteLayout &bytes, const std::byte *row, std::byte *byteRow)
{
    static_assert(kByteStep % kLengthStep == 0 && kLengthStep == kSums);
    const std::byte *numbers = row + RowLayout::kRowHeaderBytes;
    std::byte *out = byteRow + ByteLayout::kRowHeaderBytes;
    float largest = 0;
    for (std::size_t i = 0; i < rows.paddedDimension; ++i)
        largest = std::max(largest, std::abs(halfAt(numbers, i)));
    ByteRowHeader header{};
    std::fill_n(out, bytes.length, std::byte{kByteZero});
    if (largest > 0 && isIntact(rows, row)) {
        header.scale = largest / kLargestByte;
        const float perScale = kLargestByte / largest;
        std::array<float, kSums> squares{};
        std::array<float, kSums> errors{};
        for (std::size_t i = 0; i < rows.paddedDimension; ++i) {
            const float value = halfAt(numbers, i);
            const float number = std::nearbyint(value * perScale);
            const float off = value - header.scale * number;
            squares[i % kSums] += value * value;
            errors[i % kSums] += off * off;
            out[i] = static_cast<std::byte>(static_cast<int>(number) + kByteZero);
        }
        header.error = lengthOf(errors);
        header.length = lengthOf(squares) + header.error;
    }
    std::memcpy(byteRow, &header, sizeof header);
    header.checksum = checksumOf(bytes, byteRow, row);
    std::memcpy(byteRow, &header, sizeof header);
}

bool isCopyOf(const ByteLayout &bytes, const std::byte *byteRow, const std::byte *row)
{
    return byteHeaderOf(byteRow).checksum == checksumOf(bytes, byteRow, row);
}

ByteBound::ByteBound(const ByteQuery &query, std::size_t dimension) : m_scale(query.scale), m_zero(query.zero)
{
    // Twice a float's rounding error for each number, and some for the steps of rangeOf().
    const double rounding = static_cast<double>(dimension + 32) * 0x1p-23;
    m_perError = static_cast<float>(query.length * (1 + 1e-6));
    m_perLength = static_cast<float>((query.error + query.length * rounding) * (1 + 1e-6));
}

} // namespace yingxun::vectors
