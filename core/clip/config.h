// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace yingxun::clip {

/// Sizes of the image tower: a ViT, or the ModifiedResNet of CLIP when resnetLayers is not empty.
struct VisionConfig {
    int imageSize = 224; ///< S, pixels.
    int width = 768;     ///< ViT: channels of a token. ResNet: channels after the stem.
    int layers = 12;     ///< ViT: residual attention blocks.
    int heads = 12;      ///< ViT: attention heads. ResNet: heads of the attention pool, width * 32 / 64.
    int patchSize = 16;  ///< ViT: side of a patch, pixels.
    std::vector<int> resnetLayers; ///< ResNet: bottlenecks of the four stages.

    bool isResNet() const noexcept { return !resnetLayers.empty(); }
};

/// Sizes of the text tower, a BERT encoder without pooler.
struct TextConfig {
    int vocabularySize = 21128;
    int hidden = 768;
    int layers = 12;
    int heads = 12;
    int intermediate = 3072;
    int positions = 512;
    int tokenTypes = 2;
    double hiddenDropout = 0.1;    ///< Probability; in training only.
    double attentionDropout = 0.1; ///< Probability; in training only.
};

/// Everything that a checkpoint does not say by itself.
struct ModelConfig {
    VisionConfig vision;
    TextConfig text;
    int dimension = 512;    ///< D, of the shared space.
    int contextLength = 52; ///< Tokens of one text, [CLS] and [SEP] included.
};

/// Reads a Hugging Face ChineseCLIP config.json. A ModifiedResNet, which Hugging Face does not know, is
/// written as vision_config {"model_type": "chinese_clip_modified_resnet", "image_size", "width",
/// "layers": [a, b, c, d]}.
/// Errors: CorruptData (no JSON, a size missing or absurd), Unsupported (another architecture or activation).
Result<ModelConfig> parseConfig(std::string_view json);

/// As parseConfig, from a file; the message names it. Errors: also NotFound, Io, Truncated (empty),
/// Unsupported (no regular file).
Result<ModelConfig> readConfig(const std::filesystem::path &file);

/// As readReferenceConfig, from the two texts.
Result<ModelConfig> parseReferenceConfig(std::string_view vision, std::string_view text);

/// Reads the reference's own pair of configurations, which ModelScope's folders hold as
/// vision_model_config.json and text_model_config.json. Errors: as readConfig.
Result<ModelConfig> readReferenceConfig(const std::filesystem::path &vision,
                                        const std::filesystem::path &text);

/// The text of a config.json that parseConfig reads back.
std::string configJson(const ModelConfig &config);

/// Numbers that a model's weights consist of: parameters, and the means and variances of batch norms.
std::int64_t weightCount(const ModelConfig &config);
std::int64_t textWeightCount(const ModelConfig &config); ///< Those of them that only texts need.

} // namespace yingxun::clip
