// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/resize.h"

#include "core/image/resample.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace yingxun::image {

RgbImage resizeBicubic(const RgbImage &source, int width, int height)
{
    assert(!source.isNull() && width > 0 && height > 0);
    return {width, height, resampleBytes(source.pixels, source.width, source.height, 3, width, height)};
}

RgbImage fitted(const RgbImage &source, int side)
{
    const int longer = std::max(source.width, source.height);
    if (longer <= side)
        return source;
    const double scale = static_cast<double>(side) / longer;
    const auto scaled = [scale](int length) {
        return std::max(1, static_cast<int>(std::lround(length * scale)));
    };
    return resizeBicubic(source, scaled(source.width), scaled(source.height));
}

} // namespace yingxun::image
