// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/path_within.h"
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <array>
#include <string>
#include <string_view>

namespace yingxun::db {
namespace {

// Joining makes text of the blobs, byte by byte.
constexpr std::array kMoveRows{
    "UPDATE OR REPLACE photo SET path = CAST(? || substr(path, ?) AS BLOB)"
    " WHERE path >= ? AND path < ? AND folder = ?",
    "UPDATE OR REPLACE problem SET path = CAST(? || substr(path, ?) AS BLOB)"
    " WHERE path >= ? AND path < ? AND folder = ?",
};
constexpr std::array kMoveHistory{
    "UPDATE OR REPLACE succession SET path = CAST(? || substr(path, ?) AS BLOB) WHERE path >= ? AND path < ?",
    "UPDATE OR REPLACE vanished SET path = CAST(? || substr(path, ?) AS BLOB) WHERE path >= ? AND path < ?",
};
constexpr const char *kMoveMountPoints = "UPDATE OR REPLACE mount_point SET path = CAST(? || substr(path, ?) "
                                         "AS BLOB) WHERE path >= ? AND path < ?";
constexpr std::array kForgetOthers{
    "DELETE FROM photo WHERE path >= ? AND path < ? AND folder NOT IN (SELECT value FROM json_each(?))",
    "DELETE FROM problem WHERE path >= ? AND path < ? AND folder NOT IN (SELECT value FROM json_each(?))",
};

/// Gives paths below a directory the same place below another one.
struct Move {
    PathRange from;
    PathRange to;

    Statement prepared(Database &database, const char *sql) const
    {
        Statement update = database.prepare(sql);
        update.bind(bytes(to.below)).bind(static_cast<std::int64_t>(from.below.size()) + 1);
        update.bind(bytes(from.below)).bind(bytes(from.end));
        return update;
    }
};

} // namespace

Result<void> Catalogue::moveFolder(FolderId folder, const std::string &path)
{
    auto all = folders();
    if (!all)
        return all.propagate();
    std::string before;
    std::string kept = '[' + std::to_string(folder.value);
    for (const Folder &other : *all) {
        if (other.id == folder)
            before = other.path;
        else if (other.path == path)
            return fail(ErrorCode::InvalidArgument, path + " is a folder of the library already");
        else if (isWithin(other.path, path))
            kept += ',' + std::to_string(other.id.value);
    }
    kept += ']';
    if (before.empty() || before == path)
        return {};
    const Move move{PathRange(before), PathRange(path)};
    // A power cut must not leave the photos of two disks at each other's paths while the folders have changed
    // places; and what a moved row replaces is told by triggers.
    if (auto done = m_impl->cache.execute("PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON"); !done)
        return done;
    // Photos before the folder itself: what breaks off in between is found to be elsewhere again.
    Transaction photos(m_impl->cache);
    for (const char *sql : kForgetOthers) {
        Statement forget = m_impl->cache.prepare(sql);
        forget.bind(bytes(move.to.below)).bind(bytes(move.to.end)).bind(std::string_view(kept));
        if (auto done = forget.run(); !done)
            return done;
    }
    for (const char *sql : kMoveRows) {
        if (auto done = move.prepared(m_impl->cache, sql).bind(folder.value).run(); !done)
            return done;
    }
    if (auto done = move.prepared(m_impl->cache, kMoveMountPoints).run(); !done)
        return done;
    if (auto done = photos.commit(); !done)
        return done;
    if (auto done = m_impl->cache.execute("PRAGMA synchronous = NORMAL; PRAGMA recursive_triggers = OFF");
        !done)
        return done;
    Transaction handMade(m_impl->user);
    for (const char *sql : kMoveHistory) {
        if (auto done = move.prepared(m_impl->user, sql).run(); !done)
            return done;
    }
    Statement update = m_impl->user.prepare("UPDATE folder SET path = ? WHERE id = ?");
    if (auto done = update.bind(bytes(path)).bind(folder.value).run(); !done)
        return done;
    return handMade.commit();
}

} // namespace yingxun::db
