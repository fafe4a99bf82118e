// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/folder_watcher.h"

#include "core/base/file_descriptor.h"
#include "core/base/path_within.h"
#include "core/image/format.h"
#include "core/ingest/growing_files.h"
#include "core/ingest/inotify_tree.h"
#include "core/ingest/passed_over.h"
#include "core/services/handoff.h"
#include "core/services/path_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <thread>

namespace yingxun::services {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kDebounce = std::chrono::milliseconds(500);
constexpr auto kLookForRoots = std::chrono::seconds(2);

using DirectoryKey = std::pair<dev_t, ino_t>;

/// Which directory is at a path now; nothing when there is none.
std::optional<DirectoryKey> directoryAt(const std::string &path)
{
    struct stat status {
    };
    if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
        return std::nullopt;
    return DirectoryKey{status.st_dev, status.st_ino};
}

bool isSidecar(const std::string &path)
{
    return path.ends_with(".xmp") || path.ends_with(".XMP");
}

/// File systems whose changes by other machines inotify does not see (magic numbers: statfs(2)).
bool needsPolling(const std::string &path)
{
    constexpr std::array<unsigned long, 5> kRemote{0x6969UL /* NFS */, 0x517BUL /* SMB */,
                                                   0xFF534D42UL /* CIFS */, 0xFE534D42UL /* SMB2 */,
                                                   0x65735546UL /* FUSE */};
    struct statfs status {
    };
    if (::statfs(path.c_str(), &status) != 0)
        return false;
    const auto type = static_cast<unsigned long>(status.f_type) & 0xFFFFFFFFUL;
    return std::find(kRemote.begin(), kRemote.end(), type) != kRemote.end();
}

/// Lets another thread end a poll(2).
class Bell
{
public:
    Bell() : m_descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    void ring() const { ::eventfd_write(m_descriptor.get(), 1); }
    void silence() const
    {
        eventfd_t count = 0;
        ::eventfd_read(m_descriptor.get(), &count);
    }
    int descriptor() const { return m_descriptor.get(); }

private:
    FileDescriptor m_descriptor;
};

struct Wanted {
    std::vector<std::string> roots;
    ingest::Exclusions exclusions{ingest::defaultExclusions()};
};

struct Root {
    bool wasSettled = false;              ///< At any time.
    bool settled = false;                 ///< Watched, polled, or known not to be there.
    std::optional<DirectoryKey> identity; ///< As it was settled; none: not there.
    std::optional<PollingReason> polling;
};

} // namespace

/// All but the first part belongs to the thread.
struct FolderWatcher::Impl {
    Impl(FolderWatcher *watcher, std::size_t mostWatches, std::chrono::milliseconds interval)
        : owner(watcher), pollEvery(interval), tree(mostWatches)
    {
    }
    ~Impl();

    void want(const QStringList &roots, const ingest::Exclusions &patterns);

    void run(const std::stop_token &stop);
    void wait();
    void tellPlaces();
    void takeWanted(const std::stop_token &stop);
    void settle(const std::string &path, Root &root);
    void settled(const std::string &path, Root &root, std::optional<PollingReason> reason);
    void handle(const ingest::TreeChange &change);
    void unsettleWithin(const std::string &top);
    void lookForRoots();
    std::string rootOf(const std::string &path) const;
    void mark(const std::string &path);
    void mark(const ingest::TreeChange &change);
    void tell();

    FolderWatcher *owner;
    std::chrono::milliseconds pollEvery;
    QStringList folders; // The owner's thread's.
    ingest::Exclusions exclusions{ingest::defaultExclusions()};

    std::mutex mutex; // Guards the next three.
    Wanted wanted;
    bool wantedIsNew = false;
    std::stop_source walks; // Those for what was wanted before.
    Bell bell;

    FileDescriptor mounts{
        ::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)}; // Elsewhere than Linux: none.
    ingest::InotifyTree tree;
    Wanted current;
    std::stop_token walkStop;
    std::map<std::string, Root> roots;   // Outer ones before those inside.
    std::map<std::string, bool> pending; // Changed, not told yet; whether they may still be being written.
    std::optional<Clock::time_point> tellAt;
    Clock::time_point lookAt = Clock::now();
    Clock::time_point pollAt = Clock::now() + pollEvery;
    std::jthread thread; // Last: joined before the rest goes.
};

FolderWatcher::Impl::~Impl()
{
    thread.request_stop();
    {
        const std::scoped_lock lock(mutex);
        walks.request_stop();
    }
    bell.ring();
}

void FolderWatcher::Impl::want(const QStringList &newFolders, const ingest::Exclusions &newExclusions)
{
    folders = newFolders;
    exclusions = newExclusions;
    Wanted next{{}, exclusions};
    for (const QString &folder : std::as_const(folders))
        next.roots.push_back(pathOfText(folder));
    {
        const std::scoped_lock lock(mutex);
        wanted = std::move(next);
        wantedIsNew = true;
        walks.request_stop();
    }
    bell.ring();
}

void FolderWatcher::Impl::run(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        takeWanted(stop);
        for (auto &[path, root] : roots) {
            if (!root.settled)
                settle(path, root);
        }
        wait();
        bell.silence();
        for (const ingest::TreeChange &change : tree.read()) {
            if (stop.stop_requested())
                return;
            handle(change);
        }
        if (Clock::now() >= lookAt)
            lookForRoots();
        if (tellAt && Clock::now() >= *tellAt)
            tell();
    }
}

void FolderWatcher::Impl::wait()
{
    // Of the list of mounts each change is an exceptional condition, see proc(5).
    std::array<pollfd, 3> descriptors{pollfd{bell.descriptor(), POLLIN, 0},
                                      pollfd{tree.descriptor(), POLLIN, 0}, pollfd{mounts.get(), POLLPRI, 0}};
    const Clock::time_point until = std::min(lookAt, tellAt.value_or(lookAt));
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    ::poll(descriptors.data(), descriptors.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (mounts && (descriptors[2].revents & POLLPRI) != 0) {
        lookAt = Clock::now();
        tellPlaces();
    }
}

void FolderWatcher::Impl::tellPlaces()
{
    runOnThreadOf(owner, [this] { Q_EMIT owner->placesChanged(); });
}

void FolderWatcher::Impl::takeWanted(const std::stop_token &stop)
{
    Wanted next;
    {
        const std::scoped_lock lock(mutex);
        if (!wantedIsNew || stop.stop_requested())
            return;
        next = wanted;
        wantedIsNew = false;
        walks = std::stop_source();
        walkStop = walks.get_token();
    }
    const bool sameExclusions = next.exclusions.patterns() == current.exclusions.patterns();
    current = std::move(next);
    std::map<std::string, Root> before = std::exchange(roots, {});
    for (const std::string &path : current.roots) {
        Root &root = roots[path] = before[path];
        // With fewer folders there may be watches enough.
        if (!sameExclusions || root.polling == PollingReason::WatchLimit)
            root.settled = false;
    }
    if (!sameExclusions)
        tree.forgetBelow("/");
    for (const auto &[path, root] : before) {
        if (roots.count(path) != 0)
            continue;
        tree.forgetBelow(path);
        for (auto &[other, kept] : roots) { // Folders inside one another share watches.
            if (isWithin(path, other) || isWithin(other, path))
                kept.settled = false;
        }
    }
}

/// Watches a root from now on, in whatever way is possible. A walk that is stopped leaves it unsettled.
void FolderWatcher::Impl::settle(const std::string &path, Root &root)
{
    const auto before = std::exchange(root.identity, directoryAt(path)); // First: it may change meanwhile.
    root.settled = true;
    if (root.wasSettled && before != root.identity)
        tellPlaces();
    root.wasSettled = true;
    if (!root.identity) {
        tree.forgetBelow(path);
        unsettleWithin(path);
        root.settled = true;
        root.polling.reset(); // It is looked for more often.
        if (before)
            mark(path);
        return;
    }
    if (!tree.open()) {
        settled(path, root, PollingReason::InstanceLimit);
    } else if (needsPolling(path)) {
        tree.forgetBelow(path);
        unsettleWithin(path); // A folder inside it may be on a disk of this machine.
        root.settled = true;
        settled(path, root, PollingReason::NetworkShare);
    } else {
        const auto outcome = tree.watchAgain({path, current.exclusions, current.roots}, walkStop);
        if (outcome == ingest::InotifyTree::Outcome::Stopped)
            root.settled = false;
        else if (outcome == ingest::InotifyTree::Outcome::OutOfWatches)
            settled(path, root, PollingReason::WatchLimit);
        else
            settled(path, root, std::nullopt);
    }
}

void FolderWatcher::Impl::settled(const std::string &path, Root &root, std::optional<PollingReason> reason)
{
    mark(path); // What changed before it was watched.
    const auto before = std::exchange(root.polling, reason);
    if (reason && reason == before)
        return;
    runOnThreadOf(owner, [this, folder = textOfPath(path), reason] {
        if (!folders.contains(folder))
            return;
        if (reason)
            Q_EMIT owner->degraded(folder, *reason);
        else
            Q_EMIT owner->watched(folder);
    });
}

void FolderWatcher::Impl::handle(const ingest::TreeChange &change)
{
    using Kind = ingest::TreeChange::Kind;
    if (change.kind == Kind::Lost) {
        unsettleWithin("/");
        return;
    }
    const std::string path = rootOf(change.path);
    if (path.empty())
        return;
    Root &root = roots.at(path);
    if (change.kind == Kind::Unmounted) {
        root.settled = false; // Another directory may have come to light.
        return;
    }
    if (change.kind == Kind::Itself || change.kind == Kind::DirectoryGone)
        unsettleWithin(change.path);
    if (current.exclusions.excludesEntry(change.path, path))
        return;
    if (isSidecar(change.path)) {
        mark(change.path.substr(0, change.path.rfind('/'))); // Of which photo it speaks, the walk finds out.
        return;
    }
    const bool isFile = change.kind == Kind::File || change.kind == Kind::FileTouched;
    if (isFile && ingest::isNamedAsUnfinished(change.path))
        return; // It is told of when it gets the name that it keeps.
    if (isFile && !image::hasPictureEnding(change.path) &&
        !ingest::beginsAsPicture(change.path).value_or(false))
        return;
    if (change.kind == Kind::Directory && !root.polling) {
        const auto outcome = tree.watch(change.path, {path, current.exclusions, current.roots}, walkStop);
        if (outcome == ingest::InotifyTree::Outcome::Stopped)
            root.settled = false;
        else if (outcome == ingest::InotifyTree::Outcome::OutOfWatches)
            settled(path, root, PollingReason::WatchLimit);
    }
    mark(change); // A directory after it is watched: nothing made in it falls between.
}

void FolderWatcher::Impl::unsettleWithin(const std::string &top)
{
    for (auto &[path, root] : roots) {
        if (isWithin(path, top))
            root.settled = false;
    }
}

/// Roots come and go without an event: nothing watches what is above them, nor what is mounted over them.
void FolderWatcher::Impl::lookForRoots()
{
    lookAt = Clock::now() + std::min<std::chrono::milliseconds>(kLookForRoots, pollEvery);
    const bool polls = Clock::now() >= pollAt;
    if (polls)
        pollAt = Clock::now() + pollEvery;
    for (auto &[path, root] : roots) {
        if (root.polling ? polls : directoryAt(path) != root.identity)
            root.settled = false; // A polled one is told of, and watched if that can be done by now.
    }
}

/// The innermost one: an outer one may exclude what was added by itself.
std::string FolderWatcher::Impl::rootOf(const std::string &path) const
{
    std::string found;
    for (const auto &[root, state] : roots) {
        if (root.size() > found.size() && isWithin(path, root))
            found = root;
    }
    return found;
}

void FolderWatcher::Impl::mark(const ingest::TreeChange &change)
{
    using Kind = ingest::TreeChange::Kind;
    const auto known = pending.find(change.path);
    const bool wasClosed = known != pending.end() && !known->second;
    mark(change.path);
    // What comes to the place of one that has gone is another file; touching a closed one does not open it.
    pending[change.path] = change.kind == Kind::FileGone || (change.kind == Kind::FileTouched && !wasClosed);
}

void FolderWatcher::Impl::mark(const std::string &path)
{
    pending[path] = false;
    if (!tellAt) // Not put off: a steady stream of changes must not keep them from being told.
        tellAt = Clock::now() + kDebounce;
}

void FolderWatcher::Impl::tell()
{
    tellAt.reset();
    runOnThreadOf(owner, [this, paths = std::exchange(pending, {})] {
        std::vector<std::string> tops;
        std::transform(folders.cbegin(), folders.cend(), std::back_inserter(tops), &pathOfText);
        QStringList known; // In folders that are still wanted.
        QStringList open;
        for (const auto &entry : paths) {
            if (std::none_of(tops.begin(), tops.end(),
                             [&](const std::string &top) { return isWithin(entry.first, top); }))
                continue;
            known.append(textOfPath(entry.first));
            if (entry.second)
                open.append(known.last());
        }
        if (!known.isEmpty())
            Q_EMIT owner->changed(known, open);
    });
}

FolderWatcher::FolderWatcher(QObject *parent, std::size_t mostWatches, std::chrono::milliseconds pollEvery)
    : QObject(parent), m_impl(std::make_unique<Impl>(this, mostWatches, pollEvery))
{
    m_impl->thread = std::jthread([d = m_impl.get()](const std::stop_token &stop) { d->run(stop); });
}

FolderWatcher::~FolderWatcher() = default;

std::chrono::milliseconds FolderWatcher::pollInterval() const
{
    return m_impl->pollEvery;
}

void FolderWatcher::setFolders(const QStringList &roots)
{
    if (roots != m_impl->folders)
        m_impl->want(roots, m_impl->exclusions);
}

void FolderWatcher::setExclusions(const ingest::Exclusions &exclusions)
{
    if (exclusions.patterns() != m_impl->exclusions.patterns())
        m_impl->want(m_impl->folders, exclusions);
}

} // namespace yingxun::services
