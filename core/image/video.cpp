// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/video.h"

#include "core/image/format.h"
#include "core/image/opencv.h"
#include "core/image/regular_file.h"
#include "core/image/video_file.h"

#include <algorithm>
#include <array>
#include <exception>
#include <opencv2/imgproc.hpp>
#include <unistd.h>

namespace yingxun::image {

namespace {

using Clock = std::chrono::steady_clock;

/// Which frames to look at, counted from 0.
struct Range {
    int first = 0;
    int last = 0;
};

Range framesToTry(const VideoFile &video)
{
    constexpr double kFirstSecond = 1;
    constexpr double kSecondsOfBlack = 10;
    const double rate = video.framesPerSecond();
    double first = rate * kFirstSecond;
    if (const double count = video.frameCount(); count > 0)
        first = std::min(first, count / 10);
    return {static_cast<int>(first), static_cast<int>(first + rate * kSecondsOfBlack)};
}

/// How much is to be seen: the mean grey level, and how far levels are from it.
struct Light {
    double level = 0;
    bool isBlack = true;
};

Light lightOf(const cv::Mat &frame)
{
    constexpr double kDark = 20; // Black is 16 in video, and noisy.
    constexpr double kPlain = 6; // City lights at night are dark as a whole, but not plain.
    cv::Mat small;
    cv::resize(frame, small, cv::Size(64, 36), 0, 0, cv::INTER_AREA);
    cv::cvtColor(small, small, cv::COLOR_BGR2GRAY);
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(small, mean, deviation);
    return {mean[0], mean[0] < kDark && deviation[0] < kPlain};
}

/// Empty: no frame can be had.
cv::Mat chooseFrame(VideoFile &video, const VideoLimits &limits)
{
    const Clock::time_point deadline = Clock::now() + limits.patience;
    const Range range = framesToTry(video);
    cv::VideoCapture &capture = video.capture;
    cv::Mat best;
    double bestLevel = -1;
    for (int i = 0; i <= range.last && capture.grab(); ++i) {
        const bool late = Clock::now() >= deadline;
        if (i > 0 && i < range.first && !late)
            continue; // The first one is looked at for the case that no other comes.
        cv::Mat frame;
        if (!capture.retrieve(frame) || frame.type() != CV_8UC3 || frame.empty())
            break;
        const Light light = lightOf(frame);
        if (light.level > bestLevel) {
            bestLevel = light.level;
            best = frame.clone(); // The decoder goes on to use its own.
        }
        if ((i >= range.first && !light.isBlack) || late)
            return light.isBlack ? best : frame.clone();
    }
    return best;
}

} // namespace

bool isVideo(const std::filesystem::path &path)
{
    const auto file = RegularFile::open(path);
    if (!file)
        return false;
    std::array<std::byte, 256> head{};
    const ssize_t count = ::pread(file->descriptor(), head.data(), head.size(), 0);
    return count > 0 && formatOf(std::span(head).first(static_cast<std::size_t>(count))) == Format::Video;
}

Result<Decoded> posterOf(const std::filesystem::path &path, const VideoLimits &limits)
try {
    auto video = VideoFile::open(path, limits);
    if (!video)
        return video.propagate();
    const cv::Mat frame = chooseFrame(*video, limits);
    if (frame.empty())
        return video->noFrame(path);
    Decoded decoded;
    decoded.image = toRgb(frame);
    decoded.info.width = frame.cols;
    decoded.info.height = frame.rows;
    decoded.info.format = formatName(Format::Video);
    return decoded;
} catch (const std::exception &error) {
    return asFailure(error, path.string() + " cannot be played");
}

Result<Decoded> decodeFile(const std::filesystem::path &path, const DecodeOptions &options)
{
    if (isVideo(path))
        return posterOf(path);
    const auto file = readFile(path);
    if (!file)
        return file.propagate();
    return decode(*file, options);
}

} // namespace yingxun::image
