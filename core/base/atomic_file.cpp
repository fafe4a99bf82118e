// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace yingxun {
namespace {

constexpr std::int64_t kBytesAtOnce = 4 << 20;
constexpr std::string_view kPart = ".part-"; // The process follows.

/// The process that writes a temporary file of this name; 0: it is none.
pid_t writerOf(std::string_view name)
{
    const std::size_t at = name.rfind(kPart);
    if (at == std::string_view::npos)
        return 0;
    const char *const end = name.data() + name.size();
    pid_t process = 0;
    const auto [rest, error] = std::from_chars(name.data() + at + kPart.size(), end, process);
    return error == std::errc() && process > 0 && (rest == end || *rest == '-') ? process : 0;
}

bool isGone(pid_t process)
{
    return ::kill(process, 0) != 0 && errno == ESRCH;
}

/// A number says nothing of a process in another container or on another computer; its lock does.
bool isAbandoned(const std::filesystem::path &path)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {
    };
    return file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

} // namespace

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &path, Readers readers)
{
    const std::filesystem::path temporary = path.string() + std::string(kPart) + std::to_string(::getpid());
    FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                               readers == Readers::Owner ? 0600 : 0666));
    if (!file)
        return fail(ErrorCode::Io, temporary.string() + " cannot be written: " + std::strerror(errno));
    static_cast<void>(
        ::flock(file.get(), LOCK_EX | LOCK_NB)); // Where there are no locks the process must do.
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

void removeAbandoned(const std::filesystem::path &directory, std::span<const std::string_view> beginnings)
{
    std::error_code error;
    std::vector<std::filesystem::path> abandoned;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const bool isMeant = std::any_of(beginnings.begin(), beginnings.end(),
                                         [&name](std::string_view start) { return name.starts_with(start); });
        const pid_t writer = isMeant ? writerOf(name) : 0;
        if (writer != 0 && isGone(writer) && isAbandoned(entry->path()))
            abandoned.push_back(entry->path());
    }
    for (const std::filesystem::path &path : abandoned)
        ::unlink(path.c_str());
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
