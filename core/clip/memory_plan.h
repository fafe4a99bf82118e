// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/config.h"
#include "core/clip/device.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace yingxun::clip {

/// How many rows each tower takes at once, at least one.
struct RowsAtOnce {
    std::int64_t pictures = 1;
    std::int64_t texts = 1;
};

/// An estimate of the bytes that a model takes of its device's memory, on the safe side: what a CPU was seen
/// to take is at most that and at least half of it (tests/bench/bench_towers --memory). What libtorch's code
/// and a GPU's driver take by themselves is not counted.
///
/// Weights: weightCount() numbers, on a CPU those of texts always in float32: there they may stay so beside
/// pictures in bfloat16 (detail::ClipModule::place). One that packs those of linear layers
/// (detail/packed_weights.h) takes about half of it once the model is loaded, if fp16 holds them exactly.
/// Activations: what a tower has in memory at its widest place, in numbers a row, with S pixels a side, T
/// tokens, L tokens of context, width W, H heads, I intermediate.
///
/// ViT, a block's pixels, input, LayerNorm, q k v, copies of two, and scores: 3 S² + 7 T W + 2 H T².
///
/// ResNet, the first bottleneck's input and five maps of 4 W channels: 6 S² + 21 W (S/4)².
///
/// BERT, the larger of 8 L W + 2 H L² (as above, with the mask) and 6 L W + 2 L I.
///
/// Half as much again is added for workspaces and gaps, and a fixed sum for what they take of any batch.
/// Activations count as float32 whatever the precision: on a CPU libtorch convolves bfloat16 in it.
class MemoryPlan
{
public:
    /// @param precision  Not Auto.
    /// @param device     "cpu", "cuda:0"…
    MemoryPlan(const ModelConfig &config, Precision precision, std::string_view device);

    std::int64_t weights() const { return m_weights; }
    std::int64_t pictures(std::int64_t rows) const { return kWorkspace + rows * m_picture; }
    std::int64_t texts(std::int64_t rows) const { return kWorkspace + rows * m_text; }
    /// Weights, one picture and, beside it, one text.
    std::int64_t least() const { return m_weights + pictures(1) + texts(1); }

    /// The largest batches that fit beside each other and the weights into `budget`, which is at least
    /// least(). Texts get a quarter of what the weights leave.
    RowsAtOnce rowsWithin(std::int64_t budget) const;

private:
    static constexpr std::int64_t kWorkspace = std::int64_t{24} << 20;

    std::int64_t m_weights;
    std::int64_t m_picture;
    std::int64_t m_text;
};

/// Where a model runs that has to keep to a budget.
struct Placement {
    std::string device;
    Precision precision = Precision::Float32;
    std::int64_t budget = 0; ///< 0: none.
};

/// The wish itself if the model fits into its budget. If not, another device than the CPU is given up for it:
/// in float32 and without a budget, which was the other device's.
/// @param beyondHalf  numbers that the file does not hold in fp16, Checkpoint::numbersBeyondHalf(): a CPU has
///                    all of them in float32 before they become what the precision takes
/// Errors: InvalidArgument (it does not fit on the CPU; says how much is needed).
Result<Placement> placedWithin(const ModelConfig &config, const Placement &wish, std::int64_t beyondHalf);

} // namespace yingxun::clip
