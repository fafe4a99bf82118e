// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/library/place.h"
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
};

/// What was found.
struct Answer {
    std::optional<SyntaxError> error; ///< Set: nothing was looked for.
    QueryProblem problem = QueryProblem::None;
    QString problemText;             ///< The term that it is about.
    SharedPhotoSet photos;           ///< What the filter lets through, of the whole library.
    std::vector<RankedContent> hits; ///< Of a query with terms. Copies of their contents may be filtered out.
    /// Of each of the hits; empty where only cosines are to be told: of several terms, or a meaning to lack,
    /// which nothing was calibrated for.
    std::vector<float> relevances;
    /// Of a query without terms: the photos of the place that the filter lets through, newest first.
    std::shared_ptr<const std::vector<library::Row>> byTime;
};

/// Filters, and then ranks by the cosine to what the terms mean together: the sum of their embeddings by
/// weight, at length 1. Errors: those of the sources.
Result<Answer> answer(const Query &query, const Sources &sources);

} // namespace yingxun::query
