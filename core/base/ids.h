// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace yingxun {

/// A row id of one kind of thing; ids of different kinds do not mix. 0 means "none".
template<typename Tag>
struct Id {
    std::int64_t value = 0;

    explicit operator bool() const noexcept { return value != 0; }
    friend bool operator==(Id a, Id b) noexcept { return a.value == b.value; }
    friend bool operator!=(Id a, Id b) noexcept { return a.value != b.value; }
    friend bool operator<(Id a, Id b) noexcept { return a.value < b.value; }
};

using PhotoId = Id<struct PhotoTag>;
using FolderId = Id<struct FolderTag>;
using LabelId = Id<struct LabelTag>;
using SavedSearchId = Id<struct SavedSearchTag>;
using ChangeId = Id<struct ChangeTag>; ///< Of a step that can be taken back.

/// For QHash and QSet, which look it up by argument-dependent lookup.
template<typename Tag>
std::size_t qHash(Id<Tag> id, std::size_t seed = 0) noexcept
{
    return std::hash<std::int64_t>{}(id.value) ^ seed;
}

} // namespace yingxun

template<typename Tag>
struct std::hash<yingxun::Id<Tag>> {
    std::size_t operator()(yingxun::Id<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
