// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/zero_shot.h"

#include "core/base/prompts.h"
#include "core/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace yingxun::train {
namespace {

double percent(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0;
}

} // namespace

Result<Embeddings> classifier(const clip::Model &model, std::span<const NamedClass> classes,
                              std::span<const std::string> templates)
{
    Embeddings rows;
    rows.dimension = model.info().dimension;
    for (const NamedClass &one : classes) {
        std::vector<std::string> prompts;
        for (const std::string &name : one.names) {
            for (const std::string &pattern : templates)
                prompts.push_back(filledPrompt(pattern, name));
        }
        auto texts = embedTexts(model, prompts);
        if (!texts)
            return texts;
        const std::vector<float> row = unitMean(*texts);
        rows.values.insert(rows.values.end(), row.begin(), row.end());
        ++rows.count;
    }
    return rows;
}

std::vector<float> cosines(std::span<const float> picture, const Embeddings &classifier)
{
    std::vector<float> all;
    for (int c = 0; c < classifier.count; ++c) {
        const auto row = classifier.row(c);
        all.push_back(std::inner_product(row.begin(), row.end(), picture.begin(), 0.0F));
    }
    return all;
}

void ZeroShotTally::add(std::span<const float> cosines, std::size_t truth)
{
    const float own = cosines[truth];
    std::size_t rank = 0; // Of equal cosines the earlier class comes first.
    for (std::size_t c = 0; c < cosines.size(); ++c)
        rank += c != truth && (cosines[c] > own || (cosines[c] == own && c < truth)) ? 1 : 0;
    ++m_pictures;
    m_top1 += rank < 1 ? 1 : 0;
    m_top5 += rank < 5 ? 1 : 0;
    ++m_perClass[truth].pictures;
    m_perClass[truth].right += rank < 1 ? 1 : 0;
}

ZeroShotScores ZeroShotTally::scores() const
{
    ZeroShotScores scores{percent(m_top1, m_pictures), percent(m_top5, m_pictures), 0, m_pictures};
    std::int64_t shown = 0;
    for (const OfClass &one : m_perClass) {
        scores.meanPerClass += percent(one.right, one.pictures);
        shown += one.pictures > 0 ? 1 : 0;
    }
    scores.meanPerClass /= static_cast<double>(std::max<std::int64_t>(shown, 1));
    return scores;
}

Result<ZeroShotScores> evaluateZeroShot(const clip::Model &model, const Dataset &images,
                                        const std::unordered_map<std::int64_t, std::string> &labels,
                                        std::span<const NamedClass> classes,
                                        std::span<const std::string> templates, const PictureTools &tools)
{
    std::unordered_map<std::string, std::string> nameOfKey;
    std::vector<NamedClass> distinct; // One a first name, with all names of the classes that share it.
    std::unordered_map<std::string, std::size_t> byName;
    for (const NamedClass &one : classes) {
        nameOfKey[one.key] = one.names.front();
        const auto [found, isNew] = byName.emplace(one.names.front(), distinct.size());
        if (isNew)
            distinct.push_back({one.names.front(), {}});
        for (const std::string &name : one.names) {
            auto &names = distinct[found->second].names;
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    auto rows = classifier(model, distinct, templates);
    if (!rows)
        return rows.propagate();
    auto embedded = embedImages(model, images, tools);
    if (!embedded)
        return embedded.propagate();
    ZeroShotTally tally(rows->count);
    for (int i = 0; i < embedded->count; ++i) {
        const std::int64_t id = images.imageId(static_cast<std::size_t>(i));
        const auto label = labels.find(id);
        const auto truth = label == labels.end() ? nameOfKey.end() : nameOfKey.find(label->second);
        if (truth == nameOfKey.end())
            return fail(ErrorCode::InvalidArgument,
                        "image " + std::to_string(id) + " has no label, or one that no class has");
        tally.add(cosines(embedded->row(i), *rows), byName[truth->second]);
    }
    return tally.scores();
}

} // namespace yingxun::train
