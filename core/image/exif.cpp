// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/exif.h"

#include "core/image/metadata_text.h"
#include "core/image/tiff_block.h"

#include <algorithm>
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
    tiff.forEachEntry(tiff.longAt(4), [&](const TiffEntry &entry) {
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
    std::optional<StatedTime> time;
    tiff.forEachEntry(exifDirectory, [&](const TiffEntry &entry) {
        if (entry.tag == kDateTimeOriginal && entry.count >= 19)
            time = parseTime(tiff.text(tiff.longAt(entry.valueAt), 19));
    });
    if (time)
        facts.captureTimeMs = time->localMs;
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
