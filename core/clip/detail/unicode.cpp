// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/unicode.h"

#include "core/base/utf8.h"
#include "core/clip/detail/unicode_tables.h"

#include <algorithm>
#include <span>

namespace yingxun::clip::detail {
namespace {

enum Casing : std::uint8_t { Uncased, Cased, Ignorable };

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;

std::uint8_t valueIn(std::span<const Run> runs, char32_t c) noexcept
{
    const auto after = std::upper_bound(runs.begin(), runs.end(), c,
                                        [](char32_t code, const Run &run) { return code < run.first; });
    return std::prev(after)->value; // The first run begins at U+0000.
}

/// The replacement of a character; false when it stays itself.
bool appendMapped(std::span<const Mapping> table, const char32_t *pool, char32_t c, std::u32string &out)
{
    const auto found =
        std::lower_bound(table.begin(), table.end(), c,
                         [](const Mapping &mapping, char32_t code) { return mapping.from < code; });
    if (found == table.end() || found->from != c)
        return false;
    out.append(pool + found->offset, found->length);
    return true;
}

/// Whether a cased character is the next that is not ignorable, going from `at` in steps of `step`.
bool meetsCased(std::u32string_view text, std::ptrdiff_t at, std::ptrdiff_t step)
{
    for (; at >= 0 && at < std::ssize(text); at += step) {
        const std::uint8_t casing =
            valueIn({kCasingRuns, kCasingRunsSize}, text[static_cast<std::size_t>(at)]);
        if (casing != Ignorable)
            return casing == Cased;
    }
    return false;
}

/// A Hangul syllable into its two or three jamo (Unicode, section 3.12).
bool appendJamo(char32_t c, std::u32string &out)
{
    constexpr char32_t kFirst = 0xAC00;
    constexpr char32_t kVowels = 21;
    constexpr char32_t kTrailers = 28;
    constexpr char32_t kSyllables = 11172;
    if (c < kFirst || c >= kFirst + kSyllables)
        return false;
    const char32_t index = c - kFirst;
    out += 0x1100 + index / (kVowels * kTrailers);
    out += 0x1161 + index % (kVowels * kTrailers) / kTrailers;
    if (index % kTrailers != 0)
        out += 0x11A7 + index % kTrailers;
    return true;
}

} // namespace

CharacterClass characterClass(char32_t c) noexcept
{
    return static_cast<CharacterClass>(valueIn({kClassRuns, kClassRunsSize}, c));
}

std::u32string decoded(std::string_view utf8)
{
    std::u32string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const Utf8Step step = utf8Step(utf8, at);
        if (step.valid)
            out += step.codePoint;
        at += step.length;
    }
    return out;
}

std::u32string lowered(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == kCapitalSigma) {
            const auto at = static_cast<std::ptrdiff_t>(i);
            out += meetsCased(text, at - 1, -1) && !meetsCased(text, at + 1, 1) ? kFinalSigma : kSmallSigma;
        } else if (!appendMapped({kLower, kLowerSize}, kLowerPool, text[i], out)) {
            out += text[i];
        }
    }
    return out;
}

std::u32string withoutAccents(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (const char32_t c : text) {
        if (!appendJamo(c, out) && !appendMapped({kStripped, kStrippedSize}, kStrippedPool, c, out))
            out += c;
    }
    return out;
}

} // namespace yingxun::clip::detail
