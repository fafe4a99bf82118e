// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace yingxun::vectors {

/// Rows that lie `stride` bytes apart, each of `length` IEEE half-precision numbers.
struct HalfRows {
    const std::byte *first = nullptr; ///< First number of the first row; 2-byte aligned.
    std::size_t stride = 0;           ///< Bytes, even.
    std::size_t count = 0;
    std::size_t length = 0; ///< Numbers a row, a multiple of kLengthStep (zeros fill the last step).
};

constexpr std::size_t kLengthStep = 16; ///< Numbers that every kernel takes at a time.

/// scores[i] = dot product of row i with `query` (`rows.length` floats), summed in float32.
using DotKernel = void (*)(const HalfRows &rows, const float *query, float *scores);

/// The processors' instruction sets that have a kernel, slowest first.
enum class DotKind { Scalar, Avx2, Avx512 };

bool isSupported(DotKind kind);    ///< By the processor that runs this program.
DotKind fastestDot();              ///< The best supported one.
DotKernel dotKernel(DotKind kind); ///< Must be supported.
const char *nameOf(DotKind kind);  ///< "scalar", "avx2", "avx512".

/// IEEE 754 binary16, rounded to nearest, ties to even; the same on every processor.
std::uint16_t halfFromFloat(float value);
float floatFromHalf(std::uint16_t half);

} // namespace yingxun::vectors
