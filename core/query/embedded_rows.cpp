// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/embedded_rows.h"

#include "core/query/films.h"
#include "core/vectors/embedding_store.h"

#include <algorithm>
#include <utility>

namespace yingxun::query {

bool EmbeddedRows::follow(const library::LibraryIndex &library, const vectors::EmbeddingStore &store)
{
    if (const std::uint64_t now = store.numbering(); now != m_numbering || m_blocks.empty()) {
        m_blocks.clear();
        m_filmsRevision = -1;
        m_numbering = now;
        m_end = 0;
    }
    m_blocks.resize(library.blockCount());
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        Block &block = m_blocks[i];
        const auto identity = library.identityOfBlock(i);
        if (block.isComplete && block.identity == identity)
            continue;
        vectors::RowNumbers found = store.rowsOf(library.contentsOfBlock(i));
        if (found.numbering != m_numbering)
            return false;
        m_end = std::max(m_end, found.end);
        block = {identity, std::move(found.rows), false};
        block.isComplete = std::find(block.rows.begin(), block.rows.end(), -1) == block.rows.end();
    }
    return true;
}

bool EmbeddedRows::follow(const Films &films, const vectors::EmbeddingStore &store)
{
    if (m_filmsRevision != films.revision()) {
        m_films.clear();
        for (const auto &[content, keys] : films.keys())
            m_films.push_back({content, {}, false});
        m_filmsRevision = films.revision();
    }
    for (FilmRows &film : m_films) {
        if (film.isComplete)
            continue;
        vectors::RowNumbers found = store.rowsOf(films.keys().at(film.content));
        if (found.numbering != m_numbering)
            return false;
        m_end = std::max(m_end, found.end);
        film.rows = std::move(found.rows);
        film.isComplete = std::find(film.rows.begin(), film.rows.end(), -1) == film.rows.end();
    }
    return true;
}

vectors::RowSet EmbeddedRows::of(const library::Place &place, const vectors::EmbeddingStore &store,
                                 const PhotoSet *among, const Films *films)
{
    const library::LibraryIndex &library = place.library();
    while (!follow(library, store) || (films != nullptr && !follow(*films, store)))
        continue;
    vectors::RowSet rows(m_end, m_numbering);
    const auto isMeant = [&](library::Row row) {
        return place.holds(row) && (!among || among->contains(row));
    };
    for (library::Row row = 0; row < library.rowEnd(); ++row) {
        if (!library.isPhoto(row) || !isMeant(row))
            continue;
        const std::int64_t stored =
            m_blocks[row / library::LibraryIndex::kBlockRows].rows[row % library::LibraryIndex::kBlockRows];
        if (stored >= 0)
            rows.insert(stored);
    }
    if (films == nullptr)
        return rows;
    for (const FilmRows &film : m_films) {
        bool isIn = false;
        library.forEachWith(film.content, [&](library::Row row) { isIn = isIn || isMeant(row); });
        for (const std::int64_t stored : film.rows) {
            if (isIn && stored >= 0)
                rows.insert(stored);
        }
    }
    return rows;
}

} // namespace yingxun::query
