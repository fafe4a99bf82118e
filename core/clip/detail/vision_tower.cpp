// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/vision_tower.h"

#include <cmath>
#include <stdexcept>

namespace yingxun::clip::detail {

std::shared_ptr<VisionTower> makeVisionTower(const VisionConfig &config, int dimension)
{
    return config.isResNet() ? makeModifiedResNet(config, dimension) : makeViT(config, dimension);
}

torch::Tensor VisionTower::forwardMasked(torch::Tensor /*pixels*/, const torch::Tensor & /*kept*/)
{
    throw std::invalid_argument("only a ViT can leave out patches");
}

torch::Tensor keptPatches(const torch::Tensor &noise, double ratio)
{
    const auto kept = static_cast<std::int64_t>(static_cast<double>(noise.size(1)) * (1 - ratio));
    return noise.argsort(std::int64_t{1}, false).slice(1, 0, kept);
}

torch::Tensor resizedPositions(const torch::Tensor &positions, int to)
{
    const auto from = static_cast<std::int64_t>(std::lround(std::sqrt(positions.size(0) - 1)));
    if (from == to)
        return positions;
    const torch::Tensor grid = positions.slice(0, 1).t().reshape({1, positions.size(1), from, from});
    const auto options = torch::nn::functional::InterpolateFuncOptions()
                             .size(std::vector<std::int64_t>{to, to})
                             .mode(torch::kBicubic)
                             .align_corners(true);
    const torch::Tensor resized = torch::nn::functional::interpolate(grid.to(torch::kFloat), options);
    return torch::cat({positions.slice(0, 0, 1), resized.flatten(2).squeeze(0).t().to(positions.dtype())});
}

} // namespace yingxun::clip::detail
