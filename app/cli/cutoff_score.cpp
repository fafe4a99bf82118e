// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cutoff_score.h"

#include "core/query/neutral_texts.h"
#include "core/query/query_text.h"
#include "core/query/relevance.h"
#include "core/train/evaluation.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace yingxun::app::cli {
namespace {

struct Pair {
    float score;
    bool isRight;
};

std::vector<float> cosines(std::span<const float> text, const Embeddings &images)
{
    std::vector<float> all(static_cast<std::size_t>(images.count));
    for (int i = 0; i < images.count; ++i) {
        const auto row = images.row(i);
        all[static_cast<std::size_t>(i)] = std::inner_product(row.begin(), row.end(), text.begin(), 0.0F);
    }
    return all;
}

/// As people's queries are read.
Result<Embeddings> embedded(const clip::Model &model, const std::vector<std::string> &texts)
{
    std::vector<std::string> read;
    for (const std::string &text : texts)
        read.push_back(query::queryText(QString::fromStdString(text)).toStdString());
    return train::embedTexts(model, read);
}

Result<query::Spread> neutralSpread(const clip::Model &model, const Embeddings &images)
{
    const auto texts = train::embedTexts(
        model, std::vector<std::string>(query::kNeutralTexts.begin(), query::kNeutralTexts.end()));
    if (!texts)
        return texts.propagate();
    std::vector<float> all;
    for (int text = 0; text < texts->count; ++text) {
        const std::vector<float> some = cosines(texts->row(text), images);
        all.insert(all.end(), some.begin(), some.end());
    }
    return query::spreadOf(all);
}

/// By the threshold of highest F1, which is the second.
std::pair<CutScore, double> bestCut(std::vector<Pair> pairs, std::int64_t relevant)
{
    std::sort(pairs.begin(), pairs.end(), [](const Pair &a, const Pair &b) { return a.score > b.score; });
    CutScore best{0, 0, relevant};
    double threshold = 1;
    CutScore now = best;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        ++now.shown;
        now.right += pairs[i].isRight ? 1 : 0;
        const bool isLastOfItsScore = i + 1 == pairs.size() || pairs[i + 1].score < pairs[i].score;
        if (isLastOfItsScore && now.f1() > best.f1()) {
            best = now;
            threshold = pairs[i].score;
        }
    }
    return {best, threshold};
}

void add(CutScore &score, const std::vector<Pair> &relevances, float border)
{
    for (const Pair &one : relevances) {
        if (one.score >= border) {
            ++score.shown;
            score.right += one.isRight ? 1 : 0;
        }
    }
}

} // namespace

double CutScore::precision() const
{
    return shown > 0 ? static_cast<double>(right) / static_cast<double>(shown) : 0;
}

double CutScore::recall() const
{
    return relevant > 0 ? static_cast<double>(right) / static_cast<double>(relevant) : 0;
}

double CutScore::f1() const
{
    return shown + relevant > 0 ? 2.0 * static_cast<double>(right) / static_cast<double>(shown + relevant)
                                : 0;
}

Result<CutoffScores> cutoffScores(const clip::Model &model, const train::Dataset &data,
                                  const std::vector<std::string> &absent, const train::PictureTools &tools)
{
    const auto images = train::embedImages(model, data, tools);
    const auto texts = images ? embedded(model, data.texts()) : images;
    const auto others = texts ? embedded(model, absent) : texts;
    if (!others)
        return others.propagate();
    const auto neutral = neutralSpread(model, *images);
    if (!neutral)
        return neutral.propagate();

    CutoffScores scores;
    scores.queries = texts->count;
    scores.absent = others->count;
    std::vector<Pair> byCosine;
    std::vector<Pair> byRelevance;
    std::int64_t relevant = 0;
    for (int text = 0; text < texts->count; ++text) {
        const std::vector<float> all = cosines(texts->row(text), *images);
        const query::Calibration calibration(*neutral, query::spreadOf(all));
        std::vector<Pair> relevances;
        float best = 0;
        for (std::size_t image = 0; image < all.size(); ++image) {
            const bool isRight = data.fits(image, static_cast<std::uint32_t>(text));
            relevant += isRight ? 1 : 0;
            byCosine.push_back({all[image], isRight});
            relevances.push_back({calibration.relevance(all[image]), isRight});
            best = std::max(best, relevances.back().score);
        }
        add(scores.confident, relevances, query::kConfident);
        add(scores.all, relevances, query::kPossible);
        scores.queriesUnsure += best < query::kConfident ? 1 : 0;
        scores.queriesNothing += best < query::kPossible ? 1 : 0;
        byRelevance.insert(byRelevance.end(), relevances.begin(), relevances.end());
    }
    scores.confident.relevant = relevant;
    scores.all.relevant = relevant;
    std::tie(scores.fixed, scores.threshold) = bestCut(std::move(byCosine), relevant);
    scores.relevance = bestCut(std::move(byRelevance), relevant).first;
    for (int text = 0; text < others->count; ++text) {
        const std::vector<float> all = cosines(others->row(text), *images);
        const float cosine = *std::max_element(all.begin(), all.end());
        const float best = query::Calibration(*neutral, query::spreadOf(all)).relevance(cosine);
        scores.absentUnsure += best < query::kConfident ? 1 : 0;
        scores.absentNothing += best < query::kPossible ? 1 : 0;
        scores.absentFixed += cosine < scores.threshold ? 1 : 0;
    }
    return scores;
}

} // namespace yingxun::app::cli
