// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
class RowSet;
} // namespace yingxun::vectors

namespace yingxun::query {

/// How some cosines are spread.
struct Spread {
    double mean = 0;
    double deviation = 0; ///< The root of their mean squared distance from the mean.
    std::int64_t count = 0;
};

/// Nothing of no cosines.
Spread spreadOf(std::span<const float> cosines);

/// Of the cosines of a unit vector with some photos of a library: of so many, evenly spread, that mean and
/// deviation differ from those of all by less than 2 %.
/// @param library  the rows of all its photos; null: all stored
/// Errors: the store's, InvalidArgument (rows renumbered meanwhile).
Result<Spread> spreadIn(std::span<const float> unit, const vectors::EmbeddingStore &store,
                        const vectors::RowSet *library, int threads);

/// Turns the cosines of one query into relevances: probabilities that a photo shows what is asked for.
///
/// With m and d for mean and deviation of the cosines of kNeutralTexts with photos of the library, and q for
/// the deviation of the query's own, the relevance of a cosine c is
///
///     1 / (1 + exp(-(2.33 (c - m) / d - 3.18 q / d - 6.63))).
///
/// m and d take out what the model does to all cosines, q what it does to the query's: one that is near to
/// some photo anywhere has to come nearer. In a library of few photos q says little, and goes towards d as
/// if there were 32 more that are spread like it.
///
/// The three numbers are a logistic regression (Platt scaling) of "has the name" on 362 class names and the
/// 6,401 photos of concepts_valid, with the starter model. For other models they are an extrapolation.
/// `yingxun-cli eval cutoff` measures them on Flickr8k-CN, whose captions took no part: there the starter
/// model's F1 is .032 from kConfident and .051 from kPossible on, .053 by the best single cosine, and .053 by
/// the best relevance; of names of absent things 90 % find nothing confident, and 72 % nothing at all, by
/// that single cosine 53 %. kConfident was chosen with these names in sight.
class Calibration
{
public:
    Calibration(const Spread &neutral, const Spread &own);

    /// 0..1, rising with the cosine, which is finite.
    float relevance(float cosine) const;

private:
    double m_slope;
    double m_offset;
};

/// From here on a photo is shown as found: where the class names of the regression had 52 % right photos on
/// average.
inline constexpr float kConfident = 0.25F;
/// From here on a photo may have to do with the query.
inline constexpr float kPossible = 0.10F;
/// So many of the nearest are shown as possible whatever their relevance: of the everyday descriptions that a
/// small model takes for unanswered, many are not. That nothing matches for sure is said all the same.
inline constexpr std::size_t kLeastPossible = 20;

/// The borders in falling relevances.
struct Cut {
    std::size_t confident = 0; ///< So many, the first ones, reach kConfident.
    std::size_t possible = 0;  ///< So many reach kPossible, those included; kLeastPossible in any case.
};
Cut cutOf(std::span<const float> relevances);

/// Calibrates the queries of one encoder for the photos of a library. Of a library of many photos it looks
/// at some thousand, evenly spread: a query costs less than a millisecond more. The neutral texts are
/// embedded once in the life of this, in memory: for a CPU less work than checking and keeping a file of
/// them for every model would be worth. Threads: one.
class Calibrator
{
public:
    explicit Calibrator(std::shared_ptr<vectors::Encoder> encoder) : m_encoder(std::move(encoder)) {}

    /// Embeds some of the neutral texts, which takes long: a few queries' time. Errors: the encoder's.
    Result<void> prepareSome();
    bool isPrepared() const noexcept;

    /// For a unit vector that is to be compared with rows of the store. Prepares what is left first.
    /// @param library  the rows of all its photos, whatever the query is to find among; null: all stored
    /// Errors: the encoder's and the store's, InvalidArgument (rows renumbered meanwhile).
    Result<Calibration> of(std::span<const float> unit, const vectors::EmbeddingStore &store,
                           const vectors::RowSet *library, int threads);

private:
    Result<Spread> neutralSpread(const vectors::EmbeddingStore &store, const vectors::RowSet &sample,
                                 int threads);

    std::shared_ptr<vectors::Encoder> m_encoder;
    Embeddings m_texts; ///< Of kNeutralTexts, the first ones.
    std::optional<Spread> m_neutral;
    std::uint64_t m_numbering = 0; ///< Of the store that m_neutral was measured on.
};

} // namespace yingxun::query
