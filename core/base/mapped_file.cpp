// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mapped_file.h"

#include "core/base/file_descriptor.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun {

Result<MappedFile> MappedFile::open(const std::filesystem::path &path)
{
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) {
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    path.string() + " cannot be opened: " + std::strerror(errno));
    }
    struct stat status {
    };
    if (::fstat(file.get(), &status) != 0)
        return fail(ErrorCode::Io, path.string() + ": " + std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Unsupported, path.string() + " is not a regular file");
    if (status.st_size == 0)
        return fail(ErrorCode::Truncated, path.string() + " is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void *address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address == MAP_FAILED)
        return fail(ErrorCode::Io, path.string() + " cannot be mapped: " + std::strerror(errno));
    return MappedFile(std::span(static_cast<const std::byte *>(address), size));
}

void MappedFile::forget(std::span<const std::byte> part) const noexcept
{
    if (part.empty())
        return;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto offset = static_cast<std::size_t>(part.data() - m_bytes.data());
    const std::size_t begin = offset / page * page;
    // Only advice: what is refused costs nothing but memory.
    ::madvise(const_cast<std::byte *>(m_bytes.data()) + begin, offset + part.size() - begin, MADV_DONTNEED);
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
}

} // namespace yingxun
