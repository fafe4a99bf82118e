// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/moved_files.h"

#include "core/base/path_within.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/folder_places.h"

#include <algorithm>
#include <utility>

namespace yingxun::ingest {

Result<MovedFiles> MovedFiles::begin(db::Catalogue &catalogue)
{
    auto latest = catalogue.latestPhoto();
    auto folders = catalogue.folders();
    auto mountPoints = catalogue.mountPoints();
    if (!latest || !folders || !mountPoints)
        return latest ? (folders ? mountPoints.propagate() : folders.propagate()) : latest.propagate();
    MovedFiles files;
    files.m_latest = *latest;
    const MountTable mounts = MountTable::now();
    for (const Folder &folder : *folders) {
        if (!hasEntries(folder.path) || !isHere(folder, mounts))
            files.m_absent.push_back(folder.path);
    }
    for (const db::MountPoint &point : *mountPoints) {
        if (!isMountPoint(point.directory))
            files.m_absent.push_back(point.directory);
    }
    return files;
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
        const bool isAbsent =
            std::any_of(m_absent.begin(), m_absent.end(),
                        [&old](const std::string &directory) { return isWithin(old.path, directory); });
        const auto file = examine(old.path);
        if (isAbsent || file || file.error().code != ErrorCode::NotFound)
            continue;
        const auto moved = catalogue.movePhoto(old.id, photo.folder, photo.path, photo.mtimeMs);
        if (moved)
            return true;
        if (moved.error().code != ErrorCode::NotFound) // Its folder was removed meanwhile.
            return moved.propagate();
    }
    return false;
}

} // namespace yingxun::ingest
