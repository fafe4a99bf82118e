// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace yingxun::image {

/// Pillow's antialiased bicubic along one axis: for each output sample the inputs that count and how much.
struct Taps {
    int inputSize = 0;
    int outputSize = 0;
    int stride = 0;              ///< Weights stored per output sample; those beyond its count are 0. Even.
    std::vector<int> first;      ///< Per output sample: the first input.
    std::vector<int> count;      ///< Per output sample: how many inputs, >= 1.
    std::vector<double> weights; ///< stride per output sample; their sum is 1.

    /// The weights in 22-bit fixed point, rounded half away from zero.
    std::vector<std::int32_t> fixedWeights() const;
};

/// Both sizes > 0.
Taps bicubicTaps(int inputSize, int outputSize);

/// Resizes interleaved 8-bit samples; each pass is rounded and clipped, and left out if its size stays.
/// @param samples  width * height * channels bytes; 1 to 4 channels.
std::vector<std::uint8_t> resampleBytes(const std::vector<std::uint8_t> &samples, int width, int height,
                                        int channels, int newWidth, int newHeight);

} // namespace yingxun::image
