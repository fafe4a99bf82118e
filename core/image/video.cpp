// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/video.h"

#include "core/image/format.h"
#include "core/image/opencv.h"
#include "core/image/regular_file.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::image {

namespace {

using Clock = std::chrono::steady_clock;

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

/// Which frames to look at, counted from 0.
struct Range {
    int first = 0;
    int last = 0;
};

Range framesToTry(const cv::VideoCapture &capture)
{
    constexpr double kFirstSecond = 1;
    constexpr double kSecondsOfBlack = 10;
    double rate = capture.get(cv::CAP_PROP_FPS);
    if (!(rate >= 1 && rate <= 240)) // Not a number, too.
        rate = 25;
    double first = rate * kFirstSecond;
    if (const double count = capture.get(cv::CAP_PROP_FRAME_COUNT); count > 0)
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
cv::Mat chooseFrame(cv::VideoCapture &capture, const VideoLimits &limits)
{
    const Clock::time_point deadline = Clock::now() + limits.patience;
    const Range range = framesToTry(capture);
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

Decoded decodedFrame(const cv::Mat &frame)
{
    Decoded decoded;
    decoded.image = {frame.cols, frame.rows, {}};
    decoded.image.pixels.resize(frame.total() * 3);
    cv::Mat rgb(frame.rows, frame.cols, CV_8UC3, decoded.image.pixels.data());
    cv::cvtColor(frame, rgb, cv::COLOR_BGR2RGB);
    decoded.info.width = frame.cols;
    decoded.info.height = frame.rows;
    decoded.info.format = formatName(Format::Video);
    return decoded;
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
    prepareOpenCv();
    const auto file = RegularFile::open(path);
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
    const cv::Mat frame = chooseFrame(capture, limits);
    if (frame.empty())
        return failure(path, file->descriptor());
    return decodedFrame(frame);
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
