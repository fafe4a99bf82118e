// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/metadata.h"

#include <cstddef>
#include <span>

namespace yingxun::image {

/// Larger sidecars say nothing, bytes: those with each stroke of a brush in them stay below a few million.
constexpr std::size_t kLargestSidecar = 16 << 20;

/// Reads what a picture's file says of itself, in EXIF (CIPA DC-008, 2.32), XMP (ISO 16684-1, and the
/// namespaces of EXIF and Adobe) and IPTC-IIM.
///
/// Where several say it, the guidelines of the Metadata Working Group (2.0, chapter 5) decide: EXIF, then
/// XMP, then IPTC-IIM, then what Windows writes into EXIF. The digest by which XMP and IIM that were edited
/// apart could be told is not looked at. A rating and keywords have no place in EXIF proper.
///
/// Never fails: what is broken is left out, and what this build of Exiv2 does not read (videos, pictures in a
/// format of no camera) says nothing. Nothing outside `file` is ever opened. Lengths and numbers are bounded,
/// and a TIFF whose tags share their values to become larger than the file says nothing.
/// Threads: call from any thread; one at a time reads.
Metadata readMetadata(std::span<const std::byte> file);

/// The same of an XMP sidecar: a file with nothing but an XMP packet.
Metadata readSidecar(std::span<const std::byte> packet);

} // namespace yingxun::image
