// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/startup.h"
#include "core/base/result.h"
#include "core/train/evaluation.h"

#include <filesystem>
#include <stop_token>

namespace yingxun::app::cli {

/// Recall of texts for pictures over the whole program path: the pictures of a data set become files, which
/// are indexed into a library that exists for this alone, and each text is typed as a query. Beside what
/// train::evaluateRetrieval() finds it shows what files, decoding, stored precision and searching cost.
/// Errors: those of the data set, the model, indexing and searching, Io, Cancelled.
Result<train::RecallScores> programScores(const std::filesystem::path &prefix, const ModelWish &model,
                                          const std::stop_token &stop);

} // namespace yingxun::app::cli
