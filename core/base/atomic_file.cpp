// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace yingxun {

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &path, Readers readers)
{
    const std::filesystem::path temporary = path.string() + ".part-" + std::to_string(::getpid());
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                          readers == Readers::Owner ? 0600 : 0666);
    if (fd < 0)
        return fail(ErrorCode::Io, temporary.string() + " cannot be written: " + std::strerror(errno));
    return AtomicFile(path, temporary, fd);
}

AtomicFile::~AtomicFile()
{
    if (m_fd >= 0) {
        ::close(m_fd);
        ::unlink(m_temporary.c_str());
    }
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty() && m_error == 0) {
        const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
        if (written >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            m_error = errno;
    }
}

Result<void> AtomicFile::commit()
{
    if (m_error == 0 && ::fsync(m_fd) != 0)
        m_error = errno;
    if (m_error == 0 && ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        m_error = errno;
    if (m_error != 0)
        return fail(ErrorCode::Io, m_path.string() + " cannot be written: " + std::strerror(m_error));
    ::close(std::exchange(m_fd, -1));
    syncDirectoryOf(m_path);
    return {};
}

void syncDirectoryOf(const std::filesystem::path &path)
{
    const auto directory = path.parent_path();
    const int fd = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd); // A file system that cannot is no reason to fail.
        ::close(fd);
    }
}

} // namespace yingxun
