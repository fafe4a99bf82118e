// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/decode_budget.h"
#include "core/image/format.h"
#include "core/image/rgb_image.h"
#include "core/image/video.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace yingxun::image {

/// Takes a picture and its time from the begin, ms. False: no more are wanted.
using MomentVisit = std::function<bool(std::int64_t timeMs, RgbImage picture)>;

/// Whether files of a format may hold moments beyond the first picture that this build reads.
bool mayMove(Format format);

/// The same of a file. Where its first bytes tell a picture that stands still, that is said; decodes nothing.
bool mayMove(std::span<const std::byte> file);

/// Visits, in their order, the pictures of a video that show something that neither the poster nor the one
/// before shows: after cuts, and as a scene moves on, at most MomentChooser::kMost, spread over its length.
/// Which frames are looked at: see film_plan.h. It ends where the file cannot be read any further, and when
/// `limits.patience` is over.
/// Errors: those of posterOf(). Threads: call from any thread.
Result<void> forEachMoment(const std::filesystem::path &video, const RgbImage &poster,
                           const VideoLimits &limits, const MomentVisit &visit);

struct AnimationLimits {
    std::int64_t maximumPixels = 8'000'000; ///< Of one picture, which takes 12 bytes a pixel and more.
    std::chrono::milliseconds patience{5'000};
    DecodeBudget *budget = nullptr; ///< Null: the one of the process.
};

/// The same of an animated GIF, WebP, PNG, AVIF or JPEG XL file; of a picture that does not move there are
/// none. Errors: TooLarge, OutOfMemory. What is damaged ends early.
Result<void> forEachMoment(std::span<const std::byte> animation, const RgbImage &poster,
                           const AnimationLimits &limits, const MomentVisit &visit);

} // namespace yingxun::image
