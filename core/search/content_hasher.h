// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"

#include <cstddef>
#include <span>

namespace yingxun::search {

/// XXH3-128 of `bytes` in canonical (big-endian) order, as `xxhsum -H2` prints it. Any thread.
ContentHash contentHash(std::span<const std::byte> bytes);

} // namespace yingxun::search
