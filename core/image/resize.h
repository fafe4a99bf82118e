// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/rgb_image.h"

namespace yingxun::image {

/// Pillow's antialiased bicubic (a = -0.5) on 8-bit channels, bit for bit: two passes in 22-bit fixed
/// point, rounded and clipped after each. Squashes: the aspect ratio is the caller's business.
RgbImage resizeBicubic(const RgbImage &source, int width, int height);

/// Each pixel the mean of the area that it covers, on one thread. For people's eyes, not for the towers.
/// Squashes, too; enlarging is bilinear.
RgbImage resizeArea(const RgbImage &source, int width, int height);

/// The largest size with the source's aspect ratio that fits into side x side; never enlarges.
RgbImage fitted(const RgbImage &source, int side);

} // namespace yingxun::image
