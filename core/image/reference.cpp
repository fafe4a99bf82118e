// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/reference.h"

#include "core/image/colour.h"
#include "core/image/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yingxun::image {

namespace {

using Samples = std::vector<std::uint8_t>;

/// Builds an RGB picture of side x side by calling `paint(i, rgb)` for every pixel.
template<typename Paint>
RgbImage painted(int side, Paint paint)
{
    RgbImage image{side, side, Samples(sampleBytes(PixelMode::Rgb, side, side))};
    const std::size_t count = image.pixels.size() / 3;
    for (std::size_t i = 0; i < count; ++i)
        paint(i, image.pixels.data() + i * 3);
    return image;
}

Samples resized(const Picture &picture, const Samples &samples, int side)
{
    return resampleBytes(samples, picture.width, picture.height, bytesPerPixel(picture.mode), side, side);
}

/// Inputs of the nearest neighbours along one axis. The position is summed up step by step, as PIL does,
/// because the rounding errors decide where a sample lies exactly between two.
std::vector<std::size_t> nearestInputs(int inputSize, int outputSize)
{
    std::vector<std::size_t> inputs(static_cast<std::size_t>(outputSize));
    const double scale = static_cast<double>(inputSize) / outputSize;
    double position = scale * 0.5;
    for (std::size_t &input : inputs) {
        input = static_cast<std::size_t>(std::min(static_cast<int>(position), inputSize - 1));
        position += scale;
    }
    return inputs;
}

RgbImage fromPalette(const Picture &picture, int side)
{
    const auto columns = nearestInputs(picture.width, side);
    const auto rows = nearestInputs(picture.height, side);
    return painted(side, [&](std::size_t i, std::uint8_t *rgb) {
        const std::size_t y = i / columns.size();
        const std::size_t source =
            rows[y] * static_cast<std::size_t>(picture.width) + columns[i % columns.size()];
        std::memcpy(rgb, picture.palette.data() + std::size_t{picture.samples[source]} * 4, 3);
    });
}

RgbImage fromGrey(const Picture &picture, int side)
{
    const Samples small = resized(picture, picture.samples, side);
    return painted(side, [&](std::size_t i, std::uint8_t *rgb) { std::fill_n(rgb, 3, small[i]); });
}

/// Colours count by their alpha while they are mixed; afterwards alpha is dropped.
RgbImage fromAlpha(const Picture &picture, int side)
{
    const auto channels = static_cast<std::size_t>(bytesPerPixel(picture.mode));
    const std::size_t colours = channels - 1;
    Samples premultiplied = picture.samples;
    for (std::size_t i = 0; i < premultiplied.size(); i += channels) {
        for (std::size_t channel = 0; channel < colours; ++channel)
            premultiplied[i + channel] = static_cast<std::uint8_t>(
                scaledBy255(premultiplied[i + channel], premultiplied[i + colours]));
    }
    const Samples small = resized(picture, premultiplied, side);
    return painted(side, [&](std::size_t i, std::uint8_t *rgb) {
        const std::uint8_t *pixel = small.data() + i * channels;
        const int alpha = pixel[colours];
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const int colour = pixel[colours == 1 ? 0 : channel];
            rgb[channel] =
                static_cast<std::uint8_t>(alpha == 0 ? colour : std::min(255, 255 * colour / alpha));
        }
    });
}

RgbImage fromCmyk(const Picture &picture, int side)
{
    const Samples small = resized(picture, picture.samples, side);
    return painted(side, [&](std::size_t i, std::uint8_t *rgb) { rgbFromInk(small.data() + i * 4, rgb); });
}

/// Rounded half away from zero, as 32-bit integers are between the two passes.
double mixed(const std::vector<double> &values, std::size_t start, std::size_t step, const Taps &taps,
             std::size_t output)
{
    const double *weights = taps.weights.data() + output * static_cast<std::size_t>(taps.stride);
    double sum = 0.0;
    for (int tap = 0; tap < taps.count[output]; ++tap)
        sum += values[start + static_cast<std::size_t>(taps.first[output] + tap) * step] * weights[tap];
    return std::round(sum);
}

/// PIL 9.4 loads 16 bits of grey as 32-bit integers and clips them to 0..255 at the very end, so that
/// such pictures come out nearly white.
RgbImage fromGrey16(const Picture &picture, int side)
{
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    const auto size = static_cast<std::size_t>(side);
    const Taps columns = bicubicTaps(picture.width, side);
    const Taps rows = bicubicTaps(picture.height, side);
    std::vector<double> values(width * height);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint16_t value = 0;
        std::memcpy(&value, picture.samples.data() + i * 2, sizeof value);
        values[i] = value;
    }
    std::vector<double> narrow(size * height);
    for (std::size_t i = 0; i < narrow.size(); ++i)
        narrow[i] = mixed(values, i / size * width, 1, columns, i % size);
    return painted(side, [&](std::size_t i, std::uint8_t *rgb) {
        const double value = mixed(narrow, i % size, size, rows, i / size);
        std::fill_n(rgb, 3, static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
    });
}

} // namespace

RgbImage resizedAsReference(const Picture &picture, int side)
{
    switch (picture.mode) {
    case PixelMode::Grey:
        return fromGrey(picture, side);
    case PixelMode::GreyAlpha:
    case PixelMode::Rgba:
        return fromAlpha(picture, side);
    case PixelMode::Cmyk:
        return fromCmyk(picture, side);
    case PixelMode::Palette:
        return fromPalette(picture, side);
    case PixelMode::Grey16:
        return fromGrey16(picture, side);
    case PixelMode::Rgb:
        break;
    }
    return {side, side, resized(picture, picture.samples, side)};
}

} // namespace yingxun::image
