// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/result.h"
#include "core/clip/detail/clip_module.h"

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>

namespace yingxun::clip::detail {

/// A tensor that a file will hold under that name.
struct TensorToWrite {
    std::string name;
    torch::Tensor tensor; ///< On any device; possibly a view.
    bool half = false;    ///< Floating-point numbers become fp16; otherwise fp32, or stay fp64.
};

/// Writes them in that order into one safetensors file, replaced atomically. What has to be copied, to the
/// CPU or into another type, is copied one tensor at a time. Errors: Io, Cancelled.
Result<void> writeTensors(const std::filesystem::path &file, std::span<const TensorToWrite> tensors,
                          const std::map<std::string, std::string> &metadata,
                          Readers readers = Readers::Everyone, const std::stop_token &stop = {});

/// How numbers are stored.
enum class StoredAs {
    Float32,
    Float16,
    Reference, ///< fp16 where roundAsReference() rounds, fp32 elsewhere.
};

/// Writes all weights into one safetensors file, replaced atomically. Errors: Io, Cancelled.
Result<void> saveWeights(const std::filesystem::path &file, ClipModule &module, StoredAs storedAs,
                         std::map<std::string, std::string> metadata = {},
                         Readers readers = Readers::Everyone, const std::stop_token &stop = {});

/// Writes config.json and model.safetensors (fp32, or fp16 with `half`) into an existing folder, each
/// replaced atomically. With a vocab.txt beside them the folder is a model that Model::load reads.
/// Errors: Io.
Result<void> saveModel(const std::filesystem::path &folder, ClipModule &module, bool half);

} // namespace yingxun::clip::detail
