// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <filesystem>

namespace yingxun::models {

/// Held by the one program that adds or removes models; free again when the program ends, however it does.
class StoreLock
{
public:
    /// Never waits. Errors: Io (the folder cannot be written; another program has the lock).
    static Result<StoreLock> take(const std::filesystem::path &folder);

private:
    explicit StoreLock(int file) : m_file(file) {}

    FileDescriptor m_file;
};

} // namespace yingxun::models
