// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model.h"
#include "core/train/dataset.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
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

/// Recall of unit embeddings: texts [T, D], images [N, D]; ties keep file order. Needs no model.
RetrievalScores retrievalScores(const Embeddings &images, const Embeddings &texts, const Dataset &data);

/// Embeds a data set and scores it. Errors: as the model's and the data set's.
Result<RetrievalScores> evaluateRetrieval(const clip::Model &model, const Dataset &data,
                                          const PictureTools &tools);

/// A class that pictures are sorted into.
struct NamedClass {
    std::string key;                ///< As the labels name it.
    std::vector<std::string> names; ///< At least one; the classifier averages over all.
};

struct ZeroShotScores {
    double top1 = 0; ///< Percent.
    double top5 = 0; ///< Percent.
    std::int64_t pictures = 0;
};

/// Sorts pictures among all classes by the mean embedding of each class's names in every template ("{}"
/// is the name). Classes of the same first name are one class: nobody could tell them apart by it.
/// Errors: InvalidArgument (a label that no class has), and as the model's and the data set's.
Result<ZeroShotScores> evaluateZeroShot(const clip::Model &model, const Dataset &images,
                                        const std::unordered_map<std::int64_t, std::string> &labels,
                                        std::span<const NamedClass> classes,
                                        std::span<const std::string> templates, const PictureTools &tools);

/// All pictures of a data set, [N, D]. Errors: CorruptData (a picture that cannot be decoded).
Result<Embeddings> embedImages(const clip::Model &model, const Dataset &data, const PictureTools &tools);

/// One classifier row a class, [C, D]: names in templates, each normalised, averaged, normalised again.
Result<Embeddings> classifier(const clip::Model &model, std::span<const NamedClass> classes,
                              std::span<const std::string> templates);

} // namespace yingxun::train
