// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/file_walk.h"

#include "core/base/path_within.h"
#include "core/image/format.h"
#include "core/ingest/growing_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace yingxun::ingest {
namespace {

using DirectoryKey = std::pair<dev_t, ino_t>;

FoundFile described(const std::string &path, const struct stat &status)
{
    FoundFile file;
    file.path = path;
    file.sizeBytes = status.st_size;
    file.mtimeMs = std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000;
    return file;
}

bool isWanted(const FoundFile &file, const WalkRules &rules)
{
    return !isNamedAsUnfinished(file.path) &&
           (image::hasPictureEnding(file.path) || (rules.isPicture && rules.isPicture(file)));
}

struct DirectoryEntries {
    std::vector<std::string> names; ///< Sorted.
    int error = 0;                  ///< An errno: they are not all.
};

DirectoryEntries entries(const std::string &directory)
{
    DirectoryEntries listed;
    const std::unique_ptr<DIR, int (*)(DIR *)> handle(::opendir(directory.c_str()), &::closedir);
    if (!handle) {
        listed.error = errno;
        return listed;
    }
    for (;;) {
        errno = 0; // The end and a failure look alike.
        const dirent *entry = ::readdir(handle.get());
        if (entry == nullptr) {
            listed.error = errno;
            break;
        }
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
            listed.names.emplace_back(entry->d_name);
    }
    std::sort(listed.names.begin(), listed.names.end());
    return listed;
}

std::string canonical(const std::string &path)
{
    const std::unique_ptr<char, void (*)(void *)> found(::realpath(path.c_str(), nullptr), &::free);
    return found ? found.get() : path;
}

std::string joined(const std::string &directory, const std::string &name)
{
    return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

/// See FoundFile::sidecar. `isListed` spares looking for names that the directory does not have.
std::optional<SidecarFile> sidecarOf(const std::string &path,
                                     const std::function<bool(const std::string &)> &isListed)
{
    for (const std::string &candidate : sidecarNames(path)) {
        if (!isListed(candidate.substr(path.find_last_of('/') + 1)))
            continue;
        if (const auto file = examine(candidate))
            return SidecarFile{file->path, file->sizeBytes, file->mtimeMs};
    }
    return std::nullopt;
}

/// One walk over one tree, with an own stack: deep trees must not exhaust the thread's.
class Walk
{
public:
    Walk(const WalkRules &rules, std::stop_token stop, std::function<void(FoundFile)> onFile,
         std::function<bool(const std::string &)> onDirectory)
        : m_rules(rules), m_stop(std::move(stop)), m_onFile(std::move(onFile)),
          m_onDirectory(std::move(onDirectory))
    {
        for (const std::string &folder : rules.folders)
            m_folders.emplace_back(folder, canonical(folder));
    }

    WalkReport operator()(const std::string &top)
    {
        if (m_rules.onMountPoint && isMountPoint(top))
            m_rules.onMountPoint(top);
        enter(top);
        while (!m_pending.empty() && !m_stop.stop_requested()) {
            const std::string directory = std::move(m_pending.back());
            m_pending.pop_back();
            if (m_onDirectory && !m_onDirectory(directory))
                break;
            const DirectoryEntries listed = entries(directory);
            if (listed.error != 0)
                m_report.unseen.push_back({directory, listed.error, true});
            if (directory == top) {
                m_report.readable = listed.error == 0;
                m_report.empty = listed.names.empty();
            }
            visit(directory, listed.names);
        }
        return std::move(m_report);
    }

    /// Whether a walk of the library comes to a directory by another path as well: it is one of its folders,
    /// or a link into one.
    bool isWalkedElsewhere(const std::string &directory) const
    {
        if (m_onFile &&
            std::find(m_rules.folders.begin(), m_rules.folders.end(), directory) != m_rules.folders.end())
            return true;
        struct stat link {
        };
        if (m_folders.empty() || ::lstat(directory.c_str(), &link) != 0 || !S_ISLNK(link.st_mode))
            return false;
        const std::string target = canonical(directory); // Itself where it leads nowhere.
        if (target == directory)
            return false;
        return std::any_of(m_folders.begin(), m_folders.end(), [&](const auto &folder) {
            const auto &[path, place] = folder;
            return isWithin(target, place) &&
                   !m_rules.exclusions.excludes(path + target.substr(place.size()), path);
        });
    }

private:
    void enter(const std::string &directory)
    {
        struct stat status {
        };
        if (::stat(directory.c_str(), &status) != 0)
            noteUnseen(directory, errno);
        else if (m_seen.insert({status.st_dev, status.st_ino}).second)
            m_pending.push_back(directory);
    }
    /// The entry may have vanished since it was listed; a link that leads nowhere has not.
    void noteUnseen(const std::string &path, int error)
    {
        struct stat link {
        };
        if (error != ENOENT || ::lstat(path.c_str(), &link) == 0)
            m_report.unseen.push_back({path, error});
    }
    void visit(const std::string &directory, const std::vector<std::string> &names)
    {
        struct stat own {
        };
        const bool knowsDevice = ::stat(directory.c_str(), &own) == 0;
        std::vector<std::string> below;
        for (const std::string &name : names) {
            if (m_stop.stop_requested())
                return;
            const std::string path = joined(directory, name);
            struct stat status {
            };
            if (m_rules.exclusions.excludesEntry(path, m_rules.root))
                continue;
            if (::stat(path.c_str(), &status) != 0) {
                noteUnseen(path, errno);
            } else if (S_ISDIR(status.st_mode)) {
                if (isWalkedElsewhere(path))
                    continue;
                if (m_rules.onMountPoint && knowsDevice && status.st_dev != own.st_dev)
                    m_rules.onMountPoint(path);
                below.push_back(path);
            } else if (S_ISREG(status.st_mode) && m_onFile && isWanted(described(path, status), m_rules)) {
                FoundFile file = described(path, status);
                file.sidecar = sidecarOf(path, [&names](const std::string &beside) {
                    return std::binary_search(names.begin(), names.end(), beside);
                });
                m_onFile(std::move(file));
            }
        }
        std::for_each(below.rbegin(), below.rend(), [this](const std::string &path) { enter(path); });
    }

    const WalkRules &m_rules;
    std::stop_token m_stop;
    std::function<void(FoundFile)> m_onFile;
    std::function<bool(const std::string &)> m_onDirectory;
    std::vector<std::pair<std::string, std::string>> m_folders; // With their canonical paths.
    std::vector<std::string> m_pending;
    WalkReport m_report;
    std::set<DirectoryKey> m_seen; // Ends loops of links and bind mounts.
};

} // namespace

WalkReport walkPhotos(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                      const std::function<void(FoundFile)> &onFile)
{
    if (rules.exclusions.excludes(path, rules.root))
        return {true, false, {}}; // Nothing in it is to be found, for certain.
    Walk walk(rules, stop, onFile, {});
    for (std::size_t end = rules.root.size(); end < path.size();) {
        end = std::min(path.find('/', end + 1), path.size());
        if (walk.isWalkedElsewhere(path.substr(0, end)))
            return {true, false, {}};
    }
    if (auto file = examine(path)) {
        if (isWanted(*file, rules)) {
            file->sidecar = sidecarOf(path, [](const std::string &) { return true; });
            onFile(*std::move(file));
        }
        return {true, false, {}};
    }
    return walk(path);
}

void walkDirectories(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                     const std::function<bool(const std::string &)> &onDirectory)
{
    if (!rules.exclusions.excludes(path, rules.root))
        Walk(rules, stop, {}, onDirectory)(path);
}

std::vector<std::string> sidecarNames(const std::string &photo)
{
    const std::size_t nameAt = photo.find_last_of('/') + 1;
    const std::size_t dot = photo.find_last_of('.');
    std::vector<std::string> names{photo + ".xmp", photo + ".XMP"};
    if (dot != std::string::npos && dot > nameAt) {
        names.push_back(photo.substr(0, dot) + ".xmp");
        names.push_back(photo.substr(0, dot) + ".XMP");
    }
    return names;
}

Result<FoundFile> examine(const std::string &path)
{
    struct stat status {
    };
    if (::stat(path.c_str(), &status) != 0) {
        const bool gone = errno == ENOENT || errno == ENOTDIR;
        return fail(gone ? ErrorCode::NotFound : ErrorCode::Io, path + ": " + std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Unsupported, path + " is not a regular file");
    return described(path, status);
}

bool isMountPoint(const std::string &directory)
{
    const std::size_t slash = directory.find_last_of('/');
    const std::string parent = slash == 0 ? "/" : directory.substr(0, slash);
    struct stat own {
    };
    struct stat above {
    };
    return slash != std::string::npos && ::stat(directory.c_str(), &own) == 0 &&
           ::stat(parent.c_str(), &above) == 0 && own.st_dev != above.st_dev;
}

bool hasEntries(const std::string &directory)
{
    return !entries(directory).names.empty();
}

} // namespace yingxun::ingest
