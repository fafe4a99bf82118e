// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::query {

/// The moments of videos and animations by the keys of their embeddings, see momentKey(). Belongs to one
/// thread.
class Films
{
public:
    struct Moment {
        ContentHash content; ///< Of the film.
        std::int64_t timeMs = 0;
    };

    /// Takes in what a catalogue, always the same one, has got since. Errors: the catalogue's.
    Result<void> follow(db::Catalogue &catalogue);

    const Moment *find(const ContentHash &key) const; ///< Null: it is the key of none.
    bool isFilm(const ContentHash &content) const { return m_keys.contains(content); } ///< Has moments.
    /// By content; films without moments are left out.
    const std::unordered_map<ContentHash, std::vector<ContentHash>> &keys() const { return m_keys; }
    std::int64_t revision() const { return m_latest; } ///< Another one once something was taken in.

private:
    std::int64_t m_latest = 0;
    std::unordered_map<ContentHash, Moment> m_moments;
    std::unordered_map<ContentHash, std::vector<ContentHash>> m_keys;
};

} // namespace yingxun::query
