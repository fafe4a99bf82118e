// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"

#include <cstdint>

namespace yingxun {

/// By what the embedding and the thumbnail of a moment of a video or an animation are kept, where those of a
/// photo are kept by its content: XXH3-128 of the content's 16 bytes and the time as 8 bytes, little-endian.
ContentHash momentKey(const ContentHash &content, std::int64_t timeMs);

} // namespace yingxun
