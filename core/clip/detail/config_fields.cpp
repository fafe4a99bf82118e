// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/config_fields.h"

#include "core/base/mapped_file.h"

namespace yingxun::clip::detail {
namespace {

constexpr std::size_t kLargestConfig = 1U << 20;
constexpr int kMostBlocks = 100;

} // namespace

std::optional<std::vector<int>> layerList(const Json *value)
{
    std::optional<Json> parsed;
    if (value != nullptr && value->asString()) {
        auto inner = parseJson(*value->asString());
        if (!inner)
            return std::nullopt;
        parsed = *std::move(inner);
        value = &*parsed;
    }
    if (value == nullptr || value->asArray() == nullptr)
        return std::nullopt;
    std::vector<int> layers;
    for (const Json &stage : *value->asArray()) {
        const auto blocks = stage.asInt();
        if (!blocks || *blocks < 1 || *blocks > kMostBlocks)
            return std::nullopt;
        layers.push_back(static_cast<int>(*blocks));
    }
    return layers.size() == 4 ? std::optional(layers) : std::nullopt;
}

Result<Json> readJson(const std::filesystem::path &file)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped)
        return mapped.propagate();
    const auto bytes = mapped->bytes();
    if (bytes.size() > kLargestConfig)
        return fail(ErrorCode::CorruptData, file.string() + " is too large for a configuration");
    auto json = parseJson({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    if (!json)
        return fail(ErrorCode::CorruptData, file.string() + ": " + json.error().message);
    return json;
}

} // namespace yingxun::clip::detail
