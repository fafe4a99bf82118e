// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace yingxun::train {

/// The symmetric contrastive loss of CLIP: the mean of the cross-entropies over rows and columns of
/// scale * images · textsᵀ.
///
/// @param images  [N, D] unit rows
/// @param texts   [T, D] unit rows; row i is the text of image i for i < N, further rows are negatives only
/// @param scale   scalar, exp(logit_scale)
/// @param positives  [N, T] bool, undefined: the diagonal, as in the reference. Where annotations say that
///   a text fits several images of the batch (a class name), the target is uniform over them (UniCL,
///   arXiv 2204.03610); without such pairs both are the same number. A text without any image in the
///   batch takes part as a negative only.
/// @param compared  [N, T] bool, undefined: all true. Pairs that are neither right nor wrong are left out of
///   both sums; every positive pair must be compared.
torch::Tensor contrastiveLoss(const torch::Tensor &images, const torch::Tensor &texts,
                              const torch::Tensor &scale, const torch::Tensor &positives = {},
                              const torch::Tensor &compared = {});

/// The distillation loss of the reference: 1 - mean cosine between teacher and student image features,
/// the student's [N, D] stretched to the teacher's dimension as a picture, bilinearly.
torch::Tensor distillationLoss(const torch::Tensor &teacher, const torch::Tensor &student);

} // namespace yingxun::train
