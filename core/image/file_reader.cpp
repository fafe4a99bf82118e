// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::image {

namespace {

class FileDescriptor
{
public:
    explicit FileDescriptor(int descriptor) : m_descriptor(descriptor) {}
    ~FileDescriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;

    int get() const noexcept { return m_descriptor; }

private:
    int m_descriptor;
};

Unexpected systemFailure(const std::filesystem::path &path, int error)
{
    const bool isMissing = error == ENOENT || error == ENOTDIR;
    return fail(isMissing ? ErrorCode::NotFound : ErrorCode::Io,
                "Cannot read " + path.string() + ": " + std::strerror(error) + ".");
}

} // namespace

Result<std::vector<std::byte>> readFile(const std::filesystem::path &path, std::int64_t maximumBytes)
try {
    // O_NONBLOCK: opening a FIFO without a writer would otherwise wait for one, for ever.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (file.get() < 0)
        return errno == ENXIO ? fail(ErrorCode::Unsupported, path.string() + " is not a regular file.")
                              : systemFailure(path, errno);
    struct stat status {
    };
    if (::fstat(file.get(), &status) != 0)
        return systemFailure(path, errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Unsupported, path.string() + " is not a regular file.");
    if (status.st_size > maximumBytes)
        return fail(ErrorCode::TooLarge, path.string() + " is larger than " + std::to_string(maximumBytes) +
                                             " bytes, the limit for photos.");

    // read(), not mmap(): a file that shrinks meanwhile would kill the program with SIGBUS.
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemFailure(path, errno);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    if (bytes.empty())
        return fail(ErrorCode::Truncated, path.string() + " is empty.");
    return bytes;
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::OutOfMemory, "There is not enough memory to read " + path.string() + ".");
}

} // namespace yingxun::image
