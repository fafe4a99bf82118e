// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inner loop of every search. A scan reads each row once, so memory sets its pace: rows are kept
// in half precision, converted in registers (F16C, AVX-512F), and multiplied in several independent
// sums so that the latency of a multiply-add never waits on the one before. The kernels are compiled
// by `target` attributes into the one generic binary and chosen at run time.
#include "core/vectors/dot.h"

#include <bit>
#include <cstring>
#include <initializer_list>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace yingxun::vectors {

namespace {

std::uint16_t halfAt(const std::byte *address)
{
    std::uint16_t half = 0;
    std::memcpy(&half, address, sizeof half);
    return half;
}

void dotScalar(const HalfRows &rows, const float *query, float *scores)
{
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *numbers = rows.first + row * rows.stride;
        float sum = 0;
        for (std::size_t i = 0; i < rows.length; ++i)
            sum += floatFromHalf(halfAt(numbers + 2 * i)) * query[i];
        scores[row] = sum;
    }
}

#if defined(__x86_64__)

__attribute__((target("avx2,f16c,fma"))) __m256 load8(const std::byte *numbers)
{
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i *>(numbers)));
}

__attribute__((target("avx2,f16c,fma"))) float sumOf(__m256 v)
{
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

__attribute__((target("avx2,f16c,fma"))) void dotAvx2(const HalfRows &rows, const float *query, float *scores)
{
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *numbers = rows.first + row * rows.stride;
        __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
        std::size_t i = 0;
        for (; i + 32 <= rows.length; i += 32) {
            a = _mm256_fmadd_ps(load8(numbers + 2 * i), _mm256_loadu_ps(query + i), a);
            b = _mm256_fmadd_ps(load8(numbers + 2 * i + 16), _mm256_loadu_ps(query + i + 8), b);
            c = _mm256_fmadd_ps(load8(numbers + 2 * i + 32), _mm256_loadu_ps(query + i + 16), c);
            d = _mm256_fmadd_ps(load8(numbers + 2 * i + 48), _mm256_loadu_ps(query + i + 24), d);
        }
        if (i < rows.length) {
            a = _mm256_fmadd_ps(load8(numbers + 2 * i), _mm256_loadu_ps(query + i), a);
            b = _mm256_fmadd_ps(load8(numbers + 2 * i + 16), _mm256_loadu_ps(query + i + 8), b);
        }
        scores[row] = sumOf(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
    }
}

__attribute__((target("avx512f"))) __m512 load16(const std::byte *numbers)
{
    // The masked form with every lane set: GCC 12 warns about the plain one's undefined source.
    return _mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(numbers)));
}

__attribute__((target("avx512f"))) void dotAvx512(const HalfRows &rows, const float *query, float *scores)
{
    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::byte *numbers = rows.first + row * rows.stride;
        __m512 a = _mm512_setzero_ps(), b = a;
        std::size_t i = 0;
        for (; i + 32 <= rows.length; i += 32) {
            a = _mm512_fmadd_ps(load16(numbers + 2 * i), _mm512_loadu_ps(query + i), a);
            b = _mm512_fmadd_ps(load16(numbers + 2 * i + 32), _mm512_loadu_ps(query + i + 16), b);
        }
        if (i < rows.length)
            a = _mm512_fmadd_ps(load16(numbers + 2 * i), _mm512_loadu_ps(query + i), a);
        alignas(64) float lanes[16];
        _mm512_store_ps(lanes, _mm512_add_ps(a, b));
        float sum = 0;
        for (const float lane : lanes)
            sum += lane;
        scores[row] = sum;
    }
}

#endif

} // namespace

bool isSupported(DotKind kind)
{
#if defined(__x86_64__)
    // Every processor with AVX2 has F16C, which Clang 14 cannot ask for.
    if (kind == DotKind::Avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (kind == DotKind::Avx512)
        return __builtin_cpu_supports("avx512f");
#endif
    return kind == DotKind::Scalar;
}

DotKind fastestDot()
{
    for (const DotKind kind : {DotKind::Avx512, DotKind::Avx2}) {
        if (isSupported(kind))
            return kind;
    }
    return DotKind::Scalar;
}

DotKernel dotKernel(DotKind kind)
{
#if defined(__x86_64__)
    if (kind == DotKind::Avx512)
        return dotAvx512;
    if (kind == DotKind::Avx2)
        return dotAvx2;
#endif
    static_cast<void>(kind);
    return dotScalar;
}

const char *nameOf(DotKind kind)
{
    return kind == DotKind::Avx512 ? "avx512" : kind == DotKind::Avx2 ? "avx2" : "scalar";
}

std::uint16_t halfFromFloat(float value)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000u;
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u)
        return static_cast<std::uint16_t>(sign | 0x7e00u); // NaN
    if (magnitude >= 0x477ff000u)
        return static_cast<std::uint16_t>(sign | 0x7c00u); // Rounds to 65536 or more: infinity.
    if (magnitude < 0x38800000u) {
        // Below 2^-14: adding 0.5 lets the processor round the number to a multiple of 2^-24.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u));
    }
    const std::uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1u);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
}

float floatFromHalf(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t magnitude = half & 0x7fffu;
    if (magnitude < 0x400u) { // Zero or subnormal: a multiple of 2^-24.
        const float value = static_cast<float>(magnitude) * 0x1p-24f;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
    }
    const std::uint32_t exponentShift = magnitude >= 0x7c00u ? 0x70000000u : 0x38000000u;
    return std::bit_cast<float>(((magnitude << 13) + exponentShift) | sign);
}

} // namespace yingxun::vectors
