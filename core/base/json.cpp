// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include "core/base/utf8.h"

#include <charconv>
#include <unordered_set>

namespace yingxun {
namespace {

constexpr int kDeepest = 64;

class Parser
{
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    Result<Json> parse()
    {
        Json value;
        if (!readValue(value, 0) || (skipSpace(), m_at != m_text.size() && !refuse("text after the value")))
            return fail(ErrorCode::CorruptData, "JSON, byte " + std::to_string(m_at) + ": " + m_problem);
        return value;
    }

private:
    bool refuse(const char *why)
    {
        if (m_problem.empty())
            m_problem = why;
        return false;
    }
    void skipSpace()
    {
        while (m_at < m_text.size() &&
               std::string_view(" \t\n\r").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }
    bool take(char c)
    {
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }
    bool takeWord(std::string_view word)
    {
        if (m_text.substr(m_at, word.size()) != word)
            return false;
        m_at += word.size();
        return true;
    }

    bool readValue(Json &out, int depth)
    {
        if (depth > kDeepest)
            return refuse("nested too deeply");
        skipSpace();
        if (m_at >= m_text.size())
            return refuse("the text ends where a value should be");
        switch (m_text[m_at]) {
        case '{':
            return readObject(out, depth);
        case '[':
            return readArray(out, depth);
        case '"': {
            std::string text;
            if (!readString(text))
                return false;
            out = Json(Json::Value(std::move(text)));
            return true;
        }
        default:
            break;
        }
        if (takeWord("true"))
            out = Json(Json::Value(true));
        else if (takeWord("false"))
            out = Json(Json::Value(false));
        else if (takeWord("null"))
            out = Json();
        else
            return readNumber(out);
        return true;
    }

    bool readObject(Json &out, int depth)
    {
        ++m_at;
        Json::Object members;
        std::unordered_set<std::string> keys;
        skipSpace();
        if (!take('}')) {
            do {
                skipSpace();
                std::string key;
                if (m_at >= m_text.size() || m_text[m_at] != '"')
                    return refuse("a member needs a name in quotes");
                if (!readString(key))
                    return false;
                if (!keys.insert(key).second)
                    return refuse("a name occurs twice in one object");
                skipSpace();
                if (!take(':'))
                    return refuse("a colon is missing");
                Json value;
                if (!readValue(value, depth + 1))
                    return false;
                members.emplace_back(std::move(key), std::move(value));
                skipSpace();
            } while (take(','));
            if (!take('}'))
                return refuse("an object is not closed");
        }
        out = Json(Json::Value(std::move(members)));
        return true;
    }

    bool readArray(Json &out, int depth)
    {
        ++m_at;
        Json::Array items;
        skipSpace();
        if (!take(']')) {
            do {
                Json value;
                if (!readValue(value, depth + 1))
                    return false;
                items.push_back(std::move(value));
                skipSpace();
            } while (take(','));
            if (!take(']'))
                return refuse("an array is not closed");
        }
        out = Json(Json::Value(std::move(items)));
        return true;
    }

    bool readString(std::string &out)
    {
        ++m_at;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return refuse("a control character in a string");
            if (c == '\\') {
                if (!readEscape(out))
                    return false;
                continue;
            }
            const Utf8Step step = utf8Step(m_text, m_at);
            if (!step.valid)
                return refuse("invalid UTF-8");
            out.append(m_text.substr(m_at, step.length));
            m_at += step.length;
        }
        return refuse("a string is not closed");
    }

    bool readEscape(std::string &out)
    {
        static constexpr std::string_view kNames = "\"\\/bfnrt";
        static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        ++m_at;
        if (m_at < m_text.size()) {
            if (const auto known = kNames.find(m_text[m_at]); known != std::string_view::npos) {
                out += kMeanings[known];
                ++m_at;
                return true;
            }
        }
        char32_t code = 0;
        if (!readUnit(code))
            return false;
        if (code >= 0xDC00 && code <= 0xDFFF)
            return refuse("a lone surrogate");
        if (code >= 0xD800 && code <= 0xDBFF) {
            char32_t low = 0;
            if (!take('\\') || !readUnit(low) || low < 0xDC00 || low > 0xDFFF)
                return refuse("a lone surrogate");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        appendUtf8(out, code);
        return true;
    }

    /// uXXXX
    bool readUnit(char32_t &out)
    {
        if (!take('u') || m_text.size() - m_at < 4)
            return refuse("an unknown escape");
        std::uint32_t value = 0;
        const char *first = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(first, first + 4, value, 16);
        if (error != std::errc() || end != first + 4)
            return refuse("an unknown escape");
        out = value;
        m_at += 4;
        return true;
    }

    std::size_t readDigits()
    {
        const std::size_t first = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9')
            ++m_at;
        return m_at - first;
    }

    bool readNumber(Json &out)
    {
        const std::size_t first = m_at;
        take('-');
        const bool leadingZero = m_at < m_text.size() && m_text[m_at] == '0';
        const std::size_t digits = readDigits();
        if (digits == 0 || (leadingZero && digits > 1))
            return refuse("not a value");
        bool whole = true;
        if (take('.')) {
            whole = false;
            if (readDigits() == 0)
                return refuse("a number without digits after the point");
        }
        if (take('e') || take('E')) {
            whole = false;
            if (!take('+'))
                take('-');
            if (readDigits() == 0)
                return refuse("a number without an exponent");
        }
        const char *begin = m_text.data() + first;
        const char *end = m_text.data() + m_at;
        if (std::int64_t integer = 0; whole && std::from_chars(begin, end, integer).ec == std::errc()) {
            out = Json(Json::Value(integer));
            return true;
        }
        double real = 0;
        if (std::from_chars(begin, end, real).ec != std::errc())
            return refuse("a number out of range");
        out = Json(Json::Value(real));
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_problem;
};

} // namespace

std::optional<bool> Json::asBool() const noexcept
{
    const auto *value = std::get_if<bool>(&m_value);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::asInt() const noexcept
{
    const auto *value = std::get_if<std::int64_t>(&m_value);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> Json::asDouble() const noexcept
{
    if (const auto *integer = std::get_if<std::int64_t>(&m_value))
        return static_cast<double>(*integer);
    const auto *value = std::get_if<double>(&m_value);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::string_view> Json::asString() const noexcept
{
    const auto *value = std::get_if<std::string>(&m_value);
    return value != nullptr ? std::optional<std::string_view>(*value) : std::nullopt;
}

const Json::Array *Json::asArray() const noexcept
{
    return std::get_if<Array>(&m_value);
}

const Json::Object *Json::asObject() const noexcept
{
    return std::get_if<Object>(&m_value);
}

const Json *Json::find(std::string_view key) const noexcept
{
    const Object *members = asObject();
    if (members == nullptr)
        return nullptr;
    for (const auto &[name, value] : *members) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

Result<Json> parseJson(std::string_view text)
{
    return Parser(text).parse();
}

std::string jsonString(std::string_view utf8)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "\"";
    for (std::size_t at = 0; at < utf8.size();) {
        const Utf8Step step = utf8Step(utf8, at);
        if (!step.valid) {
            appendUtf8(out, 0xFFFD);
        } else if (step.codePoint == '"' || step.codePoint == '\\') {
            out += '\\';
            out += utf8[at];
        } else if (step.codePoint < 0x20) {
            out += "\\u00";
            out += kDigits[step.codePoint >> 4];
            out += kDigits[step.codePoint & 15];
        } else {
            out.append(utf8.substr(at, step.length));
        }
        at += step.length;
    }
    return out + '"';
}

} // namespace yingxun
