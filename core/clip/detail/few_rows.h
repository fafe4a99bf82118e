// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace yingxun::clip::detail {

/// Whether linearOfFewRows() can compute it, and is faster than a BLAS: float32 in memory, without gradients,
/// at most 64 rows (one text of any length), on a processor with AVX2 and FMA.
bool suitsFewRows(const torch::Tensor &x, const torch::Tensor &weight);

/// x wᵀ + bias of a typed query's few tokens. A BLAS copies the weights into its own order first, which costs
/// more than the product; here they are read once, as they lie.
///
/// @param x  [..., in], weight [out, in], bias [out]
/// @return [..., out]
torch::Tensor linearOfFewRows(const torch::Tensor &x, const torch::Tensor &weight, const torch::Tensor &bias);

} // namespace yingxun::clip::detail
