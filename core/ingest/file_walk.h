// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"
#include "core/ingest/exclusions.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace yingxun::ingest {

/// A regular file as the walk finds it.
struct FoundFile {
    std::string path; ///< Absolute.
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeMs = 0; ///< ms since the epoch, UTC.
    /// Of a/b.jpg the first of a/b.jpg.xmp and a/b.xmp that is there, its ending in small letters or
    /// capitals.
    std::optional<SidecarFile> sidecar = {};
};

/// An entry that is there, but could not be looked into or followed.
struct UnseenEntry {
    std::string path;
    int error = 0;            ///< An errno.
    bool isDirectory = false; ///< Else it is not known what it is.
};

/// What was not found is gone only where the top could be read, and not in or below what was not seen.
struct WalkReport {
    bool readable = false; ///< The top could be read.
    bool empty = true;     ///< The top has no entry at all: perhaps an empty mount point.
    std::vector<UnseenEntry> unseen;
};

/// What a walk leaves out: names by patterns that count from the library's folder on.
struct WalkRules {
    std::string root; ///< The library's folder that the walk is in.
    Exclusions exclusions;
    /// All folders of the library. Links that lead to where one of them is walked are left out, and by
    /// walkPhotos the folders themselves: it names nothing twice.
    std::vector<std::string> folders = {};
    /// Asked of files whose ending says nothing, whether they hold a picture; unset: they are left out.
    std::function<bool(const FoundFile &)> isPicture = {};
    /// Told of directories on another device than their parents, before what is in them.
    std::function<void(const std::string &)> onMountPoint = {};
};

/// Names all photo files of a tree in the order of their paths, but for what the rules exclude and what is
/// named as unfinished (growing_files.h). Symbolic
/// links to files are followed, links to directories only where they lead to a directory not seen in this
/// walk. `path` may also be a single file.
WalkReport walkPhotos(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                      const std::function<void(FoundFile)> &onFile);

/// Names all directories of a tree, the top first, by the same rules; each one before it is listed, so that
/// whoever watches it from then on misses nothing. Ends when `onDirectory` returns false.
void walkDirectories(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                     const std::function<bool(const std::string &)> &onDirectory);

/// Size and time of a regular file (links followed), without its sidecar. Errors: NotFound, Unsupported (no
/// regular file), Io.
Result<FoundFile> examine(const std::string &path);

/// The paths at which a sidecar of a photo may lie; the first one that is there counts.
std::vector<std::string> sidecarNames(const std::string &photo);

/// Whether a directory (links followed) is on another device than the one that holds its entry.
bool isMountPoint(const std::string &directory);

/// Whether a directory can be read and is not empty.
bool hasEntries(const std::string &directory);

} // namespace yingxun::ingest
