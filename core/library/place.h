// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yingxun::library {

/// A part of the library.
struct Scope {
    std::string directory = {};        ///< Photos at or below it; absolute. Empty: everywhere.
    std::optional<LabelId> label = {}; ///< Set: only photos whose content carries it.
    friend bool operator==(const Scope &, const Scope &) = default;
};

/// The photos of a scope in one index, companions left out. Never changes, so that threads share it.
class Place
{
public:
    /// @param labelled  contents that carry the scope's label; not looked at without one.
    Place(Snapshot library, Scope scope, std::span<const ContentHash> labelled = {});

    const LibraryIndex &library() const { return *m_library; }
    const Snapshot &snapshot() const { return m_library; }
    const Scope &scope() const { return m_scope; }
    /// In the order of LibraryIndex::byTime().
    const std::shared_ptr<const std::vector<Row>> &byTime() const { return m_byTime; }
    bool holds(Row row) const
    {
        return isEverything() ? !m_library->isCompanion(row) : (m_members[row / 64] >> (row % 64) & 1) != 0;
    }
    bool isEverything() const { return m_scope.directory.empty() && !m_scope.label; }

private:
    Snapshot m_library;
    Scope m_scope;
    std::vector<std::uint64_t> m_members; ///< A bit a row; empty: all.
    std::shared_ptr<const std::vector<Row>> m_byTime;
};

/// Null: nothing is loaded yet.
using SharedPlace = std::shared_ptr<const Place>;

} // namespace yingxun::library
