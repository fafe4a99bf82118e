// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/ranked_contents.h"

#include <limits>
#include <unordered_set>

namespace yingxun::query {

Result<std::vector<RankedContent>> rankedContents(const vectors::EmbeddingStore &store,
                                                  std::span<const float> unit, int limit,
                                                  const vectors::RowSet *among, const Films &films,
                                                  int threads)
{
    std::vector<RankedContent> ranked;
    for (int asked = limit;;) {
        const auto hits = store.topK(unit, asked, among, threads);
        if (!hits)
            return hits.propagate();
        ranked.clear();
        std::unordered_set<ContentHash> taken;
        for (const vectors::Hit &hit : *hits) {
            const Films::Moment *moment = films.find(hit.content);
            const ContentHash &content = moment != nullptr ? moment->content : hit.content;
            if (!films.isFilm(content))
                ranked.push_back({hit, {}});
            else if (taken.insert(content).second)
                ranked.push_back(
                    {{content, hit.score}, moment != nullptr ? std::optional(moment->timeMs) : std::nullopt});
            if (static_cast<int>(ranked.size()) == limit)
                return ranked;
        }
        if (static_cast<int>(hits->size()) < asked)
            return ranked;
        // Moments of one film took the places of others.
        asked = asked > std::numeric_limits<int>::max() / 4 ? std::numeric_limits<int>::max() : asked * 4;
    }
}

} // namespace yingxun::query
