// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yingxun::ingest {

/// What the system calls its disks, by their device files.
struct DiskNames {
    std::map<std::string, std::string> uuids; ///< "/dev/sdb1" -> "8C5E-23A1"
    std::map<std::string, std::string> labels;
};

/// The file systems that are mounted, as they were at one moment: tells on which volume a directory lies, and
/// where a volume is now. Never changes; any thread.
class MountTable
{
public:
    /// What /proc/self/mountinfo and /dev/disk tell. On other systems than Linux: nothing.
    static MountTable now();
    /// Reads the lines of a mountinfo (proc(5)); what is broken is passed over.
    MountTable(std::string_view mountInfo, const DiskNames &names);

    /// None: it lies on a file system that is nowhere but here, such as one in memory. `path` is absolute,
    /// without links.
    std::optional<VolumePlace> placeOf(const std::string &path) const;
    /// All paths at which a place would be now; none: its volume is not mounted.
    std::vector<std::string> pathsOf(const VolumePlace &place) const;

private:
    struct Mount {
        std::string point;  // Absolute.
        std::string root;   // What of the volume is mounted there: a path from its top on.
        std::string volume; // Empty: it has no identity.
        std::string label;
    };
    std::vector<Mount> m_mounts; // In the order of mounting: a later one covers an earlier one.
};

} // namespace yingxun::ingest
