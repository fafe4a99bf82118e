// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <utility>

namespace yingxun::models {

/// Held by the one program that adds or removes models; free again when the program ends, however it does.
class StoreLock
{
public:
    /// Never waits. Errors: Io (the folder cannot be written; another program has the lock).
    static Result<StoreLock> take(const std::filesystem::path &folder);

    StoreLock(StoreLock &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    StoreLock &operator=(StoreLock &&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int fd) : m_fd(fd) {}

    int m_fd = -1;
};

} // namespace yingxun::models
