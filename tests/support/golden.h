// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/clip/detail/clip_module.h"
#include "core/clip/safetensors.h"

#include <torch/torch.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// libtorch's logging has macros of these names.
#undef CHECK
#undef CHECK_EQ
#include "tests/support/check.h"

/// A tensor of a golden file; a failed check and zeros where it is missing.
inline torch::Tensor stored(const yingxun::clip::TensorFile &file, const std::string &name)
{
    using yingxun::clip::DType;
    const yingxun::clip::TensorView *view = file.find(name);
    if (view == nullptr) {
        std::printf("no tensor %s\n", name.c_str());
        CHECK(view != nullptr);
        return torch::zeros({1});
    }
    torch::Tensor tensor =
        torch::empty(view->shape, view->dtype == DType::I64 ? torch::kLong : torch::kFloat);
    std::memcpy(tensor.data_ptr(), view->data, view->bytes);
    return tensor;
}

/// Tolerances as the golden data's own description suggests them.
inline bool compare(const std::string &what, const torch::Tensor &actual, const torch::Tensor &expected,
                    double tolerance)
{
    if (!CHECK(actual.sizes() == expected.sizes()))
        return false;
    const double difference = (actual - expected).abs().max().item<double>();
    const bool near = CHECK(difference <= tolerance); // False for NaN too.
    std::printf("%s: largest difference %.2e (at most %.0e)\n", what.c_str(), difference, tolerance);
    return near;
}

/// A JSON file of the golden data; null where it cannot be read.
inline yingxun::Json storedJson(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto json = yingxun::parseJson(text);
    CHECK(json.has_value());
    return json ? *std::move(json) : yingxun::Json();
}

/// A member that must be there; null and a failed check otherwise.
inline const yingxun::Json &member(const yingxun::Json &object, std::string_view key)
{
    static const yingxun::Json kNull;
    const yingxun::Json *found = object.find(key);
    if (!CHECK(found != nullptr))
        std::printf("no member %s\n", std::string(key).c_str());
    return found != nullptr ? *found : kNull;
}

/// A number that must be there.
inline double number(const yingxun::Json &object, std::string_view key)
{
    return member(object, key).asDouble().value_or(0);
}

/// The model whose configuration the reference writes as in its own model_configs.
inline yingxun::clip::ModelConfig referenceConfig(const yingxun::Json &vision, const yingxun::Json &text)
{
    const auto whole = [](const yingxun::Json &object, std::string_view key) {
        return static_cast<int>(number(object, key));
    };
    yingxun::clip::ModelConfig config;
    config.dimension = whole(vision, "embed_dim");
    config.vision.imageSize = whole(vision, "image_resolution");
    config.vision.width = whole(vision, "vision_width");
    if (const auto *layers = member(vision, "vision_layers").asArray()) {
        for (const yingxun::Json &layer : *layers)
            config.vision.resnetLayers.push_back(static_cast<int>(layer.asInt().value_or(0)));
        config.vision.heads = config.vision.width * 32 / 64;
    } else {
        config.vision.layers = whole(vision, "vision_layers");
        config.vision.heads = config.vision.width / whole(vision, "vision_head_width");
        config.vision.patchSize = whole(vision, "vision_patch_size");
    }
    config.text.vocabularySize = whole(text, "vocab_size");
    config.text.hidden = whole(text, "text_hidden_size");
    config.text.layers = whole(text, "text_num_hidden_layers");
    config.text.heads = whole(text, "text_num_attention_heads");
    config.text.intermediate = whole(text, "text_intermediate_size");
    config.text.positions = whole(text, "text_max_position_embeddings");
    config.text.tokenTypes = whole(text, "text_type_vocab_size");
    config.text.hiddenDropout = number(text, "text_hidden_dropout_prob");
    config.text.attentionDropout = number(text, "text_attention_probs_dropout_prob");
    return config;
}
