// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/file_content.h"

#include "core/base/content_hasher.h"
#include "core/image/decode.h"

namespace yingxun::ingest {

Result<ContentHash> contentOfFile(const std::filesystem::path &path, const std::stop_token &stop)
{
    ContentHasher hasher;
    const auto read = image::readInParts(path, [&](std::span<const std::byte> part) {
        hasher.add(part);
        return !stop.stop_requested();
    });
    if (!read)
        return read.propagate();
    return hasher.hash();
}

} // namespace yingxun::ingest
