// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yingxun::image {

/// Whether line breaks may stay.
enum class Lines { One, Many };

/// Valid UTF-8 of at most `longest` bytes without control characters and blanks around it. What is invalid
/// becomes U+FFFD; a zero byte ends it, as in EXIF.
std::string cleanText(std::string_view bytes, std::size_t longest, Lines lines = Lines::One);

/// From UTF-16, little endian.
std::string fromUtf16(std::span<const std::byte> bytes);

/// What a clock showed, and its zone where it is said.
struct StatedTime {
    std::int64_t localMs = 0; ///< ms since 1970-01-01T00:00, without zone.
    std::optional<int> utcOffsetMinutes;
};

/// "2024:05:01 12:30:59" as in EXIF, or ISO 8601 as in XMP, with a zone or without one and to the minute at
/// least. Parts of a second are left out.
std::optional<StatedTime> parseTime(std::string_view text);

/// "+02:00", "-0330" or "Z" in minutes.
std::optional<int> parseOffset(std::string_view text);

/// "48,51,29.5N" or "48,51.49N" as in XMP, in degrees.
std::optional<double> parseCoordinate(std::string_view text);

} // namespace yingxun::image
