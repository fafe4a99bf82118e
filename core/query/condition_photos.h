// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/query/photo_set.h"
#include "core/query/syntax.h"

#include <optional>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::query {

/// The photos of which one condition holds; see filteredPhotos(). Nothing: there is no such label or folder.
Result<std::optional<PhotoSet>>
conditionPhotos(const Condition &condition, const library::LibraryIndex &library, db::Catalogue &catalogue);

} // namespace yingxun::query
