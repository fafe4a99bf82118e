// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace yingxun::clip {

/// Turns an 8-bit picture into what the image towers see: x / 255, minus CLIP's channel means, over its
/// channel deviations.
///
/// @param rgb  [side, side, 3], sRGB
/// @param chw  receives [3, side, side] float32
inline void normalisePixels(std::span<const std::uint8_t> rgb, int side, std::span<float> chw)
{
    constexpr float kMean[3] = {0.48145466F, 0.4578275F, 0.40821073F};
    constexpr float kDeviation[3] = {0.26862954F, 0.26130258F, 0.27577711F};
    const auto area = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    for (std::size_t c = 0; c < 3; ++c) {
        float *plane = chw.data() + c * area;
        for (std::size_t i = 0; i < area; ++i)
            plane[i] = (static_cast<float>(rgb[i * 3 + c]) / 255.0F - kMean[c]) / kDeviation[c];
    }
}

} // namespace yingxun::clip
