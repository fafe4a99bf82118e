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

/// What the pictures of an animation need at a time: the canvas, what it was before, and the one shown.
/// Errors: TooLarge, OutOfMemory.
inline Result<DecodeBudget::Lease> claimCanvas(int width, int height, const AnimationLimits &limits)
{
    const std::int64_t pixels = std::int64_t{width} * height;
    if (width <= 0 || height <= 0 || pixels > limits.maximumPixels)
        return fail(ErrorCode::TooLarge, "The pictures of the animation are too large.");
    DecodeBudget *budget = limits.budget != nullptr ? limits.budget : &DecodeBudget::ofProcess();
    return budget->acquire(static_cast<std::uint64_t>(pixels) * 12);
}

} // namespace yingxun::image
