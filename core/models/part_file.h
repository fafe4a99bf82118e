// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <QByteArrayView>

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

namespace yingxun::models {

/// A file on its way: written as NAME.part, and given its name only when it is whole. The system's own calls,
/// because paths are bytes, and because QFile neither locks nor syncs.
class PartFile
{
public:
    /// Opens or creates NAME.part; what is in it stays.
    /// Errors: Io, among them that another program is writing it.
    static Result<PartFile> open(const std::filesystem::path &target);
    static std::filesystem::path pathOf(const std::filesystem::path &target);

    std::int64_t size() const { return m_size; }
    /// Errors of all these: Io.
    Result<void> append(QByteArrayView bytes);
    Result<void> cut(std::int64_t size);
    /// @return how many bytes of `buffer` were filled; fewer only at the end.
    Result<std::size_t> read(std::int64_t at, std::span<char> buffer) const;
    /// Makes it durable, and gives it its name. Refuses when the file at the path is no longer the one that
    /// was written.
    Result<void> commit();

private:
    PartFile(std::filesystem::path target, int file) : m_target(std::move(target)), m_file(file) {}
    Unexpected failure(const char *what) const; ///< With errno.

    std::filesystem::path m_target;
    FileDescriptor m_file;
    std::int64_t m_size = 0;
};

/// Makes names within a directory durable, where the file system can.
void syncDirectory(const std::filesystem::path &directory);

} // namespace yingxun::models
