// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/clip/model.h"
#include "core/train/dataset.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace yingxun::app::cli {

/// What a way to cut results off shows, over the results of all queries together.
struct CutScore {
    std::int64_t shown = 0;
    std::int64_t right = 0;    ///< Of those shown.
    std::int64_t relevant = 0; ///< Right ones that there are.
    double precision() const;
    double recall() const;
    double f1() const;
};

/// The automatic cut, see query::Calibration, beside one threshold for all queries.
struct CutoffScores {
    CutScore confident; ///< What reaches query::kConfident.
    CutScore all;       ///< With what is possibly related.
    CutScore fixed;     ///< By the cosine that has the highest F1 on these very queries.
    double threshold = 0;
    CutScore relevance; ///< By the relevance that has, which no query was cut at.
    std::int64_t queries = 0;
    std::int64_t absent = 0;        ///< Queries about what is not there.
    std::int64_t absentUnsure = 0;  ///< Those without a confident photo.
    std::int64_t absentNothing = 0; ///< Those without any.
    std::int64_t absentFixed = 0;   ///< Those without any above `threshold`.
    std::int64_t queriesUnsure = 0; ///< The same of the queries that have an answer.
    std::int64_t queriesNothing = 0;
};

/// Asks each text of a data set, of which the images it is annotated with are right and no others, and
/// then texts about absent things. Errors: as the model's and the data set's.
Result<CutoffScores> cutoffScores(const clip::Model &model, const train::Dataset &data,
                                  const std::vector<std::string> &absent, const train::PictureTools &tools);

} // namespace yingxun::app::cli
