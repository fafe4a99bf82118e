// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

namespace yingxun {

/// Identity of a file's bytes: XXH3-128 (canonical, big-endian byte order). Photos with equal bytes
/// are one content, wherever they lie, and share one embedding and one thumbnail.
struct ContentHash {
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const ContentHash &a, const ContentHash &b) noexcept { return a.bytes == b.bytes; }
    friend bool operator!=(const ContentHash &a, const ContentHash &b) noexcept { return a.bytes != b.bytes; }
    friend bool operator<(const ContentHash &a, const ContentHash &b) noexcept { return a.bytes < b.bytes; }

    /// 32 lower-case hexadecimal digits.
    std::string hex() const
    {
        static constexpr char kDigits[] = "0123456789abcdef";
        std::string text;
        for (const std::uint8_t byte : bytes) {
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        }
        return text;
    }
};

} // namespace yingxun

template<>
struct std::hash<yingxun::ContentHash> {
    std::size_t operator()(const yingxun::ContentHash &content) const noexcept
    {
        std::size_t value = 0; // Already uniformly distributed: its first bytes are hash enough.
        std::memcpy(&value, content.bytes.data(), sizeof value);
        return value;
    }
};
