// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/detail/stopping.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stop_token>
#include <string>

namespace yingxun::clip {

/// A 128-bit identity of bytes, for telling models apart (not against forgers). Four interleaved lanes of
/// multiply-and-rotate over 64-bit words, closed by splitmix64 (Steele et al., 2014). Reads at memory speed.
class Fingerprint
{
public:
    void add(std::span<const std::byte> bytes) { static_cast<void>(add(bytes, {})); }

    /// The same for gigabytes. @return false: stopped, and of no use any more
    [[nodiscard]] bool add(std::span<const std::byte> bytes, const std::stop_token &stop)
    {
        if (!detail::inSlices(bytes, stop, [this](std::span<const std::byte> slice) { addWords(slice); }))
            return false;
        mix(1, bytes.size()); // So that where one part ends and the next begins matters.
        return true;
    }

    /// 32 lower-case hexadecimal digits.
    std::string hex() const
    {
        const std::uint64_t high = finished(m_lanes[0] + std::rotl(m_lanes[1], 17));
        const std::uint64_t low = finished(m_lanes[2] ^ std::rotl(m_lanes[3], 29) ^ high);
        static constexpr char kDigits[] = "0123456789abcdef";
        std::string text;
        for (const std::uint64_t half : {high, low}) {
            for (int shift = 60; shift >= 0; shift -= 4)
                text += kDigits[half >> shift & 15];
        }
        return text;
    }

private:
    void addWords(std::span<const std::byte> bytes)
    {
        static_assert(detail::kBytesAtOnce % 32 == 0, "all slices but the last are whole rows of lanes");
        std::size_t at = 0;
        for (; at + 32 <= bytes.size(); at += 32) {
            for (std::size_t lane = 0; lane < 4; ++lane)
                mix(lane, word(bytes.data() + at + lane * 8, 8));
        }
        for (; at < bytes.size(); at += 8)
            mix(0, word(bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at)));
    }
    static std::uint64_t word(const std::byte *data, std::size_t size)
    {
        std::uint64_t value = 0;
        std::memcpy(&value, data, size);
        return value;
    }
    void mix(std::size_t lane, std::uint64_t value)
    {
        m_lanes[lane] = std::rotl(m_lanes[lane] ^ value * 0x9E3779B97F4A7C15U, 31) * 0xBF58476D1CE4E5B9U;
    }
    static std::uint64_t finished(std::uint64_t z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
        z = (z ^ z >> 27) * 0x94D049BB133111EBU;
        return z ^ z >> 31;
    }

    std::array<std::uint64_t, 4> m_lanes{1, 2, 3, 4};
};

} // namespace yingxun::clip
