// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace yingxun {

/// A number whose digits somebody has chosen.
struct JsonNumber {
    std::string digits;
};

/// Puts a JSON text together, in the order of the calls; commas, colons and escapes are its business. That
/// what is begun is ended, and that each member has a key and a value, is the caller's.
class JsonWriter
{
public:
    enum class Layout {
        Line,     ///< Without any space.
        Indented, ///< For people: each member on a line of its own, each array on one.
    };

    explicit JsonWriter(Layout layout = Layout::Line) : m_layout(layout) {}

    JsonWriter &beginObject() { return begin('{'); }
    JsonWriter &endObject() { return end('}'); }
    JsonWriter &beginArray() { return begin('['); }
    JsonWriter &endArray() { return end(']'); }
    JsonWriter &key(std::string_view name);

    JsonWriter &value(std::string_view utf8); ///< As jsonString().
    JsonWriter &value(const char *utf8) { return value(std::string_view(utf8)); }
    JsonWriter &value(const std::string &utf8) { return value(std::string_view(utf8)); }
    JsonWriter &value(const JsonNumber &number) { return append(number.digits); }
    JsonWriter &value(float number);  ///< As few digits as read back as the same number.
    JsonWriter &value(double number); ///< Likewise.
    template<std::integral T>
    JsonWriter &value(T number)
    {
        return append(std::to_string(number));
    }
    JsonWriter &value(bool yes) { return append(yes ? "true" : "false"); }

    template<typename T>
    JsonWriter &member(std::string_view name, const T &what)
    {
        return key(name).value(what);
    }
    template<typename Values>
    JsonWriter &array(std::string_view name, const Values &values)
    {
        key(name).beginArray();
        for (const auto &one : values)
            value(one);
        return endArray();
    }

    /// The next member or item begins a line.
    JsonWriter &newLine();

    const std::string &text() const { return m_text; }

private:
    struct Level {
        bool isObject = false;
        bool isEmpty = true;
    };

    JsonWriter &begin(char bracket);
    JsonWriter &end(char bracket);
    JsonWriter &append(std::string_view text);
    void separate();
    void indent();

    Layout m_layout;
    bool m_hasKey = false;     ///< The value of a member is next.
    bool m_beginsLine = false; ///< See newLine().
    std::vector<Level> m_levels;
    std::string m_text;
};

} // namespace yingxun
