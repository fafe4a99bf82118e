// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/detail/clip_module.h"
#include "core/train/batches.h"
#include "core/train/trainer.h"

#include <torch/torch.h>

namespace yingxun::train {

/// exp(4.6052) = 100: the most that a cosine may be multiplied by.
constexpr double kLargestLogitScale = 4.6052;

struct StepResult {
    double loss = 0;
    double imageAccuracy = 0; ///< Share of images whose best text is one of theirs.
};

struct StepOptions {
    int parts = 1; ///< Equal parts in which the batch goes through the towers.
    Precision precision = Precision::Float32;
    double maskRatio = 0;    ///< Share of a picture's patches that are left out (FLIP); ViT only.
    double distillation = 0; ///< Weight of distillationLoss() against the batch's teacher.
};

/// Forward and backward of one batch, on the device where module and batch both are; gradients are left in
/// the parameters.
///
/// With `parts` > 1 the batch goes through the towers in so many equal parts: once without gradients to
/// cache all features, once each with gradients, its own features put in place of the cached ones, as the
/// reference accumulates. logit_scale's gradient is thus counted `parts` times, and patches are left out only
/// the second time, as there.
StepResult backward(clip::detail::ClipModule &module, const Batch &batch, const StepOptions &options);

/// One optimizer step: zero_grad, backward, step, clamp of logit_scale to [0, 4.6052].
StepResult step(clip::detail::ClipModule &module, torch::optim::Optimizer &optimizer, const Batch &batch,
                const StepOptions &options);

/// Whether this libtorch can compute on such a device in bfloat16 with weights and loss in float32.
bool canMix(torch::DeviceType device);

/// Turns gradients of the image tower off and pins its batch norms to their running statistics.
void freezeImageTower(clip::detail::ClipModule &module);

} // namespace yingxun::train
