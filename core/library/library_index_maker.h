// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index.h"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace yingxun::library {

/// Makes an index out of the one before, or out of nothing; see LibraryIndex::with().
class LibraryIndexMaker
{
public:
    explicit LibraryIndexMaker(const LibraryIndex &before = {});

    /// Of a higher id than all so far.
    void add(const Photo &photo, std::int64_t shownAtMs);
    /// Nothing happens to one that is gone and never was here.
    void apply(const PhotoChange &change);
    Snapshot finish(); ///< Once.

private:
    using Block = LibraryIndex::Block;
    using Directories = std::vector<LibraryIndex::Directory>;

    Block &own(std::size_t number);
    Directories &ownDirectories();
    std::uint32_t directoryOf(std::string_view path);
    void write(Row row, const Photo &photo, std::int64_t shownAtMs);
    void leave(Row row); ///< Out of its directory, and of what is sorted.
    void mergeByTime();
    void mergeByContent();
    void mergeByStem();
    std::shared_ptr<std::vector<std::pair<std::uint64_t, Row>>>
    merged(const std::vector<std::pair<std::uint64_t, Row>> &before,
           std::vector<std::pair<std::uint64_t, Row>> entered) const;
    void pairCompanions();
    void pair(std::span<const LibraryIndex::StemKey> beside);
    void setCompanion(Row row, bool isCompanion);

    LibraryIndex m_index;
    std::vector<std::shared_ptr<Block>> m_own; ///< Blocks that no other index has; null for the rest.
    std::shared_ptr<Directories> m_ownDirectories;
    std::unordered_map<std::string, std::uint32_t> m_numbers; ///< Of directories; filled when needed.
    std::vector<bool> m_left;           ///< Rows whose places in what is sorted are no longer theirs.
    std::vector<bool> m_isEntered;      ///< Of each row; it is in no directory's count yet.
    std::vector<Row> m_entered;         ///< Rows to be sorted in.
    std::vector<std::uint64_t> m_stems; ///< Keys of stems that rows left.
    std::vector<bool> m_leftTime;       ///< As m_left, but in the order of time only items stand,
    std::vector<Row> m_enteredTime;     ///< and as m_entered.
};

} // namespace yingxun::library
