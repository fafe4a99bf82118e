// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/file_walk.h"

#include "core/image/format.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <memory>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace yingxun::jobs {
namespace {

using DirectoryKey = std::pair<dev_t, ino_t>;

FoundFile described(const std::string &path, const struct stat &status)
{
    return {path, status.st_size,
            std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000};
}

bool isWanted(const FoundFile &file, const WalkRules &rules)
{
    return image::hasPictureEnding(file.path) || (rules.isPicture && rules.isPicture(file));
}

/// Names in a directory, sorted; nothing when it cannot be read.
std::optional<std::vector<std::string>> entries(const std::string &directory)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> handle(::opendir(directory.c_str()), &::closedir);
    if (!handle)
        return std::nullopt;
    std::vector<std::string> names;
    while (const dirent *entry = ::readdir(handle.get())) {
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
            names.emplace_back(entry->d_name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string joined(const std::string &directory, const std::string &name)
{
    return directory.ends_with('/') ? directory + name : directory + '/' + name;
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
    }

    WalkReport operator()(const std::string &top)
    {
        WalkReport report;
        enter(top);
        while (!m_pending.empty() && !m_stop.stop_requested()) {
            const std::string directory = std::move(m_pending.back());
            m_pending.pop_back();
            if (m_onDirectory && !m_onDirectory(directory))
                break;
            const auto names = entries(directory);
            if (!names)
                continue;
            if (directory == top) {
                report.readable = true;
                report.empty = names->empty();
            }
            visit(directory, *names);
        }
        return report;
    }

private:
    void enter(const std::string &directory)
    {
        struct stat status {
        };
        if (::stat(directory.c_str(), &status) == 0 && m_seen.insert({status.st_dev, status.st_ino}).second)
            m_pending.push_back(directory);
    }
    void visit(const std::string &directory, const std::vector<std::string> &names)
    {
        std::vector<std::string> below;
        for (const std::string &name : names) {
            if (m_stop.stop_requested())
                return;
            const std::string path = joined(directory, name);
            struct stat status {
            };
            if (m_rules.exclusions.excludesEntry(path, m_rules.root) || ::stat(path.c_str(), &status) != 0)
                continue;
            if (S_ISDIR(status.st_mode))
                below.push_back(path);
            else if (S_ISREG(status.st_mode) && m_onFile && isWanted(described(path, status), m_rules))
                m_onFile(described(path, status));
        }
        std::for_each(below.rbegin(), below.rend(), [this](const std::string &path) { enter(path); });
    }

    const WalkRules &m_rules;
    std::stop_token m_stop;
    std::function<void(FoundFile)> m_onFile;
    std::function<bool(const std::string &)> m_onDirectory;
    std::vector<std::string> m_pending;
    std::set<DirectoryKey> m_seen; // Ends loops of links and bind mounts.
};

} // namespace

WalkReport walkPhotos(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                      const std::function<void(FoundFile)> &onFile)
{
    if (rules.exclusions.excludes(path, rules.root))
        return {true, false}; // Nothing in it is to be found, for certain.
    if (auto file = examine(path)) {
        if (isWanted(*file, rules))
            onFile(*std::move(file));
        return {true, false};
    }
    return Walk(rules, stop, onFile, {})(path);
}

void walkDirectories(const std::string &path, const WalkRules &rules, const std::stop_token &stop,
                     const std::function<bool(const std::string &)> &onDirectory)
{
    if (!rules.exclusions.excludes(path, rules.root))
        Walk(rules, stop, {}, onDirectory)(path);
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

bool hasEntries(const std::string &directory)
{
    const auto names = entries(directory);
    return names && !names->empty();
}

bool isWithin(std::string_view path, std::string_view top)
{
    while (top.size() > 1 && top.ends_with('/'))
        top.remove_suffix(1);
    return path == top || (path.starts_with(top) && (top == "/" || path.substr(top.size()).starts_with('/')));
}

} // namespace yingxun::jobs
