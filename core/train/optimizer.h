// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/detail/clip_module.h"

#include <torch/torch.h>

#include <memory>
#include <string_view>

namespace yingxun::train {

struct OptimizerOptions {
    double learningRate = 5e-4;
    double beta1 = 0.9;
    double beta2 = 0.98;
    double epsilon = 1e-6;
    double weightDecay = 0.2; ///< Of the decaying group.
};

/// Whether weight decay acts on a parameter: the reference exempts names that contain bn, ln, bias or
/// logit_scale.
bool decays(std::string_view parameterName);

/// AdamW with the reference's two groups (0: without decay, 1: with), over the parameters that require
/// gradients.
std::unique_ptr<torch::optim::AdamW> makeOptimizer(clip::detail::ClipModule &module,
                                                   const OptimizerOptions &options);

/// Sets the rate of all groups.
void setLearningRate(torch::optim::AdamW &optimizer, double rate);

/// Linear warm-up, then half a cosine down to 0. `step` counts from 0.
double scheduledRate(double base, std::int64_t step, std::int64_t warmup, std::int64_t total);

} // namespace yingxun::train
