// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/companions.h"
#include "core/db/records.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yingxun::library {

/// The number of a photo within one index, from 0 in the order of ids; some numbers are nobody's.
using Row = std::uint32_t;

/// A photo of the catalogue as it is now.
struct PhotoChange {
    PhotoId id;
    std::optional<Photo> photo; ///< None: it is gone.
    std::int64_t shownAtMs = 0; ///< See db::Catalogue::forEachPhoto().
};

class LibraryIndex;
/// Never null where one is handed out.
using Snapshot = std::shared_ptr<const LibraryIndex>;

/// All photos of the library as they were at one moment, in columns: some 100 bytes a photo. Never changes,
/// so that threads share it; the next one shares with it what did not change.
class LibraryIndex
{
public:
    /// What lies in one directory itself.
    struct Directory {
        std::string path; ///< Absolute.
        int photos = 0;   ///< Items, see isCompanion(). May be none.
    };
    /// Rows lie in blocks of so many; an index shares with the next one the blocks that did not change.
    static constexpr Row kBlockRows = 4096;

    LibraryIndex() = default; ///< Of nothing.

    /// @param changes  each photo once; new ones have higher ids than all here, in rising order. Rows stay as
    /// they are, unless many have become nobody's.
    Snapshot with(std::span<const PhotoChange> changes) const;

    int size() const { return m_size; }                              ///< Photos, companions included.
    int items() const { return static_cast<int>(m_byTime->size()); } ///< What is shown of them.
    Row rowEnd() const;                                              ///< All rows are below.
    bool isPhoto(Row row) const { return (block(row).flags[at(row)] & kGone) == 0; }
    /// Whether it goes with another one, see core/base/companions.h: both are one item, which is shown as the
    /// other one.
    bool isCompanion(Row row) const { return (block(row).flags[at(row)] & kCompanion) != 0; }
    Row itemOf(Row row) const;                     ///< The one that it goes with; else itself.
    std::vector<Row> companionsOf(Row item) const; ///< Those that go with it, in the order of rows.

    PhotoId id(Row row) const { return {block(row).ids[at(row)]}; }
    const ContentHash &content(Row row) const { return block(row).contents[at(row)]; }
    MediaKind kind(Row row) const
    {
        return (block(row).flags[at(row)] & kVideo) != 0 ? MediaKind::Video : MediaKind::Photo;
    }
    std::int64_t shownAtMs(Row row) const { return block(row).shownAt[at(row)]; }
    std::int64_t sizeBytes(Row row) const { return block(row).sizes[at(row)]; }
    int width(Row row) const { return block(row).widths[at(row)]; }
    int height(Row row) const { return block(row).heights[at(row)]; }
    FolderId folder(Row row) const { return {block(row).folders[at(row)]}; }
    /// Into directories().
    std::uint32_t directory(Row row) const { return block(row).directories[at(row)]; }
    std::string_view name(Row row) const; ///< Of the file.
    Photo photo(Row row) const;           ///< Put together anew at each call.

    std::optional<Row> rowOf(PhotoId id) const;
    /// All items, companions left out: the newest first, then by path.
    const std::shared_ptr<const std::vector<Row>> &byTime() const { return m_byTime; }
    /// Calls visit(row) for each photo that has a content, in the order of rows.
    template<typename Visit>
    void forEachWith(const ContentHash &content, Visit visit) const
    {
        const ContentKey key{keyOf(content), 0};
        for (auto it = std::lower_bound(m_byContent->begin(), m_byContent->end(), key);
             it != m_byContent->end() && it->first == key.first; ++it) {
            if (this->content(it->second) == content)
                visit(it->second);
        }
    }
    int itemsWith(std::span<const ContentHash> contents) const; ///< Items, each counted once.
    /// By the numbers that directory() gives.
    const std::vector<Directory> &directories() const { return *m_directories; }

    std::size_t blockCount() const { return m_blocks.size(); }
    /// The contents of a block's rows, of those that are nobody's as well.
    std::span<const ContentHash> contentsOfBlock(std::size_t number) const
    {
        return m_blocks[number]->contents;
    }
    /// Two indices that give the same for a number have the same rows in that block.
    std::shared_ptr<const void> identityOfBlock(std::size_t number) const { return m_blocks[number]; }

private:
    friend class LibraryIndexMaker;

    enum Flag : std::uint8_t { kGone = 1, kVideo = 2, kCaptured = 4, kCompanion = 8 };
    /// Columns, see Photo. The time that is not captured stands for itself: shownAt.
    struct Block {
        std::vector<std::int64_t> ids; // Rising.
        std::vector<std::int64_t> folders;
        std::vector<std::int64_t> shownAt;
        std::vector<std::int64_t> sizes;
        std::vector<std::int64_t> mtimes;
        std::vector<ContentHash> contents;
        std::vector<std::uint32_t> directories;
        std::vector<std::uint32_t> names; // Where each begins in `characters`.
        std::vector<std::uint16_t> nameLengths;
        std::vector<std::int32_t> widths;
        std::vector<std::int32_t> heights;
        std::vector<std::uint8_t> flags;
        std::string characters;
    };
    using ContentKey = std::pair<std::uint64_t, Row>; ///< A content's beginning, and a photo that has it.
    using StemKey = std::pair<std::uint64_t, Row>;    ///< A hash of directory and stem, and such a photo.

    static std::uint64_t keyOf(const ContentHash &content);
    std::uint64_t stemKeyOf(Row row) const;
    CompanionRole roleOf(Row row) const { return companionRole(name(row), kind(row) == MediaKind::Video); }
    bool haveOneStem(Row a, Row b) const;
    /// Calls visit for each row with the stem of a row, itself included.
    template<typename Visit>
    void forEachBeside(Row row, Visit visit) const
    {
        const std::uint64_t key = stemKeyOf(row);
        for (auto it = std::lower_bound(m_byStem->begin(), m_byStem->end(), StemKey{key, 0});
             it != m_byStem->end() && it->first == key; ++it) {
            if (haveOneStem(it->second, row))
                visit(it->second);
        }
    }
    static std::size_t at(Row row) { return row % kBlockRows; }
    const Block &block(Row row) const { return *m_blocks[row / kBlockRows]; }
    bool isShownBefore(Row a, Row b) const;

    int m_size = 0;
    std::vector<std::shared_ptr<const Block>> m_blocks; ///< All but the last one are full.
    std::shared_ptr<const std::vector<Directory>> m_directories =
        std::make_shared<const std::vector<Directory>>();
    std::shared_ptr<const std::vector<Row>> m_byTime = std::make_shared<const std::vector<Row>>();
    std::shared_ptr<const std::vector<ContentKey>> m_byContent =
        std::make_shared<const std::vector<ContentKey>>(); ///< Sorted; so the next.
    std::shared_ptr<const std::vector<StemKey>> m_byStem = std::make_shared<const std::vector<StemKey>>();
};

} // namespace yingxun::library
