// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/path_within.h"
#include "core/image/format.h"
#include "core/ingest/growing_files.h"
#include "core/ingest/index_stages.h"
#include "core/ingest/unused_contents.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace yingxun::ingest {
namespace {

/// A row may go only when the directory that held it was listed whole.
void noteUnseen(const WalkReport &report, const IndexScope &scope, const KnownFiles &known,
                WalkOutcome &outcome)
{
    for (const UnseenEntry &entry : report.unseen) {
        outcome.absent.insert(entry.path);
        // What is forbidden stays so, and a link into nothing too: they would be missed for ever.
        constexpr std::array kLasting{EACCES, EPERM, ENOENT, ELOOP};
        outcome.missedSome |= std::find(kLasting.begin(), kLasting.end(), entry.error) == kLasting.end();
        // Of what nobody can look at, only what may hold photos is worth telling.
        const bool leadsNowhere = entry.error == ENOENT || entry.error == ELOOP;
        const bool promises = entry.isDirectory || (image::hasPictureEnding(entry.path) && !leadsNowhere);
        if (!promises && !known.holdsWithin(entry.path))
            continue;
        outcome.seen.insert(entry.path); // Its problem stays listed.
        outcome.problems.push_back({entry.path, scope.folder.id, 0, 0, static_cast<int>(ErrorCode::Io),
                                    entry.path + " cannot be looked into (" + std::strerror(entry.error) +
                                        "); the photos known from there are kept",
                                    Retry::EachRun});
    }
}

bool isThere(const std::string &path)
{
    struct stat entry {
    };
    return ::lstat(path.c_str(), &entry) == 0;
}

/// A directory on which a volume was mounted, and that is an empty one now or none, holds what it held. So
/// does a link to another volume, until somebody deletes it.
void noteMountPoints(const IndexScope &scope, const Exclusions &exclusions, const KnownFiles &known,
                     WalkOutcome &outcome)
{
    for (const db::MountPoint &point : known.mountPoints()) {
        const std::string &directory = point.directory;
        const bool concerned = isWithin(directory, scope.path) || isWithin(scope.path, directory);
        if (!concerned || isMountPoint(directory) || exclusions.excludes(directory, scope.folder.path))
            continue;
        if (known.holdsWithin(directory, &outcome.seen) || (point.isLink && !isThere(directory))) {
            outcome.formerMountPoints.push_back(directory);
        } else {
            outcome.absent.insert(directory);
            outcome.missedSome = true;
        }
    }
}

/// An absent or empty root is an unplugged disk more often than an emptied library: nothing is dropped.
bool isComplete(const WalkReport &report, const IndexScope &scope)
{
    if (scope.path == scope.folder.path)
        return report.readable && !report.empty;
    if (report.readable || !report.unseen.empty())
        return true;
    // A deleted file or directory, if its root is still there.
    const auto gone = examine(scope.path);
    return !gone && gone.error().code == ErrorCode::NotFound && hasEntries(scope.folder.path);
}

} // namespace

WalkOutcome walkScopes(const std::vector<IndexScope> &scopes, const std::vector<Folder> &folders,
                       const Exclusions &exclusions, PassedOver &passedOver, const KnownFiles &known,
                       const vectors::EmbeddingStore &store, IndexCounts &counts, PauseGate &gate,
                       const WalkTakers &takers, const std::stop_token &stop)
{
    WalkOutcome outcome;
    std::vector<std::string> paths;
    paths.reserve(folders.size());
    for (const Folder &folder : folders)
        paths.push_back(folder.path);
    outcome.folders.insert(paths.begin(), paths.end());
    const auto isKnownMountPoint = [&known](const std::string &directory) {
        return std::any_of(
            known.mountPoints().begin(), known.mountPoints().end(),
            [&directory](const db::MountPoint &point) { return point.directory == directory; });
    };
    for (const IndexScope &scope : scopes) {
        const WalkRules rules{
            scope.folder.path, exclusions, paths,
            [&](const FoundFile &file) { return known.isListed(file) || passedOver.isPicture(file); },
            [&](const std::string &directory) {
                if (!isKnownMountPoint(directory))
                    takers.newMountPoint(directory);
            }};
        const WalkReport report = walkPhotos(scope.path, rules, stop, [&](FoundFile file) {
            gate.wait(stop);
            if (!outcome.seen.insert(file.path).second)
                return; // Scopes may overlap.
            const bool isSettled = known.isSettled(file, scope.folder.id, store);
            const bool isClosed = scope.isTold && scope.path == file.path;
            if (!isSettled && !isClosed && mayStillGrow(file, unixTimeMs())) {
                outcome.growing.push_back({scope.folder, file.path});
                return;
            }
            ++counts.found;
            if (isSettled) {
                ++counts.unchanged;
                ++counts.done;
            } else {
                takers.file({std::move(file), scope.folder.id});
            }
        });
        if (stop.stop_requested())
            return outcome;
        noteUnseen(report, scope, known, outcome);
        noteMountPoints(scope, exclusions, known, outcome);
        if (isComplete(report, scope))
            outcome.complete.push_back(scope);
    }
    counts.walked = true;
    return outcome;
}

} // namespace yingxun::ingest
