// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

namespace yingxun {

/// Softmax of scale * cosines, of which there is at least one: the share of each.
inline std::vector<float> softmax(std::span<const float> cosines, float scale)
{
    const float largest = *std::max_element(cosines.begin(), cosines.end());
    std::vector<float> shares(cosines.size());
    std::transform(cosines.begin(), cosines.end(), shares.begin(),
                   [=](float cosine) { return std::exp(scale * (cosine - largest)); });
    const float sum = std::accumulate(shares.begin(), shares.end(), 0.0F);
    for (float &share : shares)
        share /= sum;
    return shares;
}

} // namespace yingxun
