// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/video_file.h"

#include "core/image/opencv.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::image {

namespace {

/// FFmpeg reads this one file and nothing that it refers to, as an mp4, mov, mkv or webm and not as a list of
/// addresses, and keeps quiet. The environment is the only way to tell it so through OpenCV; set before
/// main(), while no other thread can be reading it.
const bool kConfined = ::setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS",
                                "protocol_whitelist;file|format_whitelist;mov,matroska", 1) == 0 &&
                       ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0) == 0;

/// Of a Matroska file that is not known: it may be cut off anywhere.
bool isMatroska(int descriptor)
{
    std::array<unsigned char, 4> head{};
    return ::pread(descriptor, head.data(), head.size(), 0) == 4 && head[0] == 0x1a && head[1] == 0x45;
}

/// Whether the boxes of the file are all there, the table of contents among them.
bool isComplete(int descriptor)
{
    constexpr int kMostBoxes = 100'000; // At the top there are a handful, or a few for each second of film.
    struct stat status {
    };
    if (::fstat(descriptor, &status) != 0)
        return false;
    bool hasContents = false;
    std::int64_t at = 0;
    for (int box = 0; box < kMostBoxes && at < status.st_size; ++box) {
        std::array<unsigned char, 16> head{};
        if (::pread(descriptor, head.data(), head.size(), at) < 8)
            return false;
        const auto number = [&head](std::size_t from, std::size_t bytes) {
            std::uint64_t value = 0;
            for (std::size_t i = from; i < from + bytes; ++i)
                value = value << 8 | head[i];
            return value;
        };
        std::uint64_t size = number(0, 4);
        if (size == 1)
            size = number(8, 8);
        if (size == 0) // To the end.
            size = static_cast<std::uint64_t>(status.st_size - at);
        if (size < 8 || size > static_cast<std::uint64_t>(status.st_size - at))
            return false;
        hasContents = hasContents || std::equal(head.begin() + 4, head.begin() + 8, "moov");
        at += static_cast<std::int64_t>(size);
    }
    return hasContents;
}

/// OpenCV does not say why: a video that is all there may be one for a later build.
Unexpected failure(const std::filesystem::path &path, int descriptor)
{
    if (isMatroska(descriptor))
        return fail(ErrorCode::Unsupported, path.string() +
                                                " is damaged, without pictures, or coded in a way that "
                                                "this build does not read.");
    if (isComplete(descriptor))
        return fail(ErrorCode::Unsupported,
                    path.string() + " is coded in a way that this build does not read.");
    return fail(ErrorCode::CorruptData,
                path.string() + " is damaged or stops early: no frame of it can be read.");
}

} // namespace

Result<VideoFile> VideoFile::open(const std::filesystem::path &path, const VideoLimits &limits)
{
    prepareOpenCv();
    auto file = RegularFile::open(path);
    if (!file)
        return file.propagate();
    if (!kConfined)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to play " + path.string() + ".");
    // The file that is open already, whatever its name looks like (an address, a pattern) or becomes
    // meanwhile.
    const std::string name = "/proc/self/fd/" + std::to_string(file->descriptor());
    const int patience = static_cast<int>(limits.patience.count());
    cv::VideoCapture capture(name, cv::CAP_FFMPEG,
                             {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, patience, cv::CAP_PROP_READ_TIMEOUT_MSEC,
                              patience, cv::CAP_PROP_HW_ACCELERATION, cv::VIDEO_ACCELERATION_NONE});
    if (!capture.isOpened())
        return failure(path, file->descriptor());
    const double pixels = capture.get(cv::CAP_PROP_FRAME_WIDTH) * capture.get(cv::CAP_PROP_FRAME_HEIGHT);
    if (pixels > static_cast<double>(limits.maximumPixels))
        return fail(ErrorCode::TooLarge, path.string() + " has frames of more than " +
                                             std::to_string(limits.maximumPixels) +
                                             " pixels, the limit for videos.");
    return VideoFile{*std::move(file), std::move(capture)};
}

Unexpected VideoFile::noFrame(const std::filesystem::path &path) const
{
    return failure(path, file.descriptor());
}

double VideoFile::framesPerSecond() const
{
    const double rate = capture.get(cv::CAP_PROP_FPS);
    return rate >= 1 && rate <= 240 ? rate : 25; // Not a number, too.
}

double VideoFile::frameCount() const
{
    const double count = capture.get(cv::CAP_PROP_FRAME_COUNT);
    return count > 0 ? count : 0;
}

RgbImage toRgb(const cv::Mat &frame)
{
    RgbImage image{frame.cols, frame.rows, {}};
    image.pixels.resize(frame.total() * 3);
    cv::Mat rgb(frame.rows, frame.cols, CV_8UC3, image.pixels.data());
    cv::cvtColor(frame, rgb, cv::COLOR_BGR2RGB);
    return image;
}

} // namespace yingxun::image
