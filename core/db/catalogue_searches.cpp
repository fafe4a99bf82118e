// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue_impl.h"
#include "core/db/names.h"

namespace yingxun::db {
namespace {

/// Errors: InvalidArgument (empty, or taken by another search than this one).
Result<void> requireFreeName(Database &database, std::string_view name, SavedSearchId search)
{
    if (name.empty())
        return fail(ErrorCode::InvalidArgument, "a saved search needs a name");
    Statement taken = database.prepare("SELECT 1 FROM saved_search WHERE name = ? AND id <> ?");
    auto row = taken.bind(name).bind(search.value).step();
    if (!row)
        return row.propagate();
    if (*row)
        return fail(ErrorCode::InvalidArgument,
                    "another saved search is named " + std::string(name) + " already");
    return {};
}

} // namespace

Result<SavedSearchId> Catalogue::addSearch(const std::string &name, const std::string &line)
{
    const std::string wanted = trimmed(name);
    const std::string kept = trimmed(line);
    if (kept.empty())
        return fail(ErrorCode::InvalidArgument, "a saved search needs something to search for");
    Transaction transaction(m_impl->user); // Nobody takes the name meanwhile.
    if (auto free = requireFreeName(m_impl->user, wanted, {}); !free)
        return free.propagate();
    if (auto done = m_impl->user.prepare("INSERT INTO saved_search (name, line) VALUES (?, ?)")
                        .bind(std::string_view(wanted))
                        .bind(std::string_view(kept))
                        .run();
        !done)
        return done.propagate();
    const SavedSearchId id{m_impl->user.lastRowId()};
    if (auto done = transaction.commit(); !done)
        return done.propagate();
    return id;
}

Result<void> Catalogue::renameSearch(SavedSearchId search, const std::string &name)
{
    const std::string wanted = trimmed(name);
    Transaction transaction(m_impl->user);
    if (auto free = requireFreeName(m_impl->user, wanted, search); !free)
        return free;
    if (auto done = m_impl->user.prepare("UPDATE saved_search SET name = ? WHERE id = ?")
                        .bind(std::string_view(wanted))
                        .bind(search.value)
                        .run();
        !done)
        return done;
    if (!m_impl->user.changedRows())
        return fail(ErrorCode::NotFound, "the saved search is not there any more");
    return transaction.commit();
}

Result<void> Catalogue::removeSearch(SavedSearchId search)
{
    return m_impl->user.prepare("DELETE FROM saved_search WHERE id = ?").bind(search.value).run();
}

Result<std::vector<SavedSearch>> Catalogue::searches()
{
    return m_impl->user.prepare("SELECT id, name, line FROM saved_search ORDER BY name")
        .all([](const Statement &row) {
            return SavedSearch{{row.integer(0)}, row.text(1), row.text(2)};
        });
}

} // namespace yingxun::db
