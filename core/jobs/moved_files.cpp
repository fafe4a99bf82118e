// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/moved_files.h"

#include "core/jobs/file_walk.h"

#include <utility>

namespace yingxun::jobs {

Result<MovedFiles> MovedFiles::begin(db::Catalogue &catalogue)
{
    auto latest = catalogue.latestPhoto();
    if (!latest)
        return latest.propagate();
    return MovedFiles(*latest);
}

Result<bool> MovedFiles::follow(const Photo &photo, db::Catalogue &catalogue)
{
    auto there = catalogue.photoAt(photo.path);
    if (!there)
        return there.propagate();
    if (*there)
        return false;
    auto candidates = m_candidates.find(photo.hash);
    if (candidates == m_candidates.end()) {
        auto known = catalogue.photosWithContent(photo.hash, m_latest);
        if (!known)
            return known.propagate();
        if (known->empty())
            return false;
        candidates = m_candidates.emplace(photo.hash, *std::move(known)).first;
    }
    while (!candidates->second.empty()) {
        const Photo old = std::move(candidates->second.back());
        candidates->second.pop_back();
        const auto file = examine(old.path);
        if (file || file.error().code != ErrorCode::NotFound)
            continue;
        if (auto moved = catalogue.movePhoto(old.id, photo.folder, photo.path, photo.mtimeMs); !moved)
            return moved.propagate();
        return true;
    }
    return false;
}

} // namespace yingxun::jobs
