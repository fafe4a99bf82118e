// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/config.h"

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <utility>

/// The image towers, with the submodule names of the reference's state dict (visual.*), so that a
/// checkpoint's tensors are found by name. Source: CLIP (arXiv 2103.00020) as Chinese-CLIP uses it.
namespace yingxun::clip::detail {

/// Pixels [N, 3, S, S], normalised -> features [N, D], not yet normalised.
class VisionTower : public torch::nn::Module
{
public:
    virtual torch::Tensor forward(torch::Tensor pixels) = 0;
    /// As forward, of some patches only (FLIP, arXiv 2212.00794); `kept` as keptPatches() gives them. For
    /// training. Only a ViT can: others throw.
    virtual torch::Tensor forwardMasked(torch::Tensor pixels, const torch::Tensor &kept);
    /// Whether blocks keep nothing for backward; see recomputed(). A ResNet does not listen, as in the
    /// reference.
    virtual void setRecomputing(bool /*on*/) {}

    /// Fresh weights as the reference initialises them for training from scratch.
    virtual void initialise() = 0;

    /// Called between two blocks; may take its time. See QueryGate.
    void setPause(std::function<void()> pause) { m_pause = std::move(pause); }

protected:
    void pause() const
    {
        if (m_pause)
            m_pause();
    }

private:
    std::function<void()> m_pause;
};

/// The ViT or the ModifiedResNet that the configuration names. Weights are not initialised.
std::shared_ptr<VisionTower> makeVisionTower(const VisionConfig &config, int dimension);

std::shared_ptr<VisionTower> makeViT(const VisionConfig &config, int dimension);
std::shared_ptr<VisionTower> makeModifiedResNet(const VisionConfig &config, int dimension);

/// The patches that FLIP keeps: those of the smallest noise, in its order.
///
/// @param noise  [N, patches], uniform
/// @param ratio  share that is left out, 0 to below 1
/// @return [N, int(patches * (1 - ratio))] int64
torch::Tensor keptPatches(const torch::Tensor &noise, double ratio);

/// Resizes a position grid: class token kept, grid bicubic with aligned corners (the reference's
/// training resume). [1 + from², C] -> [1 + to², C]
torch::Tensor resizedPositions(const torch::Tensor &positions, int to);

} // namespace yingxun::clip::detail
