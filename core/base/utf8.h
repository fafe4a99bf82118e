// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yingxun {

/// One step through UTF-8 text.
struct Utf8Step {
    char32_t codePoint = 0; ///< Meaningless when !valid.
    std::size_t length =
        1; ///< Bytes of the sequence, or of the maximal invalid part (Unicode 14, section 3.9).
    bool valid = false;
};

/// Reads the sequence at `at` (< text.size()). Surrogates, overlong forms and values beyond U+10FFFF are
/// invalid.
Utf8Step utf8Step(std::string_view text, std::size_t at) noexcept;

/// Whether all of it is UTF-8.
bool isUtf8(std::string_view text) noexcept;

/// Appends the UTF-8 form of a scalar value.
void appendUtf8(std::string &out, char32_t codePoint);

} // namespace yingxun
