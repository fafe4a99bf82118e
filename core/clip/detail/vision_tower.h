// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/config.h"

#include <torch/torch.h>

#include <memory>

/// The image towers, with the submodule names of the reference's state dict (visual.*), so that a
/// checkpoint's tensors are found by name. Source: CLIP (arXiv 2103.00020) as Chinese-CLIP uses it.
namespace yingxun::clip::detail {

/// Pixels [N, 3, S, S], normalised -> features [N, D], not yet normalised.
class VisionTower : public torch::nn::Module
{
public:
    virtual torch::Tensor forward(torch::Tensor pixels) = 0;
    /// Fresh weights as the reference initialises them for training from scratch.
    virtual void initialise() = 0;
};

/// The ViT or the ModifiedResNet that the configuration names. Weights are not initialised.
std::shared_ptr<VisionTower> makeVisionTower(const VisionConfig &config, int dimension);

std::shared_ptr<VisionTower> makeViT(const VisionConfig &config, int dimension);
std::shared_ptr<VisionTower> makeModifiedResNet(const VisionConfig &config, int dimension);

/// Resizes a position grid: class token kept, grid bicubic with aligned corners (the reference's
/// training resume). [1 + from², C] -> [1 + to², C]
torch::Tensor resizedPositions(const torch::Tensor &positions, int to);

} // namespace yingxun::clip::detail
