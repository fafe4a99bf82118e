// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/db/sqlite.h"

#include <set>

namespace yingxun::db {

/// The folders of the library. Asked inside a transaction of the cache, so that rows are not left behind by a
/// folder that is removed at the same time: that forgets the folder first, then its rows.
Result<std::set<FolderId>> liveFolders(Database &user);

} // namespace yingxun::db
