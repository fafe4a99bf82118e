// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the readers of the two kinds of configuration share.
namespace yingxun::clip::detail {

constexpr int kResNetStride = 32;      ///< From pixels to the grid of the attention pool.
constexpr int kResNetHeadWidth = 64;   ///< Of the attention pool.
constexpr int kResNetWidthFactor = 32; ///< The attention pool is so much wider than the stem.

/// Collects integers of a JSON object, and remembers the first that is missing or out of range.
class Fields
{
public:
    Fields(const Json &object, std::string where) : m_object(object), m_where(std::move(where)) {}

    int required(std::string_view key, int low, int high)
    {
        const Json *value = m_object.find(key);
        const auto number = value != nullptr ? value->asInt() : std::nullopt;
        if (!number || *number < low || *number > high) {
            refuse("." + std::string(key) + " must be a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high));
            return low;
        }
        return static_cast<int>(*number);
    }
    int optional(std::string_view key, int standard, int low, int high)
    {
        return m_object.find(key) == nullptr ? standard : required(key, low, high);
    }
    double probability(std::string_view key, double standard)
    {
        const Json *value = m_object.find(key);
        if (value == nullptr)
            return standard;
        const auto number = value->asDouble();
        if (!number || *number < 0 || *number >= 1) {
            refuse("." + std::string(key) + " must be a number from 0 to below 1");
            return standard;
        }
        return *number;
    }
    /// Left out, it is taken to be the expected one.
    void expect(std::string_view key, std::string_view value)
    {
        const Json *found = m_object.find(key);
        if (found != nullptr && found->asString() != value)
            refuse("." + std::string(key) + " must be " + std::string(value), ErrorCode::Unsupported);
    }
    void refuse(const std::string &why, ErrorCode code = ErrorCode::CorruptData)
    {
        if (!m_problem)
            m_problem = Error{code, m_where + why};
    }
    const std::optional<Error> &problem() const { return m_problem; }

private:
    const Json &m_object;
    std::string m_where;
    std::optional<Error> m_problem;
};

/// Bottlenecks of a ResNet's four stages: a list, or, in the reference's configurations, one written as text.
std::optional<std::vector<int>> layerList(const Json *value);

/// A JSON file of moderate size. The message of an error names it.
Result<Json> readJson(const std::filesystem::path &file);

} // namespace yingxun::clip::detail
