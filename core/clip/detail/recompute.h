// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <functional>

namespace yingxun::clip::detail {

/// Gradient checkpointing (arXiv 1604.06174): computes body(x) without keeping what its backward needs, which
/// is computed again then, in the same precision. The result, its gradients and what dropout draws are the
/// same as without. Without gradients, or where x needs none, it is body(x).
torch::Tensor recomputed(const std::function<torch::Tensor(const torch::Tensor &)> &body,
                         const torch::Tensor &x);

} // namespace yingxun::clip::detail
