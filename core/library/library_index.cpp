// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/library_index.h"

#include "core/library/library_index_maker.h"

#include <array>
#include <cstring>
#include <functional>

namespace yingxun::library {
namespace {

/// How the texts that the pieces make together stand to each other by their bytes.
int compare(std::array<std::string_view, 3> a, std::array<std::string_view, 3> b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    for (;;) {
        while (i < a.size() && a[i].empty())
            ++i;
        while (j < b.size() && b[j].empty())
            ++j;
        if (i == a.size() || j == b.size())
            return static_cast<int>(j == b.size()) - static_cast<int>(i == a.size());
        const std::size_t both = std::min(a[i].size(), b[j].size());
        if (const int difference = a[i].substr(0, both).compare(b[j].substr(0, both)); difference != 0)
            return difference;
        a[i].remove_prefix(both);
        b[j].remove_prefix(both);
    }
}

/// Of the paths in it, up to the slash.
std::string_view beginningOf(const LibraryIndex::Directory &directory)
{
    return directory.path == "/" ? std::string_view() : std::string_view(directory.path);
}

} // namespace

std::uint64_t LibraryIndex::keyOf(const ContentHash &content)
{
    std::uint64_t beginning = 0;
    std::memcpy(&beginning, content.bytes.data(), sizeof(beginning));
    return beginning;
}

std::uint64_t LibraryIndex::stemKeyOf(Row row) const
{
    const std::uint64_t stem = std::hash<std::string_view>()(companionStem(name(row)));
    return stem ^ (std::uint64_t{directory(row)} + 1) * 0x9E3779B97F4A7C15U;
}

bool LibraryIndex::haveOneStem(Row a, Row b) const
{
    return directory(a) == directory(b) && companionStem(name(a)) == companionStem(name(b));
}

Row LibraryIndex::itemOf(Row row) const
{
    Row item = row;
    if (isCompanion(row)) {
        forEachBeside(row, [&](Row other) {
            if (roleOf(other) == CompanionRole::Picture && (item == row || other < item))
                item = other;
        });
    }
    return item;
}

int LibraryIndex::itemsWith(std::span<const ContentHash> contents) const
{
    std::vector<Row> items;
    for (const ContentHash &content : contents)
        forEachWith(content, [&](Row row) { items.push_back(itemOf(row)); });
    std::sort(items.begin(), items.end());
    return static_cast<int>(std::unique(items.begin(), items.end()) - items.begin());
}

std::vector<Row> LibraryIndex::companionsOf(Row item) const
{
    std::vector<Row> companions;
    if (!isCompanion(item)) {
        forEachBeside(item, [&](Row other) {
            if (isCompanion(other) && itemOf(other) == item)
                companions.push_back(other);
        });
    }
    return companions;
}

Row LibraryIndex::rowEnd() const
{
    if (m_blocks.empty())
        return 0;
    return static_cast<Row>((m_blocks.size() - 1) * kBlockRows + m_blocks.back()->ids.size());
}

std::string_view LibraryIndex::name(Row row) const
{
    const Block &in = block(row);
    return std::string_view(in.characters).substr(in.names[at(row)], in.nameLengths[at(row)]);
}

Photo LibraryIndex::photo(Row row) const
{
    const Block &in = block(row);
    const std::size_t i = at(row);
    Photo photo;
    photo.id = {in.ids[i]};
    photo.folder = {in.folders[i]};
    photo.path = beginningOf((*m_directories)[in.directories[i]]);
    (photo.path += '/').append(name(row));
    photo.hash = in.contents[i];
    photo.sizeBytes = in.sizes[i];
    photo.mtimeMs = in.mtimes[i];
    photo.width = in.widths[i];
    photo.height = in.heights[i];
    if ((in.flags[i] & kCaptured) != 0)
        photo.captureTimeMs = in.shownAt[i];
    photo.kind = kind(row);
    return photo;
}

std::optional<Row> LibraryIndex::rowOf(PhotoId id) const
{
    // The first block whose last id is not below.
    const auto in = std::lower_bound(
        m_blocks.begin(), m_blocks.end(), id.value,
        [](const auto &candidate, std::int64_t wanted) { return candidate->ids.back() < wanted; });
    if (in == m_blocks.end())
        return {};
    const auto &ids = (*in)->ids;
    const auto found = std::lower_bound(ids.begin(), ids.end(), id.value);
    const Row row =
        static_cast<Row>((in - m_blocks.begin()) * std::ptrdiff_t{kBlockRows} + (found - ids.begin()));
    return *found == id.value && isPhoto(row) ? std::optional(row) : std::nullopt;
}

bool LibraryIndex::isShownBefore(Row a, Row b) const
{
    const std::int64_t timeOfA = block(a).shownAt[at(a)];
    const std::int64_t timeOfB = block(b).shownAt[at(b)];
    if (timeOfA != timeOfB)
        return timeOfA > timeOfB;
    return compare({beginningOf((*m_directories)[directory(a)]), "/", name(a)},
                   {beginningOf((*m_directories)[directory(b)]), "/", name(b)}) < 0;
}

Snapshot LibraryIndex::with(std::span<const PhotoChange> changes) const
{
    const Row nobodys = rowEnd() - static_cast<Row>(m_size);
    if (nobodys <= std::max(kBlockRows, rowEnd() / 4)) {
        LibraryIndexMaker maker(*this);
        for (const PhotoChange &change : changes)
            maker.apply(change);
        return maker.finish();
    }
    LibraryIndexMaker maker;
    for (Row row = 0; row < rowEnd(); ++row) {
        if (isPhoto(row))
            maker.add(photo(row), block(row).shownAt[at(row)]);
    }
    for (const PhotoChange &change : changes)
        maker.apply(change);
    return maker.finish();
}

} // namespace yingxun::library
