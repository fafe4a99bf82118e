// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/explanation.h"

#include "core/base/moment_key.h"
#include "core/query/ranked_contents.h"

#include <numeric>

namespace yingxun::query {

std::vector<std::vector<float>> contributions(std::span<const Part> parts,
                                              std::span<const RankedContent> hits,
                                              const vectors::EmbeddingStore &store)
{
    std::vector<std::vector<float>> all;
    all.reserve(hits.size());
    for (const RankedContent &hit : hits) {
        const std::vector<float> unit =
            store.find(hit.momentMs ? momentKey(hit.content, *hit.momentMs) : hit.content);
        std::vector<float> &each = all.emplace_back();
        for (const Part &part : parts) {
            if (unit.size() == part.share.size())
                each.push_back(std::inner_product(unit.begin(), unit.end(), part.share.begin(), 0.0F));
        }
    }
    return all;
}

} // namespace yingxun::query
