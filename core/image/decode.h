// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/decode_budget.h"
#include "core/image/rgb_image.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace yingxun::image {

/// What the file says of itself, known without decoding all pixels.
struct PhotoInfo {
    int width = 0;  ///< Full size after orientation, pixels.
    int height = 0; ///< Full size after orientation, pixels.
    /// EXIF DateTimeOriginal read as local time without zone: ms since 1970-01-01T00:00.
    std::optional<std::int64_t> captureTimeMs;
    std::string format; ///< "jpeg", "png", "webp", "gif", "bmp", "pnm", "tiff", "heif", "avif", "raw",
                        ///< "jpeg2000", "jpegxl", "psd", "video".
};

struct DecodeOptions {
    /// A smaller version may be decoded as long as its shorter side is >= this. 0: full size.
    int minimumSide = 0;
    /// Pictures of which more pixels would have to be held are refused with TooLarge before anything is
    /// decoded. A picture may have more where a smaller version of it will do.
    std::int64_t maximumPixels = 300'000'000;
    DecodeBudget *budget = nullptr; ///< Null: the one of the process.
};

struct Decoded {
    RgbImage image; ///< Upright, alpha over white, converted to sRGB.
    PhotoInfo info;
    bool truncated = false;     ///< The file stops early; the missing part is filled by the decoder.
    DecodeBudget::Lease memory; ///< Of `image`.
};

/// Reads a whole regular file into memory. Never blocks on a FIFO, a socket or a device.
/// Errors: NotFound, Io, Unsupported (no regular file), TooLarge, Truncated (0 bytes).
Result<std::vector<std::byte>> readFile(const std::filesystem::path &path,
                                        std::int64_t maximumBytes = 1'000'000'000);

/// Reads a regular file of any size part by part, for those that do not fit into memory.
/// @param onPart  false ends reading with Cancelled.
/// Errors: NotFound, Io, Unsupported (no regular file), Cancelled, OutOfMemory.
Result<void> readInParts(const std::filesystem::path &path,
                         const std::function<bool(std::span<const std::byte>)> &onPart);

/// Decodes a picture as people see it. The format is told by content, never by name.
/// Errors: Unsupported, CorruptData, Truncated (nothing usable), TooLarge, OutOfMemory.
/// Threads: call from any thread; waits while others use up the memory that there is for decoding.
Result<Decoded> decode(std::span<const std::byte> file, const DecodeOptions &options = {});

/// Names the readers of this build and the versions of their libraries. A file that was unsupported may be
/// readable once it changes.
std::string readersVersion();

/// Decodes and resizes exactly as the reference's evaluation does (PIL): no EXIF orientation, no
/// profile, alpha dropped, palettes by nearest neighbour. See golden README for each mode.
/// @return [side, side].
Result<RgbImage> referencePixels(std::span<const std::byte> file, int side);

} // namespace yingxun::image
