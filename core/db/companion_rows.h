// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/db/records.h"
#include "core/db/sqlite.h"

#include <string>
#include <vector>

namespace yingxun::db {

struct BesideRow {
    PhotoId id;
    ContentHash content;
};

/// What lies in the directory of a picture and has its name but for the ending, see core/base/companions.h.
struct Beside {
    std::vector<BesideRow> companions; ///< Raw files and films.
    std::vector<BesideRow> pictures;   ///< The picture itself among them.
};

/// Nothing, where what is at `path` is no picture. Errors: those of the database.
Result<Beside> besideOf(Database &cache, const std::string &path, MediaKind kind);

} // namespace yingxun::db
