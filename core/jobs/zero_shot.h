// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <span>
#include <string>
#include <vector>

namespace yingxun::jobs {

class Encoder;

/// Classifier rows [labels + backgrounds, D] for zero-shot labelling: each label in Chinese prompt templates,
/// averaged and normalised; then texts that say only "a photo", so that a label competes with something
/// even when it is the only one. Errors: the encoder's.
Result<Embeddings> zeroShotClassifier(Encoder &encoder, std::span<const std::string> labels);

} // namespace yingxun::jobs
