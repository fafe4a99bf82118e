// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <utility>

namespace yingxun::image {

/// A regular file that is open for reading; closed when the object goes.
class RegularFile
{
public:
    /// Never blocks on a FIFO, a socket or a device. Errors: NotFound, Io, Unsupported (no regular file).
    static Result<RegularFile> open(const std::filesystem::path &path);
    RegularFile(RegularFile &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    RegularFile &operator=(RegularFile &&) = delete;
    ~RegularFile();

    int descriptor() const noexcept { return m_descriptor; }

private:
    explicit RegularFile(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

/// What errno says about a file.
Unexpected systemFailure(const std::filesystem::path &path, int error);

} // namespace yingxun::image
