// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inner loop of a search: half as many bytes as in half precision, so it may cost half as much. The bytes
// are unsigned since VNNI multiplies unsigned bytes by signed ones; the query's numbers of 16 bits go through
// it as two of 8, which is still faster than memory. Where there are no vector instructions by hand, as for
// NEON, the compiler finds those for the scalar loop.
#include "core/vectors/byte_dot.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace yingxun::vectors {

namespace {

constexpr double kLargestNumber = 127 * 256; // Of which the high part is still a signed byte.
constexpr double kLargestSum = 0x1p31 / 256; // Of absolute numbers: times 255 it is within 32 bits.

void byteDotScalar(const ByteRows &rows, const ByteQuery &query, std::int32_t *sums)
{
    const std::int16_t *numbers = query.numbers.data();
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *bytes = rows.first + row * rows.stride;
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < rows.length; ++i)
            sum += std::to_integer<std::int32_t>(bytes[i]) * numbers[i];
        sums[row] = sum;
    }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) __m256i products16(const std::byte *bytes, const std::int16_t *numbers)
{
    const __m256i row = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes)));
    return _mm256_madd_epi16(row, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(numbers)));
}

__attribute__((target("avx2"))) void byteDotAvx2(const ByteRows &rows, const ByteQuery &query,
                                                 std::int32_t *sums)
{
    const std::int16_t *numbers = query.numbers.data();
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *bytes = rows.first + row * rows.stride;
        __m256i a = _mm256_setzero_si256(), b = a;
        for (std::size_t i = 0; i < rows.length; i += 32) {
            a = _mm256_add_epi32(a, products16(bytes + i, numbers + i));
            b = _mm256_add_epi32(b, products16(bytes + i + 16, numbers + i + 16));
        }
        a = _mm256_add_epi32(a, b);
        __m128i four = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
        four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
        four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
        sums[row] = _mm_cvtsi128_si32(four);
    }
}

__attribute__((target("avx512f,avx512bw,avx512vnni"))) void
byteDotVnni(const ByteRows &rows, const ByteQuery &query, std::int32_t *sums)
{
    const std::int8_t *high = query.high.data();
    const std::int8_t *low = query.low.data();
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *bytes = rows.first + row * rows.stride;
        __m512i a = _mm512_setzero_si512(), b = a;
        for (std::size_t i = 0; i < rows.length; i += kByteStep) {
            const __m512i numbers = _mm512_loadu_si512(bytes + i);
            a = _mm512_dpbusd_epi32(a, numbers, _mm512_loadu_si512(high + i));
            b = _mm512_dpbusd_epi32(b, numbers, _mm512_loadu_si512(low + i));
        }
        // What leaves 32 bits on the way comes back: the sum of all does not.
        a = _mm512_add_epi32(_mm512_maskz_slli_epi32(0xffff, a, 8), b); // As in dot.cpp for GCC 12.
        alignas(64) std::uint32_t lanes[16];
        _mm512_store_si512(lanes, a);
        std::uint32_t sum = 0;
        for (const std::uint32_t lane : lanes)
            sum += lane;
        sums[row] = static_cast<std::int32_t>(sum);
    }
}

#endif

} // namespace

ByteQuery::ByteQuery(std::span<const float> query, std::size_t paddedLength)
    : numbers(paddedLength), high(paddedLength), low(paddedLength)
{
    double largest = 0;
    double sum = 0;
    double squares = 0;
    for (const float x : query) {
        const double value = std::abs(static_cast<double>(x));
        largest = std::max(largest, value);
        sum += value;
        squares += value * value;
    }
    length = std::sqrt(squares);
    // Rounding may add a half to each.
    const double most = kLargestSum - static_cast<double>(paddedLength);
    const double finest = std::max(largest / kLargestNumber, sum / most);
    scale = static_cast<float>(finest);
    if (static_cast<double>(scale) < finest)
        scale = std::nextafter(scale, std::numeric_limits<float>::infinity());
    double errors = 0;
    std::int32_t all = 0;
    for (std::size_t i = 0; scale > 0 && i < query.size(); ++i) {
        const double value = static_cast<double>(query[i]);
        numbers[i] = static_cast<std::int16_t>(std::lround(value / static_cast<double>(scale)));
        high[i] = static_cast<std::int8_t>((numbers[i] + 128) >> 8);
        low[i] = static_cast<std::int8_t>(numbers[i] - 256 * high[i]);
        all += numbers[i];
        const double off = value - static_cast<double>(scale) * numbers[i];
        errors += off * off;
    }
    error = std::sqrt(errors);
    zero = kByteZero * all;
}

bool isSupported(ByteDotKind kind)
{
#if defined(__x86_64__)
    if (kind == ByteDotKind::Avx2)
        return __builtin_cpu_supports("avx2");
    if (kind == ByteDotKind::Avx512Vnni)
        return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
#endif
    return kind == ByteDotKind::Scalar;
}

ByteDotKind fastestByteDot()
{
    for (const ByteDotKind kind : {ByteDotKind::Avx512Vnni, ByteDotKind::Avx2}) {
        if (isSupported(kind))
            return kind;
    }
    return ByteDotKind::Scalar;
}

ByteDotKernel byteDotKernel(ByteDotKind kind)
{
#if defined(__x86_64__)
    if (kind == ByteDotKind::Avx512Vnni)
        return byteDotVnni;
    if (kind == ByteDotKind::Avx2)
        return byteDotAvx2;
#endif
    static_cast<void>(kind);
    return byteDotScalar;
}

const char *nameOf(ByteDotKind kind)
{
    return kind == ByteDotKind::Avx512Vnni ? "avx512-vnni" : kind == ByteDotKind::Avx2 ? "avx2" : "scalar";
}

} // namespace yingxun::vectors
