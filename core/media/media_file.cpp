// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media_file.h"

#include "core/base/content_hasher.h"
#include "core/image/decode.h"
#include "core/image/regular_file.h"
#include "core/image/video.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace yingxun::media {
namespace {

constexpr std::int64_t kMostBytes = 1'000'000'000; // As image::readFile.

Unexpected outOfMemory(const std::filesystem::path &path)
{
    return fail(ErrorCode::OutOfMemory, "There is not enough memory to read " + path.string() + ".");
}

/// After this nobody can change it.
Result<FileDescriptor> sealed(const std::filesystem::path &path, FileDescriptor memory, std::size_t size)
{
    if (size == 0)
        return fail(ErrorCode::Truncated, path.string() + " is empty.");
    if (::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
        return image::systemFailure(path, errno);
    return memory;
}

/// For file systems from which the system cannot copy by itself.
Result<FileDescriptor> plainlyCopied(const std::filesystem::path &path, int file, FileDescriptor memory,
                                     std::size_t *size)
{
    std::vector<std::byte> part(1 << 20);
    std::int64_t done = 0;
    for (;;) {
        const ssize_t count = ::pread(file, part.data(), part.size(), done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return image::systemFailure(path, errno);
        if (count == 0 || done + count > kMostBytes)
            break;
        if (::pwrite(memory.get(), part.data(), static_cast<std::size_t>(count), done) != count)
            return outOfMemory(path);
        done += count;
    }
    *size = static_cast<std::size_t>(done);
    return sealed(path, std::move(memory), *size);
}

/// Bytes of a file in memory that stays as it is, whoever else has it. A copy: the file itself may shrink.
Result<FileDescriptor> copied(const std::filesystem::path &path, std::size_t *size)
{
    const auto file = image::RegularFile::open(path);
    if (!file)
        return file.propagate();
    struct stat status {
    };
    if (::fstat(file->descriptor(), &status) != 0)
        return image::systemFailure(path, errno);
    if (status.st_size > kMostBytes)
        return fail(ErrorCode::TooLarge, path.string() + " is larger than " + std::to_string(kMostBytes) +
                                             " bytes, the limit for photos.");
    FileDescriptor memory(::memfd_create("photo", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory)
        return outOfMemory(path);
    std::size_t done = 0;
    while (done < static_cast<std::size_t>(status.st_size)) {
        const ssize_t count = ::sendfile(memory.get(), file->descriptor(), nullptr,
                                         static_cast<std::size_t>(status.st_size) - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
            return plainlyCopied(path, file->descriptor(), std::move(memory), size);
        if (count < 0 && (errno == ENOMEM || errno == ENOSPC))
            return outOfMemory(path);
        if (count < 0)
            return image::systemFailure(path, errno);
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    *size = done;
    return sealed(path, std::move(memory), done);
}

} // namespace

Result<MediaFile> MediaFile::open(const std::filesystem::path &path)
{
    if (image::isVideo(path)) {
        FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
        if (!file)
            return image::systemFailure(path, errno);
        return MediaFile(path, std::move(file), MediaKind::Video);
    }
    std::size_t size = 0;
    auto memory = copied(path, &size);
    if (!memory)
        return memory.propagate();
    MediaFile file(path, *std::move(memory), MediaKind::Photo);
    if (auto mapped = file.map(size); !mapped)
        return mapped.propagate();
    return file;
}

Result<MediaFile> MediaFile::received(FileDescriptor descriptor, MediaKind kind)
{
    // By its number: where it lies, this process may not be allowed to look.
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor.get());
    struct stat status {
    };
    if (::fstat(descriptor.get(), &status) != 0)
        return image::systemFailure(path, errno);
    MediaFile file(path, std::move(descriptor), kind);
    if (kind == MediaKind::Video)
        return file;
    if (auto mapped = file.map(static_cast<std::size_t>(status.st_size)); !mapped)
        return mapped.propagate();
    return file;
}

Result<void> MediaFile::map(std::size_t size)
{
    void *start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, m_descriptor.get(), 0);
    if (start == MAP_FAILED)
        return outOfMemory(m_path);
    m_bytes = {static_cast<const std::byte *>(start), size};
    return {};
}

MediaFile::MediaFile(MediaFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::move(other.m_descriptor)), m_kind(other.m_kind),
      m_bytes(std::exchange(other.m_bytes, {}))
{
}

MediaFile &MediaFile::operator=(MediaFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_kind, other.m_kind);
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

MediaFile::~MediaFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
}

Result<ContentHash> MediaFile::content(const std::stop_token &stop) const
{
    if (m_kind == MediaKind::Photo)
        return contentHash(m_bytes);
    ContentHasher hasher;
    const auto read = image::readInParts(m_path, [&](std::span<const std::byte> part) {
        hasher.add(part);
        return !stop.stop_requested();
    });
    if (!read)
        return read.propagate();
    return hasher.hash();
}

} // namespace yingxun::media
