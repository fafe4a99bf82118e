// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace yingxun::image {

/// Which frames of a video are looked at: those at every `stepMs`.
struct FilmPlan {
    std::int64_t stepMs = 1'000;
    bool leaps = false; ///< Goes straight to each place; else all frames before it are decoded.

    bool operator==(const FilmPlan &) const = default;
};

/// So much is decoded of any video, about.
inline constexpr double kFilmPixels = 5e9;

/// Second by second, where all frames can be decoded; else at 64 places, or as many fewer as are affordable:
/// at each one, half of what lies between two whole frames is decoded. The same for a video each time,
/// however busy the machine is, so that another model finds the same moments.
/// @param durationMs  0: it is not known
/// @param frames  in all; 0: it is not known
/// @param pixels  of a frame
inline FilmPlan filmPlan(std::int64_t durationMs, double frames, double pixels)
{
    constexpr double kMostPlaces = 64;
    constexpr double kLeastPlaces = 8;
    constexpr double kFramesAPlace = 60; // Cameras write a whole frame every half second to two seconds.
    FilmPlan plan;
    plan.leaps = durationMs > kMostPlaces * 1'000 || frames * pixels > kFilmPixels;
    if (!plan.leaps)
        return plan;
    const double places =
        std::clamp(kFilmPixels / (kFramesAPlace * std::max(pixels, 1.0)), kLeastPlaces, kMostPlaces);
    plan.stepMs = std::max(plan.stepMs, static_cast<std::int64_t>(static_cast<double>(durationMs) / places));
    return plan;
}

} // namespace yingxun::image
