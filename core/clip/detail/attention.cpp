// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/attention.h"

#include <torch/version.h>

#include <cmath>

namespace yingxun::clip::detail {

torch::Tensor splitHeads(const torch::Tensor &x, int heads)
{
    return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

torch::Tensor attention(const torch::Tensor &q, const torch::Tensor &k, const torch::Tensor &v,
                        const torch::Tensor &mask, double dropout)
{
#if TORCH_VERSION_MAJOR >= 2
    const c10::optional<torch::Tensor> bias =
        mask.defined() ? c10::optional<torch::Tensor>(mask) : c10::nullopt;
    torch::Tensor mixed = at::scaled_dot_product_attention(q, k, v, bias, dropout);
#else
    torch::Tensor scores = torch::matmul(q, k.transpose(-2, -1)) / std::sqrt(static_cast<double>(q.size(-1)));
    if (mask.defined())
        scores = scores + mask;
    torch::Tensor weights = torch::softmax(scores, -1);
    if (dropout > 0)
        weights = torch::dropout(weights, dropout, /*train=*/true);
    torch::Tensor mixed = torch::matmul(weights, v);
#endif
    mixed = mixed.transpose(1, 2);
    return mixed.reshape({mixed.size(0), mixed.size(1), mixed.size(2) * mixed.size(3)});
}

} // namespace yingxun::clip::detail
