// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <filesystem>

namespace yingxun::image {

/// A regular file that is open for reading; closed when the object goes.
class RegularFile
{
public:
    /// Never blocks on a FIFO, a socket or a device. Errors: NotFound, Io, Unsupported (no regular file).
    static Result<RegularFile> open(const std::filesystem::path &path);

    int descriptor() const noexcept { return m_file.get(); }

private:
    explicit RegularFile(int descriptor) : m_file(descriptor) {}

    FileDescriptor m_file;
};

/// What errno says about a file.
Unexpected systemFailure(const std::filesystem::path &path, int error);

} // namespace yingxun::image
