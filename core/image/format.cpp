// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/format.h"

#include "core/base/companions.h"
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace yingxun::image {

namespace {

using namespace std::string_view_literals;

#ifdef YINGXUN_HAVE_WEBP
constexpr Reader *kReadWebp = readWebp;
#else
constexpr Reader *kReadWebp = nullptr;
#endif
#ifdef YINGXUN_HAVE_GIF
constexpr Reader *kReadGif = readGif;
#else
constexpr Reader *kReadGif = nullptr;
#endif
#ifdef YINGXUN_HAVE_TIFF
constexpr Reader *kReadTiff = readTiff;
#else
constexpr Reader *kReadTiff = nullptr;
#endif
#ifdef YINGXUN_HAVE_HEIF
constexpr Reader *kReadHeif = readHeif;
#else
constexpr Reader *kReadHeif = nullptr;
#endif
#ifdef YINGXUN_HAVE_RAW
constexpr Reader *kReadRaw = readRaw;
#else
constexpr Reader *kReadRaw = nullptr;
#endif
#ifdef YINGXUN_HAVE_JPEG2000
constexpr Reader *kReadJpeg2000 = readJpeg2000;
#else
constexpr Reader *kReadJpeg2000 = nullptr;
#endif
#ifdef YINGXUN_HAVE_JPEGXL
constexpr Reader *kReadJpegXl = readJpegXl;
#else
constexpr Reader *kReadJpegXl = nullptr;
#endif

/// All that is told by format.
struct FormatFacts {
    Format format;
    const char *name;
    Reader *reader;           ///< Null: not in this build. Its endings then say nothing either.
    std::string_view endings; ///< Separated by blanks.
};

constexpr std::array kFormats{
    FormatFacts{Format::Jpeg, "jpeg", readJpeg, "jpg jpeg jpe jfif jfi jif mpo"},
    FormatFacts{Format::Png, "png", readPng, "png apng"},
    FormatFacts{Format::Webp, "webp", kReadWebp, "webp"},
    FormatFacts{Format::Gif, "gif", kReadGif, "gif"},
    FormatFacts{Format::Bmp, "bmp", readBmp, "bmp dib"},
    FormatFacts{Format::Pnm, "pnm", readPnm, "ppm pgm pbm pnm"},
    FormatFacts{Format::Tiff, "tiff", kReadTiff, "tif tiff"},
    FormatFacts{Format::Heif, "heif", kReadHeif, "heic heif hif heics heifs"},
    FormatFacts{Format::Avif, "avif", kReadHeif, "avif avifs"},
    FormatFacts{Format::Raw, "raw", kReadRaw, kRawEndings},
    FormatFacts{Format::Jpeg2000, "jpeg2000", kReadJpeg2000, "jp2 j2k j2c jpc"},
    FormatFacts{Format::JpegXl, "jpegxl", kReadJpegXl, "jxl"},
    FormatFacts{Format::Psd, "psd", readPsd, "psd psb"},
    FormatFacts{Format::Video, "video", nullptr, "mp4 m4v mov mkv webm"},
};

/// Whether this build reads it: videos always, by posterOf(), which takes a file and not its bytes.
bool isRead(const FormatFacts &facts)
{
    return facts.reader != nullptr || facts.format == Format::Video;
}

const FormatFacts *factsOf(Format format)
{
    const auto found = std::ranges::find(kFormats, format, &FormatFacts::format);
    return found != kFormats.end() ? &*found : nullptr;
}

/// ISO base media files name what they are in a list of four-letter brands at the start.
Format isoFormat(std::string_view head)
{
    const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(head[i]));
    };
    const std::size_t boxSize = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    const std::size_t end = std::min(boxSize, head.size());
    // Sound alone has its own first brand, but names those of films beside it.
    static constexpr std::array kSoundBrands{"M4A "sv, "M4B "sv, "M4P "sv, "F4A "sv, "F4B "sv};
    const bool isSound = std::ranges::find(kSoundBrands, head.substr(8, 4)) != kSoundBrands.end();
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
        static constexpr std::array kVideoBrands{"isom"sv, "iso2"sv, "iso4"sv, "iso5"sv, "iso6"sv, "mp41"sv,
                                                 "mp42"sv, "avc1"sv, "qt  "sv, "M4V "sv, "dash"sv, "MSNV"sv};
        if (found == Format::Unknown && !isSound &&
            std::ranges::find(kVideoBrands, brand) != kVideoBrands.end())
            found = Format::Video; // A photo may name such a brand as well, beside its own.
    }
    return found;
}

bool isCameraRaw(std::string_view head)
{
    static constexpr std::array kStarts{"FUJIFILMCCD-RAW"sv, "IIRO"sv,  "IIRS"sv, "MMOR"sv,
                                        "IIU\0"sv,           "\0MRM"sv, "FOVb"sv, "II\x1a\0\0\0HEAPCCDR"sv};
    return std::ranges::any_of(kStarts, [&](std::string_view start) { return head.starts_with(start); });
}

/// Films of Matroska and WebM begin as other EBML documents do, and say of what type they are.
bool isMatroska(std::string_view head)
{
    if (!head.starts_with("\x1a\x45\xdf\xa3"sv))
        return false;
    const std::string_view header = head.substr(0, 64);
    return header.find("\x42\x82\x88matroska"sv) != std::string_view::npos ||
           header.find("\x42\x82\x84webm"sv) != std::string_view::npos;
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
    if (isMatroska(head))
        return Format::Video;
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
    if (head.starts_with("8BPS\0\1"sv) || head.starts_with("8BPS\0\2"sv))
        return Format::Psd;
    if (head.size() >= 8 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
        (head[2] == '\n' || head[2] == '\r' || head[2] == ' '))
        return Format::Pnm;
    return Format::Unknown;
}

bool beginsAsPicture(std::span<const std::byte> head)
{
    const Format format = formatOf(head);
    const auto byte = [&](std::size_t i) { return i < head.size() ? std::to_integer<int>(head[i]) : 0; };
    if (byte(0) == 0x1a) // Matroska without its ending: sound alone, or subtitles, more often than a film.
        return false;
    // Many files begin with "BM" or "P1 ".
    if (format == Format::Bmp && (byte(6) != 0 || byte(7) != 0 || byte(8) != 0 || byte(9) != 0 ||
                                  byte(14) < 12 || byte(14) > 124 || byte(15) != 0))
        return false;
    if (format == Format::Pnm && byte(3) != '#' && (byte(3) < '0' || byte(3) > '9'))
        return false;
    const auto *facts = factsOf(format);
    return facts != nullptr && isRead(*facts);
}

Format formatOfEnding(std::string_view path)
{
    const auto dot = path.rfind('.');
    if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos ||
        dot + 1 == path.size())
        return Format::Unknown;
    std::string ending(path.substr(dot + 1));
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto names = [&ending](const FormatFacts &facts) {
        for (std::string_view rest = facts.endings; isRead(facts) && !rest.empty();) {
            const auto blank = std::min(rest.find(' '), rest.size());
            if (rest.substr(0, blank) == ending)
                return true;
            rest.remove_prefix(std::min(blank + 1, rest.size()));
        }
        return false;
    };
    const auto found = std::ranges::find_if(kFormats, names);
    return found != kFormats.end() ? found->format : Format::Unknown;
}

bool hasPictureEnding(std::string_view path)
{
    return formatOfEnding(path) != Format::Unknown;
}

Reader *readerOf(Format format)
{
    const auto *facts = factsOf(format);
    return facts != nullptr ? facts->reader : nullptr;
}

const char *formatName(Format format)
{
    const auto *facts = factsOf(format);
    return facts != nullptr ? facts->name : "unknown";
}

} // namespace yingxun::image
