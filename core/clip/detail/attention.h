// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace yingxun::clip::detail {

/// Scaled dot-product attention: softmax(q kᵀ / sqrt(d) + mask) v.
///
/// @param q,k,v  [batch, heads, tokens, d]
/// @param mask   additive, broadcastable to [batch, heads, tokens, tokens]; undefined: none.
/// @param dropout  probability on the attention weights; 0 outside training.
/// @return [batch, tokens of q, heads * d]
torch::Tensor attention(const torch::Tensor &q, const torch::Tensor &k, const torch::Tensor &v,
                        const torch::Tensor &mask, double dropout);

/// [batch, tokens, heads * d] -> [batch, heads, tokens, d]
torch::Tensor splitHeads(const torch::Tensor &x, int heads);

} // namespace yingxun::clip::detail
