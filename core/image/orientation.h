// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/rgb_image.h"

namespace yingxun::image {

/// Turns and mirrors a picture as its EXIF orientation (1 to 8) asks, so that it stands upright.
RgbImage upright(RgbImage image, int orientation);

/// Whether this orientation exchanges width and height.
constexpr bool swapsSides(int orientation)
{
    return orientation >= 5 && orientation <= 8;
}

} // namespace yingxun::image
