// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/library/library_index.h"

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::library {

/// Keeps an index in step with a catalogue: reads all photos once, and then only what has changed, whoever
/// changed it. Belongs to the thread of the catalogue.
class LibraryFollower
{
public:
    /// The photos as they are now; the same object as before when nothing has changed. Always of one
    /// catalogue. Errors: as db::Catalogue::forEachPhoto().
    Result<Snapshot> follow(db::Catalogue &catalogue);

private:
    Result<Snapshot> readAll(db::Catalogue &catalogue);

    Snapshot m_index; ///< Null before the first time.
    std::int64_t m_moment = 0;
};

} // namespace yingxun::library
