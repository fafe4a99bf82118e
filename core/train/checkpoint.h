// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/detail/clip_module.h"

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace yingxun::train {

/// Writes weights (model.*), AdamW moments (exp_avg.*, exp_avg_sq.*) and the step to one safetensors file,
/// replacing an older one atomically and durably.
/// @param run  describes the run; a checkpoint of another run is not resumed.
/// Errors: Io.
Result<void> saveCheckpoint(const std::filesystem::path &file, clip::detail::ClipModule &module,
                            torch::optim::AdamW &optimizer, std::int64_t step, const std::string &run);

/// Restores what saveCheckpoint wrote. @return the step to go on with.
/// Errors: NotFound, InvalidArgument (of another run), CorruptData, Io.
Result<std::int64_t> loadCheckpoint(const std::filesystem::path &file, clip::detail::ClipModule &module,
                                    torch::optim::AdamW &optimizer, const std::string &run);

} // namespace yingxun::train
