// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace yingxun::image {

/// A tag of a TIFF directory.
struct TiffEntry {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint32_t count = 0;
    std::size_t valueAt = 0; ///< Where the four bytes of value or offset lie.
};

/// Reads numbers from a TIFF structure; what lies outside reads as zero.
class TiffBlock
{
public:
    explicit TiffBlock(std::span<const std::byte> bytes)
        : m_bytes(bytes), m_bigEndian(!bytes.empty() && bytes[0] == std::byte{'M'})
    {
    }

    std::uint32_t number(std::size_t at, std::size_t size) const
    {
        if (at > m_bytes.size() || m_bytes.size() - at < size)
            return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t position = m_bigEndian ? at + i : at + size - 1 - i;
            value = value << 8 | std::to_integer<std::uint32_t>(m_bytes[position]);
        }
        return value;
    }
    std::uint16_t shortAt(std::size_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }
    std::uint32_t longAt(std::size_t at) const { return number(at, 4); }

    std::string_view text(std::size_t at, std::size_t size) const
    {
        if (at > m_bytes.size() || m_bytes.size() - at < size)
            return {};
        return {reinterpret_cast<const char *>(m_bytes.data()) + at, size};
    }

    /// Calls `visit(TiffEntry)` for every tag of the directory at `offset`. @return where the next one is
    /// said to be.
    template<typename Visit>
    std::size_t forEachEntry(std::size_t offset, Visit visit) const
    {
        constexpr std::size_t kEntryBytes = 12;
        const std::size_t count = shortAt(offset);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = offset + 2 + i * kEntryBytes;
            if (at + kEntryBytes > m_bytes.size())
                return 0;
            visit(TiffEntry{shortAt(at), shortAt(at + 2), longAt(at + 4), at + 8});
        }
        return longAt(offset + 2 + count * kEntryBytes);
    }

private:
    std::span<const std::byte> m_bytes;
    bool m_bigEndian;
};

} // namespace yingxun::image
