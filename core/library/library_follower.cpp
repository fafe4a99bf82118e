// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/library_follower.h"

#include "core/db/catalogue.h"
#include "core/library/library_index_maker.h"

namespace yingxun::library {

Result<Snapshot> LibraryFollower::follow(db::Catalogue &catalogue)
{
    if (!m_index)
        return readAll(catalogue);
    std::vector<PhotoChange> changed;
    auto changes = catalogue.photoChanges(m_moment, [&changed](const Photo &photo, std::int64_t shownAtMs) {
        changed.push_back({photo.id, photo, shownAtMs});
    });
    if (!changes)
        return changes.propagate();
    if (!changes->reachesBack)
        return readAll(catalogue);
    for (const PhotoId gone : changes->gone)
        changed.push_back({gone, {}});
    if (!changed.empty())
        m_index = m_index->with(changed);
    m_moment = changes->moment;
    return m_index;
}

Result<Snapshot> LibraryFollower::readAll(db::Catalogue &catalogue)
{
    // The moment first: what changes while the rows are read is read again the next time.
    auto moment = catalogue.photoMoment();
    if (!moment)
        return moment.propagate();
    LibraryIndexMaker maker;
    auto read = catalogue.forEachPhoto(
        [&maker](const Photo &photo, std::int64_t shownAtMs) { maker.add(photo, shownAtMs); });
    if (!read)
        return read.propagate();
    m_index = maker.finish();
    m_moment = *moment;
    return m_index;
}

} // namespace yingxun::library
