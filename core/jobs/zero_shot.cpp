// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/zero_shot.h"

#include "core/jobs/encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace yingxun::jobs {
namespace {

// Sentences that fit any noun; of several, a mean is steadier than each alone (arXiv 2103.00020,
// section 3.1.4).
constexpr std::array<std::string_view, 4> kTemplates{"{}", "一张{}的照片", "照片里有{}", "{}的图片"};
constexpr std::array<std::string_view, 4> kBackgrounds{"一张照片", "一张图片", "照片里有东西", "别的东西"};

std::string filled(std::string_view pattern, const std::string &label)
{
    std::string text(pattern);
    text.replace(text.find("{}"), 2, label);
    return text;
}

void appendMean(Embeddings &out, const Embeddings &rows)
{
    std::vector<float> mean(static_cast<std::size_t>(rows.dimension), 0.0F);
    for (int i = 0; i < rows.count; ++i) {
        const auto row = rows.row(i);
        std::transform(row.begin(), row.end(), mean.begin(), mean.begin(), std::plus<>());
    }
    const float norm = std::sqrt(std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0F));
    for (float &value : mean)
        value /= norm > 0 ? norm : 1;
    out.values.insert(out.values.end(), mean.begin(), mean.end());
    out.dimension = rows.dimension;
    ++out.count;
}

} // namespace

Result<Embeddings> zeroShotClassifier(Encoder &encoder, std::span<const std::string> labels)
{
    Embeddings classifier;
    for (const std::string &label : labels) {
        std::vector<std::string> prompts;
        for (const std::string_view pattern : kTemplates)
            prompts.push_back(filled(pattern, label));
        auto rows = encoder.encodeTexts(prompts);
        if (!rows)
            return rows;
        appendMean(classifier, *rows);
    }
    const std::vector<std::string> backgrounds(kBackgrounds.begin(), kBackgrounds.end());
    auto rows = encoder.encodeTexts(backgrounds);
    if (!rows)
        return rows;
    classifier.values.insert(classifier.values.end(), rows->values.begin(), rows->values.end());
    classifier.count += rows->count;
    classifier.dimension = rows->dimension;
    return classifier;
}

} // namespace yingxun::jobs
