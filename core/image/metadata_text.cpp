// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/metadata_text.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace yingxun::image {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool isControl(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

std::string trimmed(const std::string &text)
{
    const std::size_t first = text.find_first_not_of(" \n");
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(" \n") + 1 - first);
}

/// Takes numbers and marks from the front of a text.
class Cursor
{
public:
    explicit Cursor(std::string_view text) : m_rest(text) {}

    /// A number of exactly so many digits.
    std::optional<int> digits(std::size_t count)
    {
        int value = 0;
        if (m_rest.size() < count)
            return std::nullopt;
        for (std::size_t i = 0; i < count; ++i) {
            if (m_rest[i] < '0' || m_rest[i] > '9')
                return std::nullopt;
            value = value * 10 + (m_rest[i] - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }
    bool skip(std::string_view anyOf)
    {
        if (m_rest.empty() || anyOf.find(m_rest.front()) == std::string_view::npos)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void skipMark() ///< Some cameras write other separators; anything but a digit will do.
    {
        if (!m_rest.empty() && (m_rest.front() < '0' || m_rest.front() > '9'))
            m_rest.remove_prefix(1);
    }
    void skipFraction()
    {
        if (skip(".,"))
            m_rest.remove_prefix(std::min(m_rest.find_first_not_of("0123456789"), m_rest.size()));
    }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

/// A number with a point, whatever the locale; all of the text.
std::optional<double> parseNumber(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value < 1e6))
        return std::nullopt;
    return value;
}

} // namespace

std::string cleanText(std::string_view bytes, std::size_t longest, Lines lines)
{
    bytes = bytes.substr(0, bytes.find('\0'));
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const Utf8Step step = utf8Step(bytes, at);
        at += step.length;
        std::string next;
        if (!step.valid)
            appendUtf8(next, kReplacement);
        else if (step.codePoint == '\n' && lines == Lines::Many)
            next = "\n";
        else if (isControl(step.codePoint))
            next = " ";
        else
            appendUtf8(next, step.codePoint);
        if (text.size() + next.size() > longest)
            break;
        text += next;
    }
    return trimmed(text);
}

std::string fromUtf16(std::span<const std::byte> bytes)
{
    const auto unit = [&bytes](std::size_t i) {
        return std::to_integer<char32_t>(bytes[2 * i]) | std::to_integer<char32_t>(bytes[2 * i + 1]) << 8;
    };
    const auto isLow = [](char32_t c) { return c >= 0xDC00 && c < 0xE000; };
    std::string text;
    const std::size_t units = bytes.size() / 2;
    for (std::size_t i = 0; i < units; ++i) {
        const char32_t c = unit(i);
        if (c < 0xD800 || c >= 0xE000)
            appendUtf8(text, c);
        else if (!isLow(c) && i + 1 < units && isLow(unit(i + 1)))
            appendUtf8(text, 0x10000 + ((c - 0xD800) << 10 | (unit(++i) - 0xDC00)));
        else
            appendUtf8(text, kReplacement);
    }
    return text;
}

std::optional<int> parseOffset(std::string_view text)
{
    Cursor cursor(text);
    if (cursor.skip("Zz"))
        return 0;
    const bool isWest = text.starts_with('-');
    if (!cursor.skip("+-"))
        return std::nullopt;
    const auto hours = cursor.digits(2);
    cursor.skip(":");
    const auto minutes = cursor.digits(2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59)
        return std::nullopt;
    const int offset = *hours * 60 + *minutes;
    return isWest ? -offset : offset;
}

std::optional<StatedTime> parseTime(std::string_view text)
{
    Cursor cursor(text);
    const auto year = cursor.digits(4);
    cursor.skipMark();
    const auto month = cursor.digits(2);
    cursor.skipMark();
    const auto day = cursor.digits(2);
    cursor.skipMark();
    const auto hour = cursor.digits(2);
    cursor.skipMark();
    const auto minute = cursor.digits(2);
    if (!year || !month || !day || !hour || !minute)
        return std::nullopt;
    const bool hasZone = cursor.rest().empty() || cursor.rest().find_first_of("Zz+-") == 0;
    if (!hasZone)
        cursor.skipMark();
    const auto second = hasZone ? std::optional(0) : cursor.digits(2);
    if (!second)
        return std::nullopt;
    cursor.skipFraction();
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *year == 0 || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const auto time = std::chrono::sys_days{date} + std::chrono::hours{*hour} +
                      std::chrono::minutes{*minute} + std::chrono::seconds{*second};
    return StatedTime{std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count(),
                      parseOffset(cursor.rest())};
}

std::optional<double> parseCoordinate(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    const char side = text.back();
    const bool isNegative = side == 'S' || side == 'W';
    if (!isNegative && side != 'N' && side != 'E')
        return std::nullopt;
    text.remove_suffix(1);
    double degrees = 0;
    double unit = 1;
    for (int part = 0; part < 3; ++part, unit /= 60) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const auto value = parseNumber(text.substr(0, comma));
        if (!value)
            return std::nullopt;
        degrees += *value * unit;
        if (comma == text.size())
            return isNegative ? -degrees : degrees;
        text.remove_prefix(comma + 1);
    }
    return std::nullopt;
}

} // namespace yingxun::image
