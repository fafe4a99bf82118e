// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/file_content.h"

#include "core/image/decode.h"
#include "core/search/content_hasher.h"

namespace yingxun::jobs {

Result<ContentHash> contentOfFile(const std::filesystem::path &path, const std::stop_token &stop)
{
    search::ContentHasher hasher;
    const auto read = image::readInParts(path, [&](std::span<const std::byte> part) {
        hasher.add(part);
        return !stop.stop_requested();
    });
    if (!read)
        return read.propagate();
    return hasher.hash();
}

} // namespace yingxun::jobs
