// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/thumbnail_split.h"

#include "core/base/private_files.h"
#include "core/db/lock.h"
#include "core/db/migrations.h"
#include "core/db/sqlite.h"

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace yingxun::db {
namespace {

namespace fs = std::filesystem;

struct Object {
    std::string name;
    std::string sql;
};

/// Tables, indices or triggers of a database, but for the thumbnails' and SQLite's own.
Result<std::vector<Object>> objects(Database &database, const char *type)
{
    return database
        .prepare("SELECT name, sql FROM main.sqlite_master WHERE type = ? AND tbl_name <> 'thumbnail'"
                 " AND name NOT LIKE 'sqlite%' AND sql IS NOT NULL")
        .bind(std::string_view(type))
        .all([](const Statement &row) {
            return Object{row.text(0), row.text(1)};
        });
}

Result<bool> hasTable(Database &database, const char *name)
{
    return database.prepare("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?")
        .bind(std::string_view(name))
        .step();
}

/// The statement that makes the object in the database that is attached as `apart`.
std::string madeApart(const Object &object)
{
    // Stored as "CREATE TABLE photo …", "CREATE INDEX photo_by_folder ON photo …".
    const std::size_t name = object.sql.find(object.name);
    return object.sql.substr(0, name) + "apart." + object.sql.substr(name) + ';';
}

/// Copies all but the thumbnails, in one transaction.
Result<void> copyRest(Database &old, const fs::path &to)
{
    if (auto attached = old.prepare("ATTACH ? AS apart").bind(std::string_view(to.native())).run(); !attached)
        return attached;
    std::string sql = "PRAGMA apart.synchronous = FULL; BEGIN IMMEDIATE;";
    // Indices and triggers when all rows are there: quicker, and no row is taken for a change.
    for (const char *type : {"table", "index", "trigger"}) {
        auto found = objects(old, type);
        if (!found)
            return found.propagate();
        for (const Object &object : *found) {
            sql += madeApart(object);
            if (std::string_view(type) == "table")
                sql += "INSERT INTO apart." + object.name + " SELECT * FROM main." + object.name + ';';
        }
    }
    sql += "DELETE FROM apart.sqlite_sequence; INSERT INTO apart.sqlite_sequence SELECT * FROM"
           " main.sqlite_sequence; PRAGMA apart.user_version = " +
           std::to_string(kStepsBeforeSplit) + "; COMMIT; DETACH apart;";
    return old.execute(sql);
}

Result<void> giveName(const fs::path &from, const fs::path &to)
{
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        return fail(ErrorCode::Io, from.string() + " cannot be renamed: " + error.message());
    return {};
}

/// The log goes into the file, and from now on there is none: left behind under the old name, it would be
/// taken for the new file's. Errors: Io (another program, of whatever kind, has the database open).
Result<void> foldLog(Database &old, const fs::path &file)
{
    auto mode =
        old.prepare("PRAGMA journal_mode = DELETE").all([](const Statement &row) { return row.text(0); });
    std::error_code error;
    if (mode && *mode == std::vector<std::string>{"delete"} && !fs::exists(file.string() + "-wal", error))
        return {};
    return fail(ErrorCode::Io, file.string() +
                                   " has to be brought up to date, but another program has it open" +
                                   (mode ? "" : " (" + mode.error().message + ')') +
                                   ". Close every program that uses it and start again");
}

void removeCopy(const fs::path &apart)
{
    std::error_code error;
    fs::remove(apart, error);
    fs::remove(apart.string() + "-journal", error);
}

/// Leaves nothing but thumbnails; from then on the copy is what counts.
Result<void> dropRest(Database &old)
{
    auto tables = objects(old, "table");
    if (!tables)
        return tables.propagate();
    std::string sql = "BEGIN IMMEDIATE;";
    for (const Object &table : *tables)
        sql += "DROP TABLE " + table.name + ';';
    return old.execute(sql + "PRAGMA user_version = 0; COMMIT;");
}

} // namespace

Result<void> splitThumbnails(const fs::path &dataDirectory, const CatalogueLock &lock)
{
    const fs::path cache = dataDirectory / "cache.db";
    const fs::path thumbnails = dataDirectory / "thumbs.db";
    const fs::path apart = dataDirectory / "cache.new";
    std::error_code error;
    if (fs::exists(cache, error)) {
        auto old = Database::open(cache);
        if (!old)
            return old.propagate();
        const auto isOld = hasTable(*old, "thumbnail");
        if (!isOld)
            return isOld.propagate();
        if (!*isOld) {
            removeCopy(apart); // Of an old file that turned out to be damaged, and is set aside.
            return {};
        }
        if (!lock.isAlone())
            return fail(ErrorCode::Io, "the library is of an older Yingxun and has to be brought up to date. "
                                       "Close every Yingxun and start again");
        const auto isWhole = hasTable(*old, "photo"); // Else it broke off after the rest was dropped.
        if (!isWhole)
            return isWhole.propagate();
        if (!*isWhole && !fs::exists(apart, error))
            return {}; // None of ours.
        if (auto done = foldLog(*old, cache); !done)
            return done;
        if (*isWhole) {
            removeCopy(apart);
            auto done = migrate(*old, kCacheMigrations.first(kStepsBeforeSplit));
            if (done) {
                makePrivateFile(apart);
                done = copyRest(*old, apart);
            }
            if (done)
                done = dropRest(*old);
            if (!done)
                return done;
        }
    } else if (!fs::exists(apart, error)) {
        return {}; // A new library.
    }
    // Closed by now, so that no log is left behind under the old name.
    if (fs::exists(cache, error)) {
        for (const char *suffix :
             {"-wal", "-shm"}) // Of another thumbs.db: its log would be taken for this one's.
            fs::remove(thumbnails.string() + suffix, error);
        if (auto renamed = giveName(cache, thumbnails); !renamed)
            return renamed;
    }
    return fs::exists(apart, error) ? giveName(apart, cache) : Result<void>();
}

} // namespace yingxun::db
