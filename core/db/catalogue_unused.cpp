// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <algorithm>

namespace yingxun::db {

Result<std::vector<ContentHash>> Catalogue::derivedContents()
{
    auto contents = m_impl->cache
                        .prepare("SELECT content FROM measure UNION SELECT content FROM metadata"
                                 " UNION SELECT content FROM film")
                        .all(readContent);
    if (!contents)
        return contents;
    auto others = m_impl->thumbnails.prepare("SELECT content FROM thumbnail").all(readContent);
    if (!others)
        return others;
    contents->insert(contents->end(), others->begin(), others->end());
    std::sort(contents->begin(), contents->end());
    contents->erase(std::unique(contents->begin(), contents->end()), contents->end());
    return contents;
}

Result<std::vector<Unused>> Catalogue::unused()
{
    return m_impl->cache.prepare("SELECT content, since FROM unused").all([](const Statement &row) {
        return Unused{row.content(0), row.integer(1)};
    });
}

Result<void> Catalogue::putUnused(std::span<const Unused> contents)
{
    Transaction transaction(m_impl->cache);
    Statement put = m_impl->cache.prepare("INSERT INTO unused (content, since) VALUES (?, ?)"
                                          " ON CONFLICT (content) DO UPDATE SET since = excluded.since");
    for (const Unused &one : contents) {
        if (auto done = put.bind(one.content).bind(one.sinceMs).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::removeUnused(std::span<const ContentHash> contents)
{
    Transaction transaction(m_impl->cache);
    Statement remove = m_impl->cache.prepare("DELETE FROM unused WHERE content = ?");
    for (const ContentHash &content : contents) {
        if (auto done = remove.bind(content).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<Purged> Catalogue::purge(std::span<const ContentHash> contents)
{
    // Else what was deleted stays readable in the file until something else takes its place.
    for (Database *database : {&m_impl->cache, &m_impl->thumbnails}) {
        if (auto set = database->execute("PRAGMA secure_delete = ON"); !set)
            return set.propagate();
    }
    // No photo can come while it lasts.
    Transaction transaction(m_impl->cache);
    Transaction ofThumbnails(m_impl->thumbnails);
    Statement isUsed = m_impl->cache.prepare("SELECT 1 FROM photo WHERE content = ?");
    Statement thumbnail =
        m_impl->thumbnails.prepare("DELETE FROM thumbnail WHERE content = ? RETURNING length(jpeg)");
    Statement measure = m_impl->cache.prepare("DELETE FROM measure WHERE content = ?");
    Statement metadata = m_impl->cache.prepare("DELETE FROM metadata WHERE content = ?");
    Statement film = m_impl->cache.prepare("DELETE FROM film WHERE content = ?");
    Purged purged;
    for (const ContentHash &content : contents) {
        const auto used = isUsed.bind(content).step();
        if (!used)
            return used.propagate();
        if (auto done = isUsed.run(); !done)
            return done.propagate();
        if (*used)
            continue;
        auto row = thumbnail.bind(content).step();
        if (!row)
            return row.propagate();
        if (*row) {
            ++purged.thumbnails;
            purged.bytes += thumbnail.integer(0);
        }
        if (auto done = thumbnail.run(); !done)
            return done.propagate();
        if (auto done = measure.bind(content).run(); !done)
            return done.propagate();
        purged.measures += m_impl->cache.changedRows() ? 1 : 0;
        for (Statement *one : {&metadata, &film}) {
            if (auto done = one->bind(content).run(); !done)
                return done.propagate();
        }
    }
    auto done = ofThumbnails.commit();
    if (done)
        done = transaction.commit();
    if (!done)
        return done.propagate();
    return purged;
}

Result<std::optional<std::int64_t>> Catalogue::sweptAt()
{
    Statement query = m_impl->cache.prepare("SELECT at FROM sweep");
    auto row = query.step();
    if (!row)
        return row.propagate();
    return *row ? std::optional(query.integer(0)) : std::nullopt;
}

Result<void> Catalogue::setSweptAt(std::int64_t timeMs)
{
    return m_impl->cache
        .prepare("INSERT INTO sweep (id, at) VALUES (1, ?)"
                 " ON CONFLICT (id) DO UPDATE SET at = excluded.at")
        .bind(timeMs)
        .run();
}

Result<bool> Catalogue::isSeenWhole()
{
    return m_impl->cache.prepare("SELECT 1 FROM seen_whole").step();
}

Result<void> Catalogue::setSeenWhole()
{
    return m_impl->cache.prepare("INSERT OR IGNORE INTO seen_whole (id) VALUES (1)").run();
}

} // namespace yingxun::db
