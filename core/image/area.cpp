// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/opencv.h"
#include "core/image/resize.h"

#include <cassert>
#include <opencv2/imgproc.hpp>

namespace yingxun::image {

RgbImage resizeArea(const RgbImage &source, int width, int height)
{
    assert(!source.isNull() && width > 0 && height > 0);
    prepareOpenCv();
    RgbImage result{width, height, {}};
    result.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    // Matrices over memory that is ours; OpenCV knows no constant ones.
    const cv::Mat from(source.height, source.width, CV_8UC3,
                       const_cast<std::uint8_t *>(source.pixels.data()));
    cv::Mat to(height, width, CV_8UC3, result.pixels.data());
    cv::resize(from, to, to.size(), 0, 0, cv::INTER_AREA);
    return result;
}

} // namespace yingxun::image
