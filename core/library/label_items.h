// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"
#include "core/library/library_index.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace yingxun::library {

/// How many photos are shown with each label, copies and all. A label is counted anew only when the photos or
/// the number of its contents have changed, as that takes a look at each of them. Threads: one.
class LabelItems
{
public:
    /// Sets `items` of the labels; `count` must be that of now.
    /// @param photos  null: they could not be read, and the contents are counted instead
    /// Errors: those of the catalogue.
    Result<void> countIn(const Snapshot &photos, db::Catalogue &catalogue, std::vector<Label> &labels);

private:
    Snapshot m_photos; ///< Those that were counted.
    std::unordered_map<std::int64_t, Label> m_counted;
};

} // namespace yingxun::library
