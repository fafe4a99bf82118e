// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/migrations.h"

#include <array>

namespace yingxun::db {
namespace {

constexpr std::array kUserSteps{
    R"sql(
    CREATE TABLE folder (id INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE);
    CREATE TABLE label (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
    CREATE TABLE label_content (
        label INTEGER NOT NULL REFERENCES label (id) ON DELETE CASCADE,
        content BLOB NOT NULL,
        PRIMARY KEY (label, content)) WITHOUT ROWID;
    CREATE INDEX label_content_by_content ON label_content (content);
    CREATE TABLE rating (content BLOB PRIMARY KEY, stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5)) WITHOUT ROWID;
    )sql",
    R"sql(
    CREATE TABLE succession (
        path BLOB NOT NULL, old BLOB NOT NULL, new BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (path, old, new)) WITHOUT ROWID;
    CREATE INDEX succession_by_old ON succession (old, at);
    CREATE TABLE vanished (
        path BLOB PRIMARY KEY, content BLOB NOT NULL, copies INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    )sql",
    // One row with one pattern a line: an empty list is not the same as none.
    R"sql(
    CREATE TABLE exclusion_list (id INTEGER PRIMARY KEY CHECK (id = 1), patterns BLOB NOT NULL);
    )sql",
    // What comes back under another path is known by them.
    R"sql(
    ALTER TABLE folder ADD COLUMN volume BLOB NOT NULL DEFAULT x'';
    ALTER TABLE folder ADD COLUMN volume_label BLOB NOT NULL DEFAULT x'';
    ALTER TABLE folder ADD COLUMN volume_path BLOB NOT NULL DEFAULT x'';
    )sql",
    "CREATE TABLE saved_search (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
    " line TEXT NOT NULL);",
};

constexpr std::array kCacheSteps{
    R"sql(
    CREATE TABLE photo (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        folder INTEGER NOT NULL,
        path BLOB NOT NULL UNIQUE,
        content BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime INTEGER NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        captured INTEGER,
        shown_at INTEGER NOT NULL AS (coalesce(captured, mtime)) STORED);
    CREATE INDEX photo_by_time ON photo (shown_at DESC, path);
    CREATE INDEX photo_by_folder ON photo (folder);
    CREATE INDEX photo_by_content ON photo (content);
    CREATE TABLE thumbnail (content BLOB PRIMARY KEY, jpeg BLOB NOT NULL);
    CREATE TABLE problem (
        path BLOB PRIMARY KEY, folder INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
        code INTEGER NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
    )sql",
    R"sql(
    CREATE TABLE measure (
        content BLOB PRIMARY KEY, sharpness REAL NOT NULL, phash INTEGER NOT NULL) WITHOUT ROWID;
    )sql",
    // What was listed before is tried again once (1: at each run), and then listed by its kind.
    R"sql(
    ALTER TABLE problem ADD COLUMN retry INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE problem ADD COLUMN readers TEXT NOT NULL DEFAULT '';
    )sql",
    // A capture time is what a clock on the wall showed, so the time of a file that has none must be too: it
    // depends on the zone, which a generated column may not.
    R"sql(
    DROP INDEX photo_by_time;
    ALTER TABLE photo DROP COLUMN shown_at;
    ALTER TABLE photo ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
    UPDATE photo SET shown_at = coalesce(
        captured,
        mtime + (strftime('%s', mtime / 1000, 'unixepoch', 'localtime') - mtime / 1000) * 1000,
        mtime);
    CREATE INDEX photo_by_time ON photo (shown_at DESC, path);
    )sql",
    "ALTER TABLE photo ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;",
    "CREATE TABLE mount_point (path BLOB PRIMARY KEY, link INTEGER NOT NULL) WITHOUT ROWID;",
    // Which photos changed, for whoever holds them in memory; only the latest, so that it stays small.
    // Numbers never fall: the highest is never deleted.
    R"sql(
    CREATE TABLE photo_change (number INTEGER PRIMARY KEY, photo INTEGER NOT NULL);
    CREATE TRIGGER photo_change_bound AFTER INSERT ON photo_change BEGIN
        DELETE FROM photo_change WHERE number <= NEW.number - 50000; END;
    CREATE TRIGGER photo_added AFTER INSERT ON photo BEGIN
        INSERT INTO photo_change (photo) VALUES (NEW.id); END;
    CREATE TRIGGER photo_changed AFTER UPDATE ON photo BEGIN
        INSERT INTO photo_change (photo) VALUES (NEW.id); END;
    CREATE TRIGGER photo_removed AFTER DELETE ON photo BEGIN
        INSERT INTO photo_change (photo) VALUES (OLD.id); END;
    )sql",
    R"sql(
    CREATE TABLE unused (content BLOB PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE sweep (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL);
    )sql",
    // Of a new library, or one that splitThumbnails() has been through.
    "DROP TABLE IF EXISTS thumbnail;",
    // One row once a run has looked through all folders: until then, what is not listed is not known to be
    // gone. A file made anew after damage begins without it.
    "CREATE TABLE seen_whole (id INTEGER PRIMARY KEY CHECK (id = 1));",
    // All photos are read at once and sorted in memory; nobody asks for this order any more.
    "DROP INDEX photo_by_time;",
    // Keywords one a line. What a sidecar says goes with the photo whose path it is kept by.
    R"sql(
    CREATE TABLE metadata (
        content BLOB PRIMARY KEY,
        captured INTEGER, utc_offset INTEGER, latitude REAL, longitude REAL, altitude REAL,
        make TEXT NOT NULL, model TEXT NOT NULL, lens TEXT NOT NULL,
        iso REAL, exposure REAL, f_number REAL, focal_length REAL,
        rating INTEGER, keywords TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL);
    CREATE TABLE sidecar (
        photo BLOB PRIMARY KEY, path BLOB NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
        captured INTEGER, utc_offset INTEGER, latitude REAL, longitude REAL, altitude REAL,
        make TEXT NOT NULL, model TEXT NOT NULL, lens TEXT NOT NULL,
        iso REAL, exposure REAL, f_number REAL, focal_length REAL,
        rating INTEGER, keywords TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL);
    CREATE TRIGGER sidecar_of_removed AFTER DELETE ON photo BEGIN
        DELETE FROM sidecar WHERE photo = OLD.path; END;
    CREATE TRIGGER sidecar_of_moved AFTER UPDATE OF path ON photo WHEN NEW.path <> OLD.path BEGIN
        DELETE FROM sidecar WHERE photo = OLD.path; END;
    )sql",
    // With the contents: questions by them are answered from here alone.
    R"sql(
    CREATE INDEX metadata_by_camera ON metadata (make, model, content);
    CREATE INDEX metadata_by_lens ON metadata (lens, content);
    CREATE INDEX metadata_with_place ON metadata (content) WHERE latitude IS NOT NULL;
    )sql",
    // Of contents that were looked at for moments: their times, ms, as decimal numbers, a space between two.
    // Numbers never fall, so that who knows all up to one asks for those above.
    R"sql(
    CREATE TABLE film (
        number INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB NOT NULL UNIQUE, times TEXT NOT NULL);
    )sql",
    // What metadata say of the time was shown, but photos stood where the decoder's own reading put them.
    R"sql(
    UPDATE photo SET captured = said.captured, shown_at = said.captured FROM metadata AS said
        WHERE photo.content = said.content AND said.captured IS NOT NULL
        AND photo.captured IS NOT said.captured;
    UPDATE photo SET captured = said.captured, shown_at = said.captured FROM sidecar AS said
        WHERE photo.path = said.photo AND said.captured IS NOT NULL AND photo.captured IS NOT said.captured;
    )sql",
    // Whether a video without moments has none, or had broken a decoder, was not noted: it is asked once
    // more.
    R"sql(
    ALTER TABLE film ADD COLUMN broken_readers TEXT NOT NULL DEFAULT '';
    UPDATE film SET broken_readers = 'unknown' WHERE times = ''
        AND content IN (SELECT content FROM photo WHERE kind = 1);
    )sql",
};

constexpr std::array kThumbnailSteps{
    // There already in what was cache.db.
    "CREATE TABLE IF NOT EXISTS thumbnail (content BLOB PRIMARY KEY, jpeg BLOB NOT NULL);",
};

/// Steps done. Errors: Unsupported (more than we know), Io.
Result<std::size_t> versionOf(Database &database, std::span<const char *const> steps)
{
    Statement query = database.prepare("PRAGMA user_version");
    auto row = query.step();
    if (!row)
        return row.propagate();
    const std::int64_t version = query.integer(0);
    if (version > std::ssize(steps))
        return fail(ErrorCode::Unsupported,
                    "the catalogue was written by a newer Yingxun; install that version");
    return static_cast<std::size_t>(version);
}

} // namespace

const std::span<const char *const> kUserMigrations(kUserSteps);
const std::span<const char *const> kCacheMigrations(kCacheSteps);
const std::span<const char *const> kThumbnailMigrations(kThumbnailSteps);
static_assert(kStepsBeforeSplit < kCacheSteps.size());

Result<void> migrate(Database &database, std::span<const char *const> steps)
{
    // Immediate: of two programs that start together one waits, and finds the work done.
    Transaction transaction(database);
    auto version = versionOf(database, steps);
    if (!version)
        return version.propagate();
    for (std::size_t i = *version; i < steps.size(); ++i) {
        const std::string step = std::string(steps[i]) + "PRAGMA user_version = " + std::to_string(i + 1);
        if (auto done = database.execute(step); !done)
            return done;
    }
    return transaction.commit();
}

Result<void> refuseNewer(Database &database, std::span<const char *const> steps)
{
    auto version = versionOf(database, steps);
    return version ? Result<void>() : version.propagate();
}

Result<void> requireCurrent(Database &database, std::span<const char *const> steps)
{
    auto version = versionOf(database, steps);
    if (!version)
        return version.propagate();
    if (*version < steps.size())
        return fail(ErrorCode::Unsupported,
                    "the catalogue was written by an older Yingxun; open it once with this "
                    "one where it can be written");
    return {};
}

} // namespace yingxun::db
