// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace yingxun::db {
namespace {

/// What is asked of one kind of equipment. Each name is sought behind the one before: SQLite's DISTINCT would
/// read all rows of the index.
struct Questions {
    const char *next;     ///< Behind ?1, ?2.
    const char *contents; ///< With ?1, ?2.
    const char *beside;   ///< Photo, and what it was taken with.
};

constexpr Questions kOfCameras{
    // (make, model) > (?1, ?2) would pass over all photos of a maker at each of his models.
    "SELECT * FROM (SELECT make, model FROM metadata WHERE make = ?1 AND model > ?2 ORDER BY model LIMIT 1)"
    " UNION ALL SELECT * FROM (SELECT make, model FROM metadata WHERE make > ?1 ORDER BY make, model LIMIT 1)"
    " ORDER BY make, model LIMIT 1",
    "SELECT content FROM metadata WHERE make = ?1 AND model = ?2",
    "SELECT photo.id, iif(beside.make <> '', beside.make, coalesce(file.make, '')),"
    " iif(beside.model <> '', beside.model, coalesce(file.model, ''))"
    " FROM sidecar AS beside JOIN photo ON photo.path = beside.photo"
    " LEFT JOIN metadata AS file ON (beside.make = '' OR beside.model = '') AND file.content = photo.content"
    " WHERE beside.make <> '' OR beside.model <> ''"};

constexpr Questions kOfLenses{
    "SELECT ?1, lens FROM metadata WHERE lens > ?2 ORDER BY lens LIMIT 1",
    "SELECT content FROM metadata WHERE ?1 = '' AND lens = ?2",
    "SELECT photo.id, '', beside.lens FROM sidecar AS beside JOIN photo ON photo.path = beside.photo"
    " WHERE beside.lens <> ''"};

const Questions &questions(EquipmentKind kind)
{
    return kind == EquipmentKind::Camera ? kOfCameras : kOfLenses;
}

Result<std::vector<Equipment>> ofFiles(Database &database, EquipmentKind kind)
{
    std::vector<Equipment> found;
    Equipment last; // Whoever says nothing comes first, and is passed over.
    for (;;) {
        Statement next = database.prepare(questions(kind).next);
        const auto row = next.bind(std::string_view(last.make)).bind(std::string_view(last.model)).step();
        if (!row)
            return row.propagate();
        if (!*row)
            return found;
        last = {next.text(0), next.text(1)};
        found.push_back(last);
    }
}

} // namespace

Result<std::vector<Equipment>> Catalogue::equipment(EquipmentKind kind)
{
    auto all = ofFiles(m_impl->cache, kind);
    if (!all)
        return all;
    if (auto done = forEachBeside(kind, [&all](PhotoId, const Equipment &named) { all->push_back(named); });
        !done)
        return done.propagate();
    const auto key = [](const Equipment &one) { return std::tie(one.make, one.model); };
    std::sort(all->begin(), all->end(),
              [key](const Equipment &a, const Equipment &b) { return key(a) < key(b); });
    all->erase(std::unique(all->begin(), all->end(),
                           [key](const Equipment &a, const Equipment &b) { return key(a) == key(b); }),
               all->end());
    return all;
}

Result<std::vector<ContentHash>> Catalogue::contentsBy(EquipmentKind kind, const EquipmentTest &fits)
{
    const auto all = ofFiles(m_impl->cache, kind);
    if (!all)
        return all.propagate();
    std::vector<ContentHash> contents;
    for (const Equipment &one : *all) {
        if (!fits(one))
            continue;
        Statement query = m_impl->cache.prepare(questions(kind).contents);
        if (auto done =
                query.bind(std::string_view(one.make))
                    .bind(std::string_view(one.model))
                    .forEachRow([&contents](const Statement &row) { contents.push_back(row.content(0)); });
            !done)
            return done.propagate();
    }
    return contents;
}

Result<void> Catalogue::forEachBeside(EquipmentKind kind,
                                      const std::function<void(PhotoId, const Equipment &)> &visit)
{
    return m_impl->cache.prepare(questions(kind).beside).forEachRow([&visit](const Statement &row) {
        visit({row.integer(0)}, {row.text(1), row.text(2)});
    });
}

Result<std::vector<ContentHash>> Catalogue::contentsWithPlace()
{
    return m_impl->cache.prepare("SELECT content FROM metadata WHERE latitude IS NOT NULL").all(readContent);
}

Result<std::vector<PhotoId>> Catalogue::photosWithPlaceBeside()
{
    return m_impl->cache
        .prepare("SELECT photo.id FROM sidecar JOIN photo ON photo.path = sidecar.photo"
                 " WHERE sidecar.latitude IS NOT NULL")
        .all([](const Statement &row) { return PhotoId{row.integer(0)}; });
}

} // namespace yingxun::db
