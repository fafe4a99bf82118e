// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/local_time.h"
#include "core/db/catalogue.h"
#include "core/db/catalogue_folders.h"
#include "core/db/catalogue_impl.h"
#include "core/db/companion_rows.h"
#include "core/db/succession.h"

#include <algorithm>
#include <utility>

namespace yingxun::db {
namespace {

constexpr const char *kPhotoColumns =
    "SELECT id, folder, path, content, size, mtime, width, height, captured, kind, shown_at FROM photo ";

void readInto(Photo &photo, const Statement &row)
{
    photo.id = {row.integer(0)};
    photo.folder = {row.integer(1)};
    const auto path = row.blob(2);
    photo.path.assign(reinterpret_cast<const char *>(path.data()), path.size());
    photo.hash = row.content(3);
    photo.sizeBytes = row.integer(4);
    photo.mtimeMs = row.integer(5);
    photo.width = static_cast<int>(row.integer(6));
    photo.height = static_cast<int>(row.integer(7));
    photo.captureTimeMs = row.isNull(8) ? std::nullopt : std::optional(row.integer(8));
    photo.kind = row.integer(9) == 1 ? MediaKind::Video : MediaKind::Photo;
}

Photo readPhoto(const Statement &row)
{
    Photo photo;
    readInto(photo, row);
    return photo;
}

Result<std::optional<Photo>> readOnePhoto(Statement query)
{
    auto photos = query.all(readPhoto);
    if (!photos)
        return photos.propagate();
    return photos->empty() ? std::optional<Photo>() : std::optional(photos->front());
}

} // namespace

Result<void> Catalogue::putPhotos(std::span<const Photo> photos)
{
    // First: should the second step fail, the same photos come again and hand on no more.
    if (auto carried = carryOver(m_impl->user, m_impl->cache, photos); !carried)
        return carried;
    Transaction transaction(m_impl->cache);
    Statement upsert = m_impl->cache.prepare(
        "INSERT INTO photo (folder, path, content, size, mtime, width, height, captured, shown_at, kind)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET folder = excluded.folder,"
        " content = excluded.content, size = excluded.size, mtime = excluded.mtime, width = excluded.width,"
        " height = excluded.height, captured = excluded.captured, shown_at = excluded.shown_at,"
        " kind = excluded.kind");
    Statement solved = m_impl->cache.prepare("DELETE FROM problem WHERE path = ?");
    auto live = liveFolders(m_impl->user);
    if (!live)
        return live.propagate();
    for (const Photo &photo : photos) {
        if (!live->contains(photo.folder))
            continue;
        auto done = upsert.bind(photo.folder.value)
                        .bind(bytes(photo.path))
                        .bind(photo.hash)
                        .bind(photo.sizeBytes)
                        .bind(photo.mtimeMs)
                        .bind(photo.width)
                        .bind(photo.height)
                        .bind(photo.captureTimeMs)
                        .bind(photo.captureTimeMs.value_or(localWallClockMs(photo.mtimeMs)))
                        .bind(static_cast<int>(photo.kind))
                        .run();
        if (done)
            done = solved.bind(bytes(photo.path)).run();
        if (!done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::removePhotos(std::span<const PhotoId> photos)
{
    if (auto remembered = rememberVanished(m_impl->user, m_impl->cache, photos); !remembered)
        return remembered;
    Transaction transaction(m_impl->cache);
    Statement remove = m_impl->cache.prepare("DELETE FROM photo WHERE id = ?");
    for (const PhotoId photo : photos) {
        if (auto done = remove.bind(photo.value).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::discardPhotos(std::span<const Photo> photos)
{
    Transaction transaction(m_impl->cache);
    Statement remove = m_impl->cache.prepare("DELETE FROM photo WHERE path = ? AND content = ?");
    for (const Photo &photo : photos) {
        if (auto done = remove.bind(bytes(photo.path)).bind(photo.hash).run(); !done)
            return done;
    }
    if (auto done = transaction.commit(); !done)
        return done;
    return forgetVanished(m_impl->user, photos); // Last: from now on nobody can remember them anew.
}

Result<void> Catalogue::movePhoto(PhotoId photo, FolderId folder, const std::string &path,
                                  std::int64_t mtimeMs)
{
    Transaction transaction(m_impl->cache);
    auto live = liveFolders(m_impl->user);
    if (!live)
        return live.propagate();
    if (!live->contains(folder))
        return {};
    // A stale row of the new path would stand in the way.
    if (auto done = m_impl->cache.prepare("DELETE FROM photo WHERE path = ? AND id <> ?")
                        .bind(bytes(path))
                        .bind(photo.value)
                        .run();
        !done)
        return done;
    Statement move = m_impl->cache.prepare("UPDATE photo SET folder = ?, path = ?, mtime = ?,"
                                           " shown_at = coalesce(captured, ?) WHERE id = ? RETURNING id");
    auto row = move.bind(folder.value)
                   .bind(bytes(path))
                   .bind(mtimeMs)
                   .bind(localWallClockMs(mtimeMs))
                   .bind(photo.value)
                   .step();
    if (!row)
        return row.propagate();
    if (!*row)
        return fail(ErrorCode::NotFound, "the moved photo is not in the catalogue");
    if (auto done = move.run(); !done)
        return done;
    return transaction.commit();
}

Result<std::vector<Photo>> Catalogue::photos(std::optional<FolderId> folder)
{
    // In the order of the table, and sorted here: by the index each of a million rows is looked up by itself.
    static const std::string kAll = std::string(kPhotoColumns) + "NOT INDEXED";
    static const std::string kOfFolder = std::string(kPhotoColumns) + "WHERE folder = ?";
    Statement query = m_impl->cache.prepare(folder ? kOfFolder.c_str() : kAll.c_str());
    if (folder)
        query.bind(folder->value);
    std::vector<Photo> read;
    std::vector<std::pair<std::int64_t, std::size_t>> order; // Of the time, and in `read`.
    const auto done = query.forEachRow([&](const Statement &row) {
        order.emplace_back(row.integer(10), read.size());
        read.push_back(readPhoto(row));
    });
    if (!done)
        return done.propagate();
    std::sort(order.begin(), order.end(), [&read](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : read[a.second].path < read[b.second].path;
    });
    std::vector<Photo> photos;
    photos.reserve(read.size());
    for (const auto &[at, i] : order)
        photos.push_back(std::move(read[i]));
    return photos;
}

Result<std::optional<Photo>> Catalogue::photo(PhotoId id)
{
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE id = ?";
    Statement query = m_impl->cache.prepare(kSql.c_str());
    query.bind(id.value);
    return readOnePhoto(std::move(query));
}

Result<std::optional<Photo>> Catalogue::photoAt(const std::string &path)
{
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE path = ?";
    Statement query = m_impl->cache.prepare(kSql.c_str());
    query.bind(bytes(path));
    return readOnePhoto(std::move(query));
}

Result<std::vector<Photo>> Catalogue::photosWithin(const std::string &path)
{
    static const std::string kSql =
        std::string(kPhotoColumns) +
        "WHERE path >= ?1 AND path < ?3 AND (path = ?1 OR path > ?2) ORDER BY path";
    const PathRange range(path);
    Statement query = m_impl->cache.prepare(kSql.c_str());
    query.bind(bytes(range.first)).bind(bytes(range.below)).bind(bytes(range.end));
    return query.all(readPhoto);
}

Result<std::vector<ContentHash>> Catalogue::contents()
{
    return m_impl->cache.prepare("SELECT DISTINCT content FROM photo").all(readContent);
}

Result<std::optional<Photo>> Catalogue::firstWithContent(const ContentHash &content)
{
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE content = ? ORDER BY id LIMIT 1";
    Statement query = m_impl->cache.prepare(kSql.c_str());
    query.bind(content);
    return readOnePhoto(std::move(query));
}

Result<std::vector<ContentHash>> Catalogue::companionContents(const Photo &picture)
{
    const auto beside = besideOf(m_impl->cache, picture.path, picture.kind);
    if (!beside)
        return beside.propagate();
    std::vector<ContentHash> contents;
    const bool isItem =
        std::all_of(beside->pictures.begin(), beside->pictures.end(),
                    [&picture](const BesideRow &other) { return picture.id.value <= other.id.value; });
    for (const BesideRow &companion : beside->companions) {
        if (isItem)
            contents.push_back(companion.content);
    }
    return contents;
}

Result<PhotoId> Catalogue::latestPhoto()
{
    Statement query = m_impl->cache.prepare("SELECT coalesce(max(id), 0) FROM photo");
    if (auto row = query.step(); !row)
        return row.propagate();
    return PhotoId{query.integer(0)};
}

Result<std::vector<Photo>> Catalogue::somePhotosOf(FolderId folder, int atMost)
{
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE folder = ? LIMIT ?";
    return m_impl->cache.prepare(kSql.c_str()).bind(folder.value).bind(atMost).all(readPhoto);
}

Result<std::int64_t> Catalogue::photoCount()
{
    Statement query = m_impl->cache.prepare("SELECT count(*) FROM photo");
    if (auto row = query.step(); !row)
        return row.propagate();
    return query.integer(0);
}

Result<std::vector<Photo>> Catalogue::photosWithContent(const ContentHash &content, PhotoId upTo)
{
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE content = ? AND id <= ? ORDER BY id";
    Statement query = m_impl->cache.prepare(kSql.c_str());
    query.bind(content).bind(upTo.value);
    return query.all(readPhoto);
}

Result<void> Catalogue::forEachPhoto(const PhotoVisit &visit)
{
    static const std::string kSql = std::string(kPhotoColumns) + "ORDER BY id";
    Photo photo; // One for all: its path need not be allocated again and again.
    return m_impl->cache.prepare(kSql.c_str()).forEachRow([&](const Statement &row) {
        readInto(photo, row);
        visit(photo, row.integer(10));
    });
}

Result<std::int64_t> Catalogue::photoMoment()
{
    Statement query = m_impl->cache.prepare("SELECT coalesce(max(number), 0) FROM photo_change");
    if (auto row = query.step(); !row)
        return row.propagate();
    return query.integer(0);
}

Result<PhotoChanges> Catalogue::photoChanges(std::int64_t since, const PhotoVisit &visit)
{
    PhotoChanges changes;
    // Not reset before the end: until then all is read of one state.
    Statement bounds = m_impl->cache.prepare("SELECT (SELECT min(number) FROM photo_change),"
                                             " (SELECT max(number) FROM photo_change)");
    if (auto row = bounds.step(); !row)
        return row.propagate();
    changes.moment = bounds.integer(1); // Nothing yet: 0.
    changes.reachesBack = bounds.integer(0) <= since + 1 && since <= changes.moment;
    if (!changes.reachesBack || changes.moment == since)
        return changes;
    auto ids =
        m_impl->cache.prepare("SELECT DISTINCT photo FROM photo_change WHERE number > ? ORDER BY photo")
            .bind(since)
            .all([](const Statement &row) { return PhotoId{row.integer(0)}; });
    if (!ids)
        return ids.propagate();
    static const std::string kSql = std::string(kPhotoColumns) + "WHERE id = ?";
    for (const PhotoId id : *ids) {
        bool isThere = false;
        const auto read = [&](const Statement &row) {
            visit(readPhoto(row), row.integer(10));
            isThere = true;
        };
        if (auto done = m_impl->cache.prepare(kSql.c_str()).bind(id.value).forEachRow(read); !done)
            return done.propagate();
        if (!isThere)
            changes.gone.push_back(id);
    }
    return changes;
}

} // namespace yingxun::db
