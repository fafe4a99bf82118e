// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

// Where the processor is known only at run time, the two inner loops exist twice.
#if defined(__x86_64__) && defined(__GNUC__)
#define YINGXUN_X86 1
#include <immintrin.h>
#endif

namespace yingxun::image {

namespace {

constexpr int kFractionBits = 22; // 32 bits hold 8 of colour, 2 for overshoot and the fraction.
constexpr std::int32_t kHalf = std::int32_t{1} << (kFractionBits - 1);

double cubic(double x)
{
    constexpr double a = -0.5;
    x = std::fabs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0)
        return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    return 0.0;
}

std::uint8_t toByte(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

/// One axis in fixed point.
struct FixedTaps {
    explicit FixedTaps(const Taps &axis) : taps(axis), weights(axis.fixedWeights()) {}

    const std::int32_t *weightsOf(int output) const
    {
        return weights.data() + static_cast<std::size_t>(output) * static_cast<std::size_t>(taps.stride);
    }

    const Taps &taps;
    std::vector<std::int32_t> weights;
};

void resampleRow(const std::uint8_t *row, std::uint8_t *target, int channels, const FixedTaps &fixed)
{
    for (int output = 0; output < fixed.taps.outputSize; ++output) {
        const auto i = static_cast<std::size_t>(output);
        const std::int32_t *weights = fixed.weightsOf(output);
        for (int channel = 0; channel < channels; ++channel) {
            const std::uint8_t *source = row + std::ptrdiff_t{fixed.taps.first[i]} * channels + channel;
            std::int32_t sum = kHalf;
            for (int tap = 0; tap < fixed.taps.count[i]; ++tap, source += channels)
                sum += weights[tap] * *source;
            *target++ = toByte(sum);
        }
    }
}

/// Adds `count` rows by weight. `sums` is scratch of rowBytes numbers.
[[gnu::always_inline]] inline void blendRows(const std::uint8_t *rows, std::size_t rowBytes,
                                             const std::int32_t *weights, int count, std::int32_t *sums,
                                             std::uint8_t *target)
{
    std::fill(sums, sums + rowBytes, kHalf);
    for (int tap = 0; tap < count; ++tap, rows += rowBytes) {
        const std::int32_t weight = weights[tap];
        for (std::size_t i = 0; i < rowBytes; ++i)
            sums[i] += weight * rows[i];
    }
    for (std::size_t i = 0; i < rowBytes; ++i)
        target[i] = toByte(sums[i]);
}

void blendRowsAnywhere(const std::uint8_t *rows, std::size_t rowBytes, const std::int32_t *weights, int count,
                       std::int32_t *sums, std::uint8_t *target)
{
    blendRows(rows, rowBytes, weights, count, sums, target);
}

#ifdef YINGXUN_X86

[[gnu::target("avx2")]] void blendRowsAvx2(const std::uint8_t *rows, std::size_t rowBytes,
                                           const std::int32_t *weights, int count, std::int32_t *sums,
                                           std::uint8_t *target)
{
    blendRows(rows, rowBytes, weights, count, sums, target);
}

// Two taps of an RGB pixel at a time read eight bytes for six, and an odd tap one pixel too many.
constexpr std::size_t kReadBeyond = 8;

/// The same as resampleRow() with three channels. Reads up to kReadBeyond bytes after the row and writes
/// one byte after the target.
[[gnu::target("avx2")]] void resampleRgbRowAvx2(const std::uint8_t *row, std::uint8_t *target,
                                                const FixedTaps &fixed)
{
    const __m128i spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    const __m256i pairs = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    for (int output = 0; output < fixed.taps.outputSize; ++output, target += 3) {
        const auto i = static_cast<std::size_t>(output);
        const std::int32_t *weights = fixed.weightsOf(output);
        const std::uint8_t *source = row + std::ptrdiff_t{fixed.taps.first[i]} * 3;
        __m256i sums = _mm256_setzero_si256();
        for (int tap = 0; tap < fixed.taps.count[i]; tap += 2, source += 6) {
            const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(source));
            const __m256i pixels = _mm256_cvtepu8_epi32(_mm_shuffle_epi8(bytes, spread));
            const __m128i two = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(weights + tap));
            const __m256i factors = _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(two), pairs);
            sums = _mm256_add_epi32(sums, _mm256_mullo_epi32(pixels, factors));
        }
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(kHalf)), kFractionBits);
        sum = _mm_packus_epi16(_mm_packs_epi32(sum, sum), sum);
        const int pixel = _mm_cvtsi128_si32(sum);
        std::memcpy(target, &pixel, sizeof pixel);
    }
}

bool hasAvx2()
{
    static const bool present = __builtin_cpu_supports("avx2") != 0;
    return present;
}

#endif

std::vector<std::uint8_t> resampleHorizontally(const std::vector<std::uint8_t> &samples, int width,
                                               int height, int channels, int newWidth)
{
    const Taps taps = bicubicTaps(width, newWidth);
    const FixedTaps fixed(taps);
    const std::size_t rowBytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    const std::size_t newRowBytes = static_cast<std::size_t>(newWidth) * static_cast<std::size_t>(channels);
    std::vector<std::uint8_t> result(newRowBytes * static_cast<std::size_t>(height) + 1);
    const auto rows = static_cast<std::size_t>(height);
    std::size_t y = 0;
#ifdef YINGXUN_X86
    // The last rows have too little behind them to be read in eights.
    if (channels == 3 && hasAvx2()) {
        for (; y < rows && (rows - 1 - y) * rowBytes >= kReadBeyond; ++y)
            resampleRgbRowAvx2(samples.data() + y * rowBytes, result.data() + y * newRowBytes, fixed);
    }
#endif
    for (; y < rows; ++y)
        resampleRow(samples.data() + y * rowBytes, result.data() + y * newRowBytes, channels, fixed);
    result.resize(newRowBytes * rows);
    return result;
}

std::vector<std::uint8_t> resampleVertically(const std::vector<std::uint8_t> &samples, std::size_t rowBytes,
                                             int height, int newHeight)
{
    const Taps taps = bicubicTaps(height, newHeight);
    const FixedTaps fixed(taps);
    std::vector<std::uint8_t> result(rowBytes * static_cast<std::size_t>(newHeight));
    std::vector<std::int32_t> sums(rowBytes);
    auto blend = blendRowsAnywhere;
#ifdef YINGXUN_X86
    if (hasAvx2())
        blend = blendRowsAvx2;
#endif
    for (int y = 0; y < newHeight; ++y) {
        const auto i = static_cast<std::size_t>(y);
        blend(samples.data() + static_cast<std::size_t>(taps.first[i]) * rowBytes, rowBytes,
              fixed.weightsOf(y), taps.count[i], sums.data(), result.data() + i * rowBytes);
    }
    return result;
}

} // namespace

std::vector<std::int32_t> Taps::fixedWeights() const
{
    std::vector<std::int32_t> result(weights.size());
    std::ranges::transform(weights, result.begin(), [](double weight) {
        const double scaled = weight * (1 << kFractionBits);
        return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return result;
}

Taps bicubicTaps(int inputSize, int outputSize)
{
    const double scale = static_cast<double>(inputSize) / outputSize;
    const double filterScale = std::max(scale, 1.0);
    const double support = 2.0 * filterScale;
    const double inverse = 1.0 / filterScale;
    Taps taps;
    taps.inputSize = inputSize;
    taps.outputSize = outputSize;
    taps.stride = (static_cast<int>(std::ceil(support)) * 2 + 2) / 2 * 2;
    taps.first.resize(static_cast<std::size_t>(outputSize));
    taps.count.resize(static_cast<std::size_t>(outputSize));
    taps.weights.resize(static_cast<std::size_t>(outputSize) * static_cast<std::size_t>(taps.stride));
    for (int output = 0; output < outputSize; ++output) {
        const double centre = (output + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int end = std::min(inputSize, static_cast<int>(centre + support + 0.5));
        const auto i = static_cast<std::size_t>(output);
        double *weights = taps.weights.data() + i * static_cast<std::size_t>(taps.stride);
        double sum = 0.0;
        for (int tap = 0; tap < end - first; ++tap) {
            weights[tap] = cubic((tap + first - centre + 0.5) * inverse);
            sum += weights[tap];
        }
        for (int tap = 0; tap < end - first && sum != 0.0; ++tap)
            weights[tap] /= sum;
        taps.first[i] = first;
        taps.count[i] = end - first;
    }
    return taps;
}

std::vector<std::uint8_t> resampleBytes(const std::vector<std::uint8_t> &samples, int width, int height,
                                        int channels, int newWidth, int newHeight)
{
    const std::size_t rowBytes = static_cast<std::size_t>(newWidth) * static_cast<std::size_t>(channels);
    if (newWidth == width && newHeight == height)
        return samples;
    if (newWidth == width)
        return resampleVertically(samples, rowBytes, height, newHeight);
    auto result = resampleHorizontally(samples, width, height, channels, newWidth);
    if (newHeight == height)
        return result;
    return resampleVertically(result, rowBytes, height, newHeight);
}

} // namespace yingxun::image
