// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/embedded_rows.h"

#include "core/search/embedding_store.h"

#include <algorithm>

namespace yingxun::jobs {

void EmbeddedRows::follow(const library::LibraryIndex &library, const search::EmbeddingStore &store)
{
    m_blocks.resize(library.blockCount());
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        Block &block = m_blocks[i];
        const auto identity = library.identityOfBlock(i);
        if (block.isComplete && block.identity == identity)
            continue;
        block.identity = identity;
        block.rows = store.rowsOf(library.contentsOfBlock(i));
        block.isComplete = std::find(block.rows.begin(), block.rows.end(), -1) == block.rows.end();
    }
}

search::RowSet EmbeddedRows::of(const library::Place &place, const search::EmbeddingStore &store)
{
    const library::LibraryIndex &library = place.library();
    follow(library, store);
    search::RowSet rows(store.rowEnd()); // After the rows were asked for: none lies behind.
    for (library::Row row = 0; row < library.rowEnd(); ++row) {
        if (!library.isPhoto(row) || !place.holds(row))
            continue;
        const std::int64_t stored =
            m_blocks[row / library::LibraryIndex::kBlockRows].rows[row % library::LibraryIndex::kBlockRows];
        if (stored >= 0)
            rows.insert(stored);
    }
    return rows;
}

} // namespace yingxun::jobs
