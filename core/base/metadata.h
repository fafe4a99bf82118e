// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yingxun {

/// What a photo's file, or a sidecar beside it, says of how it was taken and what it shows.
/// What is not said is unset or empty. All texts are valid UTF-8 of bounded length without control
/// characters, but for line breaks in the description.
struct Metadata {
    std::optional<std::int64_t> captureTimeMs; ///< What the clock showed: ms since 1970-01-01T00:00, no zone.
    std::optional<int> utcOffsetMinutes;       ///< Of that clock, east is positive; only beside a time.

    std::optional<double> latitude;  ///< Degrees, WGS 84, north is positive; with the next or not at all.
    std::optional<double> longitude; ///< Degrees, east is positive.
    std::optional<double> altitudeMetres; ///< Above the sea.

    std::string cameraMake;
    std::string cameraModel;
    std::string lens;
    std::optional<double> iso;
    std::optional<double> exposureSeconds;
    std::optional<double> fNumber;
    std::optional<double> focalLengthMm; ///< Of the lens itself, not as on 35 mm film.

    std::optional<int> rating; ///< 0 to 5 stars of another program, -1: rejected.
    std::vector<std::string> keywords;
    std::string title;
    std::string description;

    bool isEmpty() const { return *this == Metadata(); }
    bool operator==(const Metadata &other) const = default;
};

/// `first` with its gaps filled from `second`. A zone goes with its time, a longitude with its latitude; a
/// zone is taken over alone where both have the same time. Lists of keywords are not mixed.
Metadata completed(Metadata first, const Metadata &second);

} // namespace yingxun
