// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/packed_weights.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace yingxun::clip::detail {
namespace {

constexpr std::int64_t kTile = 16;              // Outputs of a tile: one register of AVX-512, two of AVX2.
constexpr std::int64_t kVector = 8;             // Floats of a register of AVX2.
constexpr std::int64_t kMostRows = 12;          // At a time, with AVX-512; a typed query is one group.
constexpr std::int64_t kRowsOfAvx2 = 6;         // Twelve sums, and the registers are used up.
constexpr std::int64_t kBlockBytes = 256 << 10; // Of x, that stay in the second-level cache.
constexpr std::int64_t kWorthAThread = 1 << 18; // Multiplications.
constexpr std::int64_t kWorthAThreadToCopy = 1 << 15; // Numbers.

bool hasAvx512()
{
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx512f");
    return has;
#else
    return false;
#endif
}

/// Rows in groups of nearly the same size: a group of one or two would wait for its own sums.
struct Groups {
    explicit Groups(std::int64_t rows)
        : most(hasAvx512() ? kMostRows : kRowsOfAvx2), count((rows + most - 1) / most), size(rows / count),
          larger(rows % count)
    {
    }
    std::int64_t begin(std::int64_t group) const { return group * size + std::min(group, larger); }

    std::int64_t most;
    std::int64_t count;
    std::int64_t size;
    std::int64_t larger; ///< So many of them, the first, have one row more.
};

/// x [Rows, in] -> [in, Rows]
template<std::int64_t Rows>
void transpose(const float *x, std::int64_t in, float *to)
{
    for (std::int64_t k = 0; k < in; ++k) {
#pragma GCC unroll 16
        for (std::int64_t r = 0; r < Rows; ++r)
            to[k * Rows + r] = x[r * in + k];
    }
}

/// x for the kernel: of each group [in, rows of the group], one after the other.
void packRows(const float *x, const Groups &groups, std::int64_t in, float *to)
{
    using Transpose = void (*)(const float *, std::int64_t, float *);
    constexpr std::array<Transpose, kMostRows> kTransposes{
        transpose<1>, transpose<2>, transpose<3>, transpose<4>,  transpose<5>,  transpose<6>,
        transpose<7>, transpose<8>, transpose<9>, transpose<10>, transpose<11>, transpose<12>};
    const std::int64_t grain = std::max<std::int64_t>(1, kWorthAThreadToCopy / (in * groups.most));
    at::parallel_for(0, groups.count, grain, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t group = first; group < last; ++group) {
            const std::int64_t row = groups.begin(group);
            const std::int64_t rows = groups.begin(group + 1) - row;
            kTransposes[static_cast<std::size_t>(rows - 1)](x + row * in, in, to + row * in);
        }
    });
}

template<typename Number>
void packTiles(const Number *weight, std::int64_t out, std::int64_t in, Number *to)
{
    const std::int64_t tiles = (out + kTile - 1) / kTile;
    const std::int64_t grain = std::max<std::int64_t>(1, kWorthAThreadToCopy / (in * kTile));
    at::parallel_for(0, tiles, grain, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t tile = first; tile < last; ++tile) {
            Number *place = to + tile * kTile * in;
            const std::int64_t outputs = std::min(kTile, out - tile * kTile);
            if (outputs < kTile)
                std::fill(place, place + kTile * in, Number(0.0F));
            for (std::int64_t o = 0; o < outputs; ++o) {
                const Number *row = weight + (tile * kTile + o) * in;
                for (std::int64_t k = 0; k < in; ++k)
                    place[k * kTile + o] = row[k];
            }
        }
    });
}

#if defined(__x86_64__)

#define YINGXUN_KERNEL __attribute__((target("avx2,fma,f16c")))

YINGXUN_KERNEL inline __m256 eight(const float *numbers)
{
    return _mm256_loadu_ps(numbers);
}

YINGXUN_KERNEL inline __m256 eight(const c10::Half *numbers)
{
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i *>(numbers)));
}

/// A tile's outputs of a group of rows: y [Rows, 16] = alpha x wᵀ + addend.
template<int Rows, typename Number>
YINGXUN_KERNEL void tileOfRows(const Number *w, const float *x, std::int64_t in, float alpha,
                               const float *addend, float *y, std::int64_t stride)
{
    // What the next steps need: by itself the processor does not run ahead of a product this fast.
    constexpr std::int64_t kAhead = 1024;
    // All loops over sums are unrolled: otherwise they lie in memory, not in registers.
    __m256 low[Rows];
    __m256 high[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r)
        low[r] = high[r] = _mm256_setzero_ps();
    for (std::int64_t k = 0; k < in; ++k) {
        const Number *at = w + k * kTile;
        _mm_prefetch(reinterpret_cast<const char *>(at + kAhead), _MM_HINT_T0);
        const __m256 first = eight(at);
        const __m256 second = eight(at + kVector);
#pragma GCC unroll 8
        for (int r = 0; r < Rows; ++r) {
            const __m256 value = _mm256_broadcast_ss(x + k * Rows + r);
            low[r] = _mm256_fmadd_ps(first, value, low[r]);
            high[r] = _mm256_fmadd_ps(second, value, high[r]);
        }
    }
    const __m256 factor = _mm256_set1_ps(alpha);
    const __m256 addLow = _mm256_loadu_ps(addend);
    const __m256 addHigh = _mm256_loadu_ps(addend + kVector);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
        _mm256_storeu_ps(y + r * stride, _mm256_fmadd_ps(low[r], factor, addLow));
        _mm256_storeu_ps(y + r * stride + kVector, _mm256_fmadd_ps(high[r], factor, addHigh));
    }
}

#define YINGXUN_WIDE_KERNEL __attribute__((target("avx512f")))

YINGXUN_WIDE_KERNEL inline __m512 sixteen(const float *numbers)
{
    return _mm512_loadu_ps(numbers);
}

YINGXUN_WIDE_KERNEL inline __m512 sixteen(const c10::Half *numbers)
{
    // Of the form without a mask GCC 12 warns that its result is not initialised.
    return _mm512_maskz_cvtph_ps(0xFFFF, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(numbers)));
}

/// As tileOfRows().
template<int Rows, typename Number>
YINGXUN_WIDE_KERNEL void wideTileOfRows(const Number *w, const float *x, std::int64_t in, float alpha,
                                        const float *addend, float *y, std::int64_t stride)
{
    constexpr std::int64_t kAhead = 1024;
    __m512 sums[Rows];
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r)
        sums[r] = _mm512_setzero_ps();
    for (std::int64_t k = 0; k < in; ++k) {
        const Number *at = w + k * kTile;
        _mm_prefetch(reinterpret_cast<const char *>(at + kAhead), _MM_HINT_T0);
        const __m512 weights = sixteen(at);
#pragma GCC unroll 16
        for (int r = 0; r < Rows; ++r)
            sums[r] = _mm512_fmadd_ps(weights, _mm512_set1_ps(x[k * Rows + r]), sums[r]);
    }
    const __m512 factor = _mm512_set1_ps(alpha);
    const __m512 add = _mm512_loadu_ps(addend);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r)
        _mm512_storeu_ps(y + r * stride, _mm512_fmadd_ps(sums[r], factor, add));
}

template<typename Number>
void tileOfGroup(std::int64_t rows, const Number *w, const float *x, std::int64_t in, float alpha,
                 const float *addend, float *y, std::int64_t stride)
{
    using Kernel =
        void (*)(const Number *, const float *, std::int64_t, float, const float *, float *, std::int64_t);
    constexpr std::array<Kernel, kRowsOfAvx2> kKernels{tileOfRows<1, Number>, tileOfRows<2, Number>,
                                                       tileOfRows<3, Number>, tileOfRows<4, Number>,
                                                       tileOfRows<5, Number>, tileOfRows<6, Number>};
    constexpr std::array<Kernel, kMostRows> kWideKernels{
        wideTileOfRows<1, Number>,  wideTileOfRows<2, Number>,  wideTileOfRows<3, Number>,
        wideTileOfRows<4, Number>,  wideTileOfRows<5, Number>,  wideTileOfRows<6, Number>,
        wideTileOfRows<7, Number>,  wideTileOfRows<8, Number>,  wideTileOfRows<9, Number>,
        wideTileOfRows<10, Number>, wideTileOfRows<11, Number>, wideTileOfRows<12, Number>};
    const auto at = static_cast<std::size_t>(rows - 1);
    (hasAvx512() ? kWideKernels[at] : kKernels[at])(w, x, in, alpha, addend, y, stride);
}

#else

template<typename Number>
void tileOfGroup(std::int64_t, const Number *, const float *, std::int64_t, float, const float *, float *,
                 std::int64_t)
{
}

#endif

/// @param x  as packRows() leaves it.
template<typename Number>
void multiply(const Number *tiles, std::int64_t in, std::int64_t out, const float *x, const Groups &groups,
              float alpha, const std::vector<float> &addend, float *y)
{
    const std::int64_t tileCount = (out + kTile - 1) / kTile;
    const std::int64_t blockGroups = std::max<std::int64_t>(
        1, kBlockBytes / (static_cast<std::int64_t>(sizeof(float)) * in * groups.most));
    const std::int64_t blocks = (groups.count + blockGroups - 1) / blockGroups;
    const std::int64_t multiplications =
        in * kTile * std::min(groups.begin(groups.count), blockGroups * groups.most);
    const std::int64_t grain = std::max<std::int64_t>(1, kWorthAThread / multiplications);
    at::parallel_for(0, blocks * tileCount, grain, [&](std::int64_t first, std::int64_t last) {
        std::array<float, kMostRows * kTile> partial; // Of the last tile, which may have fewer outputs.
        for (std::int64_t item = first; item < last; ++item) {
            const std::int64_t tile = item % tileCount;
            const std::int64_t outputs = std::min(kTile, out - tile * kTile);
            const std::int64_t begin = item / tileCount * blockGroups;
            for (std::int64_t group = begin; group < std::min(begin + blockGroups, groups.count); ++group) {
                const std::int64_t row = groups.begin(group);
                const std::int64_t rows = groups.begin(group + 1) - row;
                float *place = y + row * out + tile * kTile;
                const bool isWhole = outputs == kTile;
                tileOfGroup(rows, tiles + tile * kTile * in, x + row * in, in, alpha,
                            addend.data() + tile * kTile, isWhole ? place : partial.data(),
                            isWhole ? out : kTile);
                for (std::int64_t r = 0; r < rows && !isWhole; ++r)
                    std::copy_n(partial.data() + r * kTile, outputs, place + r * out);
            }
        }
    });
}

} // namespace

bool PackedWeights::isSupported()
{
#if defined(__x86_64__)
    static const bool has =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    return has;
#else
    return false;
#endif
}

PackedWeights::PackedWeights(const torch::Tensor &weight) : m_out(weight.size(0))
{
    torch::Tensor source = weight.contiguous();
    if (source.scalar_type() == torch::kFloat) {
        torch::Tensor half = source.to(torch::kHalf);
        if (half.to(torch::kFloat).equal(source))
            source = half;
    }
    const std::int64_t in = source.size(1);
    m_tiles = torch::empty({(m_out + kTile - 1) / kTile, in, kTile}, source.options());
    if (source.scalar_type() == torch::kHalf)
        packTiles(source.data_ptr<c10::Half>(), m_out, in, m_tiles.data_ptr<c10::Half>());
    else
        packTiles(source.data_ptr<float>(), m_out, in, m_tiles.data_ptr<float>());
}

std::optional<PackedWeights> PackedWeights::joined(const std::vector<PackedWeights *> &parts)
{
    std::vector<torch::Tensor> tiles;
    std::int64_t out = 0;
    for (const PackedWeights *part : parts) {
        if (part->m_out % kTile != 0 || part->m_tiles.scalar_type() != parts.front()->m_tiles.scalar_type())
            return {};
        tiles.push_back(part->m_tiles);
        out += part->m_out;
    }
    const torch::Tensor all = torch::cat(tiles);
    std::int64_t first = 0;
    for (PackedWeights *part : parts) {
        part->m_tiles = all.narrow(0, first, part->m_tiles.size(0));
        first += part->m_tiles.size(0);
    }
    return PackedWeights(all, out);
}

torch::Tensor PackedWeights::product(const torch::Tensor &x, const torch::Tensor &bias, float alpha,
                                     float beta) const
{
    const torch::Tensor source = x.contiguous();
    const std::int64_t in = m_tiles.size(1);
    std::vector<std::int64_t> shape = source.sizes().vec();
    shape.back() = m_out;
    torch::Tensor y = torch::empty(shape, source.options());
    if (y.numel() == 0)
        return y;
    const Groups groups(source.numel() / in);
    const torch::Tensor packed = torch::empty({source.numel()}, source.options());
    packRows(source.data_ptr<float>(), groups, in, packed.data_ptr<float>());
    std::vector<float> addend(static_cast<std::size_t>(m_tiles.size(0) * kTile));
    std::transform(bias.data_ptr<float>(), bias.data_ptr<float>() + m_out, addend.begin(),
                   [beta](float value) { return beta * value; });
    if (m_tiles.scalar_type() == torch::kHalf)
        multiply(m_tiles.data_ptr<c10::Half>(), in, m_out, packed.data_ptr<float>(), groups, alpha, addend,
                 y.data_ptr<float>());
    else
        multiply(m_tiles.data_ptr<float>(), in, m_out, packed.data_ptr<float>(), groups, alpha, addend,
                 y.data_ptr<float>());
    return y;
}

} // namespace yingxun::clip::detail
