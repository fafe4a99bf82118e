// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model.h"
#include "core/train/dataset.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yingxun::train {

/// Shares of queries with a right answer among the first k, in percent, as the reference counts them.
struct RecallScores {
    double r1 = 0;
    double r5 = 0;
    double r10 = 0;
    double mean() const { return (r1 + r5 + r10) / 3; }
    std::int64_t queries = 0;
};

struct RetrievalScores {
    RecallScores textToImage; ///< Every text asks; a hit is any of its images.
    RecallScores imageToText; ///< Every image that has a text asks; a hit is any of its texts.
};

/// The indices of a text's images; without any the text counts as a miss. Nothing: a text that nobody
/// annotated, which is found like the others but asks nothing.
using ImagesOfText = std::optional<std::vector<std::uint32_t>>;

/// Recall of unit embeddings: images [N, D], texts [T, D] with their images [T]. Of equal scores the earlier
/// candidate comes first. Needs no model.
RetrievalScores retrievalScores(const Embeddings &images, const Embeddings &texts,
                                std::span<const ImagesOfText> imagesOfTexts);

/// Embeds a data set and scores it. Errors: as the model's and the data set's.
Result<RetrievalScores> evaluateRetrieval(const clip::Model &model, const Dataset &data,
                                          const PictureTools &tools);

/// Any number of texts, [N, D]. Errors: the model's.
Result<Embeddings> embedTexts(const clip::Model &model, std::span<const std::string> texts);

/// All pictures of a data set, [N, D]. Errors: CorruptData (a picture that cannot be decoded).
Result<Embeddings> embedImages(const clip::Model &model, const Dataset &data, const PictureTools &tools);

} // namespace yingxun::train
