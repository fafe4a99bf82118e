// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/checkpoint.h"
#include "core/clip/config.h"

namespace yingxun::clip {

/// The sizes of a model from the names and shapes of its tensors, for checkpoints that come without a
/// configuration. What shapes do not show is taken from the released models: heads of 64 channels, in the
/// image tower of ViT-H of 80, 52 tokens of context.
/// Errors: Unsupported (a tensor that every Chinese-CLIP model has is missing or of a shape that no such
/// model has: the message names it and says that a configuration is needed).
Result<ModelConfig> recognisedArchitecture(const Checkpoint &checkpoint);

} // namespace yingxun::clip
