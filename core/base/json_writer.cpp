// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_writer.h"

#include "core/base/json.h"

#include <array>
#include <charconv>
#include <utility>

namespace yingxun {
namespace {

template<typename T>
JsonNumber shortest(T number)
{
    std::array<char, 32> digits{};
    return {{digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr}};
}

} // namespace

JsonWriter &JsonWriter::key(std::string_view name)
{
    separate();
    m_text += jsonString(name);
    m_text += m_layout == Layout::Indented ? ": " : ":";
    m_hasKey = true;
    return *this;
}

JsonWriter &JsonWriter::value(std::string_view utf8)
{
    return append(jsonString(utf8));
}

JsonWriter &JsonWriter::value(float number)
{
    return value(shortest(number));
}

JsonWriter &JsonWriter::value(double number)
{
    return value(shortest(number));
}

JsonWriter &JsonWriter::newLine()
{
    m_beginsLine = true;
    return *this;
}

JsonWriter &JsonWriter::begin(char bracket)
{
    append({&bracket, 1});
    m_levels.push_back({bracket == '{'});
    return *this;
}

JsonWriter &JsonWriter::end(char bracket)
{
    const Level level = m_levels.back();
    m_levels.pop_back();
    if (m_layout == Layout::Indented && level.isObject && !level.isEmpty)
        indent();
    m_text += bracket;
    return *this;
}

JsonWriter &JsonWriter::append(std::string_view text)
{
    separate();
    m_text += text;
    return *this;
}

/// Whatever is between the one before and the next member or item.
void JsonWriter::separate()
{
    if (std::exchange(m_hasKey, false) || m_levels.empty())
        return;
    const bool isFirst = std::exchange(m_levels.back().isEmpty, false);
    if (!isFirst)
        m_text += ',';
    const bool beginsLine = std::exchange(m_beginsLine, false);
    if (m_layout == Layout::Indented && m_levels.back().isObject)
        indent();
    else if (beginsLine)
        m_text += '\n';
    else if (m_layout == Layout::Indented && !isFirst)
        m_text += ' ';
}

void JsonWriter::indent()
{
    m_text += '\n';
    m_text.append(2 * m_levels.size(), ' ');
}

} // namespace yingxun
