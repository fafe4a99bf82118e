// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/augmentation.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace yingxun::train {
namespace {

constexpr double kJitter = 0.3;
constexpr int kCropAttempts = 8;

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
            picture.rgb[i + c] = static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
        }
    }
}

} // namespace

Picture randomView(const Picture &picture, int side, double smallestCrop, const PictureTools &tools,
                   std::mt19937_64 &random)
{
    Picture view = tools.squash(randomCrop(picture, smallestCrop, random), side);
    if (random() & 1U)
        mirror(view);
    jitterColours(view, random);
    return view;
}

} // namespace yingxun::train
