// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace yingxun::test {

/// Keys as Exiv2 spells them ("Exif.Image.Make", "Xmp.dc.subject", "Iptc.Application2.Keywords") with their
/// values; a key of a list may come several times.
using Tags = std::vector<std::pair<std::string, std::string>>;

/// A picture with tags in addition to its own; the program ends if Exiv2 cannot write them.
std::vector<std::byte> withTags(const std::vector<std::byte> &picture, const Tags &tags);

/// An XMP packet as programs write it beside a file.
std::vector<std::byte> sidecar(const Tags &tags);

} // namespace yingxun::test
