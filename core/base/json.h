// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace yingxun {

/// A JSON value (RFC 8259). Our own reader because core/clip needs nothing but libtorch, and because model
/// files are hostile input: nothing that the strict grammar does not allow is accepted.
class Json
{
public:
    using Array = std::vector<Json>;
    using Object = std::vector<std::pair<std::string, Json>>; ///< In the order of the text.
    using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

    Json() = default;
    explicit Json(Value value) : m_value(std::move(value)) {}

    bool isNull() const noexcept { return std::holds_alternative<std::nullptr_t>(m_value); }
    std::optional<bool> asBool() const noexcept;
    std::optional<std::int64_t>
    asInt() const noexcept;                          ///< Only numbers without fraction and exponent that fit.
    std::optional<double> asDouble() const noexcept; ///< Any number.
    std::optional<std::string_view> asString() const noexcept; ///< UTF-8; valid as long as the value.
    const Array *asArray() const noexcept;                     ///< nullptr when it is something else.
    const Object *asObject() const noexcept;                   ///< nullptr when it is something else.
    /// The member of an object; nullptr when there is none or this is no object. Linear in the members.
    const Json *find(std::string_view key) const noexcept;

private:
    Value m_value;
};

/// Parses exactly one value. Refuses invalid UTF-8, doubled keys, nesting deeper than 64, trailing text.
/// Errors: CorruptData, with the byte offset.
Result<Json> parseJson(std::string_view text);

/// A JSON string literal, quotes included; invalid UTF-8 becomes U+FFFD.
std::string jsonString(std::string_view utf8);

} // namespace yingxun
