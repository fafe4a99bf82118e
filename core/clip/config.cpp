// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/config.h"

#include "core/base/json_writer.h"
#include "core/clip/detail/config_fields.h"

#include <algorithm>
#include <array>
#include <optional>

namespace yingxun::clip {
namespace {

using detail::Fields;
using detail::kResNetHeadWidth;
using detail::kResNetStride;
using detail::kResNetWidthFactor;
using detail::layerList;
using detail::readJson;

constexpr const char *kResNetType = "chinese_clip_modified_resnet";

VisionConfig resNet(Fields &fields, const Json &object)
{
    VisionConfig config;
    config.imageSize = fields.required("image_size", kResNetStride, 2048);
    config.width = fields.required("width", 2, 512);
    config.heads = std::max(1, config.width * kResNetWidthFactor / kResNetHeadWidth);
    const auto layers = layerList(object.find("layers"));
    if (!layers)
        fields.refuse(".layers must list the bottlenecks of four stages");
    config.resnetLayers = layers.value_or(std::vector{1, 1, 1, 1});
    if (config.imageSize % kResNetStride != 0 || config.width % 2 != 0)
        fields.refuse(".image_size must be a multiple of 32 and .width even");
    return config;
}

VisionConfig viT(Fields &fields)
{
    VisionConfig config;
    fields.expect("model_type", "chinese_clip_vision_model");
    config.imageSize = fields.required("image_size", 8, 2048);
    config.width = fields.required("hidden_size", 8, 8192);
    config.layers = fields.required("num_hidden_layers", 1, 200);
    config.heads = fields.required("num_attention_heads", 1, 256);
    config.patchSize = fields.required("patch_size", 1, 128);
    if (config.width % config.heads != 0)
        fields.refuse(".hidden_size must be a multiple of num_attention_heads");
    if (config.patchSize > config.imageSize)
        fields.refuse(".patch_size must not exceed image_size");
    fields.expect("hidden_act", "quick_gelu");
    return config;
}

TextConfig bert(Fields &fields)
{
    TextConfig config;
    config.vocabularySize = fields.required("vocab_size", 5, 1'000'000);
    config.hidden = fields.required("hidden_size", 8, 8192);
    config.layers = fields.required("num_hidden_layers", 1, 200);
    config.heads = fields.required("num_attention_heads", 1, 256);
    config.intermediate = fields.required("intermediate_size", 8, 65536);
    config.positions = fields.required("max_position_embeddings", 2, 65536);
    config.tokenTypes = fields.optional("type_vocab_size", 2, 1, 16);
    config.hiddenDropout = fields.probability("hidden_dropout_prob", 0.1);
    config.attentionDropout = fields.probability("attention_probs_dropout_prob", 0.1);
    if (config.hidden % config.heads != 0)
        fields.refuse(".hidden_size must be a multiple of num_attention_heads");
    fields.expect("model_type", "chinese_clip_text_model");
    fields.expect("hidden_act", "gelu");
    return config;
}

Result<ModelConfig> configOf(const Json &json)
{
    const Json *vision = json.find("vision_config");
    const Json *language = json.find("text_config");
    if (vision == nullptr || language == nullptr)
        return fail(
            ErrorCode::Unsupported,
            "config.json does not describe a Chinese-CLIP model: vision_config or text_config is missing");

    Fields top(json, "config.json: top level");
    Fields visionFields(*vision, "config.json: vision_config");
    Fields textFields(*language, "config.json: text_config");
    ModelConfig config;
    const Json *kind = vision->find("model_type");
    const bool isResNet = kind != nullptr && kind->asString() == kResNetType;
    config.vision = isResNet ? resNet(visionFields, *vision) : viT(visionFields);
    config.text = bert(textFields);
    top.expect("model_type", "chinese_clip");
    config.dimension = top.required("projection_dim", 1, 65536);
    config.contextLength =
        top.optional("context_length", std::min(52, config.text.positions), 2, config.text.positions);
    // The top last: context_length is measured by the text tower.
    for (const Fields *fields : {&visionFields, &textFields, &top}) {
        if (const auto &problem = fields->problem())
            return fail(problem->code, problem->message);
    }
    return config;
}

} // namespace

Result<ModelConfig> parseConfig(std::string_view text)
{
    const auto json = parseJson(text);
    if (!json)
        return fail(ErrorCode::CorruptData, "config.json: " + json.error().message);
    return configOf(*json);
}

Result<ModelConfig> readConfig(const std::filesystem::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return json.propagate();
    auto config = configOf(*json);
    if (!config)
        return fail(config.error().code, file.string() + ": " + config.error().message);
    return config;
}

std::string configJson(const ModelConfig &config)
{
    JsonWriter json(JsonWriter::Layout::Indented);
    json.beginObject()
        .array("architectures", std::array{"ChineseCLIPModel"})
        .member("model_type", "chinese_clip")
        .member("projection_dim", config.dimension)
        .member("context_length", config.contextLength);
    const VisionConfig &vision = config.vision;
    json.key("vision_config").beginObject();
    if (vision.isResNet()) {
        json.member("model_type", kResNetType)
            .member("image_size", vision.imageSize)
            .member("width", vision.width)
            .array("layers", vision.resnetLayers);
    } else {
        json.member("model_type", "chinese_clip_vision_model")
            .member("hidden_act", "quick_gelu")
            .member("image_size", vision.imageSize)
            .member("patch_size", vision.patchSize)
            .member("hidden_size", vision.width)
            .member("intermediate_size", 4 * vision.width)
            .member("num_hidden_layers", vision.layers)
            .member("num_attention_heads", vision.heads);
    }
    const TextConfig &text = config.text;
    json.endObject()
        .key("text_config")
        .beginObject()
        .member("model_type", "chinese_clip_text_model")
        .member("hidden_act", "gelu")
        .member("vocab_size", text.vocabularySize)
        .member("hidden_size", text.hidden)
        .member("num_hidden_layers", text.layers)
        .member("num_attention_heads", text.heads)
        .member("intermediate_size", text.intermediate)
        .member("max_position_embeddings", text.positions)
        .member("type_vocab_size", text.tokenTypes)
        .member("hidden_dropout_prob", text.hiddenDropout)
        .member("attention_probs_dropout_prob", text.attentionDropout)
        .endObject()
        .endObject();
    return json.text() + '\n';
}

std::int64_t textWeightCount(const ModelConfig &config)
{
    const TextConfig &t = config.text;
    const std::int64_t hidden = t.hidden;
    const std::int64_t layer =
        4 * (hidden * hidden + hidden) + 2 * hidden * t.intermediate + t.intermediate + hidden + 4 * hidden;
    return (t.vocabularySize + t.positions + t.tokenTypes + 2) * hidden + t.layers * layer +
           hidden * config.dimension;
}

std::int64_t weightCount(const ModelConfig &config)
{
    const VisionConfig &v = config.vision;
    const std::int64_t dimension = config.dimension;
    std::int64_t count = 1; // logit_scale
    if (v.isResNet()) {
        const std::int64_t width = v.width;
        const std::int64_t half = width / 2;
        const auto norm = [](std::int64_t channels) { return 4 * channels; };
        count += 27 * half + 9 * half * half + 9 * half * width + 2 * norm(half) + norm(width);
        std::int64_t in = width;
        for (std::size_t stage = 0; stage < v.resnetLayers.size(); ++stage) {
            const std::int64_t planes = width << stage;
            const std::int64_t out = 4 * planes;
            for (int block = 0; block < v.resnetLayers[stage]; ++block) {
                count += in * planes + 9 * planes * planes + planes * out + 2 * norm(planes) + norm(out);
                if (block == 0)
                    count += in * out + norm(out); // Every stage changes the width.
                in = out;
            }
        }
        const std::int64_t side = v.imageSize / kResNetStride;
        count += (side * side + 1) * in + 3 * (in * in + in) + in * dimension + dimension;
    } else {
        const std::int64_t width = v.width;
        const std::int64_t side = v.imageSize / v.patchSize;
        const std::int64_t block = 12 * width * width + 13 * width;
        count += width + (side * side + 1) * width + 3 * width * v.patchSize * v.patchSize + 4 * width +
                 v.layers * block + width * dimension;
    }
    return count + textWeightCount(config);
}

} // namespace yingxun::clip
