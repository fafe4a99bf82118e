// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/clip/model.h"
#include "core/train/dataset.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace yingxun::train {

/// A class that pictures are sorted into.
struct NamedClass {
    std::string key;                ///< As the labels name it.
    std::vector<std::string> names; ///< At least one; the classifier averages over all.
};

/// One classifier row a class, [C, D]: its names in templates ("{}" is the name), each normalised, averaged,
/// normalised again. A template that is there twice weighs double. Errors: the model's.
Result<Embeddings> classifier(const clip::Model &model, std::span<const NamedClass> classes,
                              std::span<const std::string> templates);

/// Of one picture with each row of a classifier, [C]. softmax() makes probabilities of them: with the factor
/// 100 as the reference's evaluation has it, or with the model's own logitScale as its programs do.
std::vector<float> cosines(std::span<const float> picture, const Embeddings &classifier);

struct ZeroShotScores {
    double top1 = 0; ///< Percent.
    double top5 = 0; ///< Percent.
    double meanPerClass =
        0; ///< Mean of the classes' own top-1, percent; without classes that have no picture.
    std::int64_t pictures = 0;
};

/// Counts at which rank the right class of each picture comes.
class ZeroShotTally
{
public:
    explicit ZeroShotTally(int classes) : m_perClass(static_cast<std::size_t>(classes)) {}
    void add(std::span<const float> cosines, std::size_t truth);
    ZeroShotScores scores() const;

private:
    struct OfClass {
        std::int64_t pictures = 0;
        std::int64_t right = 0;
    };

    std::vector<OfClass> m_perClass;
    std::int64_t m_pictures = 0;
    std::int64_t m_top1 = 0;
    std::int64_t m_top5 = 0;
};

/// Sorts the pictures of a data set among all classes. Classes of the same first name are one class: nobody
/// could tell them apart by it.
/// Errors: InvalidArgument (a label that no class has), and as the model's and the data set's.
Result<ZeroShotScores> evaluateZeroShot(const clip::Model &model, const Dataset &images,
                                        const std::unordered_map<std::int64_t, std::string> &labels,
                                        std::span<const NamedClass> classes,
                                        std::span<const std::string> templates, const PictureTools &tools);

} // namespace yingxun::train
