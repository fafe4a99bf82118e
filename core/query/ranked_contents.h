// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/query/films.h"
#include "core/vectors/embedding_store.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace yingxun::query {

/// A content that fits, and by what of it.
struct RankedContent : vectors::Hit {
    std::optional<std::int64_t> momentMs = {}; ///< Of a film, which fits best then; none: as a whole.
};

/// The `limit` contents of highest cosine with a unit vector, best first: each once, however many of its
/// moments are among the rows. As exact as
/// EmbeddingStore::topK(), and with its errors.
Result<std::vector<RankedContent>> rankedContents(const vectors::EmbeddingStore &store,
                                                  std::span<const float> unit, int limit,
                                                  const vectors::RowSet *among, const Films &films,
                                                  int threads);

} // namespace yingxun::query
