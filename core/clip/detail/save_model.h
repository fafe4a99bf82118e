// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/detail/clip_module.h"
#include "core/clip/safetensors.h"

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

namespace yingxun::clip::detail {

/// The bytes of a tensor for writeSafetensors, kept alive beside the view of them.
struct StoredTensor {
    torch::Tensor contiguous;
    TensorView view; ///< Borrows from `contiguous`.
};

/// Copies to the CPU where needed, and to fp16 where `half` and the tensor holds floating-point numbers.
StoredTensor storedTensor(const std::string &name, const torch::Tensor &tensor, bool half);

/// How numbers are stored.
enum class StoredAs {
    Float32,
    Float16,
    Reference, ///< fp16 where roundAsReference() rounds, fp32 elsewhere.
};

/// Writes all weights into one safetensors file, replaced atomically. Errors: Io.
Result<void> saveWeights(const std::filesystem::path &file, ClipModule &module, StoredAs storedAs,
                         std::map<std::string, std::string> metadata = {});

/// Writes config.json and model.safetensors (fp32, or fp16 with `half`) into an existing folder, each
/// replaced atomically. With a vocab.txt beside them the folder is a model that Model::load reads.
/// Errors: Io.
Result<void> saveModel(const std::filesystem::path &folder, ClipModule &module, bool half);

} // namespace yingxun::clip::detail
