// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/place.h"
#include "core/query/photo_set.h"
#include "core/vectors/row_set.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
}

namespace yingxun::query {

class Films;

/// Where the photos of the library have their embeddings in a store. Remembers it from one index to the next:
/// only what changed is looked up anew, and what was not there.
class EmbeddedRows
{
public:
    /// The rows of the store that hold the photos of a place that are `among` some of its library (null: all)
    /// and the moments of these `films` (null: none). Always of one store and the same films, until forget().
    vectors::RowSet of(const library::Place &place, const vectors::EmbeddingStore &store,
                       const PhotoSet *among = nullptr, const Films *films = nullptr);
    void forget() { m_blocks.clear(); }

private:
    struct Block {
        std::shared_ptr<const void> identity; ///< See LibraryIndex::identityOfBlock().
        std::vector<std::int64_t> rows;       ///< Of the store; -1: none.
        bool isComplete = false;
    };

    struct FilmRows {
        ContentHash content;
        std::vector<std::int64_t> rows;
        bool isComplete = false;
    };

    /// False: the rows were renumbered meanwhile.
    bool follow(const library::LibraryIndex &library, const vectors::EmbeddingStore &store);
    bool follow(const Films &films, const vectors::EmbeddingStore &store);

    std::vector<Block> m_blocks;
    std::vector<FilmRows> m_films;
    std::int64_t m_filmsRevision = -1; ///< Of m_films.
    std::uint64_t m_numbering = 0;     ///< See EmbeddingStore::numbering(); of all blocks.
    std::int64_t m_end = 0;            ///< All their rows are below.
};

} // namespace yingxun::query
