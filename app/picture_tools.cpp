// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/picture_tools.h"

#include "core/image/decode.h"
#include "core/image/jpeg_writer.h"
#include "core/image/resize.h"

#include <utility>

namespace yingxun::app {
namespace {

Result<train::Picture> decoded(std::span<const std::byte> file)
{
    auto result = image::decode(file);
    if (!result)
        return result.propagate();
    image::RgbImage &picture = result->image;
    return train::Picture{picture.width, picture.height, std::move(picture.pixels)};
}

} // namespace

train::PictureTools pictureTools()
{
    train::PictureTools tools;
    tools.decode = decoded;
    tools.squash = [](const train::Picture &picture, int side) {
        image::RgbImage small =
            image::resizeBicubic({picture.width, picture.height, picture.rgb}, side, side);
        return train::Picture{small.width, small.height, std::move(small.pixels)};
    };
    tools.compress = [](const train::Picture &picture, int quality) {
        const auto file = image::encodeJpeg({picture.width, picture.height, picture.rgb}, quality);
        return file ? decoded(*file) : file.propagate();
    };
    return tools;
}

} // namespace yingxun::app
