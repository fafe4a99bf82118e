// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/train/evaluation.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace yingxun::train {

/// Embeddings with the ids of what they are of, in the order of their file.
struct Features {
    std::vector<std::int64_t> ids;
    Embeddings rows;
};

/// Reads features as the reference writes them: lines of {"image_id": 1, "feature": [...]}, or "text_id".
/// Errors: NotFound, CorruptData (names the line; a doubled id, another length than the line before).
Result<Features> readFeatures(const std::filesystem::path &file, std::string_view idKey);

/// Scores features against the texts' annotations, which say what images a text has:
/// `<prefix>_imgs.img_feat.jsonl`,
/// `<prefix>_texts.txt_feat.jsonl` and `<prefix>_texts.jsonl`. The annotated texts are counted, in the order
/// of the feature file. Errors: as readFeatures(), CorruptData (names an image or a text without features).
Result<RetrievalScores> scoreFeatures(const std::filesystem::path &prefix);

} // namespace yingxun::train
