// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

/// Daily copies of user.db, what people made: DATA/backups/user-YYYY-MM-DD.db, the newest fourteen.
namespace yingxun::db {

struct BackupCopy {
    std::string date; ///< YYYY-MM-DD.
    std::filesystem::path file;
};

/// The newest first, whatever their state. Errors: Io.
Result<std::vector<BackupCopy>> backupCopies(const std::filesystem::path &dataDirectory);

/// Reads all of a copy. Errors: NotFound, CorruptData (damaged, or no user.db at all), Io.
Result<void> checkCopy(const std::filesystem::path &copy);

/// Copies user.db, unless the newest copy is of today or holds the same. The copy appears under its name
/// only after it has been checked, so that a damaged one never takes the place of a good one. May be called
/// from any thread while the catalogue is in use. Copies of days that have not come yet get earlier ones.
/// @param today YYYY-MM-DD. @return whether a copy was made. Errors: CorruptData (user.db is damaged), Io.
Result<bool> backUp(const std::filesystem::path &dataDirectory, const std::string &today);

/// Whether user.db is there and cannot be read as a whole.
bool isUserDatabaseDamaged(const std::filesystem::path &dataDirectory);

/// Puts a copy in the place of user.db, which is set aside, never deleted.
/// @return where the replaced file is now; empty when there was none. Errors: as checkCopy(), and
/// InvalidArgument (a Yingxun has the library open).
Result<std::filesystem::path> restoreCopy(const std::filesystem::path &dataDirectory,
                                          const std::filesystem::path &copy);

} // namespace yingxun::db
