// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
}

namespace yingxun::query {

struct RankedContent;

/// One of the terms that a query means together.
struct Part {
    QString text; ///< As typed: a description, or the path of a picture; after a minus what is to be lacking.
    /// The term's embedding by its weight, divided by the length of the sum of all: the shares of all parts
    /// add up to the query's unit vector.
    std::vector<float> share;
};

/// What each part gives to the cosine of what was found, which is the sum; negative: it is in the way. A
/// cosine is linear in the query, so nothing is left over but the rounding of what is stored.
/// @return of each of the hits, in the order of the parts; of one that has left the store, nothing
std::vector<std::vector<float>> contributions(std::span<const Part> parts,
                                              std::span<const RankedContent> hits,
                                              const vectors::EmbeddingStore &store);

} // namespace yingxun::query
