// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/library_index_maker.h"

#include <cstring>
#include <future>
#include <iterator>

namespace yingxun::library {

LibraryIndexMaker::LibraryIndexMaker(const LibraryIndex &before)
    : m_index(before), m_own(before.m_blocks.size()), m_left(before.rowEnd())
{
}

LibraryIndexMaker::Block &LibraryIndexMaker::own(std::size_t number)
{
    if (number == m_own.size()) {
        m_own.push_back(std::make_shared<Block>());
        m_index.m_blocks.push_back(m_own.back());
    } else if (!m_own[number]) {
        m_own[number] = std::make_shared<Block>(*m_index.m_blocks[number]);
        m_index.m_blocks[number] = m_own[number];
    }
    return *m_own[number];
}

LibraryIndexMaker::Directories &LibraryIndexMaker::ownDirectories()
{
    if (!m_ownDirectories) {
        m_ownDirectories = std::make_shared<Directories>(*m_index.m_directories);
        m_index.m_directories = m_ownDirectories;
    }
    return *m_ownDirectories;
}

std::uint32_t LibraryIndexMaker::directoryOf(std::string_view path)
{
    Directories &directories = ownDirectories();
    if (m_numbers.empty()) {
        for (std::uint32_t number = 0; number < directories.size(); ++number)
            m_numbers.emplace(directories[number].path, number);
    }
    const auto [found, isNew] =
        m_numbers.emplace(std::string(path), static_cast<std::uint32_t>(directories.size()));
    if (isNew)
        directories.push_back({std::string(path), 0});
    return found->second;
}

void LibraryIndexMaker::add(const Photo &photo, std::int64_t shownAtMs)
{
    const Row row = m_index.rowEnd();
    Block &block = own(row / LibraryIndex::kBlockRows);
    block.ids.push_back(photo.id.value);
    block.folders.emplace_back();
    block.shownAt.emplace_back();
    block.sizes.emplace_back();
    block.mtimes.emplace_back();
    block.contents.emplace_back();
    block.directories.emplace_back();
    block.names.emplace_back();
    block.nameLengths.emplace_back();
    block.widths.emplace_back();
    block.heights.emplace_back();
    block.flags.emplace_back();
    m_left.push_back(false);
    write(row, photo, shownAtMs);
    ++m_index.m_size;
}

void LibraryIndexMaker::apply(const PhotoChange &change)
{
    const auto row = m_index.rowOf(change.id);
    if (!row) {
        if (change.photo)
            add(*change.photo, change.shownAtMs);
        return;
    }
    leave(*row);
    if (change.photo) {
        write(*row, *change.photo, change.shownAtMs);
    } else {
        own(*row / LibraryIndex::kBlockRows).flags[LibraryIndex::at(*row)] = LibraryIndex::kGone;
        --m_index.m_size;
    }
}

void LibraryIndexMaker::leave(Row row)
{
    m_left[row] = true;
    --ownDirectories()[m_index.directory(row)].photos;
}

void LibraryIndexMaker::write(Row row, const Photo &photo, std::int64_t shownAtMs)
{
    Block &block = own(row / LibraryIndex::kBlockRows);
    const std::size_t i = LibraryIndex::at(row);
    const std::string_view path = photo.path;
    const std::size_t slash = std::min(path.rfind('/'), path.size());
    const std::string_view name = path.substr(std::min(slash + 1, path.size()));
    const std::uint32_t directory = directoryOf(path.substr(0, std::max<std::size_t>(slash, 1)));
    if (m_index.name(row) != name) {
        block.names[i] = static_cast<std::uint32_t>(block.characters.size());
        block.nameLengths[i] = static_cast<std::uint16_t>(name.size());
        block.characters.append(name);
    }
    block.folders[i] = photo.folder.value;
    block.shownAt[i] = shownAtMs;
    block.sizes[i] = photo.sizeBytes;
    block.mtimes[i] = photo.mtimeMs;
    block.contents[i] = photo.hash;
    block.directories[i] = directory;
    block.widths[i] = photo.width;
    block.heights[i] = photo.height;
    block.flags[i] = static_cast<std::uint8_t>((photo.kind == MediaKind::Video ? LibraryIndex::kVideo : 0) |
                                               (photo.captureTimeMs ? LibraryIndex::kCaptured : 0));
    ++ownDirectories()[directory].photos;
    m_entered.push_back(row);
}

void LibraryIndexMaker::mergeByTime()
{
    // Keys beside the rows: looked up in their blocks, a million of them take twice as long to sort.
    std::vector<std::pair<std::int64_t, Row>> entered;
    entered.reserve(m_entered.size());
    for (const Row row : m_entered)
        entered.emplace_back(m_index.block(row).shownAt[LibraryIndex::at(row)], row);
    std::sort(entered.begin(), entered.end(), [this](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : m_index.isShownBefore(a.second, b.second);
    });
    auto merged = std::make_shared<std::vector<Row>>();
    merged->reserve(m_index.m_byTime->size() + entered.size());
    auto next = entered.begin();
    for (const Row row : *m_index.m_byTime) {
        if (m_left[row])
            continue;
        for (; next != entered.end() && m_index.isShownBefore(next->second, row); ++next)
            merged->push_back(next->second);
        merged->push_back(row);
    }
    for (; next != entered.end(); ++next)
        merged->push_back(next->second);
    m_index.m_byTime = std::move(merged);
}

void LibraryIndexMaker::mergeByContent()
{
    using Key = LibraryIndex::ContentKey;
    std::vector<Key> entered;
    entered.reserve(m_entered.size());
    for (const Row row : m_entered)
        entered.emplace_back(LibraryIndex::keyOf(m_index.content(row)), row);
    std::sort(entered.begin(), entered.end());
    auto merged = std::make_shared<std::vector<Key>>();
    if (m_index.m_byContent->empty()) {
        *merged = std::move(entered);
    } else {
        merged->reserve(m_index.m_byContent->size() + entered.size());
        auto next = entered.begin();
        for (const Key &key : *m_index.m_byContent) {
            if (m_left[key.second])
                continue;
            for (; next != entered.end() && *next < key; ++next)
                merged->push_back(*next);
            merged->push_back(key);
        }
        merged->insert(merged->end(), next, entered.end());
    }
    m_index.m_byContent = std::move(merged);
}

Snapshot LibraryIndexMaker::finish()
{
    // One that changed twice, or came and went again.
    std::sort(m_entered.begin(), m_entered.end());
    m_entered.erase(std::unique(m_entered.begin(), m_entered.end()), m_entered.end());
    std::erase_if(m_entered, [this](Row row) { return !m_index.isPhoto(row); });
    if (m_entered.size() > LibraryIndex::kBlockRows) {
        auto other = std::async(std::launch::async, [this] { mergeByContent(); });
        mergeByTime();
        other.get();
    } else {
        mergeByContent();
        mergeByTime();
    }
    return std::make_shared<const LibraryIndex>(std::move(m_index));
}

} // namespace yingxun::library
