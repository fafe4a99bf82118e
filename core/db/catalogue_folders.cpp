// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue_folders.h"

#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <array>
#include <utility>

namespace yingxun::db {
namespace {

std::span<const std::byte> bytes(const std::string &path)
{
    return std::as_bytes(std::span(path));
}

/// Paths below a directory lie between these two, in the order of their bytes.
std::pair<std::string, std::string> rangeBelow(const std::string &directory)
{
    const std::string top = directory == "/" ? std::string() : directory;
    static_assert('/' + 1 == '0');
    return {top + '/', top + '0'};
}

/// Gives what lies below a directory and is a folder's to another one.
Result<void> handOver(Database &cache, FolderId from, FolderId to, const std::string &directory)
{
    const auto [first, end] = rangeBelow(directory);
    for (const char *sql : {"UPDATE photo SET folder = ? WHERE folder = ? AND path >= ? AND path < ?",
                            "UPDATE problem SET folder = ? WHERE folder = ? AND path >= ? AND path < ?"}) {
        auto done =
            cache.prepare(sql).bind(to.value).bind(from.value).bind(bytes(first)).bind(bytes(end)).run();
        if (!done)
            return done;
    }
    return {};
}

bool isAround(const std::string &outer, const std::string &inner)
{
    return outer.size() < inner.size() && inner.starts_with(rangeBelow(outer).first);
}

} // namespace

Result<std::set<FolderId>> liveFolders(Database &user)
{
    std::set<FolderId> live;
    Statement query = user.prepare("SELECT id FROM folder");
    for (;;) {
        auto row = query.step();
        if (!row)
            return row.propagate();
        if (!*row)
            return live;
        live.insert({query.integer(0)});
    }
}

Result<FolderId> Catalogue::addFolder(const std::string &path)
{
    if (auto done = m_impl->user.prepare("INSERT INTO folder (path) VALUES (?) ON CONFLICT (path) DO NOTHING")
                        .bind(bytes(path))
                        .run();
        !done)
        return done.propagate();
    auto all = folders();
    if (!all)
        return all.propagate();
    FolderId id;
    for (const Folder &folder : *all) {
        if (folder.path == path)
            id = folder.id;
    }
    Transaction transaction(m_impl->cache);
    for (const Folder &folder : *all) {
        if (!isAround(folder.path, path))
            continue;
        if (auto done = handOver(m_impl->cache, folder.id, id, path); !done)
            return done.propagate();
    }
    if (auto done = transaction.commit(); !done)
        return done.propagate();
    return id;
}

Result<void> Catalogue::removeFolder(FolderId folder)
{
    // First, see liveFolders(). Should the second step fail, orphans are left, which the next run settles.
    if (auto done = m_impl->user.prepare("DELETE FROM folder WHERE id = ?").bind(folder.value).run(); !done)
        return done;
    auto left = folders();
    if (!left)
        return left.propagate();
    Transaction transaction(m_impl->cache);
    // Innermost first: what it takes is no longer there for those around it.
    for (auto other = left->rbegin(); other != left->rend(); ++other) {
        if (auto done = handOver(m_impl->cache, folder, other->id, other->path); !done)
            return done;
    }
    for (const char *sql : {"DELETE FROM photo WHERE folder = ?", "DELETE FROM problem WHERE folder = ?"}) {
        if (auto done = m_impl->cache.prepare(sql).bind(folder.value).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<std::vector<Folder>> Catalogue::folders()
{
    std::vector<Folder> folders;
    Statement query = m_impl->user.prepare("SELECT id, path FROM folder ORDER BY path");
    for (;;) {
        auto row = query.step();
        if (!row)
            return row.propagate();
        if (!*row)
            return folders;
        folders.push_back({{query.integer(0)}, query.text(1)});
    }
}

Result<void> Catalogue::settleOrphans()
{
    auto live = liveFolders(m_impl->user);
    if (!live)
        return live.propagate();
    std::set<FolderId> orphaned;
    {
        Statement owners = m_impl->cache.prepare("SELECT folder FROM photo UNION SELECT folder FROM problem");
        for (;;) {
            auto row = owners.step();
            if (!row)
                return row.propagate();
            if (!*row)
                break;
            const FolderId owner{owners.integer(0)};
            if (!live->contains(owner))
                orphaned.insert(owner);
        }
    }
    for (const FolderId folder : orphaned) {
        if (auto done = removeFolder(folder); !done)
            return done;
    }
    return {};
}

Result<std::vector<std::string>> Catalogue::mountPoints()
{
    std::vector<std::string> directories;
    Statement query = m_impl->cache.prepare("SELECT path FROM mount_point ORDER BY path");
    for (;;) {
        auto row = query.step();
        if (!row)
            return row.propagate();
        if (!*row)
            return directories;
        directories.push_back(query.text(0));
    }
}

Result<void> Catalogue::setMountPoint(const std::string &directory, bool isOne)
{
    return m_impl->cache
        .prepare(isOne ? "INSERT OR IGNORE INTO mount_point (path) VALUES (?)"
                       : "DELETE FROM mount_point WHERE path = ?")
        .bind(bytes(directory))
        .run();
}

} // namespace yingxun::db
