// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue_folders.h"

#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <algorithm>

namespace yingxun::db {
namespace {

/// Gives what lies below a directory and is a folder's to another one.
Result<void> handOver(Database &cache, FolderId from, FolderId to, const std::string &directory)
{
    const PathRange range(directory);
    for (const char *sql : {"UPDATE photo SET folder = ? WHERE folder = ? AND path >= ? AND path < ?",
                            "UPDATE problem SET folder = ? WHERE folder = ? AND path >= ? AND path < ?"}) {
        auto done = cache.prepare(sql)
                        .bind(to.value)
                        .bind(from.value)
                        .bind(bytes(range.below))
                        .bind(bytes(range.end))
                        .run();
        if (!done)
            return done;
    }
    return {};
}

/// Rows of a folder that is no more go to the folder around it; without one they are forgotten.
Result<void> dissolve(Database &cache, FolderId folder, const std::vector<Folder> &left)
{
    Transaction transaction(cache);
    // Innermost first: what it takes is no longer there for those around it.
    for (auto other = left.rbegin(); other != left.rend(); ++other) {
        if (auto done = handOver(cache, folder, other->id, other->path); !done)
            return done;
    }
    for (const char *sql : {"DELETE FROM photo WHERE folder = ?", "DELETE FROM problem WHERE folder = ?"}) {
        if (auto done = cache.prepare(sql).bind(folder.value).run(); !done)
            return done;
    }
    return transaction.commit();
}

bool isAround(const std::string &outer, const std::string &inner)
{
    return outer.size() < inner.size() && inner.starts_with(PathRange(outer).below);
}

} // namespace

Result<std::set<FolderId>> liveFolders(Database &user)
{
    std::set<FolderId> live;
    const auto done = user.prepare("SELECT id FROM folder").forEachRow([&live](const Statement &row) {
        live.insert({row.integer(0)});
    });
    if (!done)
        return done.propagate();
    return live;
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
    return dissolve(m_impl->cache, folder, *left);
}

Result<void> Catalogue::settleOrphans()
{
    // Owners first: ids are not used twice, so what is missing from the later list was removed.
    // Steps from one folder to the next in the index, whatever the number of photos.
    auto orphaned =
        m_impl->cache
            .prepare("WITH RECURSIVE owner (folder) AS (SELECT min(folder) FROM photo UNION ALL"
                     " SELECT (SELECT min(folder) FROM photo WHERE photo.folder > owner.folder) FROM owner"
                     " WHERE owner.folder IS NOT NULL)"
                     " SELECT folder FROM owner WHERE folder IS NOT NULL UNION SELECT folder FROM problem")
            .all([](const Statement &row) { return FolderId{row.integer(0)}; });
    if (!orphaned)
        return orphaned.propagate();
    auto left = folders();
    if (!left)
        return left.propagate();
    std::erase_if(*orphaned, [&left](FolderId owner) {
        return std::any_of(left->begin(), left->end(),
                           [owner](const Folder &folder) { return folder.id == owner; });
    });
    for (const FolderId folder : *orphaned) {
        if (auto done = dissolve(m_impl->cache, folder, *left); !done)
            return done;
    }
    return {};
}

Result<std::vector<Folder>> Catalogue::folders()
{
    return m_impl->user
        .prepare("SELECT id, path, volume, volume_label, volume_path FROM folder ORDER BY path")
        .all([](const Statement &row) {
            return Folder{{row.integer(0)}, row.text(1), {row.text(2), row.text(3), row.text(4)}};
        });
}

Result<void> Catalogue::setFolderPlace(FolderId folder, const VolumePlace &place)
{
    return m_impl->user
        .prepare("UPDATE folder SET volume = ?, volume_label = ?, volume_path = ? WHERE id = ?")
        .bind(bytes(place.volume))
        .bind(bytes(place.label))
        .bind(bytes(place.path))
        .bind(folder.value)
        .run();
}

Result<std::vector<MountPoint>> Catalogue::mountPoints()
{
    return m_impl->cache.prepare("SELECT path, link FROM mount_point").all([](const Statement &row) {
        return MountPoint{row.text(0), row.integer(1) != 0};
    });
}

Result<void> Catalogue::addMountPoint(const MountPoint &point)
{
    return m_impl->cache.prepare("INSERT OR REPLACE INTO mount_point (path, link) VALUES (?, ?)")
        .bind(bytes(point.directory))
        .bind(point.isLink ? 1 : 0)
        .run();
}

Result<void> Catalogue::removeMountPoint(const std::string &directory)
{
    return m_impl->cache.prepare("DELETE FROM mount_point WHERE path = ?").bind(bytes(directory)).run();
}

} // namespace yingxun::db
