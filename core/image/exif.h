// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace yingxun::image {

/// The few facts that this program wants from an EXIF block.
struct ExifFacts {
    std::optional<int> orientation;            ///< 1 to 8.
    std::optional<std::int64_t> captureTimeMs; ///< DateTimeOriginal, see PhotoInfo.
    bool looksLikeRaw = false; ///< A DNG, or a camera's own TIFF with the sensor data in a sub-directory.
};

/// Reads a TIFF structure (byte order mark first; a leading "Exif\0\0" is skipped). Never fails: what is
/// broken is left out. Reads two directories and nothing outside `block`, so it always ends.
ExifFacts readExif(std::span<const std::byte> block);

/// Reads an "Exif" item of HEIF or box of JPEG XL: four bytes say how far behind them the TIFF structure
/// starts.
ExifFacts readExifItem(std::span<const std::byte> item);

} // namespace yingxun::image
