// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/inotify_tree.h"

#include "core/base/path_within.h"

#include <array>
#include <cerrno>
#include <sys/inotify.h>
#include <unistd.h>

namespace yingxun::ingest {
namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                                  IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK;

} // namespace

InotifyTree::InotifyTree(std::size_t mostWatches) : m_mostWatches(mostWatches) {}

bool InotifyTree::open()
{
    if (!m_descriptor)
        m_descriptor = FileDescriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    return bool(m_descriptor);
}

InotifyTree::Outcome InotifyTree::watch(const std::string &top, const WalkRules &rules,
                                        const std::stop_token &stop)
{
    ++m_walk;
    Outcome outcome = Outcome::Watched;
    walkDirectories(top, rules, stop, [&](const std::string &directory) {
        const int watch = ::inotify_add_watch(m_descriptor.get(), directory.c_str(), kEvents);
        if (watch >= 0)
            m_watched.insert_or_assign(watch, Watched{directory, m_walk});
        if (watch < 0 ? errno == ENOSPC || errno == ENOMEM : m_watched.size() > m_mostWatches)
            outcome = Outcome::OutOfWatches;
        return outcome == Outcome::Watched; // One that vanished or cannot be read is passed over.
    });
    return stop.stop_requested() ? Outcome::Stopped : outcome;
}

InotifyTree::Outcome InotifyTree::watchAgain(const WalkRules &rules, const std::stop_token &stop)
{
    const Outcome outcome = watch(rules.root, rules, stop);
    if (outcome == Outcome::Watched) {
        std::erase_if(m_watched, [&](const auto &entry) {
            const Watched &watched = entry.second;
            // What the rules exclude was watched for the sake of another folder, inside this one.
            const bool gone = watched.walk != m_walk && !stop.stop_requested() &&
                              isWithin(watched.path, rules.root) &&
                              !rules.exclusions.excludes(watched.path, rules.root);
            if (gone)
                ::inotify_rm_watch(m_descriptor.get(), entry.first);
            return gone;
        });
    }
    return stop.stop_requested() ? Outcome::Stopped : outcome;
}

void InotifyTree::forgetBelow(const std::string &top)
{
    std::erase_if(m_watched, [&](const auto &entry) {
        const bool forgotten = isWithin(entry.second.path, top);
        if (forgotten)
            ::inotify_rm_watch(m_descriptor.get(), entry.first);
        return forgotten;
    });
}

void InotifyTree::append(const inotify_event &event, std::vector<TreeChange> &changes)
{
    using Kind = TreeChange::Kind;
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changes.push_back({Kind::Lost, {}});
        return;
    }
    const auto found = m_watched.find(event.wd);
    if (found == m_watched.end())
        return; // Forgotten since.
    const std::string directory = found->second.path;
    if ((event.mask & IN_IGNORED) != 0)
        m_watched.erase(found);
    else if ((event.mask & IN_UNMOUNT) != 0)
        changes.push_back({Kind::Unmounted, directory});
    else if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0)
        changes.push_back({Kind::Itself, directory});
    else if (event.len > 0) {
        const bool gone = (event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0;
        const bool isDirectory = (event.mask & IN_ISDIR) != 0;
        std::string path = directory.ends_with('/') ? directory + event.name : directory + '/' + event.name;
        if (isDirectory && (event.mask & IN_MOVED_FROM) != 0)
            forgetBelow(path); // It may come back under another name, or be out of the tree.
        if (isDirectory)
            changes.push_back({gone ? Kind::DirectoryGone : Kind::Directory, std::move(path)});
        else if (gone)
            changes.push_back({Kind::FileGone, std::move(path)});
        else if ((event.mask & IN_CREATE) == 0) // One just created is told when it is closed.
            changes.push_back(
                {(event.mask & IN_ATTRIB) != 0 ? Kind::FileTouched : Kind::File, std::move(path)});
    }
}

std::vector<TreeChange> InotifyTree::read()
{
    std::vector<TreeChange> changes;
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    const ssize_t size = ::read(m_descriptor.get(), buffer.data(), buffer.size());
    if (size <= 0)
        return changes;
    for (const char *at = buffer.data(); at < buffer.data() + size;) {
        const auto *event = reinterpret_cast<const inotify_event *>(at);
        append(*event, changes);
        at += sizeof(inotify_event) + event->len;
    }
    return changes;
}

std::vector<std::string> InotifyTree::directories() const
{
    std::vector<std::string> paths;
    for (const auto &[watch, watched] : m_watched)
        paths.push_back(watched.path);
    return paths;
}

} // namespace yingxun::ingest
