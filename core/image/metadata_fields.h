// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/metadata.h"

namespace Exiv2 {
class ExifData;
class IptcData;
class XmpData;
} // namespace Exiv2

/// What each kind of metadata says by itself. May throw what Exiv2 throws, and std::bad_alloc.
namespace yingxun::image {

Metadata fromExif(const Exiv2::ExifData &data);        ///< Of CIPA DC-008.
Metadata fromXmp(const Exiv2::XmpData &data);          ///< dc, xmp, photoshop, tiff, exif, exifEX and aux.
Metadata fromIptc(const Exiv2::IptcData &data);        ///< IPTC-IIM 4.
Metadata fromWindowsTags(const Exiv2::ExifData &data); ///< Rating and the tags that begin with XP.

} // namespace yingxun::image
