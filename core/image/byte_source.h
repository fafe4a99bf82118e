// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace yingxun::image {

/// The same bytes as the C libraries spell them.
inline const std::uint8_t *octets(std::span<const std::byte> bytes)
{
    return reinterpret_cast<const std::uint8_t *>(bytes.data());
}

/// A read position in bytes that somebody else owns, for libraries that read through callbacks.
struct ByteSource {
    std::span<const std::byte> bytes;
    std::size_t position = 0;
    bool exhausted = false; ///< More was asked for than there is.

    /// Copies up to `count` bytes and moves on.
    std::size_t read(void *target, std::size_t count)
    {
        const std::size_t available = bytes.size() - std::min(position, bytes.size());
        exhausted = exhausted || count > available;
        count = std::min(count, available);
        if (count > 0)
            std::memcpy(target, bytes.data() + position, count);
        position += count;
        return count;
    }
};

} // namespace yingxun::image
