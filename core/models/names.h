// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Which names of files and models there may be: what comes from archives, servers and people is held against
/// these before it becomes a path.
namespace yingxun::models {

/// A file that Chinese-CLIP models consist of: config.json, vocab.txt, weights…
bool isModelFile(std::string_view name);
/// Weights: model.safetensors, pytorch_model.bin, or a checkpoint NAME.pt.
bool isWeights(std::string_view name);
/// Letters, digits, '.', '_', '-'; begins with a letter or a digit; 64 at most. Never a path.
bool isModelId(std::string_view id);
/// 64 lower-case hex digits.
bool isSha256(std::string_view text);

} // namespace yingxun::models
