// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/config.h"
#include "core/clip/detail/config_fields.h"

#include <algorithm>

namespace yingxun::clip {
namespace {

using detail::Fields;
using detail::readJson;

VisionConfig referenceVision(Fields &fields, const Json &object)
{
    VisionConfig config;
    config.imageSize = fields.required("image_resolution", 8, 2048);
    config.width = fields.required("vision_width", 2, 8192);
    if (const auto layers = detail::layerList(object.find("vision_layers"))) {
        config.resnetLayers = *layers;
        config.heads = std::max(1, config.width * detail::kResNetWidthFactor / detail::kResNetHeadWidth);
        if (config.imageSize % detail::kResNetStride != 0 || config.width % 2 != 0 || config.width > 512)
            fields.refuse(".image_resolution must be a multiple of 32 and .vision_width even");
        return config;
    }
    config.layers = fields.required("vision_layers", 1, 200);
    config.patchSize = fields.required("vision_patch_size", 1, 128);
    const int headWidth = fields.optional("vision_head_width", 64, 1, 1024);
    if (config.width % headWidth != 0 || config.patchSize > config.imageSize)
        fields.refuse(".vision_width must be a multiple of vision_head_width, and a patch fit the picture");
    config.heads = std::max(1, config.width / headWidth);
    return config;
}

TextConfig referenceText(Fields &fields)
{
    TextConfig config;
    config.vocabularySize = fields.required("vocab_size", 5, 1'000'000);
    config.hidden = fields.required("text_hidden_size", 8, 8192);
    config.layers = fields.required("text_num_hidden_layers", 1, 200);
    config.heads = fields.required("text_num_attention_heads", 1, 256);
    config.intermediate = fields.required("text_intermediate_size", 8, 65536);
    config.positions = fields.required("text_max_position_embeddings", 2, 65536);
    config.tokenTypes = fields.optional("text_type_vocab_size", 2, 1, 16);
    config.hiddenDropout = fields.probability("text_hidden_dropout_prob", 0.1);
    config.attentionDropout = fields.probability("text_attention_probs_dropout_prob", 0.1);
    if (config.hidden % config.heads != 0)
        fields.refuse(".text_hidden_size must be a multiple of text_num_attention_heads");
    fields.expect("text_hidden_act", "gelu");
    return config;
}

/// `visionName` and `textName` begin the messages.
Result<ModelConfig> referenceConfig(const Json &vision, const std::string &visionName, const Json &text,
                                    const std::string &textName)
{
    Fields visionFields(vision, visionName);
    Fields textFields(text, textName);
    ModelConfig config;
    config.vision = referenceVision(visionFields, vision);
    config.dimension = visionFields.required("embed_dim", 1, 65536);
    config.text = referenceText(textFields);
    config.contextLength = std::min(config.contextLength, config.text.positions);
    for (const Fields *fields : {&visionFields, &textFields}) {
        if (const auto &problem = fields->problem())
            return fail(problem->code, problem->message);
    }
    return config;
}

} // namespace

Result<ModelConfig> parseReferenceConfig(std::string_view vision, std::string_view text)
{
    const auto visionJson = parseJson(vision);
    const auto textJson = parseJson(text);
    if (!visionJson || !textJson)
        return !visionJson ? visionJson.propagate() : textJson.propagate();
    return referenceConfig(*visionJson, "vision", *textJson, "text");
}

Result<ModelConfig> readReferenceConfig(const std::filesystem::path &vision,
                                        const std::filesystem::path &text)
{
    const auto visionJson = readJson(vision);
    if (!visionJson)
        return visionJson.propagate();
    const auto textJson = readJson(text);
    if (!textJson)
        return textJson.propagate();
    return referenceConfig(*visionJson, vision.string() + ": ", *textJson, text.string() + ": ");
}

} // namespace yingxun::clip
