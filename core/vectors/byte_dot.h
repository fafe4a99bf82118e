// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yingxun::vectors {

constexpr std::size_t kByteStep = 64; ///< Numbers that every kernel takes at a time.
constexpr int kByteZero = 128; ///< What stands for 0: a byte b is the number b - 128, from -127 to 127.

/// Rows that lie `stride` bytes apart, each of `length` bytes.
struct ByteRows {
    const std::byte *first = nullptr; ///< First byte of the first row.
    std::size_t stride = 0;           ///< Bytes.
    std::size_t count = 0;
    std::size_t length = 0; ///< Bytes a row, a multiple of kByteStep.
};

/// A query as whole numbers, of which `scale` each are nearly the query: too fine to add to the error of rows
/// in bytes, and so small in all that no sum of products with bytes leaves 32 bits.
struct ByteQuery {
    /// `query`: finite. Filled up with zeros to `length`, a multiple of kByteStep.
    ByteQuery(std::span<const float> query, std::size_t length);

    std::vector<std::int16_t> numbers;
    std::vector<std::int8_t> high; ///< numbers = 256 * high + low, for processors that multiply bytes.
    std::vector<std::int8_t> low;
    float scale = 0;
    double length = 0;     ///< Euclidean, of the query.
    double error = 0;      ///< Euclidean, of the query less `scale` times the numbers.
    std::int32_t zero = 0; ///< The sum of a row of kByteZero.
};

/// sums[i] = sum of the products of row i's bytes, 0 to 255, with the query's numbers; exact.
using ByteDotKernel = void (*)(const ByteRows &rows, const ByteQuery &query, std::int32_t *sums);

/// The processors' instruction sets that have a kernel, slowest first.
enum class ByteDotKind { Scalar, Avx2, Avx512Vnni };

bool isSupported(ByteDotKind kind);            ///< By the processor that runs this program.
ByteDotKind fastestByteDot();                  ///< The best supported one.
ByteDotKernel byteDotKernel(ByteDotKind kind); ///< Must be supported.
const char *nameOf(ByteDotKind kind);          ///< "scalar", "avx2", "avx512-vnni".

} // namespace yingxun::vectors
