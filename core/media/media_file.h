// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/file_descriptor.h"
#include "core/base/result.h"
#include "core/db/records.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>

namespace yingxun::media {

/// A file of the library, as it was at one moment: of a picture all its bytes, in memory that another process
/// can be handed and nobody can change; of a video, which may be large, the open file. Never changes; any
/// thread.
class MediaFile
{
public:
    /// The kind is told by content. Errors: as of image::readFile.
    static Result<MediaFile> open(const std::filesystem::path &path);
    /// What another process was handed: takes over the descriptor. Errors: Io.
    static Result<MediaFile> received(FileDescriptor descriptor, MediaKind kind);

    MediaFile(MediaFile &&other) noexcept;
    MediaFile &operator=(MediaFile &&other) noexcept;
    ~MediaFile();

    MediaKind kind() const noexcept { return m_kind; }
    const std::filesystem::path &path() const noexcept { return m_path; } ///< Where it can be opened.
    std::span<const std::byte> bytes() const noexcept { return m_bytes; } ///< Of a picture.
    int descriptor() const noexcept { return m_descriptor.get(); }
    /// Its identity. Reads all of a video. Errors: Io, Cancelled.
    Result<ContentHash> content(const std::stop_token &stop) const;

private:
    MediaFile(std::filesystem::path path, FileDescriptor descriptor, MediaKind kind)
        : m_path(std::move(path)), m_descriptor(std::move(descriptor)), m_kind(kind)
    {
    }
    Result<void> map(std::size_t size);

    std::filesystem::path m_path;
    FileDescriptor m_descriptor;
    MediaKind m_kind = MediaKind::Photo;
    std::span<const std::byte> m_bytes; ///< A mapping.
};

} // namespace yingxun::media
