// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/colour.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <lcms2.h>
#include <memory>

namespace yingxun::image {

namespace {

struct CloseProfile {
    void operator()(void *profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
    void operator()(void *transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

/// From a picture's mode to the mode it has once its colours are sRGB, as lcms2 names them.
struct Conversion {
    cmsColorSpaceSignature space;
    cmsUInt32Number inputType;
    cmsUInt32Number outputType;
    PixelMode outputMode;
};

Conversion conversionOf(PixelMode mode)
{
    switch (mode) {
    case PixelMode::Grey:
        return {cmsSigGrayData, TYPE_GRAY_8, TYPE_RGB_8, PixelMode::Rgb};
    case PixelMode::GreyAlpha:
        return {cmsSigGrayData, TYPE_GRAYA_8, TYPE_RGBA_8, PixelMode::Rgba};
    case PixelMode::Cmyk:
        return {cmsSigCmykData, TYPE_CMYK_8, TYPE_RGB_8, PixelMode::Rgb};
    case PixelMode::Rgba:
        return {cmsSigRgbData, TYPE_RGBA_8, TYPE_RGBA_8, PixelMode::Rgba};
    default:
        return {cmsSigRgbData, TYPE_RGB_8, TYPE_RGB_8, PixelMode::Rgb};
    }
}

/// Whether the transform leaves a lattice of colours as they are: an sRGB profile by whatever name.
bool changesNothing(cmsHTRANSFORM transform)
{
    constexpr int kInvisible = 2;
    for (int i = 0; i < 5 * 5 * 5; ++i) {
        const auto level = [](int step) { return static_cast<std::uint8_t>(step * 255 / 4); };
        const std::array<std::uint8_t, 4> before{level(i % 5), level(i / 5 % 5), level(i / 25), 255};
        std::array<std::uint8_t, 4> after = before;
        cmsDoTransform(transform, before.data(), after.data(), 1);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            if (std::abs(before[channel] - after[channel]) > kInvisible)
                return false;
        }
    }
    return true;
}

void applyProfile(Picture &picture)
{
    const Profile source(cmsOpenProfileFromMem(picture.iccProfile.data(),
                                               static_cast<cmsUInt32Number>(picture.iccProfile.size())));
    const Conversion conversion = conversionOf(picture.mode);
    if (!source || cmsGetColorSpace(source.get()) != conversion.space)
        return;
    const Profile target(cmsCreate_sRGBProfile());
    const Transform transform(cmsCreateTransform(source.get(), conversion.inputType, target.get(),
                                                 conversion.outputType, INTENT_PERCEPTUAL,
                                                 cmsFLAGS_COPY_ALPHA));
    if (!transform || (picture.mode == conversion.outputMode && changesNothing(transform.get())))
        return;
    const std::size_t rowBytes = sampleBytes(picture.mode, picture.width, 1);
    const std::size_t newRowBytes = sampleBytes(conversion.outputMode, picture.width, 1);
    // In place where the samples do not grow: of a large picture there must not be two.
    const bool isInPlace = newRowBytes <= rowBytes;
    std::vector<std::uint8_t> grown(isInPlace ? 0 : newRowBytes * static_cast<std::size_t>(picture.height));
    std::vector<std::uint8_t> row(newRowBytes);
    std::uint8_t *rows = isInPlace ? picture.samples.data() : grown.data();
    for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
        cmsDoTransform(transform.get(), picture.samples.data() + y * rowBytes, row.data(),
                       static_cast<cmsUInt32Number>(picture.width));
        std::copy(row.begin(), row.end(), rows + y * newRowBytes);
    }
    if (isInPlace)
        picture.samples.resize(newRowBytes * static_cast<std::size_t>(picture.height));
    else
        picture.samples = std::move(grown);
    picture.mode = conversion.outputMode;
}

std::uint8_t overWhite(std::uint8_t colour, std::uint8_t alpha)
{
    return static_cast<std::uint8_t>(255 - scaledBy255(255 - colour, alpha));
}

/// One pixel of any mode but Palette and Rgb.
/// @param rgb  May be `source` or lie before it.
void toRgb(PixelMode mode, const std::uint8_t *source, std::uint8_t *rgb)
{
    std::uint16_t grey16 = 0;
    switch (mode) {
    case PixelMode::Grey:
        std::fill_n(rgb, 3, source[0]);
        break;
    case PixelMode::GreyAlpha:
        std::fill_n(rgb, 3, overWhite(source[0], source[1]));
        break;
    case PixelMode::Grey16:
        std::memcpy(&grey16, source, sizeof grey16);
        std::fill_n(rgb, 3, static_cast<std::uint8_t>(grey16 >> 8));
        break;
    case PixelMode::Cmyk:
        rgbFromInk(source, rgb);
        break;
    case PixelMode::Rgba:
        for (int channel = 0; channel < 3; ++channel)
            rgb[channel] = overWhite(source[channel], source[3]);
        break;
    case PixelMode::Palette:
    case PixelMode::Rgb:
        break;
    }
}

/// The colours of a palette are converted, not the pixels.
RgbImage fromPalette(const Picture &picture)
{
    Picture colours;
    colours.mode = PixelMode::Rgba;
    colours.width = 256;
    colours.height = 1;
    colours.samples = picture.palette;
    colours.iccProfile = picture.iccProfile;
    const RgbImage palette = toSrgb(std::move(colours));
    RgbImage image{picture.width, picture.height,
                   std::vector<std::uint8_t>(sampleBytes(PixelMode::Rgb, picture.width, picture.height))};
    for (std::size_t i = 0; i < picture.samples.size(); ++i)
        std::memcpy(image.pixels.data() + i * 3, palette.pixels.data() + std::size_t{picture.samples[i]} * 3,
                    3);
    return image;
}

} // namespace

RgbImage toSrgb(Picture picture)
{
    if (picture.mode == PixelMode::Palette)
        return fromPalette(picture);
    if (!picture.iccProfile.empty() && picture.mode != PixelMode::Grey16)
        applyProfile(picture);
    if (picture.mode == PixelMode::Rgb)
        return {picture.width, picture.height, std::move(picture.samples)};
    const auto step = static_cast<std::size_t>(bytesPerPixel(picture.mode));
    const std::size_t count = picture.samples.size() / step;
    if (step >
        3) { // In place: each pixel is written behind what has been read, and read before it is written.
        for (std::size_t i = 0; i < count; ++i)
            toRgb(picture.mode, picture.samples.data() + i * step, picture.samples.data() + i * 3);
        picture.samples.resize(count * 3);
        return {picture.width, picture.height, std::move(picture.samples)};
    }
    RgbImage image{picture.width, picture.height,
                   std::vector<std::uint8_t>(sampleBytes(PixelMode::Rgb, picture.width, picture.height))};
    for (std::size_t i = 0; i < count; ++i)
        toRgb(picture.mode, picture.samples.data() + i * step, image.pixels.data() + i * 3);
    return image;
}

} // namespace yingxun::image
