// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/measures.h"

#include "core/image/opencv.h"
#include "core/image/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <opencv2/imgproc.hpp>

namespace yingxun::image {

namespace {

cv::Mat greyVersion(const RgbImage &source, int width, int height)
{
    RgbImage small = resizeArea(source, width, height);
    cv::Mat grey;
    cv::cvtColor(cv::Mat(height, width, CV_8UC3, small.pixels.data()), grey, cv::COLOR_RGB2GRAY);
    return grey;
}

double sharpness(const RgbImage &image)
{
    constexpr int kLongest = 4 * kMeasuredSide; // Panoramas are squashed rather than let cost without bound.
    const double scale = static_cast<double>(kMeasuredSide) / std::min(image.width, image.height);
    const auto scaled = [scale](int length) {
        return static_cast<int>(std::min<double>(kLongest, std::round(length * scale)));
    };
    cv::Mat edges;
    cv::Laplacian(greyVersion(image, scaled(image.width), scaled(image.height)), edges, CV_16S);
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(edges, mean, deviation);
    return deviation[0] * deviation[0];
}

/// Christoph Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, section 3.2.1.
/// The mean over areas takes the place of its mean filter.
std::uint64_t perceptualHash(const RgbImage &image)
{
    constexpr int kSide = 32;
    constexpr int kFrequencies = 8; // From 1 on: frequency 0 is brightness.
    cv::Mat samples;
    greyVersion(image, kSide, kSide).convertTo(samples, CV_32F);
    cv::Mat spectrum;
    cv::dct(samples, spectrum);
    std::array<float, kFrequencies * kFrequencies> low{};
    for (std::size_t i = 0; i < low.size(); ++i)
        low[i] = spectrum.at<float>(1 + static_cast<int>(i) / kFrequencies,
                                    1 + static_cast<int>(i) % kFrequencies);
    auto sorted = low;
    std::sort(sorted.begin(), sorted.end());
    const float median = (sorted[low.size() / 2 - 1] + sorted[low.size() / 2]) / 2;
    std::uint64_t hash = 0;
    for (const float value : low)
        hash = hash << 1 | (value > median ? 1 : 0);
    return hash;
}

} // namespace

Result<Measures> measure(const RgbImage &image)
try {
    if (image.isNull())
        return fail(ErrorCode::InvalidArgument, "There is no picture to measure.");
    return Measures{sharpness(image), perceptualHash(image)};
} catch (const std::exception &error) {
    return asFailure(error, "The picture cannot be measured");
}

} // namespace yingxun::image
