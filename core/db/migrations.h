// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/sqlite.h"

#include <cstddef>
#include <span>

namespace yingxun::db {

/// Steps from version i to i + 1. Append only: a step that has shipped is never changed.
extern const std::span<const char *const> kUserMigrations;      ///< user.db: what people made.
extern const std::span<const char *const> kCacheMigrations;     ///< cache.db: what can be derived again.
extern const std::span<const char *const> kThumbnailMigrations; ///< thumbs.db: that, too, but large.
/// Of cache.db as long as it held the thumbnails, see splitThumbnails().
constexpr std::size_t kStepsBeforeSplit = 8;

/// Brings a database to the newest version, each step and its PRAGMA user_version in one transaction.
/// Errors: Unsupported (written by a newer Yingxun), Io, CorruptData.
Result<void> migrate(Database &database, std::span<const char *const> steps);

/// Before anything is changed in a database. Errors: Unsupported (written by a newer Yingxun), Io,
/// CorruptData.
Result<void> refuseNewer(Database &database, std::span<const char *const> steps);

/// For a database that may not be migrated. Errors: Unsupported (it has another version), Io.
Result<void> requireCurrent(Database &database, std::span<const char *const> steps);

} // namespace yingxun::db
