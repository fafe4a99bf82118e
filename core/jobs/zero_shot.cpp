// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/zero_shot.h"

#include "core/base/prompts.h"
#include "core/jobs/encoder.h"

#include <array>
#include <string_view>

namespace yingxun::jobs {
namespace {

// Sentences that fit any noun; of several, a mean is steadier than each alone (arXiv 2103.00020,
// section 3.1.4).
constexpr std::array<std::string_view, 4> kTemplates{"{}", "一张{}的照片", "照片里有{}", "{}的图片"};
constexpr std::size_t kRememberedRows = 4096;
constexpr std::array<std::string_view, 4> kBackgrounds{"一张照片", "一张图片", "照片里有东西", "别的东西"};

} // namespace

Result<std::vector<float>> ZeroShot::rowOf(const std::string &label)
{
    if (const auto known = m_rows.find(label); known != m_rows.end())
        return known->second;
    std::vector<std::string> prompts;
    for (const std::string_view pattern : kTemplates)
        prompts.push_back(filledPrompt(pattern, label));
    auto rows = m_encoder->encodeTexts(prompts);
    if (!rows)
        return rows.propagate();
    if (m_rows.size() >= kRememberedRows)
        m_rows.clear();
    return m_rows.emplace(label, unitMean(*rows)).first->second;
}

Result<Embeddings> ZeroShot::classifier(std::span<const std::string> labels)
{
    if (!m_backgrounds) {
        auto rows =
            m_encoder->encodeTexts(std::vector<std::string>(kBackgrounds.begin(), kBackgrounds.end()));
        if (!rows)
            return rows;
        m_backgrounds = *std::move(rows);
    }
    Embeddings classifier;
    for (const std::string &label : labels) {
        auto row = rowOf(label);
        if (!row)
            return row.propagate();
        classifier.values.insert(classifier.values.end(), row->begin(), row->end());
    }
    classifier.values.insert(classifier.values.end(), m_backgrounds->values.begin(),
                             m_backgrounds->values.end());
    classifier.count = static_cast<int>(labels.size()) + m_backgrounds->count;
    classifier.dimension = m_backgrounds->dimension;
    return classifier;
}

} // namespace yingxun::jobs
