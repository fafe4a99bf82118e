// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/detail/packed_weights.h"

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <vector>

/// Layers whose weights are not drawn when they are made, as those of torch::nn are: of ViT-H that alone
/// takes longer than reading its weights from the disk. initialise() draws what torch::nn would.
namespace yingxun::clip::detail {

class Linear;

/// A module that holds a linear layer, or is one.
class HasLinear
{
public:
    virtual ~HasLinear() = default;
    virtual Linear &linear() = 0;
};

/// x [..., in] -> [..., out]
class Linear : public torch::nn::Module, public HasLinear
{
public:
    Linear(int in, int out)
        : weight(register_parameter("weight", torch::empty({out, in}))),
          bias(register_parameter("bias", torch::empty({out})))
    {
    }

    /// alpha x wᵀ + beta b
    torch::Tensor operator()(const torch::Tensor &x, float alpha = 1, float beta = 1) const;
    void initialise();
    Linear &linear() override { return *this; }

    /// From now on for inference on the CPU, in float32: `from`, [out, in], takes the place of the weight,
    /// which is given up.
    void pack(const torch::Tensor &from);
    bool isPacked() const { return m_packed.has_value(); }

    /// Packed layers with the same inputs as one layer, whose outputs follow each other, in the same memory.
    /// Null where that cannot be.
    static std::shared_ptr<Linear> joined(const std::vector<std::shared_ptr<Linear>> &parts);

    torch::Tensor weight; ///< [out, in]; packed: empty.
    torch::Tensor bias;   ///< [out]

private:
    std::optional<PackedWeights> m_packed;
};

/// x [N, in, H, W] -> [N, out, H', W'], without bias.
class Conv2d : public torch::nn::Module
{
public:
    Conv2d(int in, int out, int kernel, int stride, int padding)
        : weight(register_parameter("weight", torch::empty({out, in, kernel, kernel}))), m_stride(stride),
          m_padding(padding)
    {
    }

    torch::Tensor operator()(const torch::Tensor &x) const
    {
        return torch::conv2d(x, weight, {}, m_stride, m_padding);
    }
    void initialise();

    torch::Tensor weight; ///< [out, in, kernel, kernel]

private:
    int m_stride;
    int m_padding;
};

/// ids -> [..., width]; row 0, the padding's, gets no gradient.
class Embedding : public torch::nn::Module
{
public:
    Embedding(int count, int width, bool hasPadding)
        : weight(register_parameter("weight", torch::empty({count, width}))), m_padding(hasPadding ? 0 : -1)
    {
    }

    torch::Tensor operator()(const torch::Tensor &ids) const
    {
        return torch::embedding(weight, ids, m_padding);
    }

    torch::Tensor weight; ///< [count, width]

private:
    std::int64_t m_padding;
};

} // namespace yingxun::clip::detail
