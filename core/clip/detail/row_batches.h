// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <utility>

namespace yingxun::clip::detail {

/// The most rows that a tower takes at once; learned from batches that ran out of memory. Thread-safe.
class RowLimit
{
public:
    std::int64_t most() const { return m_most; }
    /// Never fewer than one.
    void set(std::int64_t most) { m_most = std::max<std::int64_t>(1, most); }
    void lowerTo(std::int64_t most)
    {
        std::int64_t now = m_most;
        while (most < now && !m_most.compare_exchange_weak(now, most)) {
        }
    }
    void lift() { m_most = kNone; }

private:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

    std::atomic<std::int64_t> m_most = kNone;
};

/// Embeds rows in batches within the limit; one that runs out of memory is halved, for later ones as well.
///
/// @param encode  (first, count) -> Result<Embeddings> of these rows.
/// Errors: those of `encode`; OutOfMemory only of one row alone.
template<typename Encode>
Result<Embeddings> inBatches(std::int64_t rows, RowLimit &limit, const Encode &encode)
{
    Embeddings all;
    for (std::int64_t first = 0; first < rows;) {
        const std::int64_t count = std::min(rows - first, limit.most());
        Result<Embeddings> part = encode(first, count);
        if (!part && part.error().code == ErrorCode::OutOfMemory && count > 1) {
            limit.lowerTo(count - count / 2);
            continue;
        }
        if (!part || count == rows)
            return part;
        all.values.insert(all.values.end(), part->values.begin(), part->values.end());
        all.count += part->count;
        all.dimension = part->dimension;
        first += count;
    }
    return all;
}

} // namespace yingxun::clip::detail
