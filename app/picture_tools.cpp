// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_tools.h"

#include "core/image/decode.h"
#include "core/image/resize.h"

#include <utility>

namespace yingxun::app {

train::PictureTools pictureTools()
{
    train::PictureTools tools;
    tools.decode = [](std::span<const std::byte> file) -> Result<train::Picture> {
        auto decoded = image::decode(file);
        if (!decoded)
            return decoded.propagate();
        image::RgbImage &picture = decoded->image;
        return train::Picture{picture.width, picture.height, std::move(picture.pixels)};
    };
    tools.squash = [](const train::Picture &picture, int side) {
        image::RgbImage small =
            image::resizeBicubic({picture.width, picture.height, picture.rgb}, side, side);
        return train::Picture{small.width, small.height, std::move(small.pixels)};
    };
    return tools;
}

} // namespace yingxun::app
