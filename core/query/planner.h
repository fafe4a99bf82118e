// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/library/place.h"
#include "core/query/explanation.h"
#include "core/query/photo_set.h"
#include "core/query/query_text.h"
#include "core/query/ranked_contents.h"
#include "core/query/relevance.h"
#include "core/query/syntax.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::query {

/// What a line says, as parse(); a line of plain words is one description exactly as it was typed, brackets
/// and all.
std::variant<Query, SyntaxError> readLine(const QString &typed, QDate today);

/// What a picture file means, at length 1; or MissingPicture or NotAPicture.
using PictureMeaning = std::variant<std::vector<float>, SyntaxErrorKind>;

/// Where answers come from. Each is asked for only when a query needs it.
struct Sources {
    /// Never null. For filters, and for photos by time.
    std::function<Result<library::SharedPlace>()> place;
    std::function<Result<db::Catalogue *>()> catalogue;                   ///< Never null; for filters.
    std::function<QueryProblem(const QString &)> problem;                 ///< Of a queryText().
    std::function<Result<std::vector<float>>(const QString &)> embedding; ///< Of a queryText(): unit.
    /// Contents of the place that are nearest to a unit vector, best first, of photos among those given;
    /// null: of all. How many is the giver's business.
    std::function<Result<std::vector<RankedContent>>(std::span<const float>, const PhotoSet *)> best;
    /// Of such a vector against the whole library. None: nothing is said of relevance.
    std::function<Result<Calibration>(std::span<const float>)> calibration = {};
    std::function<Result<PictureMeaning>(const QString &)> picture = {}; ///< Of a path as it was typed.
    /// Of the cosines of such a vector with photos of the library.
    std::function<Result<Spread>(std::span<const float>)> spread = {};
    /// Moves such a vector as somebody said of its results, see refined(). Then nothing is said of relevance,
    /// which was not calibrated for that. None: nobody did.
    std::function<std::vector<float>(std::span<const float>)> refine = {};
};

/// What was found.
struct Answer {
    std::optional<SyntaxError> error; ///< Set: nothing was looked for.
    QueryProblem problem = QueryProblem::None;
    QString problemText;   ///< The term that it is about.
    SharedPhotoSet photos; ///< What the filter lets through, of the whole library.
    /// Of a query with a meaning. Copies of their contents may be filtered out.
    std::vector<RankedContent> hits;
    /// Of each of the hits; empty where only cosines are to be told: of pictures, several terms, a meaning
    /// to lack, or feedback, which nothing was calibrated for.
    std::vector<float> relevances;
    std::vector<Part> parts; ///< Of a meaning of several terms that no feedback has moved: its terms.
    /// Of a query without a meaning: the photos of the place that the filter lets through, newest first.
    std::shared_ptr<const std::vector<library::Row>> byTime;
};

/// Filters, and then ranks by the cosine to what the terms mean together: the sum of their embeddings by
/// weight, at length 1. Errors: those of the sources.
///
/// Beside pictures, texts are multiplied by how much wider the pictures' cosines with the library are spread
/// than the texts', so that each counts by its weight in the order of the photos. A model keeps photos and
/// texts in places of their own (the modality gap, Liang et al. 2022), and photos are spread wider around a
/// photo than around any text. Of the starter model and 178 everyday photos the deviations are 0.165 and
/// 0.104: in the plain sum the order agrees with the picture's own by Spearman's rho .83 and with the text's
/// by .49 (60 photos, each with 在雪地里 and six more), so that of the first ten photos the picture alone
/// finds 5.5 as well, the text 2.9. So multiplied, by 1.6 on average, these are .69 and .66, and 3.9 and 4.5.
/// Taking each kind's mean away first would leave the deviations as they are.
Result<Answer> answer(const Query &query, const Sources &sources);

} // namespace yingxun::query
