// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"

#include <filesystem>
#include <stop_token>

namespace yingxun::ingest {

/// The identity of a file's bytes without holding them in memory: videos are large.
/// Errors: NotFound, Io, Unsupported (no regular file), Cancelled, OutOfMemory.
Result<ContentHash> contentOfFile(const std::filesystem::path &path, const std::stop_token &stop = {});

} // namespace yingxun::ingest
