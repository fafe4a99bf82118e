// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/content_hasher.h"

#include <xxhash.h>

namespace yingxun::search {

ContentHash contentHash(std::span<const std::byte> bytes)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
    ContentHash hash;
    static_assert(sizeof canonical.digest == sizeof hash.bytes);
    std::memcpy(hash.bytes.data(), canonical.digest, hash.bytes.size());
    return hash;
}

} // namespace yingxun::search
