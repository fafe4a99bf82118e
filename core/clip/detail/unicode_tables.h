// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// Tables of Unicode 14, as Python 3.11 behaves; made by make_unicode_tables.py.
namespace yingxun::clip::detail {

/// From `first` on, up to the next run, characters have this value.
struct Run {
    char32_t first;
    std::uint8_t value;
};

/// What a character becomes: `length` characters of the pool from `offset` on.
struct Mapping {
    char32_t from;
    std::uint16_t offset;
    std::uint8_t length;
};

extern const Run kClassRuns[]; ///< Values: CharacterClass.
extern const std::size_t kClassRunsSize;
extern const Run kCasingRuns[]; ///< Values: Casing.
extern const std::size_t kCasingRunsSize;
extern const Mapping kLower[]; ///< Full lower-casing without context; sorted.
extern const std::size_t kLowerSize;
extern const char32_t kLowerPool[];
extern const Mapping kStripped[]; ///< NFD without marks of category Mn; without Hangul; sorted.
extern const std::size_t kStrippedSize;
extern const char32_t kStrippedPool[];

} // namespace yingxun::clip::detail
