// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <memory>
#include <png.h>
#include <string>

namespace yingxun::image {

namespace {

/// libpng reports errors by jumping out. The functions that may be jumped out of keep no object with a
/// destructor, and return false after a jump.
struct Session {
    explicit Session(std::span<const std::byte> file) : source{file} {}
    ~Session() { png_destroy_read_struct(&png, &info, nullptr); }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    ByteSource source;
    png_structp png = nullptr;
    png_infop info = nullptr;
    std::string message;
    int rowsRead = 0; ///< Of the first pass.
};

[[noreturn]] void leave(png_structp png, png_const_charp message)
{
    static_cast<Session *>(png_get_error_ptr(png))->message = message;
    png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

void readBytes(png_structp png, png_bytep target, std::size_t count)
{
    auto &source = *static_cast<ByteSource *>(png_get_io_ptr(png));
    if (source.read(target, count) < count)
        png_error(png, "the file stops early");
}

bool readHeader(Session &session)
{
    if (setjmp(png_jmpbuf(session.png)) != 0)
        return false;
    png_set_read_fn(session.png, &session.source, readBytes);
    png_set_benign_errors(session.png, 1);
    png_set_user_limits(session.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // checkSize() decides.
    png_read_info(session.png, session.info);
    return true;
}

bool applyTransforms(Session &session)
{
    if (setjmp(png_jmpbuf(session.png)) != 0)
        return false;
    png_set_interlace_handling(session.png);
    png_read_update_info(session.png, session.info);
    return true;
}

bool readRows(Session &session, std::uint8_t *target, std::size_t rowBytes, int height, int passes)
{
    if (setjmp(png_jmpbuf(session.png)) != 0)
        return false;
    for (int pass = 0; pass < passes; ++pass) {
        for (int y = 0; y < height; ++y) {
            png_read_row(session.png, target + static_cast<std::size_t>(y) * rowBytes, nullptr);
            session.rowsRead += pass == 0 ? 1 : 0;
        }
    }
    return true;
}

/// What comes after the pixels is welcome but not needed.
void readRest(Session &session)
{
    if (setjmp(png_jmpbuf(session.png)) != 0)
        return;
    png_read_end(session.png, session.info);
}

Unexpected failure(const Session &session)
{
    return fail(session.source.exhausted ? ErrorCode::Truncated : ErrorCode::CorruptData,
                "The PNG picture cannot be decoded: " + session.message + ".");
}

/// Deflate shrinks at most 1032 to 1. What claims more pixels than that is a bomb or a broken header.
bool isPlausible(const Session &session, std::size_t fileSize)
{
    constexpr std::uint64_t kDeflateLimit = 1032;
    const std::uint64_t bytes = std::uint64_t{png_get_image_height(session.png, session.info)} *
                                png_get_rowbytes(session.png, session.info);
    return bytes / kDeflateLimit <= fileSize;
}

/// Asks libpng for 8 bits per channel, except where the purpose needs the palette or 16 bits of grey.
PixelMode chooseTransforms(Session &session, Purpose purpose)
{
    png_structp png = session.png;
    const bool isViewing = purpose == Purpose::Viewing;
    const int depth = png_get_bit_depth(png, session.info);
    const int type = png_get_color_type(png, session.info);
    const bool hasTransparentColour = isViewing && png_get_valid(png, session.info, PNG_INFO_tRNS) != 0;
    // One bit of grey counts as a palette of two colours: PIL resizes both by nearest neighbour.
    if (type == PNG_COLOR_TYPE_PALETTE ||
        (type == PNG_COLOR_TYPE_GRAY && depth == 1 && !hasTransparentColour)) {
        png_set_packing(png);
        return PixelMode::Palette;
    }
    if (type == PNG_COLOR_TYPE_GRAY && depth == 16 && !isViewing) {
        if constexpr (std::endian::native == std::endian::little)
            png_set_swap(png);
        return PixelMode::Grey16;
    }
    if (isViewing)
        png_set_scale_16(png);
    else
        png_set_strip_16(png);
    if (depth < 8)
        png_set_expand_gray_1_2_4_to_8(png);
    if (hasTransparentColour)
        png_set_tRNS_to_alpha(png);
    const bool hasAlpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || hasTransparentColour;
    if ((type & PNG_COLOR_MASK_COLOR) != 0)
        return hasAlpha ? PixelMode::Rgba : PixelMode::Rgb;
    return hasAlpha ? PixelMode::GreyAlpha : PixelMode::Grey;
}

std::vector<std::uint8_t> readPalette(Session &session)
{
    std::vector<std::uint8_t> palette(256 * 4, 0);
    png_colorp colours = nullptr;
    int count = 0;
    if (png_get_PLTE(session.png, session.info, &colours, &count) == 0)
        std::fill_n(palette.begin() + 4, 3, std::uint8_t{255}); // Black and white.
    png_bytep alphas = nullptr;
    int alphaCount = 0;
    png_get_tRNS(session.png, session.info, &alphas, &alphaCount, nullptr);
    for (int i = 0; i < 256; ++i) {
        std::uint8_t *entry = palette.data() + i * 4;
        if (i < count) {
            entry[0] = colours[i].red;
            entry[1] = colours[i].green;
            entry[2] = colours[i].blue;
        }
        entry[3] = alphas != nullptr && i < alphaCount ? alphas[i] : 255;
    }
    return palette;
}

void readMetadata(Session &session, Picture &picture)
{
    png_charp name = nullptr;
    int method = 0;
    png_bytep profile = nullptr;
    png_uint_32 size = 0;
    if (png_get_iCCP(session.png, session.info, &name, &method, &profile, &size) != 0)
        picture.iccProfile.assign(profile, profile + size);
    png_bytep exif = nullptr;
    if (png_get_eXIf_1(session.png, session.info, &size, &exif) != 0) {
        const ExifFacts facts = readExif(std::as_bytes(std::span(exif, size)));
        picture.orientation = facts.orientation.value_or(0);
        picture.captureTimeMs = facts.captureTimeMs;
    }
}

} // namespace

Result<Picture> readPng(std::span<const std::byte> file, const ReadOptions &options)
{
    Session session(file);
    session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, leave, ignoreWarning);
    session.info = session.png != nullptr ? png_create_info_struct(session.png) : nullptr;
    if (session.info == nullptr)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the PNG picture.");
    if (!readHeader(session))
        return failure(session);
    const auto width = png_get_image_width(session.png, session.info);
    const auto height = png_get_image_height(session.png, session.info);
    if (auto size = checkSize(width, height, options); !size)
        return size.propagate();
    if (!isPlausible(session, file.size()))
        return fail(ErrorCode::Truncated, "The PNG picture is too short for the size that it declares.");

    Picture picture;
    picture.width = picture.fullWidth = static_cast<int>(width);
    picture.height = picture.fullHeight = static_cast<int>(height);
    picture.mode = chooseTransforms(session, options.purpose);
    if (picture.mode == PixelMode::Palette)
        picture.palette = readPalette(session);
    const int passes = png_get_interlace_type(session.png, session.info) == PNG_INTERLACE_NONE ? 1 : 7;
    const std::size_t rowBytes = sampleBytes(picture.mode, picture.width, 1);
    if (!applyTransforms(session))
        return failure(session);
    if (png_get_rowbytes(session.png, session.info) != rowBytes)
        return fail(ErrorCode::Internal, "The PNG picture has an unexpected layout.");
    if (auto claimed = claim(picture, width, height, 0, options); !claimed)
        return claimed.propagate();
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));
    picture.truncated = !readRows(session, picture.samples.data(), rowBytes, picture.height, passes);
    if (picture.truncated && session.rowsRead == 0)
        return failure(session);
    if (!picture.truncated)
        readRest(session);
    readMetadata(session, picture);
    return picture;
}

} // namespace yingxun::image
