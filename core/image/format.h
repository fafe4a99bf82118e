// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace yingxun::image {

enum class Format {
    Unknown,
    Jpeg,
    Png,
    Webp,
    Gif,
    Bmp,
    Pnm,
    Tiff,
    Heif,
    Avif,
    Raw,
    Jpeg2000,
    JpegXl,
    Psd,
    Video
};

/// Tells a format by the first bytes. A raw photo that looks like a TIFF is told by its tags.
Format formatOf(std::span<const std::byte> file);

/// Whether a file that begins like this is a picture or a video that this build reads, for files whose names
/// say nothing: of formats with a short signature more is asked than by formatOf().
/// @param head  32 bytes or more.
bool beginsAsPicture(std::span<const std::byte> head);

/// Whether a name ends like those of a format that this build reads (.jpg, .heic, .mp4…; in any case).
bool hasPictureEnding(std::string_view path);

/// The format whose name the name ends like; Unknown: that of none that this build reads.
Format formatOfEnding(std::string_view path);

/// As in PhotoInfo::format.
const char *formatName(Format format);

} // namespace yingxun::image
