// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace yingxun {
namespace {

constexpr std::int64_t kBytesAtOnce = 4 << 20;

} // namespace

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &path, Readers readers)
{
    const std::filesystem::path temporary = path.string() + ".part-" + std::to_string(::getpid());
    FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                               readers == Readers::Owner ? 0600 : 0666));
    if (!file)
        return fail(ErrorCode::Io, temporary.string() + " cannot be written: " + std::strerror(errno));
    return AtomicFile(path, temporary, std::move(file));
}

AtomicFile::~AtomicFile()
{
    if (m_file) {
        m_file.close();
        ::unlink(m_temporary.c_str());
    }
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty() && m_error == 0) {
        const auto left = static_cast<std::size_t>(kBytesAtOnce - m_written % kBytesAtOnce);
        const ssize_t written = ::write(m_file.get(), bytes.data(), std::min(bytes.size(), left));
        if (written >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            m_written += written;
            if (written > 0 && m_written % kBytesAtOnce == 0)
                passOn();
        } else if (errno != EINTR) {
            m_error = errno;
        }
    }
}

/// Has the disk begin with what was written last, and waits for what was written before.
void AtomicFile::passOn()
{
    constexpr unsigned kBegin = SYNC_FILE_RANGE_WRITE;
    constexpr unsigned kAll =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    const std::int64_t last = m_written - kBytesAtOnce;
    const bool failed =
        ::sync_file_range(m_file.get(), last, kBytesAtOnce, kBegin) != 0 ||
        (last > 0 && ::sync_file_range(m_file.get(), last - kBytesAtOnce, kBytesAtOnce, kAll) != 0);
    // Told once, not again by fsync(). What the file system cannot do is left to that.
    if (failed && (errno == EIO || errno == ENOSPC))
        m_error = errno;
}

Result<void> AtomicFile::commit()
{
    if (m_error == 0 && ::fsync(m_file.get()) != 0)
        m_error = errno;
    if (m_error == 0 && ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        m_error = errno;
    if (m_error != 0)
        return fail(ErrorCode::Io, m_path.string() + " cannot be written: " + std::strerror(m_error));
    m_file.close();
    syncDirectoryOf(m_path);
    return {};
}

void syncDirectoryOf(const std::filesystem::path &path)
{
    const auto directory = path.parent_path();
    const FileDescriptor opened(
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened)
        ::fsync(opened.get()); // A file system that cannot is no reason to fail.
}

} // namespace yingxun
