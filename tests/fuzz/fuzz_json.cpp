// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using yingxun::Json;

namespace {

/// The shortest text that is read as the same number again, and as no integer.
std::string written(double number)
{
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
    return {text, end};
}

std::string written(const Json &json)
{
    if (const auto flag = json.asBool())
        return *flag ? "true" : "false";
    if (const auto number = json.asInt())
        return std::to_string(*number);
    if (const auto number = json.asDouble())
        return written(*number);
    if (const auto text = json.asString())
        return yingxun::jsonString(*text);
    std::string all;
    if (const auto *items = json.asArray()) {
        for (const Json &item : *items)
            all += (all.empty() ? "" : ",") + written(item);
        return '[' + all + ']';
    }
    if (const auto *members = json.asObject()) {
        for (const auto &[name, value] : *members) {
            if (json.find(name) != &value)
                std::abort(); // A name that occurs twice.
            all += (all.empty() ? "" : ",") + yingxun::jsonString(name) + ':' + written(value);
        }
        return '{' + all + '}';
    }
    if (!json.isNull())
        std::abort();
    return "null";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    // Whatever it holds, as a string it can be read; nothing of valid UTF-8 gets lost.
    const auto string = yingxun::parseJson(yingxun::jsonString(text));
    if (!string || !string->asString() ||
        yingxun::jsonString(*string->asString()) != yingxun::jsonString(text))
        std::abort();
    if (const auto json = yingxun::parseJson(text)) {
        const std::string once = written(*json);
        const auto again = yingxun::parseJson(once);
        if (!again || written(*again) != once)
            std::abort();
    }
    return 0;
}
