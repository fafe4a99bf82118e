// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/moments.h"

#include <algorithm>

namespace yingxun::image {

/// Takes each whole picture of an animation as RGBA of width x height with the time at which it appears, ms,
/// until it says false.
using CanvasVisit =
    std::function<bool(std::int64_t timeMs, std::span<const std::uint8_t> rgba, int width, int height)>;

/// Errors: TooLarge, OutOfMemory. What is damaged ends early.
Result<void> readGifAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                              const CanvasVisit &visit);
Result<void> readWebpAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                               const CanvasVisit &visit);

/// The same of formats with colour profiles: each whole picture as it is meant to be seen.
Result<void> readPngAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                              const MomentVisit &visit);
Result<void> readAvifAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                               const MomentVisit &visit);
Result<void> readJpegXlAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                                 const MomentVisit &visit);

/// Whether a PNG file says that it has a second frame. Reads no further than to the pixels.
bool isAnimatedPng(std::span<const std::byte> file);

/// What the pictures of an animation need at a time: the canvas, what it was before, and the one shown.
/// @param decoderBytes  what the decoder holds beside them, of each pixel
/// Errors: TooLarge, OutOfMemory.
inline Result<DecodeBudget::Lease> claimCanvas(std::int64_t width, std::int64_t height,
                                               const AnimationLimits &limits, std::uint64_t decoderBytes = 0)
{
    if (width <= 0 || height <= 0 || height > limits.maximumPixels / width)
        return fail(ErrorCode::TooLarge, "The pictures of the animation are too large.");
    DecodeBudget *budget = limits.budget != nullptr ? limits.budget : &DecodeBudget::ofProcess();
    return budget->acquire(static_cast<std::uint64_t>(width * height) * (12 + decoderBytes));
}

/// How long a picture stays, ms, where the file may say anything, nonsense among it.
inline double shownForMs(double said)
{
    return said > 1 ? std::min(said, 600'000.0) : 1;
}

} // namespace yingxun::image
