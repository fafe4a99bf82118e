// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/folder_watcher.h"

#include "core/image/format.h"
#include "core/jobs/file_walk.h"
#include "core/jobs/passed_over.h"
#include "core/jobs/path_text.h"

#include <QHash>
#include <QSet>
#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace yingxun::jobs {
namespace {

constexpr int kDebounceMs = 500;
constexpr int kPollMs = 60'000;
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                                  IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK;

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

} // namespace

struct FolderWatcher::Impl {
    ~Impl()
    {
        if (fd >= 0)
            ::close(fd);
    }

    void watchTree(FolderWatcher *owner, const QString &root, const std::string &top);
    void read(FolderWatcher *owner);
    void handle(FolderWatcher *owner, const inotify_event &event);
    void unwatchBelow(const QString &directory);
    void mark(const QString &path);
    void degrade(FolderWatcher *owner, const QString &root, Error reason);
    QString rootOf(const QString &path) const;

    int fd = -1;
    std::unique_ptr<QSocketNotifier> notifier;
    QStringList roots;
    Exclusions exclusions{defaultExclusions()};
    QHash<int, QString> directories; // By watch descriptor.
    QSet<QString> polled;            // Roots that are walked from time to time instead.
    QSet<QString> pending;           // Changed, not told yet.
    QTimer debounce;
    QTimer poll;
};

void FolderWatcher::Impl::mark(const QString &path)
{
    pending.insert(path);
    if (!debounce.isActive()) // Not restarted: a steady stream of changes must not keep them from being told.
        debounce.start(kDebounceMs);
}

/// The innermost one: an outer one may exclude what was added by itself.
QString FolderWatcher::Impl::rootOf(const QString &path) const
{
    const std::string bytes = pathOfText(path);
    QString found;
    for (const QString &root : roots) {
        if (root.size() > found.size() && isWithin(bytes, pathOfText(root)))
            found = root;
    }
    return found;
}

void FolderWatcher::Impl::degrade(FolderWatcher *owner, const QString &root, Error reason)
{
    if (root.isEmpty() || polled.contains(root))
        return;
    polled.insert(root);
    poll.start(kPollMs);
    mark(root);
    Q_EMIT owner->degraded(root, reason);
}

void FolderWatcher::Impl::watchTree(FolderWatcher *owner, const QString &root, const std::string &top)
{
    const WalkRules rules{pathOfText(root), exclusions};
    walkDirectories(top, rules, [&](const std::string &directory) {
        if (polled.contains(root))
            return;
        const int watch = ::inotify_add_watch(fd, directory.c_str(), kEvents);
        if (watch >= 0) {
            directories.insert(watch, textOfPath(directory));
        } else if (errno == ENOSPC || errno == ENOMEM) {
            degrade(owner, root,
                    {ErrorCode::TooLarge,
                     "the system's limit of watched folders is reached (fs.inotify.max_user_watches)"});
        }
    });
}

void FolderWatcher::Impl::unwatchBelow(const QString &directory)
{
    const std::string top = pathOfText(directory);
    for (auto it = directories.begin(); it != directories.end();) {
        if (isWithin(pathOfText(*it), top)) {
            ::inotify_rm_watch(fd, it.key());
            it = directories.erase(it);
        } else {
            ++it;
        }
    }
}

void FolderWatcher::Impl::handle(FolderWatcher *owner, const inotify_event &event)
{
    if ((event.mask & IN_Q_OVERFLOW) != 0) { // Events were lost: look at everything.
        for (const QString &root : std::as_const(roots))
            mark(root);
        return;
    }
    const auto watched = directories.constFind(event.wd);
    if (watched == directories.cend())
        return;
    const QString directory = *watched;
    if ((event.mask & IN_IGNORED) != 0) {
        directories.erase(watched);
        return;
    }
    if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
        mark(directory);
        return;
    }
    if (event.len == 0)
        return;
    const QString path = directory + u'/' + textOfPath(event.name);
    const QString root = rootOf(path);
    if (exclusions.excludesEntry(pathOfText(path), pathOfText(root)))
        return;
    if ((event.mask & IN_ISDIR) != 0) {
        if ((event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0)
            unwatchBelow(path);
        else if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0)
            watchTree(owner, root, pathOfText(path));
        mark(path);
    } else if ((event.mask & IN_CREATE) == 0 &&
               ((event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0 || image::hasPictureEnding(event.name) ||
                beginsAsPicture(pathOfText(path)).value_or(false))) {
        mark(path); // A file just created is told once it is closed, or moved here whole.
    }
}

void FolderWatcher::Impl::read(FolderWatcher *owner)
{
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    for (;;) {
        const ssize_t size = ::read(fd, buffer.data(), buffer.size());
        if (size <= 0)
            return; // EAGAIN: all read.
        for (const char *at = buffer.data(); at < buffer.data() + size;) {
            const auto *event = reinterpret_cast<const inotify_event *>(at);
            handle(owner, *event);
            at += sizeof(inotify_event) + event->len;
        }
    }
}

FolderWatcher::FolderWatcher(QObject *parent) : QObject(parent), m_impl(std::make_unique<Impl>())
{
    Impl &d = *m_impl;
    d.fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (d.fd >= 0) {
        d.notifier = std::make_unique<QSocketNotifier>(d.fd, QSocketNotifier::Read);
        connect(d.notifier.get(), &QSocketNotifier::activated, this, [this] { m_impl->read(this); });
    }
    d.debounce.setSingleShot(true);
    connect(&d.debounce, &QTimer::timeout, this, [this] {
        const QSet<QString> paths = std::exchange(m_impl->pending, {});
        Q_EMIT changed(QStringList(paths.begin(), paths.end()));
    });
    connect(&d.poll, &QTimer::timeout, this, [this] {
        for (const QString &root : std::as_const(m_impl->polled))
            m_impl->mark(root);
    });
}

FolderWatcher::~FolderWatcher() = default;

void FolderWatcher::setFolders(const QStringList &roots)
{
    Impl &d = *m_impl;
    for (const QString &old : std::as_const(d.roots)) {
        if (!roots.contains(old)) {
            d.unwatchBelow(old);
            d.polled.remove(old);
        }
    }
    const QStringList before = std::exchange(d.roots, roots);
    for (const QString &root : roots) {
        if (before.contains(root))
            continue;
        const std::string path = pathOfText(root);
        if (d.fd < 0)
            d.degrade(this, root,
                      {ErrorCode::TooLarge,
                       "the system gives out no more inotify instances (fs.inotify.max_user_instances)"});
        else if (needsPolling(path))
            d.degrade(this, root,
                      {ErrorCode::Unsupported, "a network file system does not tell what changes"});
        else
            d.watchTree(this, root, path);
    }
    if (d.polled.isEmpty())
        d.poll.stop();
}

void FolderWatcher::setExclusions(const Exclusions &exclusions)
{
    Impl &d = *m_impl;
    if (d.exclusions.patterns() == exclusions.patterns())
        return;
    const QStringList roots = d.roots;
    setFolders({});
    d.exclusions = exclusions;
    setFolders(roots);
}

} // namespace yingxun::jobs
