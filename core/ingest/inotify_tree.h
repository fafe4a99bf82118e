// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/ingest/file_walk.h"

#include <cstddef>
#include <limits>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

struct inotify_event;

namespace yingxun::ingest {

/// What happened in a watched directory.
struct TreeChange {
    enum class Kind {
        File,          ///< Written and closed, or moved here.
        FileTouched,   ///< Has other attributes, or another time; it may still be being written.
        FileGone,      ///< Deleted or moved away.
        Directory,     ///< Appeared, or can perhaps be read only now. Not watched yet.
        DirectoryGone, ///< Deleted or moved away. No longer watched.
        Itself,        ///< The watched directory was deleted or moved.
        Unmounted,     ///< The watched directory went with its file system.
        Lost,          ///< The kernel dropped changes, of any directory; has no path.
    };
    Kind kind = Kind::Lost;
    std::string path;
};

/// Watches directory trees by inotify, one watch a directory. Belongs to one thread.
class InotifyTree
{
public:
    enum class Outcome { Watched, OutOfWatches, Stopped };

    /// @param mostWatches  a limit besides the system's.
    explicit InotifyTree(std::size_t mostWatches = std::numeric_limits<std::size_t>::max());

    bool open(); ///< Unless it is open. False: the system gives out no more instances.
    int descriptor() const
    {
        return m_descriptor.get();
    } ///< Readable when read() has something; -1: not open.

    /// Watches a tree but for what the rules exclude. Each directory is watched before it is listed: what is
    /// made in it later comes from read(), what was there before is found by the walk.
    Outcome watch(const std::string &top, const WalkRules &rules, const std::stop_token &stop);
    /// The same for the tree of `rules.root`, parts of which may be watched already: those stay, and watches
    /// of what is no longer there go.
    Outcome watchAgain(const WalkRules &rules, const std::stop_token &stop);
    void forgetBelow(const std::string &top); ///< And `top` itself.

    std::vector<TreeChange> read(); ///< Some of what happened; does not wait.
    std::vector<std::string> directories() const;

private:
    struct Watched {
        std::string path;
        unsigned walk = 0; ///< That met it last.
    };

    void append(const inotify_event &event, std::vector<TreeChange> &changes);

    std::size_t m_mostWatches;
    FileDescriptor m_descriptor;
    unsigned m_walk = 0;
    std::unordered_map<int, Watched> m_watched; ///< By watch descriptor.
};

} // namespace yingxun::ingest
