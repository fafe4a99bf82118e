// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a thumbnail costs by the reference's bicubic and by OpenCV's means over areas, side by side in one
// run, and how far the two are apart. bench_resize [--json]
#include "core/image/resize.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace yingxun::image;

namespace {

constexpr int kRuns = 15;

/// Soft waves with some grain: neither flat nor without neighbours alike.
RgbImage picture(int width, int height)
{
    RgbImage image{width, height, {}};
    image.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::uint32_t state = 12345;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            state = state * 1664525 + 1013904223;
            const double wave = std::sin(x * 30.0 / width) * std::cos(y * 20.0 / height);
            const int value = 128 + static_cast<int>(wave * 90) + static_cast<int>(state >> 28);
            image.pixels.insert(image.pixels.end(), 3, static_cast<std::uint8_t>(value));
        }
    }
    return image;
}

double milliseconds(const RgbImage &source, int width, int height,
                    RgbImage (*resize)(const RgbImage &, int, int))
{
    const auto start = std::chrono::steady_clock::now();
    const RgbImage result = resize(source, width, height);
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
    return result.isNull() ? 0 : passed.count();
}

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + kRuns / 2, values.end());
    return values[kRuns / 2];
}

double meanDifference(const RgbImage &a, const RgbImage &b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i)
        sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
    return sum / static_cast<double>(a.pixels.size());
}

} // namespace

int main(int count, char **arguments)
{
    const bool json = count > 1 && std::string_view(arguments[1]) == "--json";
    // As decoded for a thumbnail (scaled by the JPEG decoder), a phone's photo, a camera's.
    for (const auto &[width, height] : {std::pair{756, 504}, {4032, 3024}, {6000, 4000}}) {
        const RgbImage source = picture(width, height);
        const int small = 256 * height / width;
        std::vector<double> bicubic;
        std::vector<double> area;
        std::vector<double> ratio;
        for (int run = -1; run < kRuns; ++run) { // In turn, so that both meet the same noise of the machine.
            const double one = milliseconds(source, 256, small, resizeBicubic);
            const double other = milliseconds(source, 256, small, resizeArea);
            if (run < 0)
                continue; // Warms up.
            bicubic.push_back(one);
            area.push_back(other);
            ratio.push_back(one / other);
        }
        const double apart =
            meanDifference(resizeBicubic(source, 256, small), resizeArea(source, 256, small));
        std::printf(
            json ? "{\"from\":\"%dx%d\",\"bicubic_ms\":%.3f,\"area_ms\":%.3f,\"bicubic_over_area\":%.2f,"
                   "\"mean_difference\":%.2f}\n"
                 : "%dx%d to 256: bicubic %.3f ms, area %.3f ms, bicubic / area %.2f; %.2f levels apart\n",
            width, height, median(bicubic), median(area), median(ratio), apart);
    }
    return EXIT_SUCCESS;
}
