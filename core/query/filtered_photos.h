// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/query/photo_set.h"
#include "core/query/syntax.h"

#include <variant>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::query {

/// The photos of a library that a filter lets through, or the label or folder in it that there is none of.
/// Names are compared as folded().
/// - A label fits by its whole name; labels that differ only in their case fit together.
/// - A folder fits by a part of its path from the name of a watched folder on, with all below it; one that
///   begins with a slash by its whole path.
/// - The day is that of the time by which a photo is shown; stars are those given here.
/// - A camera fits by a part of maker and model, see Equipment; what a sidecar says counts first.
/// - A format fits by the file's ending, see formatOfName().
///
/// What is not in the index is asked of the catalogue as sets of contents. Threads: the catalogue's.
/// Errors: the catalogue's.
Result<std::variant<PhotoSet, SyntaxError>>
filteredPhotos(const Filter &filter, const library::LibraryIndex &library, db::Catalogue &catalogue);

} // namespace yingxun::query
