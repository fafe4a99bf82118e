// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/layers.h"

#include <cmath>

namespace yingxun::clip::detail {
namespace {

/// torch.nn's choice for linear and convolution weights: uniform within 1 / sqrt(fan in).
double bound(const torch::Tensor &weight)
{
    return 1 / std::sqrt(static_cast<double>(weight.numel()) / static_cast<double>(weight.size(0)));
}

} // namespace

torch::Tensor Linear::operator()(const torch::Tensor &x, float alpha, float beta) const
{
    if (m_packed)
        return m_packed->product(x, bias, alpha, beta);
    if (alpha == 1 && beta == 1)
        return torch::linear(x, weight, bias);
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = weight.size(0);
    return torch::addmm(bias, x.reshape({-1, x.size(-1)}), weight.t(), beta, alpha).view(shape);
}

void Linear::pack(const torch::Tensor &from)
{
    m_packed.emplace(from);
    weight.set_data(torch::empty({0}));
}

std::shared_ptr<Linear> Linear::joined(const std::vector<std::shared_ptr<Linear>> &parts)
{
    std::vector<PackedWeights *> weights;
    std::vector<torch::Tensor> biases;
    for (const auto &part : parts) {
        if (!part->isPacked())
            return nullptr;
        weights.push_back(&*part->m_packed);
        biases.push_back(part->bias);
    }
    auto packed = PackedWeights::joined(weights);
    if (!packed)
        return nullptr;
    auto whole = std::make_shared<Linear>(0, 0);
    whole->bias.set_data(torch::cat(biases));
    whole->m_packed = std::move(packed);
    return whole;
}

void Linear::initialise()
{
    const torch::NoGradGuard noGrad;
    weight.uniform_(-bound(weight), bound(weight));
    bias.uniform_(-bound(weight), bound(weight));
}

void Conv2d::initialise()
{
    const torch::NoGradGuard noGrad;
    weight.uniform_(-bound(weight), bound(weight));
}

} // namespace yingxun::clip::detail
