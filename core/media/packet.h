// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace yingxun::media {

/// Values one after another, as two processes of one machine exchange them.
class PacketWriter
{
public:
    template<typename T>
    void put(T value)
    {
        static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
        append(&value, sizeof(T));
    }
    void put(std::span<const std::byte> bytes)
    {
        put(static_cast<std::uint64_t>(bytes.size()));
        append(bytes.data(), bytes.size());
    }
    void put(const std::string &text) { put(std::as_bytes(std::span(text))); }
    const std::vector<std::byte> &bytes() const { return m_bytes; }

private:
    // Where it inlines this, GCC 12 warns of overflows that are none.
    [[gnu::noinline]] void append(const void *data, std::size_t size)
    {
        if (size == 0)
            return;
        const std::size_t end = m_bytes.size();
        m_bytes.resize(end + size);
        std::memcpy(m_bytes.data() + end, data, size);
    }

    std::vector<std::byte> m_bytes;
};

/// Reads them back, and trusts nothing: what is not there reads as nothing, and isIntact() says so.
class PacketReader
{
public:
    explicit PacketReader(std::span<const std::byte> bytes) : m_rest(bytes) {}

    template<typename T>
    T take()
    {
        static_assert(std::is_arithmetic_v<T>);
        T value{};
        const auto bytes = taken(sizeof(T));
        if (!bytes.empty())
            std::memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    std::span<const std::byte> takeBytes() { return taken(take<std::uint64_t>()); }
    bool takeFlag() { return take<std::uint8_t>() != 0; }
    std::string takeText()
    {
        const auto bytes = takeBytes();
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
    bool isIntact() const { return m_intact; }
    bool isAtEnd() const { return m_rest.empty(); }

private:
    std::span<const std::byte> taken(std::uint64_t size)
    {
        m_intact = m_intact && size <= m_rest.size();
        if (!m_intact)
            return {};
        const auto bytes = m_rest.first(static_cast<std::size_t>(size));
        m_rest = m_rest.subspan(bytes.size());
        return bytes;
    }

    std::span<const std::byte> m_rest;
    bool m_intact = true;
};

} // namespace yingxun::media
