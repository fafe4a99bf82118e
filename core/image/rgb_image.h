// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace yingxun::image {

/// A decoded picture: 8-bit sRGB, interleaved R G B, rows top to bottom without padding.
struct RgbImage {
    int width = 0;                    ///< Pixels.
    int height = 0;                   ///< Pixels.
    std::vector<std::uint8_t> pixels; ///< Size width * height * 3.

    bool isNull() const noexcept { return pixels.empty(); }
};

} // namespace yingxun::image
