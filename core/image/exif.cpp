// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/exif.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string_view>

namespace yingxun::image {

namespace {

constexpr std::uint16_t kOrientation = 0x0112;
constexpr std::uint16_t kMake = 0x010f;
constexpr std::uint16_t kSubDirectories = 0x014a;
constexpr std::uint16_t kExifDirectory = 0x8769;
constexpr std::uint16_t kDngVersion = 0xc612;
constexpr std::uint16_t kDateTimeOriginal = 0x9003;
constexpr std::uint16_t kShort = 3;
constexpr std::uint16_t kLong = 4;
constexpr std::size_t kEntryBytes = 12;

/// A tag of a TIFF directory.
struct Entry {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint32_t count = 0;
    std::size_t valueAt = 0; ///< Where the four bytes of value or offset lie.
};

/// Reads numbers from a TIFF structure; what lies outside reads as zero.
class TiffBlock
{
public:
    explicit TiffBlock(std::span<const std::byte> bytes)
        : m_bytes(bytes), m_bigEndian(!bytes.empty() && bytes[0] == std::byte{'M'})
    {
    }

    std::uint32_t number(std::size_t at, std::size_t size) const
    {
        if (at > m_bytes.size() || m_bytes.size() - at < size)
            return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t position = m_bigEndian ? at + i : at + size - 1 - i;
            value = value << 8 | std::to_integer<std::uint32_t>(m_bytes[position]);
        }
        return value;
    }
    std::uint16_t shortAt(std::size_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }
    std::uint32_t longAt(std::size_t at) const { return number(at, 4); }

    std::string_view text(std::size_t at, std::size_t size) const
    {
        if (at > m_bytes.size() || m_bytes.size() - at < size)
            return {};
        return {reinterpret_cast<const char *>(m_bytes.data()) + at, size};
    }

    /// Calls `visit(Entry)` for every tag of the directory at `offset`.
    template<typename Visit>
    void forEachEntry(std::size_t offset, Visit visit) const
    {
        const std::size_t count = shortAt(offset);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = offset + 2 + i * kEntryBytes;
            if (at + kEntryBytes > m_bytes.size())
                return;
            visit(Entry{shortAt(at), shortAt(at + 2), longAt(at + 4), at + 8});
        }
    }

private:
    std::span<const std::byte> m_bytes;
    bool m_bigEndian;
};

/// "2024:05:01 12:30:59" as milliseconds since 1970, taken without a time zone.
std::optional<std::int64_t> parseTime(std::string_view text)
{
    static constexpr std::string_view kPattern = "dddd:dd:dd dd:dd:dd";
    if (text.size() < kPattern.size())
        return std::nullopt;
    std::array<int, 6> fields{};
    std::size_t field = 0;
    for (std::size_t i = 0; i < kPattern.size(); ++i) {
        const bool isDigit = text[i] >= '0' && text[i] <= '9';
        if (kPattern[i] != 'd') {
            ++field; // Some cameras write other separators; anything but a digit will do.
            if (isDigit)
                return std::nullopt;
            continue;
        }
        if (!isDigit)
            return std::nullopt;
        fields[field] = fields[field] * 10 + (text[i] - '0');
    }
    using namespace std::chrono;
    const year_month_day day{year{fields[0]}, month{static_cast<unsigned>(fields[1])},
                             std::chrono::day{static_cast<unsigned>(fields[2])}};
    if (!day.ok() || fields[0] == 0 || fields[3] > 23 || fields[4] > 59 || fields[5] > 60)
        return std::nullopt;
    const auto time = sys_days{day} + hours{fields[3]} + minutes{fields[4]} + seconds{fields[5]};
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

} // namespace

ExifFacts readExif(std::span<const std::byte> block)
{
    static constexpr std::string_view kPrefix("Exif\0\0", 6);
    if (block.size() > kPrefix.size() && std::memcmp(block.data(), kPrefix.data(), kPrefix.size()) == 0)
        block = block.subspan(kPrefix.size());
    const TiffBlock tiff(block);
    ExifFacts facts;
    if (const auto mark = tiff.text(0, 2); mark != "II" && mark != "MM")
        return facts;

    std::size_t exifDirectory = 0;
    bool hasMake = false;
    bool hasSubDirectories = false;
    bool isDng = false;
    tiff.forEachEntry(tiff.longAt(4), [&](const Entry &entry) {
        if (entry.tag == kOrientation && (entry.type == kShort || entry.type == kLong) && entry.count == 1) {
            const std::uint32_t value =
                entry.type == kShort ? tiff.shortAt(entry.valueAt) : tiff.longAt(entry.valueAt);
            if (value >= 1 && value <= 8)
                facts.orientation = static_cast<int>(value);
        } else if (entry.tag == kExifDirectory) {
            exifDirectory = tiff.longAt(entry.valueAt);
        }
        hasMake = hasMake || entry.tag == kMake;
        hasSubDirectories = hasSubDirectories || entry.tag == kSubDirectories;
        isDng = isDng || entry.tag == kDngVersion;
    });
    facts.looksLikeRaw = isDng || (hasMake && hasSubDirectories);
    if (exifDirectory == 0)
        return facts;
    tiff.forEachEntry(exifDirectory, [&](const Entry &entry) {
        if (entry.tag == kDateTimeOriginal && entry.count >= 19)
            facts.captureTimeMs = parseTime(tiff.text(tiff.longAt(entry.valueAt), 19));
    });
    return facts;
}

ExifFacts readExifItem(std::span<const std::byte> item)
{
    constexpr std::size_t kSkipBytes = 4;
    std::size_t skipped = 0;
    for (std::size_t i = 0; i < std::min(kSkipBytes, item.size()); ++i)
        skipped = skipped << 8 | std::to_integer<std::size_t>(item[i]);
    return item.size() > kSkipBytes && skipped < item.size() - kSkipBytes
               ? readExif(item.subspan(kSkipBytes + skipped))
               : ExifFacts{};
}

} // namespace yingxun::image
