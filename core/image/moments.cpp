// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/moments.h"

#include "core/image/animation.h"
#include "core/image/film_plan.h"
#include "core/image/moment_chooser.h"
#include "core/image/opencv.h"
#include "core/image/video_file.h"

#include <algorithm>
#include <exception>
#include <string_view>

namespace yingxun::image {
namespace {

using Clock = std::chrono::steady_clock;

/// Goes through the frames of a video that are looked at.
class FrameWalk
{
public:
    FrameWalk(VideoFile &video, Clock::time_point deadline)
        : m_capture(video.capture), m_frameMs(1000 / video.framesPerSecond()), m_deadline(deadline),
          m_atMs(-m_frameMs)
    {
        m_durationMs = static_cast<std::int64_t>(std::min(video.frameCount() * m_frameMs, 1e12));
        m_plan = filmPlan(m_durationMs, video.frameCount(),
                          m_capture.get(cv::CAP_PROP_FRAME_WIDTH) * m_capture.get(cv::CAP_PROP_FRAME_HEIGHT));
    }

    std::int64_t durationMs() const { return m_durationMs; }

    /// False: there is none any more, or the time is over.
    bool next(cv::Mat &frame, std::int64_t &timeMs)
    {
        if (m_plan.leaps && m_wantedMs >= m_durationMs)
            return false;
        if (m_plan.leaps && m_wantedMs > 0) {
            m_capture.set(cv::CAP_PROP_POS_MSEC, static_cast<double>(m_wantedMs));
            m_atMs = static_cast<double>(m_wantedMs) - m_frameMs;
        }
        do {
            if (Clock::now() >= m_deadline || !m_capture.grab())
                return false;
            m_atMs += m_frameMs; // Not what the file says of each frame: that may be anything.
        } while (!m_plan.leaps && m_atMs < static_cast<double>(m_wantedMs));
        if (!m_capture.retrieve(frame) || frame.type() != CV_8UC3 || frame.empty())
            return false;
        timeMs = static_cast<std::int64_t>(std::max(m_atMs, 0.0));
        m_wantedMs += m_plan.stepMs;
        return true;
    }

private:
    cv::VideoCapture &m_capture;
    double m_frameMs;
    Clock::time_point m_deadline;
    std::int64_t m_durationMs = 0; ///< 0: the file does not say.
    FilmPlan m_plan;
    std::int64_t m_wantedMs = 0;
    double m_atMs; ///< Of the latest frame.
};

RgbImage overWhite(std::span<const std::uint8_t> rgba, int width, int height)
{
    RgbImage image{width, height, {}};
    image.pixels.resize(rgba.size() / 4 * 3);
    auto out = image.pixels.begin();
    for (std::size_t i = 0; i < rgba.size(); i += 4) {
        const int alpha = rgba[i + 3];
        for (std::size_t channel = 0; channel < 3; ++channel)
            *out++ = static_cast<std::uint8_t>((rgba[i + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
    return image;
}

/// By the brands that it begins with.
bool isAvifSequence(std::span<const std::byte> file)
{
    constexpr std::size_t kMost = 256; // As of formatOf().
    const std::string_view head(reinterpret_cast<const char *>(file.data()), std::min(file.size(), kMost));
    return head.find("avis") != std::string_view::npos;
}

} // namespace

bool mayMove(Format format)
{
    switch (format) {
    case Format::Video:
    case Format::Png:
        return true;
#ifdef YINGXUN_HAVE_GIF
    case Format::Gif:
        return true;
#endif
#ifdef YINGXUN_HAVE_WEBP
    case Format::Webp:
        return true;
#endif
#ifdef YINGXUN_HAVE_AVIF
    case Format::Avif:
        return true;
#endif
#ifdef YINGXUN_HAVE_JPEGXL
    case Format::JpegXl:
        return true;
#endif
    default:
        return false;
    }
}

bool mayMove(std::span<const std::byte> file)
{
    const Format format = formatOf(file);
    if (format == Format::Png)
        return isAnimatedPng(file);
    if (format == Format::Avif)
        return mayMove(format) && isAvifSequence(file);
    return mayMove(format);
}

Result<void> forEachMoment(const std::filesystem::path &path, const RgbImage &poster,
                           const VideoLimits &limits, const MomentVisit &visit)
try {
    const Clock::time_point deadline = Clock::now() + limits.patience;
    auto video = VideoFile::open(path, limits);
    if (!video)
        return video.propagate();
    FrameWalk walk(*video, deadline);
    MomentChooser chooser(poster, walk.durationMs());
    cv::Mat frame;
    std::int64_t timeMs = 0;
    while (!chooser.isFull() && walk.next(frame, timeMs)) {
        RgbImage picture = toRgb(frame);
        if (chooser.isNew(picture, timeMs) && !visit(timeMs, std::move(picture)))
            break;
    }
    return {};
} catch (const std::exception &error) {
    return asFailure(error, path.string() + " cannot be played");
}

Result<void> forEachMoment(std::span<const std::byte> animation, const RgbImage &poster,
                           const AnimationLimits &limits, const MomentVisit &visit)
try {
    MomentChooser chooser(poster, 0);
    const Clock::time_point deadline = Clock::now() + limits.patience;
    const MomentVisit look = [&](std::int64_t timeMs, RgbImage picture) {
        const bool goesOn = !chooser.isNew(picture, timeMs) || visit(timeMs, std::move(picture));
        return goesOn && !chooser.isFull() && Clock::now() < deadline;
    };
    [[maybe_unused]] const CanvasVisit lookAtCanvas =
        [&](std::int64_t timeMs, std::span<const std::uint8_t> rgba, int width, int height) {
            return look(timeMs, overWhite(rgba, width, height));
        };
    switch (formatOf(animation)) {
#ifdef YINGXUN_HAVE_GIF
    case Format::Gif:
        return readGifAnimation(animation, limits, lookAtCanvas);
#endif
#ifdef YINGXUN_HAVE_WEBP
    case Format::Webp:
        return readWebpAnimation(animation, limits, lookAtCanvas);
#endif
    case Format::Png:
        return readPngAnimation(animation, limits, look);
#ifdef YINGXUN_HAVE_AVIF
    case Format::Avif:
        return readAvifAnimation(animation, limits, look);
#endif
#ifdef YINGXUN_HAVE_JPEGXL
    case Format::JpegXl:
        return readJpegXlAnimation(animation, limits, look);
#endif
    default:
        return {};
    }
} catch (const std::exception &error) {
    return asFailure(error, "The animation cannot be played");
}

} // namespace yingxun::image
