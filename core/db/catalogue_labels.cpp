// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue_impl.h"
#include "core/db/names.h"
#include "core/db/succession.h"

#include <algorithm>

namespace yingxun::db {
namespace {

constexpr int kMostStars = 5;

/// With its count.
Label readLabel(const Statement &row)
{
    return {{row.integer(0)}, row.text(1), static_cast<int>(row.integer(2))};
}

Result<void> requireLabel(Database &database, LabelId label)
{
    Statement query = database.prepare("SELECT 1 FROM label WHERE id = ?");
    auto row = query.bind(label.value).step();
    if (!row)
        return row.propagate();
    if (!*row)
        return fail(ErrorCode::NotFound, "the label is not there any more");
    return {};
}

/// Runs a statement of (label, content) for each content, all or none. @return those that it changed.
Result<std::vector<ContentHash>> forEachContent(Database &database, const char *sql, LabelId label,
                                                std::span<const ContentHash> contents)
{
    std::vector<ContentHash> changed;
    Transaction transaction(database);
    if (auto there = requireLabel(database, label); !there)
        return there.propagate();
    Statement statement = database.prepare(sql);
    for (const ContentHash &content : contents) {
        if (auto done = statement.bind(label.value).bind(content).run(); !done)
            return done.propagate();
        if (database.changedRows())
            changed.push_back(content);
    }
    if (auto done = transaction.commit(); !done)
        return done.propagate();
    return changed;
}

} // namespace

Result<LabelId> Catalogue::addLabel(const std::string &name)
{
    const std::string wanted = trimmed(name);
    if (wanted.empty())
        return fail(ErrorCode::InvalidArgument, "a label needs a name");
    if (auto done = m_impl->user.prepare("INSERT INTO label (name) VALUES (?) ON CONFLICT (name) DO NOTHING")
                        .bind(std::string_view(wanted))
                        .run();
        !done)
        return done.propagate();
    Statement query = m_impl->user.prepare("SELECT id FROM label WHERE name = ?");
    auto row = query.bind(std::string_view(wanted)).step();
    if (!row)
        return row.propagate();
    return LabelId{query.integer(0)};
}

Result<void> Catalogue::renameLabel(LabelId label, const std::string &name)
{
    const std::string wanted = trimmed(name);
    if (wanted.empty())
        return fail(ErrorCode::InvalidArgument, "a label needs a name");
    if (auto there = requireLabel(m_impl->user, label); !there)
        return there;
    {
        Statement taken = m_impl->user.prepare("SELECT 1 FROM label WHERE name = ? AND id <> ?");
        auto row = taken.bind(std::string_view(wanted)).bind(label.value).step();
        if (!row)
            return row.propagate();
        if (*row)
            return fail(ErrorCode::InvalidArgument, "another label is named " + wanted + " already");
    }
    return m_impl->user.prepare("UPDATE label SET name = ? WHERE id = ?")
        .bind(std::string_view(wanted))
        .bind(label.value)
        .run();
}

Result<void> Catalogue::removeLabel(LabelId label)
{
    return m_impl->user.prepare("DELETE FROM label WHERE id = ?").bind(label.value).run();
}

Result<std::vector<Label>> Catalogue::labels()
{
    return m_impl->user
        .prepare("SELECT id, name, (SELECT count(*) FROM label_content WHERE label "
                 "= label.id) FROM label ORDER BY name")
        .all(readLabel);
}

Result<std::vector<ContentHash>> Catalogue::assignLabel(LabelId label, std::span<const ContentHash> contents)
{
    return forEachContent(m_impl->user,
                          "INSERT INTO label_content (label, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
                          label, contents);
}

Result<std::vector<ContentHash>> Catalogue::unassignLabel(LabelId label,
                                                          std::span<const ContentHash> contents)
{
    return forEachContent(m_impl->user, "DELETE FROM label_content WHERE label = ? AND content = ?", label,
                          contents);
}

Result<std::vector<ContentHash>> Catalogue::contentsWithLabel(LabelId label)
{
    Statement query = m_impl->user.prepare("SELECT content FROM label_content WHERE label = ?");
    return query.bind(label.value).all(readContent);
}

Result<std::vector<Label>> Catalogue::labelsOf(const ContentHash &content)
{
    Statement query = m_impl->user.prepare(
        "SELECT id, name, (SELECT count(*) FROM label_content WHERE label = label.id) FROM label"
        " WHERE id IN (SELECT label FROM label_content WHERE content = ?) ORDER BY name");
    query.bind(content);
    return query.all(readLabel);
}

Result<std::vector<Rating>> Catalogue::setRatings(std::span<const Rating> ratings)
{
    std::vector<Rating> before;
    Transaction transaction(m_impl->user); // Immediate: nobody changes what is read here before the end.
    Statement find = m_impl->user.prepare("SELECT coalesce(max(stars), 0) FROM rating WHERE content = ?");
    Statement remove = m_impl->user.prepare("DELETE FROM rating WHERE content = ?");
    Statement put = m_impl->user.prepare("INSERT INTO rating (content, stars) VALUES (?, ?)"
                                         " ON CONFLICT (content) DO UPDATE SET stars = excluded.stars");
    for (const auto &[content, stars] : ratings) {
        if (stars < 0 || stars > kMostStars)
            return fail(ErrorCode::InvalidArgument, "a rating has 0 to 5 stars");
        auto row = find.bind(content).step();
        if (!row)
            return row.propagate();
        const int had = static_cast<int>(find.integer(0));
        auto done = find.run();
        if (done && had != stars) {
            before.push_back({content, had});
            done = stars == 0 ? remove.bind(content).run() : put.bind(content).bind(stars).run();
        }
        if (!done)
            return done.propagate();
    }
    if (auto done = transaction.commit(); !done)
        return done.propagate();
    return before;
}

Result<std::vector<ContentHash>> Catalogue::heirsOf(const ContentHash &content, std::int64_t sinceMs)
{
    auto all = successors(m_impl->user, content, sinceMs);
    if (!all || all->size() == 1)
        return all;
    std::vector<ContentHash> heirs;
    for (const ContentHash &one : *all) {
        auto lives = m_impl->cache.prepare("SELECT 1 FROM photo WHERE content = ?").bind(one).step();
        if (!lives)
            return lives.propagate();
        if (*lives)
            heirs.push_back(one);
    }
    return heirs.empty() ? std::vector{content} : heirs;
}

Result<std::unordered_map<ContentHash, int>> Catalogue::ratings()
{
    Statement query = m_impl->user.prepare("SELECT content, stars FROM rating");
    std::unordered_map<ContentHash, int> ratings;
    const auto done = query.forEachRow([&ratings](const Statement &row) {
        ratings.emplace(row.content(0), static_cast<int>(row.integer(1)));
    });
    if (!done)
        return done.propagate();
    return ratings;
}

} // namespace yingxun::db
