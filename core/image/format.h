// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace yingxun::image {

enum class Format { Unknown, Jpeg, Png, Webp, Gif, Bmp, Pnm, Tiff, Heif, Avif, Raw, Jpeg2000, JpegXl };

/// Tells a format by the first bytes. A raw photo that looks like a TIFF is told by its tags.
Format formatOf(std::span<const std::byte> file);

/// As in PhotoInfo::format.
const char *formatName(Format format);

} // namespace yingxun::image
