// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"

#include <string>
#include <string_view>
#include <vector>

namespace yingxun {

/// A prompt of a template: "{}" stands for the name, wherever and however often.
std::string filledPrompt(std::string_view pattern, std::string_view name);

/// The classifier row of a class whose prompts have these embeddings: their mean, normalised (arXiv
/// 2103.00020, section 3.1.4). Zeros where they cancel out.
std::vector<float> unitMean(const Embeddings &prompts);

} // namespace yingxun
