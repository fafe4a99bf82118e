// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/library_index_maker.h"

#include <cstring>
#include <future>
#include <iterator>

namespace yingxun::library {

LibraryIndexMaker::LibraryIndexMaker(const LibraryIndex &before)
    : m_index(before), m_own(before.m_blocks.size()), m_left(before.rowEnd()), m_isEntered(before.rowEnd())
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
    m_isEntered.push_back(false);
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
    if (!m_isEntered[row] && !m_index.isCompanion(row))
        --ownDirectories()[m_index.directory(row)].photos;
    m_isEntered[row] = false;
    m_stems.push_back(m_index.stemKeyOf(row));
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
    m_isEntered[row] = true;
    m_entered.push_back(row);
}

void LibraryIndexMaker::mergeByTime()
{
    // Keys beside the rows: looked up in their blocks, a million of them take twice as long to sort.
    std::vector<std::pair<std::int64_t, Row>> entered;
    entered.reserve(m_enteredTime.size());
    for (const Row row : m_enteredTime)
        entered.emplace_back(m_index.block(row).shownAt[LibraryIndex::at(row)], row);
    std::sort(entered.begin(), entered.end(), [this](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : m_index.isShownBefore(a.second, b.second);
    });
    auto merged = std::make_shared<std::vector<Row>>();
    merged->reserve(m_index.m_byTime->size() + entered.size());
    auto next = entered.begin();
    for (const Row row : *m_index.m_byTime) {
        if (m_leftTime[row])
            continue;
        for (; next != entered.end() && m_index.isShownBefore(next->second, row); ++next)
            merged->push_back(next->second);
        merged->push_back(row);
    }
    for (; next != entered.end(); ++next)
        merged->push_back(next->second);
    m_index.m_byTime = std::move(merged);
}

/// What is sorted by a key of each row, without those that left and with those that entered.
std::shared_ptr<std::vector<std::pair<std::uint64_t, Row>>>
LibraryIndexMaker::merged(const std::vector<std::pair<std::uint64_t, Row>> &before,
                          std::vector<std::pair<std::uint64_t, Row>> entered) const
{
    std::sort(entered.begin(), entered.end());
    auto merged = std::make_shared<std::vector<std::pair<std::uint64_t, Row>>>();
    if (before.empty()) {
        *merged = std::move(entered);
        return merged;
    }
    merged->reserve(before.size() + entered.size());
    auto next = entered.begin();
    for (const auto &key : before) {
        if (m_left[key.second])
            continue;
        for (; next != entered.end() && *next < key; ++next)
            merged->push_back(*next);
        merged->push_back(key);
    }
    merged->insert(merged->end(), next, entered.end());
    return merged;
}

void LibraryIndexMaker::mergeByContent()
{
    std::vector<LibraryIndex::ContentKey> entered;
    entered.reserve(m_entered.size());
    for (const Row row : m_entered)
        entered.emplace_back(LibraryIndex::keyOf(m_index.content(row)), row);
    m_index.m_byContent = merged(*m_index.m_byContent, std::move(entered));
}

void LibraryIndexMaker::mergeByStem()
{
    std::vector<LibraryIndex::StemKey> entered;
    entered.reserve(m_entered.size());
    for (const Row row : m_entered) {
        entered.emplace_back(m_index.stemKeyOf(row), row);
        m_stems.push_back(entered.back().first);
    }
    m_index.m_byStem = merged(*m_index.m_byStem, std::move(entered));
}

/// Looks anew at all stems that rows entered or left.
void LibraryIndexMaker::pairCompanions()
{
    m_leftTime = m_left;
    std::sort(m_stems.begin(), m_stems.end());
    m_stems.erase(std::unique(m_stems.begin(), m_stems.end()), m_stems.end());
    const auto &all = *m_index.m_byStem;
    auto at = all.begin();
    const bool isMost = m_stems.size() > all.size() / 16; // Then it is passed through rather than searched.
    for (const std::uint64_t stem : m_stems) {
        const auto isBelow = [](const LibraryIndex::StemKey &key, std::uint64_t wanted) {
            return key.first < wanted;
        };
        if (isMost) {
            while (at != all.end() && at->first < stem)
                ++at;
        } else {
            at = std::lower_bound(at, all.end(), stem, isBelow);
        }
        const auto begin = at;
        while (at != all.end() && at->first == stem)
            ++at;
        pair(std::span(begin, at));
    }
}

/// Of rows whose stems have one key, those with one stem.
void LibraryIndexMaker::pair(std::span<const LibraryIndex::StemKey> beside)
{
    for (const auto &[key, row] : beside) {
        const CompanionRole role = beside.size() > 1 ? m_index.roleOf(row) : CompanionRole::None;
        const bool goesAlong = role == CompanionRole::Raw || role == CompanionRole::Film;
        setCompanion(row, goesAlong &&
                              std::any_of(beside.begin(), beside.end(), [&, self = row](const auto &other) {
                                  return m_index.roleOf(other.second) == CompanionRole::Picture &&
                                         m_index.haveOneStem(other.second, self);
                              }));
    }
}

void LibraryIndexMaker::setCompanion(Row row, bool isCompanion)
{
    const bool was = m_index.isCompanion(row);
    if (!m_isEntered[row] && was == isCompanion)
        return;
    if (was != isCompanion)
        own(row / LibraryIndex::kBlockRows).flags[LibraryIndex::at(row)] ^= LibraryIndex::kCompanion;
    int &items = ownDirectories()[m_index.directory(row)].photos;
    if (!isCompanion) {
        m_enteredTime.push_back(row);
        ++items;
    } else if (!m_isEntered[row]) {
        m_leftTime[row] = true;
        --items;
    }
}

Snapshot LibraryIndexMaker::finish()
{
    // One that changed twice, or came and went again.
    std::sort(m_entered.begin(), m_entered.end());
    m_entered.erase(std::unique(m_entered.begin(), m_entered.end()), m_entered.end());
    std::erase_if(m_entered, [this](Row row) { return !m_index.isPhoto(row); });
    const auto policy =
        m_entered.size() > LibraryIndex::kBlockRows ? std::launch::async : std::launch::deferred;
    auto other = std::async(policy, [this] { mergeByContent(); });
    mergeByStem();
    pairCompanions();
    mergeByTime();
    other.get();
    return std::make_shared<const LibraryIndex>(std::move(m_index));
}

} // namespace yingxun::library
