// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/augmentation.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yingxun::train {
namespace {

constexpr double kJitter = 0.3;
constexpr int kCropAttempts = 8;

constexpr double kSmallestSource = 24; // Sides, pixels.
constexpr double kLargestSource = 128;
constexpr int kCoarse = 48; // Below the poorest data set at hand, 64 pixels strongly compressed.
constexpr int kLowestQuality = 15;
constexpr int kHighestQuality = 95;
constexpr double kCompressedShare = 0.85;
constexpr double kBlurredShare = 0.25;
constexpr double kSharpenedShare = 0.2;
constexpr double kNoisyShare = 0.2;
constexpr double kMostNoise = 8; // Standard deviation, of 255.

double uniform(std::mt19937_64 &random, double low, double high)
{
    return std::uniform_real_distribution<double>(low, high)(random);
}

Picture crop(const Picture &picture, int left, int top, int width, int height)
{
    Picture out{width, height, {}};
    const auto line = static_cast<std::size_t>(width) * 3;
    out.rgb.resize(line * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const auto offset = (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(picture.width) +
                             static_cast<std::size_t>(left)) *
                            3;
        std::memcpy(out.rgb.data() + static_cast<std::size_t>(y) * line, picture.rgb.data() + offset, line);
    }
    return out;
}

Picture randomCrop(const Picture &picture, double smallest, std::mt19937_64 &random)
{
    const double area = static_cast<double>(picture.width) * picture.height;
    for (int attempt = 0; attempt < kCropAttempts; ++attempt) {
        const double target = area * uniform(random, smallest, 1.0);
        // The model sees squashed squares: a crop's shape is relative to the picture's own.
        const double aspect =
            std::exp(uniform(random, std::log(0.75), std::log(4.0 / 3.0))) * picture.width / picture.height;
        const int width = static_cast<int>(std::lround(std::sqrt(target * aspect)));
        const int height = static_cast<int>(std::lround(std::sqrt(target / aspect)));
        if (width < 1 || height < 1 || width > picture.width || height > picture.height)
            continue;
        const int left = std::uniform_int_distribution<int>(0, picture.width - width)(random);
        const int top = std::uniform_int_distribution<int>(0, picture.height - height)(random);
        return crop(picture, left, top, width, height);
    }
    return picture;
}

std::uint8_t clipped(float value)
{
    return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

/// Unsharp masking with the mean of 3 x 3 pixels; the border stays.
void sharpen(Picture &picture, float amount)
{
    const Picture before = picture;
    const int line = picture.width * 3;
    for (int y = 1; y + 1 < picture.height; ++y) {
        for (int x = 3; x + 3 < line; ++x) {
            const std::uint8_t *p = before.rgb.data() + static_cast<std::ptrdiff_t>(y) * line + x;
            float sum = 0;
            for (const int row : {-line, 0, line})
                sum += static_cast<float>(p[row - 3] + p[row] + p[row + 3]);
            picture.rgb[static_cast<std::size_t>(y) * static_cast<std::size_t>(line) +
                        static_cast<std::size_t>(x)] = clipped(*p + amount * (*p - sum / 9));
        }
    }
}

void addNoise(Picture &picture, float deviation, std::mt19937_64 &random)
{
    std::normal_distribution<float> noise(0, deviation);
    for (std::uint8_t &value : picture.rgb)
        value = clipped(value + noise(random));
}

Result<View> degraded(const Picture &picture, const PictureTools &tools, std::mt19937_64 &random)
{
    const auto happens = [&random](double share) { return uniform(random, 0, 1) < share; };
    const int side = static_cast<int>(
        std::lround(std::exp(uniform(random, std::log(kSmallestSource), std::log(kLargestSource)))));
    View out{tools.squash(picture, side), side <= kCoarse};
    if (happens(kBlurredShare)) {
        const int blurred = static_cast<int>(std::lround(side * uniform(random, 0.5, 0.9)));
        out.picture = tools.squash(tools.squash(out.picture, blurred), side);
    } else if (happens(kSharpenedShare)) {
        sharpen(out.picture, static_cast<float>(uniform(random, 0.2, 1.5)));
    }
    if (happens(kNoisyShare))
        addNoise(out.picture, static_cast<float>(uniform(random, 0, kMostNoise)), random);
    if (happens(kCompressedShare)) {
        const int quality = std::uniform_int_distribution<int>(kLowestQuality, kHighestQuality)(random);
        auto compressed = tools.compress(out.picture, quality);
        if (!compressed)
            return compressed.propagate();
        out.picture = *std::move(compressed);
    }
    return out;
}

void mirror(Picture &picture)
{
    for (int y = 0; y < picture.height; ++y) {
        std::uint8_t *line = picture.rgb.data() + static_cast<std::ptrdiff_t>(y) * picture.width * 3;
        for (int left = 0, right = picture.width - 1; left < right; ++left, --right)
            std::swap_ranges(line + left * 3, line + left * 3 + 3, line + right * 3);
    }
}

void jitterColours(Picture &picture, std::mt19937_64 &random)
{
    const auto brightness = static_cast<float>(uniform(random, 1 - kJitter, 1 + kJitter));
    const auto contrast = static_cast<float>(uniform(random, 1 - kJitter, 1 + kJitter));
    const auto saturation = static_cast<float>(uniform(random, 1 - kJitter, 1 + kJitter));
    const auto grey = [](const std::uint8_t *p) { return 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2]; };
    double sum = 0;
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3)
        sum += grey(&picture.rgb[i]);
    const auto mean = static_cast<float>(sum * 3.0 / static_cast<double>(picture.rgb.size()));
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
        const float luma = grey(&picture.rgb[i]);
        for (std::size_t c = 0; c < 3; ++c) {
            float value = luma + saturation * (picture.rgb[i + c] - luma);
            value = brightness * (mean + contrast * (value - mean));
            picture.rgb[i + c] = clipped(value);
        }
    }
}

} // namespace

Result<View> randomView(const Picture &picture, const ViewOptions &options, const PictureTools &tools,
                        std::mt19937_64 &random)
{
    View view{randomCrop(picture, options.smallestCrop, random)};
    if (options.degrade) {
        auto poorer = degraded(view.picture, tools, random);
        if (!poorer)
            return poorer;
        view = *std::move(poorer);
    }
    view.picture = tools.squash(view.picture, options.side);
    if (random() & 1U)
        mirror(view.picture);
    jitterColours(view.picture, random);
    return view;
}

} // namespace yingxun::train
