// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

namespace yingxun {

/// A regular file, mapped read-only. For files that nobody changes while they are open (models, training
/// data); photographs are read instead, since a file cut short under a mapping kills the process.
class MappedFile
{
public:
    /// Errors: NotFound, Io, Unsupported (not a regular file), Truncated (0 bytes).
    static Result<MappedFile> open(const std::filesystem::path &path);

    MappedFile() = default;
    MappedFile(MappedFile &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}
    MappedFile &operator=(MappedFile &&other) noexcept
    {
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }
    ~MappedFile();

    /// Page-aligned; valid as long as the object.
    std::span<const std::byte> bytes() const noexcept { return m_bytes; }

    /// Of bytes(), a part that has been read: it takes no memory of this process until it is read again.
    void forget(std::span<const std::byte> part) const noexcept;

private:
    explicit MappedFile(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    std::span<const std::byte> m_bytes;
};

} // namespace yingxun
