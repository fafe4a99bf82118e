// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace yingxun::db {

class CatalogueLock;

/// Gives thumbnails a file of their own where a library of before has them in cache.db: there the photos'
/// rows lie scattered between gigabytes of pictures, and reading all of them once jumps over the whole file.
/// The old file keeps the thumbnails and is renamed; everything else is copied. Broken off, it goes on the
/// next time. Does nothing where that is done already. Errors: Io (also: another Yingxun has the library
/// open), CorruptData.
Result<void> splitThumbnails(const std::filesystem::path &dataDirectory, const CatalogueLock &lock);

} // namespace yingxun::db
