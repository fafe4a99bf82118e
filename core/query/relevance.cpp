// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/relevance.h"

#include "core/query/neutral_texts.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

namespace yingxun::query {
namespace {

// Of the regression, see Calibration.
constexpr double kOfCosine = 2.33;
constexpr double kOfSpread = 3.18;
constexpr double kOfNothing = 6.63;

constexpr std::ptrdiff_t kTextsAtOnce = 8; // Who is asked meanwhile answers soon.
constexpr double kSupposedPhotos = 32;
/// Below it, the photos or texts are all alike, and a spread is rounding.
constexpr double kLeastDeviation = 1e-3;

/// Mean and deviation of so many cosines differ from those of all by less than 2 %.
constexpr std::int64_t kSampledRows = 4096;

/// Every n-th of some rows, so that about kSampledRows are left.
vectors::RowSet sampleOf(const vectors::RowSet &rows)
{
    const std::int64_t step = std::max<std::int64_t>(1, rows.count() / kSampledRows);
    vectors::RowSet sample(rows.size(), rows.numbering());
    std::int64_t seen = 0;
    for (std::size_t i = 0; i < rows.words().size(); ++i) {
        for (std::uint64_t word = rows.words()[i]; word != 0; word &= word - 1) {
            if (seen++ % step == 0)
                sample.insert(static_cast<std::int64_t>(i) * vectors::RowSet::kWordRows +
                              std::countr_zero(word));
        }
    }
    return sample;
}

vectors::RowSet allRows(const vectors::EmbeddingStore &store)
{
    const std::uint64_t numbering = store.numbering();
    vectors::RowSet rows(store.count() + store.skippedRows(), numbering);
    for (std::int64_t row = 0; row < rows.size(); ++row)
        rows.insert(row);
    return rows;
}

Result<std::vector<float>> cosines(std::span<const float> unit, const vectors::EmbeddingStore &store,
                                   const vectors::RowSet &rows, int threads)
{
    const auto hits = store.scores(unit, &rows, threads);
    if (!hits)
        return hits.propagate();
    std::vector<float> all(hits->size());
    std::transform(hits->begin(), hits->end(), all.begin(),
                   [](const vectors::Hit &hit) { return hit.score; });
    return all;
}

} // namespace

Spread spreadOf(std::span<const float> cosines)
{
    Spread spread;
    spread.count = std::ssize(cosines);
    if (cosines.empty())
        return spread;
    const auto count = static_cast<double>(cosines.size());
    for (const float cosine : cosines)
        spread.mean += cosine / count;
    double squares = 0;
    for (const float cosine : cosines)
        squares += (cosine - spread.mean) * (cosine - spread.mean);
    spread.deviation = std::sqrt(squares / count);
    return spread;
}

Result<Spread> spreadIn(std::span<const float> unit, const vectors::EmbeddingStore &store,
                        const vectors::RowSet *library, int threads)
{
    const auto all = cosines(unit, store, sampleOf(library != nullptr ? *library : allRows(store)), threads);
    if (!all)
        return all.propagate();
    return spreadOf(*all);
}

Calibration::Calibration(const Spread &neutral, const Spread &own)
{
    const double deviation = std::max(neutral.deviation, kLeastDeviation);
    const auto photos = static_cast<double>(own.count);
    const double spread =
        std::sqrt((photos * own.deviation * own.deviation + kSupposedPhotos * deviation * deviation) /
                  (photos + kSupposedPhotos));
    m_slope = kOfCosine / deviation;
    m_offset = -m_slope * neutral.mean - kOfSpread * spread / deviation - kOfNothing;
}

float Calibration::relevance(float cosine) const
{
    return static_cast<float>(1 / (1 + std::exp(-(m_slope * double{cosine} + m_offset))));
}

Cut cutOf(std::span<const float> relevances)
{
    const auto reach = [relevances](float border) {
        const auto end = std::find_if(relevances.begin(), relevances.end(),
                                      [border](float relevance) { return relevance < border; });
        return static_cast<std::size_t>(end - relevances.begin());
    };
    return {reach(kConfident), std::max(reach(kPossible), std::min(kLeastPossible, relevances.size()))};
}

Result<void> Calibrator::prepareSome()
{
    const auto begin = kNeutralTexts.begin() + m_texts.count;
    const auto end = begin + std::min<std::ptrdiff_t>(kTextsAtOnce, kNeutralTexts.end() - begin);
    if (begin == end)
        return {};
    const auto rows = m_encoder->encodeTexts(std::vector<std::string>(begin, end));
    if (!rows)
        return rows.propagate();
    m_texts.values.insert(m_texts.values.end(), rows->values.begin(), rows->values.end());
    m_texts.count += rows->count;
    m_texts.dimension = rows->dimension;
    return {};
}

bool Calibrator::isPrepared() const noexcept
{
    return m_texts.count == static_cast<int>(kNeutralTexts.size());
}

Result<Spread> Calibrator::neutralSpread(const vectors::EmbeddingStore &store, const vectors::RowSet &sample,
                                         int threads)
{
    // A library that grows by a little is still spread as it was; its answers are to stay what they were.
    const std::int64_t rows = sample.count();
    if (m_neutral && m_numbering == sample.numbering() &&
        std::abs(m_neutral->count - rows * m_texts.count) * 10 <= m_neutral->count)
        return *m_neutral;
    std::vector<float> all;
    for (int text = 0; text < m_texts.count; ++text) {
        const auto some = cosines(m_texts.row(text), store, sample, threads);
        if (!some)
            return some.propagate();
        all.insert(all.end(), some->begin(), some->end());
    }
    m_numbering = sample.numbering();
    m_neutral = spreadOf(all);
    return *m_neutral;
}

Result<Calibration> Calibrator::of(std::span<const float> unit, const vectors::EmbeddingStore &store,
                                   const vectors::RowSet *library, int threads)
{
    while (!isPrepared()) {
        if (auto some = prepareSome(); !some)
            return some.propagate();
    }
    const vectors::RowSet sample = sampleOf(library != nullptr ? *library : allRows(store));
    const auto neutral = neutralSpread(store, sample, threads);
    if (!neutral)
        return neutral.propagate();
    const auto own = cosines(unit, store, sample, threads);
    if (!own)
        return own.propagate();
    return Calibration(*neutral, spreadOf(*own));
}

} // namespace yingxun::query
