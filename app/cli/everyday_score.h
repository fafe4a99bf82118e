// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/startup.h"
#include "core/base/result.h"

#include <QString>

#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::app::cli {

/// What one everyday query finds.
struct QueryScore {
    std::string query;
    int right = 0;   ///< Right photos among the first `counted`.
    int counted = 0; ///< The number of right answers, but at most 5.
    double precision() const { return static_cast<double>(right) / counted; }
};

/// Indexes a folder of photos into a library that exists for this measurement alone, and asks queries as a
/// person does: precision at k over the whole program path (files, index, embedding file, query).
///
/// @param queries  a file of lines: query, TAB, names of the right photos separated by |, which count from
///   `folder` or from the directory that holds it; the first line is a heading.
/// Errors: NotFound (a file, or a named photo that is not there), CorruptData (names the line), and those of
/// the model and of indexing; Cancelled.
Result<std::vector<QueryScore>> everydayScores(const QString &queries, const QString &folder,
                                               const ModelWish &model, const std::stop_token &stop);

} // namespace yingxun::app::cli
