// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/picture.h"
#include "core/image/rgb_image.h"

namespace yingxun::image {

/// Squashes a picture to side x side as PIL 9.4's resize(BICUBIC) and convert("RGB") do, in that order:
/// each mode has its own way of resizing, and only the result becomes RGB.
RgbImage resizedAsReference(const Picture &picture, int side);

} // namespace yingxun::image
