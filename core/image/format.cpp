// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/format.h"

#include "core/image/byte_source.h"
#include "core/image/exif.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace yingxun::image {

namespace {

using namespace std::string_view_literals;

/// ISO base media files name what they are in a list of four-letter brands at the start.
Format isoFormat(std::string_view head)
{
    const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(head[i]));
    };
    const std::size_t boxSize = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    const std::size_t end = std::min(boxSize, head.size());
    Format found = Format::Unknown;
    for (std::size_t i = 8; i + 4 <= end;
         i += i == 8 ? 8 : 4) { // Between the first and the others: a version.
        const std::string_view brand = head.substr(i, 4);
        if (brand == "avif"sv || brand == "avis"sv)
            return Format::Avif;
        if (brand == "crx "sv)
            return Format::Raw;
        static constexpr std::array kHeifBrands{"heic"sv, "heix"sv, "hevc"sv, "heim"sv,
                                                "heis"sv, "mif1"sv, "msf1"sv};
        if (std::ranges::find(kHeifBrands, brand) != kHeifBrands.end())
            found = Format::Heif;
    }
    return found;
}

bool isCameraRaw(std::string_view head)
{
    static constexpr std::array kStarts{"FUJIFILMCCD-RAW"sv, "IIRO"sv,  "IIRS"sv, "MMOR"sv,
                                        "IIU\0"sv,           "\0MRM"sv, "FOVb"sv, "II\x1a\0\0\0HEAPCCDR"sv};
    return std::ranges::any_of(kStarts, [&](std::string_view start) { return head.starts_with(start); });
}

} // namespace

Format formatOf(std::span<const std::byte> file)
{
    const std::string_view head(reinterpret_cast<const char *>(file.data()),
                                std::min<std::size_t>(file.size(), 256));
    if (head.starts_with("\xff\xd8\xff"sv))
        return Format::Jpeg;
    if (head.starts_with("\x89PNG\r\n\x1a\n"sv))
        return Format::Png;
    if (head.size() >= 16 && head.starts_with("RIFF"sv) && head.substr(8, 4) == "WEBP"sv)
        return Format::Webp;
    if (head.starts_with("GIF87a"sv) || head.starts_with("GIF89a"sv))
        return Format::Gif;
    if (head.size() >= 26 && head.starts_with("BM"sv))
        return Format::Bmp;
    if (head.size() >= 16 && head.substr(4, 4) == "ftyp"sv)
        return isoFormat(head);
    if (isCameraRaw(head))
        return Format::Raw;
    if (head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv)) {
        const bool isCanon = head.size() >= 10 && head.substr(8, 2) == "CR"sv;
        return isCanon || readExif(file).looksLikeRaw ? Format::Raw : Format::Tiff;
    }
    if (head.starts_with("\0\0\0\x0cjP  "sv) || head.starts_with("\xff\x4f\xff\x51"sv))
        return Format::Jpeg2000;
    if (head.starts_with("\0\0\0\x0cJXL "sv) || head.starts_with("\xff\x0a"sv))
        return Format::JpegXl;
    if (head.size() >= 8 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
        (head[2] == '\n' || head[2] == '\r' || head[2] == ' '))
        return Format::Pnm;
    return Format::Unknown;
}

const char *formatName(Format format)
{
    switch (format) {
    case Format::Jpeg:
        return "jpeg";
    case Format::Png:
        return "png";
    case Format::Webp:
        return "webp";
    case Format::Gif:
        return "gif";
    case Format::Bmp:
        return "bmp";
    case Format::Pnm:
        return "pnm";
    case Format::Tiff:
        return "tiff";
    case Format::Heif:
        return "heif";
    case Format::Avif:
        return "avif";
    case Format::Raw:
        return "raw";
    case Format::Jpeg2000:
        return "jpeg2000";
    case Format::JpegXl:
        return "jpegxl";
    case Format::Unknown:
        break;
    }
    return "unknown";
}

} // namespace yingxun::image
