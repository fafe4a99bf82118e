// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/few_rows.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace yingxun::clip::detail {
namespace {

constexpr std::int64_t kFewRows = 64; // One text of any length; far above, a BLAS does better.

#if defined(__x86_64__)

constexpr std::int64_t kVector = 8;     // Floats of a register.
constexpr int kOutputs = 3;             // Computed together, of
constexpr std::int64_t kRowsAtOnce = 4; // so many rows: twelve sums, and the registers are used up.
constexpr std::int64_t kGrain = 32;     // Groups of outputs that are worth a thread.

struct Product {
    const float *x;      ///< [rows, in]
    const float *weight; ///< [out, in]
    const float *bias;   ///< [out]
    float *y;            ///< [rows, out]
    std::int64_t in;
    std::int64_t out;
};

__attribute__((target("avx2,fma"))) float sumOf(__m256 v)
{
    const __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
}

/// kOutputs outputs (at the end of the matrix some of them twice) of `Rows` rows from `row` on.
template<int Rows>
__attribute__((target("avx2,fma"))) void block(const Product &p, std::int64_t row,
                                               const std::int64_t (&outputs)[kOutputs])
{
    const float *x = p.x + row * p.in;
    const float *w[kOutputs];
    __m256 sums[Rows][kOutputs];
    for (int o = 0; o < kOutputs; ++o) {
        w[o] = p.weight + outputs[o] * p.in;
        for (int i = 0; i < Rows; ++i)
            sums[i][o] = _mm256_setzero_ps();
    }
    std::int64_t k = 0;
    for (; k + kVector <= p.in; k += kVector) {
        __m256 weights[kOutputs];
        for (int o = 0; o < kOutputs; ++o) {
            weights[o] = _mm256_loadu_ps(w[o] + k);
            // What the next outputs need: by itself the processor does not run ahead over rows so short.
            _mm_prefetch(reinterpret_cast<const char *>(w[o] + kOutputs * p.in + k), _MM_HINT_T0);
        }
        for (int i = 0; i < Rows; ++i) {
            __m256 value = _mm256_loadu_ps(x + i * p.in + k);
            asm("" : "+x"(value)); // Loaded once, not with each product.
            for (int o = 0; o < kOutputs; ++o)
                sums[i][o] = _mm256_fmadd_ps(weights[o], value, sums[i][o]);
        }
    }
    for (int i = 0; i < Rows; ++i) {
        for (int o = 0; o < kOutputs; ++o) {
            float sum = sumOf(sums[i][o]) + p.bias[outputs[o]];
            for (std::int64_t rest = k; rest < p.in; ++rest)
                sum += w[o][rest] * x[i * p.in + rest];
            p.y[(row + i) * p.out + outputs[o]] = sum;
        }
    }
}

void someOutputs(const Product &p, std::int64_t rows, std::int64_t first)
{
    std::int64_t outputs[kOutputs];
    for (int o = 0; o < kOutputs; ++o)
        outputs[o] = std::min(first + o, p.out - 1);
    std::int64_t row = 0;
    for (; row + kRowsAtOnce <= rows; row += kRowsAtOnce)
        block<kRowsAtOnce>(p, row, outputs);
    switch (rows - row) {
    case 3:
        return block<3>(p, row, outputs);
    case 2:
        return block<2>(p, row, outputs);
    case 1:
        return block<1>(p, row, outputs);
    default:
        return;
    }
}

bool hasUnits()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has;
}

#else

bool hasUnits()
{
    return false;
}

#endif

bool isPlain(const torch::Tensor &tensor)
{
    return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat && tensor.is_contiguous();
}

} // namespace

bool suitsFewRows(const torch::Tensor &x, const torch::Tensor &weight)
{
    return !torch::GradMode::is_enabled() && hasUnits() && isPlain(x) && isPlain(weight) && x.numel() > 0 &&
           x.numel() / x.size(-1) <= kFewRows;
}

torch::Tensor linearOfFewRows(const torch::Tensor &x, const torch::Tensor &weight, const torch::Tensor &bias)
{
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = weight.size(0);
    torch::Tensor y = torch::empty(shape, x.options());
#if defined(__x86_64__)
    const std::int64_t rows = x.numel() / x.size(-1);
    const Product p{x.data_ptr<float>(), weight.data_ptr<float>(), bias.data_ptr<float>(),
                    y.data_ptr<float>(), weight.size(1),           weight.size(0)};
    at::parallel_for(0, (p.out + kOutputs - 1) / kOutputs, kGrain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t group = begin; group < end; ++group)
            someOutputs(p, rows, kOutputs * group);
    });
#endif
    return y;
}

} // namespace yingxun::clip::detail
