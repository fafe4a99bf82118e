// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/index_stages.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace yingxun::jobs {
namespace {

/// A row may go only when the directory that held it was listed whole.
void noteUnseen(const WalkReport &report, const IndexScope &scope, const KnownFiles &known,
                WalkOutcome &outcome)
{
    for (const UnseenEntry &entry : report.unseen) {
        outcome.absent.insert(entry.path);
        // A link that leads nowhere is worth telling only where it once led to photos.
        const bool leadsNowhere = entry.error == ENOENT || entry.error == ELOOP;
        if (leadsNowhere && !known.holdsWithin(entry.path))
            continue;
        outcome.seen.insert(entry.path); // Its problem stays listed.
        outcome.problems.push_back({entry.path, scope.folder.id, 0, 0, static_cast<int>(ErrorCode::Io),
                                    entry.path + " cannot be looked into (" + std::strerror(entry.error) +
                                        "); the photos known from there are kept",
                                    Retry::EachRun});
    }
}

/// A directory on which a volume was mounted, and that is an empty one now or none, holds what it held.
void noteMountPoints(const WalkReport &report, const IndexScope &scope, const Exclusions &exclusions,
                     const KnownFiles &known, WalkOutcome &outcome)
{
    const std::vector<std::string> &before = known.mountPoints();
    for (const std::string &directory : report.mountPoints) {
        if (!std::binary_search(before.begin(), before.end(), directory))
            outcome.newMountPoints.push_back(directory);
    }
    for (const std::string &directory : before) {
        const bool concerned = isWithin(directory, scope.path) || isWithin(scope.path, directory);
        if (!concerned || isMountPoint(directory) || exclusions.excludes(directory, scope.folder.path))
            continue;
        if (known.holdsWithin(directory, &outcome.seen))
            outcome.formerMountPoints.push_back(directory);
        else
            outcome.absent.insert(directory);
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
                       const search::EmbeddingStore &store, IndexCounts &counts, PauseGate &gate,
                       const std::function<bool(IndexTask)> &push, const std::stop_token &stop)
{
    WalkOutcome outcome;
    std::vector<std::string> paths;
    for (const Folder &folder : folders)
        paths.push_back(folder.path);
    for (const IndexScope &scope : scopes) {
        const WalkRules rules{scope.folder.path, exclusions, paths, [&](const FoundFile &file) {
                                  return known.isListed(file) || passedOver.isPicture(file);
                              }};
        const WalkReport report = walkPhotos(scope.path, rules, stop, [&](FoundFile file) {
            gate.wait(stop);
            if (!outcome.seen.insert(file.path).second)
                return; // Scopes may overlap.
            ++counts.found;
            if (known.isSettled(file, scope.folder.id, store)) {
                ++counts.unchanged;
                ++counts.done;
            } else {
                push({std::move(file), scope.folder.id});
            }
        });
        if (stop.stop_requested())
            return outcome;
        noteUnseen(report, scope, known, outcome);
        noteMountPoints(report, scope, exclusions, known, outcome);
        if (isComplete(report, scope))
            outcome.complete.push_back(scope);
    }
    counts.walked = true;
    return outcome;
}

} // namespace yingxun::jobs
