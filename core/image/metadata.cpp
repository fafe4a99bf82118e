// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/metadata.h"

#include "core/image/byte_source.h"
#include "core/image/metadata_fields.h"
#include "core/image/tiff_block.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <exiv2/exiv2.hpp>
#include <mutex>
#include <string>
#include <vector>

namespace yingxun::image {
namespace {

// Blocks of EXIF in it may be as large as the file, and Exiv2 copies what tags point to. Only a TIFF, which
// can be checked, may be larger: photos are, and those of a JPEG have blocks of 64 KiB.
constexpr std::size_t kLargestContainer = 64 << 20;

/// Holds Exiv2 for one thread. Its XMP toolkit is made at the first use and keeps tables of names for the
/// process, neither safely; reading takes a hundredth of what decoding does, so nobody waits for long.
class Exiv2Session
{
public:
    Exiv2Session() : m_lock(s_mutex)
    {
        [[maybe_unused]] static const bool isReady = [] {
            Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
            Exiv2::enableBMFF(); // HEIC and AVIF.
            return Exiv2::XmpParser::initialize();
        }();
    }

private:
    static inline std::mutex s_mutex;
    std::scoped_lock<std::mutex> m_lock;
};

std::size_t bytesOfType(std::uint16_t type)
{
    static constexpr std::array<std::uint8_t, 14> kBytes{1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    return type < kBytes.size() ? kBytes[type] : 8;
}

/// Whether a TIFF's values could all lie beside each other in the file. In a file made to use up memory
/// hundreds of tags point to the same megabytes.
bool hasRoomForItsValues(std::span<const std::byte> file)
{
    constexpr std::size_t kMostDirectories = 64;
    constexpr std::array<std::uint16_t, 4> kDirectoryTags{0x014a, 0x8769, 0x8825, 0xa005};
    const TiffBlock tiff(file);
    std::vector<std::size_t> directories{tiff.longAt(4)};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < directories.size() && total <= file.size(); ++i) {
        const auto note = [&directories](std::size_t offset) {
            if (offset != 0 && directories.size() < kMostDirectories &&
                std::find(directories.begin(), directories.end(), offset) == directories.end())
                directories.push_back(offset);
        };
        note(tiff.forEachEntry(directories[i], [&](const TiffEntry &entry) {
            const std::uint64_t bytes = std::uint64_t{entry.count} * bytesOfType(entry.type);
            // Exiv2 takes no value of more bytes than there are.
            total += bytes > 4 && bytes <= file.size() ? bytes : 0;
            if (std::find(kDirectoryTags.begin(), kDirectoryTags.end(), entry.tag) == kDirectoryTags.end())
                return;
            note(tiff.longAt(entry.valueAt));
            const std::size_t count = std::min<std::size_t>(entry.count, kMostDirectories);
            for (std::size_t k = 0; count > 1 && k < count; ++k)
                note(tiff.longAt(tiff.longAt(entry.valueAt) + 4 * k));
        }));
    }
    return total <= file.size();
}

bool isSafe(std::span<const std::byte> file)
{
    const std::string_view mark = TiffBlock(file).text(0, 3);
    if (mark.starts_with("II") || mark.starts_with("MM"))
        return hasRoomForItsValues(file);
    return file.size() <= kLargestContainer || mark.starts_with("\xff\xd8\xff");
}

/// Calls read(); what Exiv2 throws is its way to say that there is nothing more to be had.
template<typename Read>
void attempt(Read read) noexcept
{
    try {
        read();
    } catch (const std::exception &) {
    }
}

} // namespace

Metadata readMetadata(std::span<const std::byte> file)
{
    Metadata metadata;
    if (file.size() < 16 || !isSafe(file))
        return metadata;
    const Exiv2Session session;
    attempt([&] {
        const auto image = Exiv2::ImageFactory::open(octets(file), file.size());
        attempt([&] { image->readMetadata(); }); // What was read before it breaks off is there.
        const auto add = [&](auto read) {
            attempt([&] { metadata = completed(std::move(metadata), read()); });
        };
        add([&] { return fromExif(image->exifData()); });
        add([&] { return fromXmp(image->xmpData()); });
        add([&] { return fromIptc(image->iptcData()); });
        add([&] { return fromWindowsTags(image->exifData()); });
    });
    return metadata;
}

Metadata readSidecar(std::span<const std::byte> packet)
{
    Metadata metadata;
    if (packet.size() > kLargestSidecar)
        return metadata;
    const Exiv2Session session;
    attempt([&] {
        const std::string text(reinterpret_cast<const char *>(packet.data()), packet.size());
        Exiv2::XmpData data;
        if (Exiv2::XmpParser::decode(data, text) == 0)
            metadata = fromXmp(data);
    });
    return metadata;
}

} // namespace yingxun::image
