// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/names.h"

#include <algorithm>
#include <array>

namespace yingxun::models {
namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kSha256Digits = 64;

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace

bool isWeights(std::string_view name)
{
    constexpr std::string_view kCheckpoint = ".pt";
    if (name == "model.safetensors" || name == "pytorch_model.bin")
        return true;
    return name.size() > kCheckpoint.size() && name.size() <= kLongestName && name.ends_with(kCheckpoint) &&
           name.front() != '.' && std::none_of(name.begin(), name.end(), [](char c) {
               return c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' ';
           });
}

bool isModelFile(std::string_view name)
{
    constexpr std::array<std::string_view, 5> kOthers{"config.json", "vocab.txt", "preprocessor_config.json",
                                                      "text_model_config.json", "vision_model_config.json"};
    return isWeights(name) || std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end();
}

bool isModelId(std::string_view id)
{
    return !id.empty() && id.size() <= kLongestId && isAlphanumeric(id.front()) &&
           std::all_of(id.begin(), id.end(),
                       [](char c) { return isAlphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

bool isSha256(std::string_view text)
{
    return text.size() == kSha256Digits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

} // namespace yingxun::models
