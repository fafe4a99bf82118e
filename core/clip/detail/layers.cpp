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
