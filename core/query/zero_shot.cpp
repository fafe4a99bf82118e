// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/zero_shot.h"

#include "core/base/prompts.h"
#include "core/base/softmax.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace yingxun::query {
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
    prompts.reserve(std::size(kTemplates));
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

Result<LabelShares> ZeroShot::shares(const std::vector<std::string> &labels,
                                     const vectors::EmbeddingStore &store,
                                     const std::function<const vectors::RowSet *()> &among, int threads)
{
    std::vector<std::string> names; // Each once: two spellings of one label would share its probability.
    std::vector<std::size_t> nameOf;
    for (const std::string &label : labels) {
        const auto known = std::find(names.begin(), names.end(), label);
        nameOf.push_back(static_cast<std::size_t>(known - names.begin()));
        if (known == names.end())
            names.push_back(label);
    }
    for (;;) {
        const std::uint64_t numbering = store.numbering();
        auto shares = sharesOnce(names, store, among, threads);
        if (numbering != store.numbering()) // The rows of one label may not be those of another.
            continue;
        if (!shares || names.size() == labels.size())
            return shares;
        LabelShares all{std::move(shares->contents), {}};
        for (const std::size_t name : nameOf)
            all.ofLabels.push_back(shares->ofLabels[name]);
        return all;
    }
}

Result<LabelShares> ZeroShot::sharesOnce(std::span<const std::string> labels,
                                         const vectors::EmbeddingStore &store,
                                         const std::function<const vectors::RowSet *()> &among, int threads)
{
    auto rows = classifier(labels);
    if (!rows)
        return rows.propagate();
    std::vector<ContentHash> contents;
    std::vector<std::vector<float>> columns; // [row of the classifier][content]: cosines at first.
    for (int row = 0; row < rows->count; ++row) {
        auto hits = store.scores(rows->row(row), among(), threads);
        if (!hits)
            return hits.propagate();
        if (row == 0) {
            contents.resize(hits->size());
            std::transform(hits->begin(), hits->end(), contents.begin(),
                           [](const vectors::Hit &hit) { return hit.content; });
        }
        // Rows that come or go between two scans have no full column.
        contents.resize(std::min(contents.size(), hits->size()));
        std::vector<float> &scores = columns.emplace_back(contents.size());
        std::transform(hits->begin(), hits->begin() + std::ssize(contents), scores.begin(),
                       [](const vectors::Hit &hit) { return hit.score; });
    }
    std::vector<float> cosines(columns.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        std::transform(columns.begin(), columns.end(), cosines.begin(),
                       [i](const std::vector<float> &column) { return column[i]; });
        const auto probabilities = softmax(cosines, m_encoder->logitScale());
        for (std::size_t label = 0; label < labels.size(); ++label)
            columns[label][i] = probabilities[label];
    }
    columns.resize(labels.size());
    for (std::vector<float> &column : columns)
        column.resize(contents.size());
    return LabelShares{std::move(contents), std::move(columns)};
}

} // namespace yingxun::query
