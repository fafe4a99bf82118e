// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/folder_places.h"

#include "core/ingest/file_walk.h"

#include <algorithm>
#include <filesystem>

namespace yingxun::ingest {
namespace {

constexpr int kSampled = 50; // Photos that tell whether a disk holds what another one did.

bool isDirectory(const std::string &path)
{
    std::error_code error;
    return std::filesystem::is_directory(path, error);
}

/// Whether most of what is known of a folder lies at its path.
Result<bool> holdsWhatIsKnown(const Folder &folder, db::Catalogue &catalogue)
{
    auto sample = catalogue.somePhotosOf(folder.id, kSampled);
    if (!sample)
        return sample.propagate();
    const auto found = std::count_if(sample->begin(), sample->end(), [](const Photo &photo) {
        const auto file = examine(photo.path);
        return file && file->sizeBytes == photo.sizeBytes;
    });
    return 2 * found >= std::ssize(*sample);
}

/// Where the folder is by now; empty: nowhere.
std::string soughtElsewhere(const Folder &folder, const std::vector<Folder> &all, const MountTable &mounts)
{
    for (std::string &path : mounts.pathsOf(folder.place)) {
        const bool isTaken =
            std::any_of(all.begin(), all.end(), [&path](const Folder &other) { return other.path == path; });
        if (!isTaken && isDirectory(path))
            return std::move(path);
    }
    return {};
}

} // namespace

bool isHere(const Folder &folder, const MountTable &mounts)
{
    if (!isDirectory(folder.path))
        return false;
    if (folder.place.volume.empty())
        return true;
    const auto place = mounts.placeOf(folder.path);
    return place && place->volume == folder.place.volume;
}

Result<SettledPlaces> settlePlaces(db::Catalogue &catalogue, const MountTable &mounts)
{
    auto folders = catalogue.folders();
    if (!folders)
        return folders.propagate();
    SettledPlaces settled;
    for (Folder &folder : *folders) {
        const VolumePlace at = mounts.placeOf(folder.path).value_or(VolumePlace());
        const bool isThere = isDirectory(folder.path);
        bool belongs = isThere && (folder.place.volume.empty() || folder.place.volume == at.volume);
        if (!belongs) {
            if (const std::string path = soughtElsewhere(folder, *folders, mounts); !path.empty()) {
                if (auto done = catalogue.moveFolder(folder.id, path); !done)
                    return done.propagate();
                folder.path = path;
                settled.moved.push_back(folder);
                settled.here.push_back(folder);
                continue;
            }
        }
        if (!belongs && isThere) {
            auto same = holdsWhatIsKnown(folder, catalogue);
            if (!same)
                return same.propagate();
            belongs = *same;
        }
        if (!belongs)
            continue;
        if (folder.place != at) {
            if (auto done = catalogue.setFolderPlace(folder.id, at); !done)
                return done.propagate();
        }
        settled.here.push_back(folder);
    }
    std::sort(settled.here.begin(), settled.here.end(),
              [](const Folder &a, const Folder &b) { return a.path < b.path; });
    return settled;
}

} // namespace yingxun::ingest
