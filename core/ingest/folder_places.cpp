// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/folder_places.h"

#include "core/base/path_within.h"
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

/// Whether another volume is at the folder's path now.
bool isDisplaced(const Folder &folder, const MountTable &mounts)
{
    const auto at = mounts.placeOf(folder.path);
    return !folder.place.volume.empty() && at && at->volume != folder.place.volume;
}

/// Where the folder is by now; empty: nowhere. Rather where no other folder is listed; else where one is that
/// is displaced.
std::string soughtElsewhere(const Folder &folder, const std::vector<Folder> &all, const MountTable &mounts)
{
    std::string ofAnother;
    for (std::string &path : mounts.pathsOf(folder.place)) {
        if (!isDirectory(path))
            continue;
        const auto listed =
            std::find_if(all.begin(), all.end(), [&path](const Folder &other) { return other.path == path; });
        if (listed == all.end())
            return std::move(path);
        if (ofAnother.empty() && isDisplaced(*listed, mounts))
            ofAnother = std::move(path);
    }
    return ofAnother;
}

/// A path beside `path` that no folder is listed at or in, and nothing is at.
std::string freePathBeside(const std::string &path, const std::vector<Folder> &all)
{
    for (int number = 2;; ++number) {
        std::string beside = path + " (" + std::to_string(number) + ')';
        std::error_code error;
        const bool isTaken = std::filesystem::exists(beside, error) ||
                             std::any_of(all.begin(), all.end(), [&beside](const Folder &folder) {
                                 return isWithin(folder.path, beside);
                             });
        if (!isTaken)
            return beside;
    }
}

/// Displaced folders that are listed at the path where `comer` is now, around it or in what is there get a
/// path that nothing has, until their disk is found: another one has taken its place, as sticks of one name
/// do that are plugged in in another order.
Result<void> makeWay(const std::string &path, const Folder &comer, std::vector<Folder> &all,
                     db::Catalogue &catalogue, const MountTable &mounts)
{
    const std::string beside = freePathBeside(path, all);
    for (Folder &folder : all) {
        const auto at = mounts.placeOf(folder.path);
        const bool isAround = isWithin(path, folder.path);
        const bool isInside =
            isWithin(folder.path, path) && isDirectory(folder.path) && at && at->volume == comer.place.volume;
        if (folder.id == comer.id || !(isAround || isInside) || !isDisplaced(folder, mounts))
            continue;
        std::string aside =
            isInside ? beside + folder.path.substr(path.size()) : freePathBeside(folder.path, all);
        if (auto done = catalogue.moveFolder(folder.id, aside); !done)
            return done;
        folder.path = std::move(aside);
    }
    return {};
}

/// Whether what is at a place belongs to another folder.
bool isOfAnother(const VolumePlace &at, const Folder &folder, const std::vector<Folder> &all)
{
    return std::any_of(all.begin(), all.end(), [&](const Folder &other) {
        return other.id != folder.id && !at.volume.empty() && other.place.volume == at.volume &&
               other.place.path == at.path;
    });
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
                if (auto done = makeWay(path, folder, *folders, catalogue, mounts); !done)
                    return done.propagate();
                if (auto done = catalogue.moveFolder(folder.id, path); !done)
                    return done.propagate();
                folder.path = path;
                settled.moved.push_back(folder);
                settled.here.push_back(folder);
                continue;
            }
        }
        if (!belongs && isThere && !isOfAnother(at, folder, *folders)) {
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
            folder.place = at;
        }
        settled.here.push_back(folder);
    }
    std::sort(settled.here.begin(), settled.here.end(),
              [](const Folder &a, const Folder &b) { return a.path < b.path; });
    return settled;
}

} // namespace yingxun::ingest
