// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

namespace yingxun::db {

Result<void> Catalogue::putMeasures(std::span<const Measure> measures)
{
    Transaction transaction(m_impl->cache);
    Statement put = m_impl->cache.prepare(
        "INSERT INTO measure (content, sharpness, phash) VALUES (?, ?, ?) ON CONFLICT (content)"
        " DO UPDATE SET sharpness = excluded.sharpness, phash = excluded.phash");
    for (const Measure &measure : measures) {
        auto done = put.bind(measure.content)
                        .bind(measure.sharpness)
                        .bind(static_cast<std::int64_t>(measure.perceptualHash)) // The same 64 bits.
                        .run();
        if (!done)
            return done;
    }
    return transaction.commit();
}

Result<bool> Catalogue::hasMeasure(const ContentHash &content)
{
    return m_impl->cache.prepare("SELECT 1 FROM measure WHERE content = ?").bind(content).step();
}

Result<std::vector<ContentHash>> Catalogue::completeWithin(const std::string &path)
{
    const PathRange range(path);
    Statement query = m_impl->cache.prepare("SELECT photo.content FROM photo JOIN measure USING (content)"
                                            " JOIN metadata USING (content)"
                                            " WHERE path >= ?1 AND path < ?3 AND (path = ?1 OR path > ?2)");
    return query.bind(bytes(range.first)).bind(bytes(range.below)).bind(bytes(range.end)).all(readContent);
}

Result<std::vector<Measure>> Catalogue::measures()
{
    return m_impl->cache.prepare("SELECT content, sharpness, phash FROM measure")
        .all([](const Statement &row) {
            return Measure{row.content(0), row.real(1), static_cast<std::uint64_t>(row.integer(2))};
        });
}

} // namespace yingxun::db
