// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/part_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::models {

std::filesystem::path PartFile::pathOf(const std::filesystem::path &target)
{
    std::filesystem::path path = target;
    path += ".part";
    return path;
}

Result<PartFile> PartFile::open(const std::filesystem::path &target)
{
    const auto path = pathOf(target);
    PartFile file(target, ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.m_file)
        return file.failure("cannot be written");
    struct stat status {
    };
    if (::fstat(file.m_file.get(), &status) != 0)
        return file.failure("cannot be read");
    if (::flock(file.m_file.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::Io,
                    path.string() + " is being downloaded by another program: wait for it, or end it");
    file.m_size = status.st_size;
    return file;
}

Result<void> PartFile::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written =
            ::pwrite(m_file.get(), bytes.data(), static_cast<std::size_t>(bytes.size()), m_size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return failure("cannot be written");
        m_size += written;
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<void> PartFile::cut(std::int64_t size)
{
    if (::ftruncate(m_file.get(), size) != 0)
        return failure("cannot be cut");
    m_size = size;
    return {};
}

Result<std::size_t> PartFile::read(std::int64_t at, std::span<char> buffer) const
{
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t got = ::pread(m_file.get(), buffer.data() + filled, buffer.size() - filled,
                                    at + static_cast<std::int64_t>(filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure("cannot be read");
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

Result<void> PartFile::commit()
{
    if (::fsync(m_file.get()) != 0)
        return failure("cannot be written");
    const auto path = pathOf(m_target);
    struct stat mine {
    };
    struct stat there {
    };
    if (::fstat(m_file.get(), &mine) != 0 || ::lstat(path.c_str(), &there) != 0 ||
        mine.st_ino != there.st_ino || mine.st_dev != there.st_dev)
        return fail(ErrorCode::Io, path.string() + " was replaced while it was written: download it again");
    if (::rename(path.c_str(), m_target.c_str()) != 0)
        return failure("cannot be renamed");
    syncDirectory(m_target.parent_path());
    return {};
}

Unexpected PartFile::failure(const char *what) const
{
    return fail(ErrorCode::Io, pathOf(m_target).string() + " " + what + ": " + std::strerror(errno));
}

void syncDirectory(const std::filesystem::path &directory)
{
    const FileDescriptor opened(
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened)
        ::fsync(opened.get());
}

} // namespace yingxun::models
