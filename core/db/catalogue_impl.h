// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/db/lock.h"
#include "core/db/sqlite.h"

#include <cstddef>
#include <span>
#include <string>

namespace yingxun::db {

/// A connection for each database rather than one with ATTACH: their transactions are their own, as no
/// operation needs two to be atomic.
struct Catalogue::Impl {
    CatalogueLock lock; // Released last, when all databases are closed.
    Database user;
    Database cache;
    Database thumbnails;
    Access access = Access::ReadWrite;
};

/// Paths are the system's bytes, which may not be UTF-8: stored as blobs.
inline std::span<const std::byte> bytes(const std::string &path)
{
    return std::as_bytes(std::span(path));
}

inline ContentHash readContent(const Statement &row)
{
    return row.content(0);
}

/// Paths at and below a directory are those with `path = first` or `path > below and path < end`, in the
/// order of their bytes; between the two lie others, such as /p-2 beside /p/1.
struct PathRange {
    explicit PathRange(const std::string &directory)
        : first(directory), below((directory == "/" ? "" : directory) + '/'), end(below)
    {
        ++end.back();
    }

    std::string first;
    std::string below;
    std::string end;
};

} // namespace yingxun::db
