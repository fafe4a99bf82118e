// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The Unicode rules of the BERT tokenizer (Unicode 14), as golden data of the reference fixes them.
namespace yingxun::clip::detail {

enum class CharacterClass : std::uint8_t {
    Other,
    Drop,        ///< NUL, U+FFFD, controls and format characters.
    Space,       ///< Also tab, line feed, carriage return, line and paragraph separators.
    Cjk,         ///< An ideograph: a token of its own.
    Punctuation, ///< A token of its own.
};

CharacterClass characterClass(char32_t c) noexcept;

/// UTF-8 to code points; invalid parts are left out.
std::u32string decoded(std::string_view utf8);

/// Full lower-casing with the rule for a final sigma.
std::u32string lowered(std::u32string_view text);

/// Canonical decomposition without nonspacing marks (category Mn): accents go, Hangul falls into jamo.
std::u32string withoutAccents(std::u32string_view text);

} // namespace yingxun::clip::detail
