// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace yingxun {

/// Who may read a new file.
enum class Readers {
    Everyone, ///< As far as the umask lets them.
    Owner,
};

/// Writes a file that appears whole or not at all: a temporary file in the same directory, fsync, rename,
/// fsync of the directory. Without commit() nothing is left behind.
class AtomicFile
{
public:
    /// Errors: Io.
    static Result<AtomicFile> create(const std::filesystem::path &path, Readers readers = Readers::Everyone);

    AtomicFile(AtomicFile &&) noexcept = default;
    AtomicFile &operator=(AtomicFile &&) = delete;
    ~AtomicFile();

    /// A failure is kept and reported by commit(). Long files reach the disk meanwhile: otherwise commit()
    /// would wait for all of it.
    void write(std::span<const std::byte> bytes);
    /// Errors: Io (the disk is full…); the old file is then untouched.
    Result<void> commit();

private:
    AtomicFile(std::filesystem::path path, std::filesystem::path temporary, FileDescriptor file)
        : m_path(std::move(path)), m_temporary(std::move(temporary)), m_file(std::move(file))
    {
    }

    void passOn();

    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    FileDescriptor m_file; ///< None: committed.
    std::int64_t m_written = 0;
    int m_error = 0; ///< The first errno.
};

/// Removes what writers of files in this directory left behind when they were killed: temporary files of
/// AtomicFile, and what lies beside one under its name with a dash and more, where the process is gone and
/// nobody holds the file's lock. Of the files whose names begin with one of these.
void removeAbandoned(const std::filesystem::path &directory, std::span<const std::string_view> beginnings);

/// Makes a rename in the directory of `path` outlive a power cut, where the file system can.
void syncDirectoryOf(const std::filesystem::path &path);

} // namespace yingxun
