// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"
#include "core/db/records.h"
#include "core/db/sqlite.h"

#include <cstdint>
#include <span>
#include <vector>

/// Labels and stars hang on contents. A file edited outside has another content under the same path: a
/// succession old -> new, on which they go over. All in user.db, each call in one transaction.
namespace yingxun::db {

/// To be called before `photos` are put into the cache: hands on what the contents under their paths carry.
/// The old content keeps it too where it is still in the library. Labels are united; a content that has
/// stars of its own keeps them. Names exchanged between two known contents are no editing.
Result<void> carryOver(Database &user, Database &cache, std::span<const Photo> photos);

/// To be called before rows are removed: an editor may save by removing the file and writing it anew, so
/// that a path that comes back within a day still has its predecessor. What people made of a picture goes on
/// to the raw file or film of its name that is left alone, see core/base/companions.h; the picture keeps it
/// too.
Result<void> rememberVanished(Database &user, Database &cache, std::span<const PhotoId> photos);

/// To be called after rows are removed of photos whose paths are to have no predecessor.
Result<void> forgetVanished(Database &user, std::span<const Photo> photos);

/// The content itself and all that came in its place since then, directly or over others.
Result<std::vector<ContentHash>> successors(Database &user, const ContentHash &content, std::int64_t sinceMs);

} // namespace yingxun::db
