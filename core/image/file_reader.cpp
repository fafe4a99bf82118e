// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/regular_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::image {

Unexpected systemFailure(const std::filesystem::path &path, int error)
{
    const bool isMissing = error == ENOENT || error == ENOTDIR;
    return fail(isMissing ? ErrorCode::NotFound : ErrorCode::Io,
                "Cannot read " + path.string() + ": " + std::strerror(error) + ".");
}

Result<RegularFile> RegularFile::open(const std::filesystem::path &path)
{
    // O_NONBLOCK: opening a FIFO without a writer would otherwise wait for one, for ever.
    RegularFile file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!file.m_file && errno != ENXIO)
        return systemFailure(path, errno);
    struct stat status {
    };
    if (file.m_file && ::fstat(file.descriptor(), &status) != 0)
        return systemFailure(path, errno);
    if (!file.m_file || !S_ISREG(status.st_mode))
        return fail(ErrorCode::Unsupported, path.string() + " is not a regular file.");
    return file;
}

Result<std::vector<std::byte>> readFile(const std::filesystem::path &path, std::int64_t maximumBytes)
try {
    const auto file = RegularFile::open(path);
    if (!file)
        return file.propagate();
    struct stat status {
    };
    if (::fstat(file->descriptor(), &status) != 0)
        return systemFailure(path, errno);
    if (status.st_size > maximumBytes)
        return fail(ErrorCode::TooLarge, path.string() + " is larger than " + std::to_string(maximumBytes) +
                                             " bytes, the limit for photos.");

    // read(), not mmap(): a file that shrinks meanwhile would kill the program with SIGBUS.
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = ::read(file->descriptor(), bytes.data() + filled, bytes.size() - filled);
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

Result<void> readInParts(const std::filesystem::path &path,
                         const std::function<bool(std::span<const std::byte>)> &onPart)
try {
    const auto file = RegularFile::open(path);
    if (!file)
        return file.propagate();
    std::vector<std::byte> part(1 << 20);
    for (;;) {
        const ssize_t count = ::read(file->descriptor(), part.data(), part.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemFailure(path, errno);
        if (count == 0)
            return {};
        if (!onPart(std::span(part).first(static_cast<std::size_t>(count))))
            return fail(ErrorCode::Cancelled, "Reading " + path.string() + " was given up.");
    }
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::OutOfMemory, "There is not enough memory to read " + path.string() + ".");
}

} // namespace yingxun::image
