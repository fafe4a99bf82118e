// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace yingxun::clip::detail {

/// The weights of a linear layer in the order in which a processor's product reads them. A BLAS copies them
/// into its own order at every call, which for a typed query costs more than the product; here that is done
/// once. Numbers that fp16 holds exactly, as all are that a model was published with in fp16, are kept so:
/// half the memory to hold and to read, and the same result, for the arithmetic is float32.
/// Threads: constant once made; product() uses libtorch's threads.
class PackedWeights
{
public:
    /// Whether this processor has the instructions: AVX2, FMA and F16C.
    static bool isSupported();

    /// Copies. @param weight  [out, in], fp16 or float32, on the CPU. Only where isSupported().
    explicit PackedWeights(const torch::Tensor &weight);

    /// The outputs of all parts one after the other, from one product; the parts have as many inputs, and
    /// share its memory from now on. None where a tile would hold outputs of two, or some numbers are fp16
    /// and others are not.
    static std::optional<PackedWeights> joined(const std::vector<PackedWeights *> &parts);

    /// alpha x wᵀ + beta bias, as torch::addmm() has them.
    ///
    /// @param x     [..., in] float32, on the CPU; no gradient flows.
    /// @param bias  [out] float32
    /// @return [..., out] float32
    torch::Tensor product(const torch::Tensor &x, const torch::Tensor &bias, float alpha = 1,
                          float beta = 1) const;

private:
    PackedWeights(torch::Tensor tiles, std::int64_t out) : m_tiles(std::move(tiles)), m_out(out) {}

    torch::Tensor m_tiles; ///< [out / 16, in, 16], fp16 or float32; the last outputs are padded with zeros.
    std::int64_t m_out;
};

} // namespace yingxun::clip::detail
