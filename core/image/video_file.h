// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/regular_file.h"
#include "core/image/rgb_image.h"
#include "core/image/video.h"

#include <cstdint>
#include <filesystem>
#include <opencv2/videoio.hpp>

namespace yingxun::image {

/// A video that is open for reading its frames. Belongs to one thread.
struct VideoFile {
    RegularFile file;
    cv::VideoCapture capture;

    /// Errors: those of posterOf(). Throws what OpenCV throws.
    static Result<VideoFile> open(const std::filesystem::path &path, const VideoLimits &limits);
    /// Why no frame of it can be had.
    Unexpected noFrame(const std::filesystem::path &path) const;

    double framesPerSecond() const; ///< 25 where it says nothing that can be.
    double frameCount() const;      ///< 0: it does not say.
};

/// A frame as OpenCV gives it (BGR), copied.
RgbImage toRgb(const cv::Mat &frame);

} // namespace yingxun::image
