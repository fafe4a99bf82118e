// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/picture.h"
#include "core/image/rgb_image.h"

namespace yingxun::image {

/// x * y / 255, rounded, for 0 to 255.
constexpr int scaledBy255(int x, int y)
{
    const int product = x * y + 128;
    return ((product >> 8) + product) >> 8;
}

/// One pixel of ink on white paper, without a profile.
/// @param ink  C M Y K.
/// @param rgb  Three bytes, written; may be `ink` or lie before it.
inline void rgbFromInk(const std::uint8_t *ink, std::uint8_t *rgb)
{
    const int light = 255 - ink[3];
    for (int channel = 0; channel < 3; ++channel)
        rgb[channel] = static_cast<std::uint8_t>(light - scaledBy255(ink[channel], light));
}

/// The picture as it is meant to be seen: embedded profile converted to sRGB, alpha over white. Not turned.
/// A profile that is broken or does not fit the picture's colours is ignored.
RgbImage toSrgb(Picture picture);

} // namespace yingxun::image
