// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/checkpoint.h"
#include "core/clip/config.h"

#include <filesystem>
#include <string>

namespace yingxun::clip {

/// A model as it lies on disk, in any of its published forms.
struct ModelSource {
    std::string name; ///< Of its folder, or of its file without the ending; for display.
    ModelConfig config;
    Checkpoint weights;
    std::filesystem::path vocabulary; ///< vocab.txt
};

/// Finds the parts of a model and opens its weights. `path` is a folder with a vocab.txt and one of
/// - Hugging Face's form: config.json, and model.safetensors or pytorch_model.bin;
/// - ModelScope's: vision_model_config.json, text_model_config.json, pytorch_model.bin;
/// - the reference's: one clip_cn_*.pt;
/// or a file of weights in such a folder. Without a configuration the architecture is recognised from the
/// tensors.
/// Errors: NotFound (names the missing part and says where it comes from), those of Checkpoint::open,
/// readConfig and recognisedArchitecture.
Result<ModelSource> openModel(const std::filesystem::path &path);

} // namespace yingxun::clip
