// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <ctime>
#include <libraw/libraw.h>
#include <memory>
#include <string>

namespace yingxun::image {

namespace {

/// LibRaw's turn of the sensor as an EXIF orientation.
int orientationOf(int flip)
{
    switch (flip) {
    case 3:
        return 3;
    case 5:
        return 8;
    case 6:
        return 6;
    default:
        return 1;
    }
}

/// LibRaw has turned the camera's clock into UTC by this machine's time zone; this undoes it.
std::optional<std::int64_t> captureTime(std::time_t timestamp)
{
    std::tm local{};
    if (timestamp <= 0 || localtime_r(&timestamp, &local) == nullptr)
        return std::nullopt;
    return std::int64_t{timegm(&local)} * 1000;
}

Result<Picture> readPreview(const libraw_thumbnail_t &preview, const ReadOptions &options)
{
    const std::span<const std::byte> bytes(reinterpret_cast<const std::byte *>(preview.thumb),
                                           preview.tlength);
    if (preview.tformat == LIBRAW_THUMBNAIL_JPEG)
        return readJpeg(bytes, options);
    if (preview.tformat != LIBRAW_THUMBNAIL_BITMAP)
        return fail(ErrorCode::Unsupported, "The raw photo holds a preview of an unknown kind.");
    Picture picture;
    if (auto claimed = claim(picture, preview.twidth, preview.theight, 0, options); !claimed)
        return claimed.propagate();
    picture.width = preview.twidth;
    picture.height = preview.theight;
    if (bytes.size() < sampleBytes(PixelMode::Rgb, picture.width, picture.height))
        return fail(ErrorCode::Truncated, "The raw photo's preview stops early.");
    picture.samples.resize(sampleBytes(PixelMode::Rgb, picture.width, picture.height));
    std::copy_n(octets(bytes), picture.samples.size(), picture.samples.data());
    return picture;
}

} // namespace

Result<Picture> readRaw(std::span<const std::byte> file, const ReadOptions &options)
{
    const auto raw = std::make_unique<LibRaw>(); // Too large for a thread's stack.
    if (const int error = raw->open_buffer(const_cast<std::byte *>(file.data()), file.size()); // Only read.
        error != LIBRAW_SUCCESS) {
#ifdef YINGXUN_HAVE_TIFF
        if (auto picture = readTiff(file, options)) // Some editors' TIFFs look like raw photos.
            return picture;
#endif
        return fail(error == LIBRAW_FILE_UNSUPPORTED ? ErrorCode::Unsupported : ErrorCode::CorruptData,
                    std::string("The raw photo cannot be read: ") + libraw_strerror(error) + ".");
    }
    if (const int error = raw->unpack_thumb(); error != LIBRAW_SUCCESS)
        return fail(ErrorCode::Unsupported, std::string("The raw photo holds no preview that can be read: ") +
                                                libraw_strerror(error) + ".");
    auto picture = readPreview(raw->imgdata.thumbnail, options);
    if (!picture)
        return picture;
    const auto &sizes = raw->imgdata.sizes;
    if (picture->orientation == 0)
        picture->orientation = orientationOf(sizes.flip);
    picture->fullWidth = sizes.width;
    picture->fullHeight = sizes.height;
    if (!picture->captureTimeMs)
        picture->captureTimeMs = readExif(file).captureTimeMs;
    if (!picture->captureTimeMs)
        picture->captureTimeMs = captureTime(raw->imgdata.other.timestamp);
    return picture;
}

} // namespace yingxun::image
