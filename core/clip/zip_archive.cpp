// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/zip_archive.h"

#include "core/clip/detail/stopping.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

namespace yingxun::clip {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are used as they lie in the file");

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kDirectoryEntry = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50;
constexpr std::uint32_t kEnd64 = 0x06064B50;
constexpr std::uint32_t kLocator64 = 0x07064B50;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kLocatorSize = 20;
constexpr std::size_t kEntrySize = 46;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kLongestComment = 65'535;
constexpr std::uint16_t kExtra64 = 1;
constexpr std::uint32_t kElsewhere = 0xFFFFFFFF; // The number stands in the 64-bit extension.
constexpr std::uint16_t kElsewhereShort = 0xFFFF;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint64_t kMostRecords = 100'000; // A training checkpoint of ViT-H has some 2,700.

Unexpected corrupt(const std::string &why)
{
    return fail(ErrorCode::CorruptData, "zip: " + why);
}

/// A little-endian number; nothing beyond the end.
template<typename T>
std::optional<T> numberAt(Bytes bytes, std::uint64_t at)
{
    static_assert(std::is_unsigned_v<T>);
    if (at > bytes.size() || bytes.size() - at < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    return value;
}

/// As numberAt, where the place was checked before.
template<typename T>
T known(Bytes bytes, std::uint64_t at)
{
    return numberAt<T>(bytes, at).value_or(0);
}

struct Directory {
    std::uint64_t count = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

Result<Directory> directory64(Bytes bytes, std::uint64_t end)
{
    if (end < kLocatorSize || numberAt<std::uint32_t>(bytes, end - kLocatorSize) != kLocator64)
        return corrupt("the 64-bit end of the directory is missing");
    const auto at = known<std::uint64_t>(bytes, end - kLocatorSize + 8);
    if (at > end || end - at < kEnd64Size + kLocatorSize || numberAt<std::uint32_t>(bytes, at) != kEnd64)
        return corrupt("the 64-bit end of the directory is not where it should be");
    return Directory{known<std::uint64_t>(bytes, at + 32), known<std::uint64_t>(bytes, at + 40),
                     known<std::uint64_t>(bytes, at + 48)};
}

Result<Directory> findDirectory(Bytes bytes)
{
    if (bytes.size() < kEndSize)
        return fail(ErrorCode::Truncated, "zip: the file is too short");
    const std::size_t last = bytes.size() - kEndSize;
    const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
    for (std::size_t at = last + 1; at-- > first;) {
        if (known<std::uint32_t>(bytes, at) != kEnd ||
            known<std::uint16_t>(bytes, at + 20) != bytes.size() - at - kEndSize)
            continue;
        const Directory found{known<std::uint16_t>(bytes, at + 10), known<std::uint32_t>(bytes, at + 12),
                              known<std::uint32_t>(bytes, at + 16)};
        const bool isLarge =
            found.count == kElsewhereShort || found.size == kElsewhere || found.offset == kElsewhere;
        return isLarge ? directory64(bytes, at) : Result<Directory>(found);
    }
    return fail(ErrorCode::Truncated,
                "zip: the directory at the end is missing, the file was probably not copied or downloaded "
                "to its end");
}

struct Entry {
    std::uint64_t size = 0;
    std::uint64_t stored = 0;
    std::uint64_t offset = 0;
};

/// Replaces what did not fit into 32 bits by the numbers of the extra field, in the order of the format.
bool readExtra64(Bytes extra, Entry &entry)
{
    std::uint64_t at = 0;
    while (at + 4 <= extra.size()) {
        const auto id = known<std::uint16_t>(extra, at);
        const auto size = known<std::uint16_t>(extra, at + 2);
        at += 4;
        if (size > extra.size() - at)
            return false;
        if (id == kExtra64) {
            Bytes field = extra.subspan(at, size);
            for (std::uint64_t *value : {&entry.size, &entry.stored, &entry.offset}) {
                if (*value != kElsewhere)
                    continue;
                const auto wide = numberAt<std::uint64_t>(field, 0);
                if (!wide)
                    return false;
                *value = *wide;
                field = field.subspan(sizeof(std::uint64_t));
            }
            return true;
        }
        at += size;
    }
    return entry.size != kElsewhere && entry.stored != kElsewhere && entry.offset != kElsewhere;
}

/// The bytes that an entry of the directory points to.
Result<Bytes> recordBytes(Bytes bytes, const std::string &name, const Entry &entry)
{
    const auto at = entry.offset;
    if (at > bytes.size() || bytes.size() - at < kLocalSize)
        return corrupt("record " + name + " lies beyond the end of the file");
    if (known<std::uint32_t>(bytes, at) != kLocalHeader)
        return corrupt("record " + name + " does not begin where the directory says");
    const auto nameSize = known<std::uint16_t>(bytes, at + 26);
    const auto extraSize = known<std::uint16_t>(bytes, at + 28);
    const std::uint64_t header = kLocalSize + nameSize + extraSize;
    if (bytes.size() - at < header || bytes.size() - at - header < entry.size)
        return fail(ErrorCode::Truncated, "zip: the file ends before record " + name + " does");
    if (nameSize != name.size() || std::memcmp(bytes.data() + at + kLocalSize, name.data(), nameSize) != 0)
        return corrupt("record " + name + " has another name than in the directory");
    return bytes.subspan(at + header, entry.size);
}

Result<ZipRecord> readEntry(Bytes bytes, Bytes directory, std::uint64_t &at)
{
    if (directory.size() - at < kEntrySize || known<std::uint32_t>(directory, at) != kDirectoryEntry)
        return corrupt("the directory is damaged");
    const auto nameSize = known<std::uint16_t>(directory, at + 28);
    const auto extraSize = known<std::uint16_t>(directory, at + 30);
    const auto commentSize = known<std::uint16_t>(directory, at + 32);
    const std::uint64_t whole = std::uint64_t{kEntrySize} + nameSize + extraSize + commentSize;
    if (directory.size() - at < whole)
        return corrupt("the directory is damaged");
    ZipRecord record;
    record.name.assign(reinterpret_cast<const char *>(directory.data()) + at + kEntrySize, nameSize);
    record.crc = known<std::uint32_t>(directory, at + 16);
    if ((known<std::uint16_t>(directory, at + 8) & kEncrypted) != 0)
        return fail(ErrorCode::Unsupported, "zip: record " + record.name + " is encrypted");
    if (known<std::uint16_t>(directory, at + 10) != 0) {
        return fail(ErrorCode::Unsupported,
                    "zip: record " + record.name + " is compressed; models are stored without compression");
    }
    Entry entry{known<std::uint32_t>(directory, at + 24), known<std::uint32_t>(directory, at + 20),
                known<std::uint32_t>(directory, at + 42)};
    if (!readExtra64(directory.subspan(at + kEntrySize + nameSize, extraSize), entry) ||
        entry.size != entry.stored)
        return corrupt("the sizes of record " + record.name + " contradict each other");
    auto found = recordBytes(bytes, record.name, entry);
    if (!found)
        return found.propagate();
    record.bytes = *found;
    at += whole;
    return record;
}

/// No byte may belong to two records.
bool overlaps(const std::vector<ZipRecord> &records)
{
    std::vector<Bytes> places;
    for (const ZipRecord &record : records) {
        if (!record.bytes.empty())
            places.push_back(record.bytes);
    }
    std::sort(places.begin(), places.end(), [](Bytes a, Bytes b) { return a.data() < b.data(); });
    return std::adjacent_find(places.begin(), places.end(), [](Bytes a, Bytes b) {
               return a.data() + a.size() > b.data();
           }) != places.end();
}

/// Tables for eight bytes a step: the byte-wise table, shifted on by one byte each.
constexpr std::array<std::array<std::uint32_t, 256>, 8> crcTables()
{
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0);
        tables[0][i] = value;
    }
    for (std::size_t k = 1; k < tables.size(); ++k) {
        for (std::size_t i = 0; i < 256; ++i)
            tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][tables[k - 1][i] & 0xFF];
    }
    return tables;
}

std::uint32_t continuedCrc(std::uint32_t crc, Bytes bytes)
{
    static constexpr auto kTables = crcTables();
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data() + at, sizeof(word));
        word ^= crc;
        crc = 0;
        for (std::size_t k = 0; k < 8; ++k)
            crc ^= kTables[7 - k][(word >> (8 * k)) & 0xFF];
    }
    for (; at < bytes.size(); ++at)
        crc = (crc >> 8) ^ kTables[0][(crc ^ static_cast<std::uint32_t>(bytes[at])) & 0xFF];
    return crc;
}

} // namespace

bool ZipArchive::looksLikeOne(std::span<const std::byte> bytes)
{
    return numberAt<std::uint32_t>(bytes, 0) == kLocalHeader;
}

Result<ZipArchive> ZipArchive::open(std::span<const std::byte> bytes)
{
    const auto place = findDirectory(bytes);
    if (!place)
        return place.propagate();
    if (place->count > kMostRecords)
        return corrupt("the directory names too many records");
    if (place->offset > bytes.size() || bytes.size() - place->offset < place->size)
        return corrupt("the directory lies beyond the end of the file");
    const Bytes directory = bytes.subspan(place->offset, place->size);
    ZipArchive archive;
    std::uint64_t at = 0;
    for (std::uint64_t i = 0; i < place->count; ++i) {
        auto record = readEntry(bytes, directory, at);
        if (!record)
            return record.propagate();
        if (!archive.m_byName.emplace(record->name, archive.m_records.size()).second)
            return corrupt("record " + record->name + " is there twice");
        archive.m_records.push_back(*std::move(record));
    }
    if (overlaps(archive.m_records))
        return corrupt("two records share bytes");
    return archive;
}

const ZipRecord *ZipArchive::find(std::string_view name) const
{
    const auto found = m_byName.find(std::string(name));
    return found == m_byName.end() ? nullptr : &m_records[found->second];
}

Result<void> checkIntact(const ZipRecord &record, const std::stop_token &stop)
{
    std::uint32_t crc = 0xFFFFFFFF;
    if (!detail::inSlices(record.bytes, stop, [&crc](Bytes slice) { crc = continuedCrc(crc, slice); }))
        return detail::stopped();
    if ((crc ^ 0xFFFFFFFF) != record.crc)
        return fail(ErrorCode::CorruptData,
                    "record " + record.name + " has a wrong checksum: the file is damaged");
    return {};
}

} // namespace yingxun::clip
