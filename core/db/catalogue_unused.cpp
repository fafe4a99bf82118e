// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

namespace yingxun::db {

Result<std::vector<ContentHash>> Catalogue::derivedContents()
{
    return m_impl->cache.prepare("SELECT content FROM thumbnail UNION SELECT content FROM measure")
        .all(readContent);
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
    if (auto set = m_impl->cache.execute("PRAGMA secure_delete = ON"); !set)
        return set.propagate();
    Transaction transaction(m_impl->cache);
    Statement thumbnail =
        m_impl->cache.prepare("DELETE FROM thumbnail WHERE content = ?1 AND NOT EXISTS"
                              " (SELECT 1 FROM photo WHERE content = ?1) RETURNING length(jpeg)");
    Statement measure = m_impl->cache.prepare("DELETE FROM measure WHERE content = ?1 AND NOT EXISTS"
                                              " (SELECT 1 FROM photo WHERE content = ?1)");
    Purged purged;
    for (const ContentHash &content : contents) {
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
    }
    if (auto done = transaction.commit(); !done)
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

} // namespace yingxun::db
