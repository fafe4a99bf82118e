// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <string>
#include <tiffio.h>

namespace yingxun::image {

namespace {

constexpr tmsize_t kMaximumAllocation = tmsize_t{1} << 30;

struct CloseTiff {
    void operator()(TIFF *tiff) const { TIFFClose(tiff); }
};
struct FreeOptions {
    void operator()(TIFFOpenOptions *options) const { TIFFOpenOptionsFree(options); }
};

ByteSource &sourceOf(thandle_t handle)
{
    return *static_cast<ByteSource *>(handle);
}

tmsize_t readBytes(thandle_t handle, void *target, tmsize_t count)
{
    return static_cast<tmsize_t>(sourceOf(handle).read(target, static_cast<std::size_t>(count)));
}

tmsize_t refuseWriting(thandle_t, void *, tmsize_t)
{
    return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence)
{
    ByteSource &source = sourceOf(handle);
    const toff_t base = whence == SEEK_CUR ? source.position : whence == SEEK_END ? source.bytes.size() : 0;
    source.position = static_cast<std::size_t>(base + offset);
    return source.position;
}

int keepOpen(thandle_t)
{
    return 0;
}

toff_t sizeOf(thandle_t handle)
{
    return sourceOf(handle).bytes.size();
}

int ignoreMessage(TIFF *, void *, const char *, const char *, va_list)
{
    return 1; // Handled: nothing goes to stderr.
}

std::unique_ptr<TIFF, CloseTiff> open(ByteSource &source)
{
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaximumAllocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), ignoreMessage, nullptr);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignoreMessage, nullptr);
    // "m": no memory mapping. The name is only for messages.
    return std::unique_ptr<TIFF, CloseTiff>(TIFFClientOpenExt("photo", "rm", &source, readBytes,
                                                              refuseWriting, seek, keepOpen, sizeOf, nullptr,
                                                              nullptr, options.get()));
}

/// What libtiff holds while it decodes: all pixels packed, and one strip or tile.
std::uint64_t decoderBytes(TIFF *tiff, std::uint32_t width, std::uint32_t height)
{
    std::uint16_t planes = PLANARCONFIG_CONTIG;
    std::uint16_t channels = 1;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planes);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &channels);
    const std::uint64_t part = TIFFIsTiled(tiff) != 0 ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
    return std::uint64_t{width} * height * sizeof(std::uint32_t) +
           std::min<std::uint64_t>(part, kMaximumAllocation) *
               (planes == PLANARCONFIG_SEPARATE ? channels : 1U);
}

/// libtiff's packed pixels, alpha premultiplied.
void store(Picture &picture, const std::vector<std::uint32_t> &raster, bool hasAlpha)
{
    picture.mode = hasAlpha ? PixelMode::Rgba : PixelMode::Rgb;
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));
    std::uint8_t *target = picture.samples.data();
    for (const std::uint32_t pixel : raster) {
        const unsigned alpha = TIFFGetA(pixel);
        const auto plain = [&](unsigned colour) {
            const bool isScaled = hasAlpha && alpha != 0 && alpha != 255;
            return static_cast<std::uint8_t>(isScaled ? std::min(255U, (colour * 255 + alpha / 2) / alpha)
                                                      : colour);
        };
        *target++ = plain(TIFFGetR(pixel));
        *target++ = plain(TIFFGetG(pixel));
        *target++ = plain(TIFFGetB(pixel));
        if (hasAlpha)
            *target++ = static_cast<std::uint8_t>(alpha);
    }
}

/// Decodes all pixels, or as many as are there.
/// @param raster  Filled from the top row.
bool readRaster(TIFF *tiff, std::vector<std::uint32_t> &raster, std::string &message, bool &hasAlpha)
{
    char reason[1024] = "";
    TIFFRGBAImage image{};
    if (TIFFRGBAImageOK(tiff, reason) == 0 || TIFFRGBAImageBegin(&image, tiff, 0, reason) == 0) {
        message = reason;
        return false;
    }
    image.req_orientation = image.orientation; // We turn the picture ourselves, like all others.
    hasAlpha = image.alpha != 0;
    raster.resize(std::size_t{image.width} * image.height);
    const bool isRead = TIFFRGBAImageGet(&image, raster.data(), image.width, image.height) != 0;
    TIFFRGBAImageEnd(&image);
    message = "the pixels are damaged";
    return isRead;
}

} // namespace

Result<Picture> readTiff(std::span<const std::byte> file, const ReadOptions &options)
{
    ByteSource source{file};
    const auto tiff = open(source);
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    if (!tiff || TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) == 0 ||
        TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height) == 0)
        return fail(ErrorCode::CorruptData, "The TIFF picture's header cannot be read.");
    if (auto size = checkSize(width, height, options); !size)
        return size.propagate();

    Picture picture;
    picture.width = picture.fullWidth = static_cast<int>(width);
    picture.height = picture.fullHeight = static_cast<int>(height);
    std::uint32_t profileSize = 0;
    const std::uint8_t *profile = nullptr;
    if (TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &profileSize, &profile) != 0)
        picture.iccProfile.assign(profile, profile + profileSize);
    const ExifFacts facts = readExif(file);
    picture.orientation = facts.orientation.value_or(0);
    picture.captureTimeMs = facts.captureTimeMs;

    picture.mode = PixelMode::Rgba; // At most; store() knows.
    if (auto claimed = claim(picture, width, height, decoderBytes(tiff.get(), width, height), options);
        !claimed)
        return claimed.propagate();
    std::vector<std::uint32_t> raster;
    std::string message;
    bool hasAlpha = false;
    if (!readRaster(tiff.get(), raster, message, hasAlpha)) {
        const bool isShort = source.exhausted && !raster.empty();
        return fail(isShort ? ErrorCode::Truncated : ErrorCode::CorruptData,
                    "The TIFF picture cannot be decoded: " + message + ".");
    }
    store(picture, raster, hasAlpha);
    return picture;
}

} // namespace yingxun::image
