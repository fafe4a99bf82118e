// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/succession.h"

#include "core/db/companion_rows.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace yingxun::db {
namespace {

// Long enough for a synchronisation that removes and writes anew; short enough that a camera which counts
// from the beginning again does not inherit.
constexpr std::int64_t kVanishedForMs = 24LL * 60 * 60 * 1000;

std::int64_t nowMs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::span<const std::byte> bytes(const std::string &path)
{
    return std::as_bytes(std::span(path));
}

/// What was known under a path, as long as its row was there or has not been gone for long.
struct Predecessor {
    ContentHash content;
    std::optional<std::int64_t> copies; ///< Set: the row is gone; how many others had the content then.
};

/// What a content carries.
struct HandMade {
    std::vector<LabelId> labels;
    std::optional<std::int64_t> stars;
};

struct Succession {
    const Photo *photo = nullptr;
    ContentHash old;
    HandMade carried; ///< Read before anything is written: successions of one batch may form chains.
    bool oldLives = false;
};

Result<std::optional<Predecessor>> predecessorOf(Database &user, Database &cache, const std::string &path)
{
    Statement row = cache.prepare("SELECT content FROM photo WHERE path = ?");
    auto there = row.bind(bytes(path)).step();
    if (!there)
        return there.propagate();
    if (*there)
        return std::optional(Predecessor{row.content(0), {}});
    Statement gone = user.prepare("SELECT content, copies FROM vanished WHERE path = ? AND at >= ?");
    there = gone.bind(bytes(path)).bind(nowMs() - kVanishedForMs).step();
    if (!there)
        return there.propagate();
    if (!*there)
        return std::optional<Predecessor>();
    return std::optional(Predecessor{gone.content(0), gone.integer(1)});
}

Result<HandMade> handMadeOn(Database &user, const ContentHash &content)
{
    HandMade made;
    Statement labels = user.prepare("SELECT label FROM label_content WHERE content = ?");
    labels.bind(content);
    auto carried = labels.all([](const Statement &row) { return LabelId{row.integer(0)}; });
    if (!carried)
        return carried.propagate();
    made.labels = *std::move(carried);
    Statement rating = user.prepare("SELECT stars FROM rating WHERE content = ?");
    auto row = rating.bind(content).step();
    if (!row)
        return row.propagate();
    if (*row)
        made.stars = rating.integer(0);
    return made;
}

/// Who has a content before and after photos are put.
class Holders
{
public:
    Holders(Database &cache, std::span<const Photo> photos) : m_cache(cache)
    {
        for (const Photo &photo : photos) {
            m_paths.insert(photo.path);
            ++m_incoming[photo.hash];
        }
    }

    struct Count {
        std::int64_t before = 0;
        std::int64_t after = 0;
    };
    Result<Count> of(const ContentHash &content) const
    {
        Count count;
        if (const auto incoming = m_incoming.find(content); incoming != m_incoming.end())
            count.after = incoming->second;
        Statement query = m_cache.prepare("SELECT path FROM photo WHERE content = ?");
        query.bind(content);
        for (;;) {
            auto row = query.step();
            if (!row)
                return row.propagate();
            if (!*row)
                return count;
            ++count.before;
            count.after += m_paths.contains(query.text(0)) ? 0 : 1;
        }
    }

private:
    Database &m_cache;
    std::unordered_set<std::string> m_paths;
    std::unordered_map<ContentHash, std::int64_t> m_incoming;
};

/// Nothing when the photo's content does not come in the place of another one.
Result<std::optional<Succession>> successionOf(Database &user, const Photo &photo,
                                               const Predecessor &predecessor, const Holders &holders)
{
    if (predecessor.content == photo.hash)
        return std::optional<Succession>();
    const auto old = holders.of(predecessor.content);
    const auto now = holders.of(photo.hash);
    if (!old || !now)
        return (old ? now : old).propagate();
    const bool movedAway = predecessor.copies && old->after > *predecessor.copies;
    const bool exchanged = old->after > 0 && now->before > 0;
    if (movedAway || exchanged)
        return std::optional<Succession>();
    auto carried = handMadeOn(user, predecessor.content);
    if (!carried)
        return carried.propagate();
    return std::optional(Succession{&photo, predecessor.content, *std::move(carried), old->after > 0});
}

/// Takes nothing from whom it comes; what carries stars keeps its own. @return whether stars went over.
Result<bool> give(Database &user, const HandMade &made, const ContentHash &content)
{
    Statement label =
        user.prepare("INSERT INTO label_content (label, content) VALUES (?, ?) ON CONFLICT DO NOTHING");
    for (const LabelId id : made.labels) {
        if (auto done = label.bind(id.value).bind(content).run(); !done)
            return done.propagate();
    }
    if (!made.stars)
        return false;
    auto done = user.prepare("INSERT INTO rating (content, stars) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .bind(content)
                    .bind(*made.stars)
                    .run();
    if (!done)
        return done.propagate();
    return user.changedRows();
}

/// @return whether the stars went over.
Result<bool> handOn(Database &user, const Succession &succession)
{
    const ContentHash &heir = succession.photo->hash;
    auto done = user.prepare("INSERT INTO succession (path, old, new, at) VALUES (?, ?, ?, ?)"
                             " ON CONFLICT (path, old, new) DO UPDATE SET at = excluded.at")
                    .bind(bytes(succession.photo->path))
                    .bind(succession.old)
                    .bind(heir)
                    .bind(nowMs())
                    .run();
    if (!done)
        return done.propagate();
    return give(user, succession.carried, heir);
}

Result<void> carry(Database &user, const std::vector<Succession> &successions,
                   const std::vector<std::string> &returned)
{
    Transaction transaction(user);
    std::vector<bool> starsWent;
    for (const Succession &succession : successions) {
        auto went = handOn(user, succession);
        if (!went)
            return went.propagate();
        starsWent.push_back(*went);
    }
    // Only now: two files with one content may have been edited differently.
    for (std::size_t i = 0; i < successions.size(); ++i) {
        if (successions[i].oldLives)
            continue;
        auto done =
            user.prepare("DELETE FROM label_content WHERE content = ?").bind(successions[i].old).run();
        if (done && starsWent[i])
            done = user.prepare("DELETE FROM rating WHERE content = ?").bind(successions[i].old).run();
        if (!done)
            return done;
    }
    for (const std::string &path : returned) {
        if (auto done = user.prepare("DELETE FROM vanished WHERE path = ?").bind(bytes(path)).run(); !done)
            return done;
    }
    return transaction.commit();
}

/// A photo that leaves, and what people made of it.
struct Leaving {
    std::string path;
    ContentHash content;
    MediaKind kind;
    HandMade made;
};

/// What goes with a picture that leaves, and has no other one, is shown by itself from then on: it carries
/// what the picture did.
Result<void> leaveToCompanions(Database &user, Database &cache, const Leaving &picture,
                               const std::unordered_set<std::int64_t> &leaving)
{
    const auto beside = besideOf(cache, picture.path, picture.kind);
    if (!beside)
        return beside.propagate();
    const auto leaves = [&leaving](const BesideRow &row) { return leaving.contains(row.id.value); };
    if (!std::all_of(beside->pictures.begin(), beside->pictures.end(), leaves))
        return {};
    for (const BesideRow &companion : beside->companions) {
        if (leaves(companion))
            continue;
        if (auto done = give(user, picture.made, companion.content); !done)
            return done.propagate();
    }
    return {};
}

} // namespace

Result<void> carryOver(Database &user, Database &cache, std::span<const Photo> photos)
{
    const Holders holders(cache, photos);
    std::vector<Succession> successions;
    std::vector<std::string> returned;
    for (const Photo &photo : photos) {
        auto predecessor = predecessorOf(user, cache, photo.path);
        if (!predecessor)
            return predecessor.propagate();
        if (!*predecessor)
            continue;
        if ((*predecessor)->copies)
            returned.push_back(photo.path);
        auto succession = successionOf(user, photo, **predecessor, holders);
        if (!succession)
            return succession.propagate();
        if (*succession)
            successions.push_back(**std::move(succession));
    }
    if (successions.empty() && returned.empty())
        return {};
    return carry(user, successions, returned);
}

Result<void> rememberVanished(Database &user, Database &cache, std::span<const PhotoId> photos)
{
    Transaction transaction(user); // Before rows are read: forgetVanished() waits for what comes of them.
    std::vector<Leaving> gone;     // Of these only what people made something of.
    std::unordered_map<ContentHash, std::int64_t> leaving;
    std::unordered_set<std::int64_t> ids;
    for (const PhotoId id : photos) {
        ids.insert(id.value);
        Statement query = cache.prepare("SELECT path, content, kind FROM photo WHERE id = ?");
        auto row = query.bind(id.value).step();
        if (!row)
            return row.propagate();
        if (!*row)
            continue;
        const ContentHash content = query.content(1);
        auto made = handMadeOn(user, content);
        if (!made)
            return made.propagate();
        if (made->labels.empty() && !made->stars)
            continue;
        gone.push_back({query.text(0), content, static_cast<MediaKind>(query.integer(2)), *std::move(made)});
        ++leaving[content];
    }
    if (gone.empty())
        return {};
    const std::int64_t now = nowMs();
    for (const Leaving &one : gone) {
        if (auto done = leaveToCompanions(user, cache, one, ids); !done)
            return done;
        Statement holders = cache.prepare("SELECT count(*) FROM photo WHERE content = ?");
        auto row = holders.bind(one.content).step();
        if (!row)
            return row.propagate();
        auto done = user.prepare("INSERT OR REPLACE INTO vanished (path, content, copies, at)"
                                 " VALUES (?, ?, ?, ?)")
                        .bind(bytes(one.path))
                        .bind(one.content)
                        .bind(holders.integer(0) - leaving[one.content])
                        .bind(now)
                        .run();
        if (!done)
            return done;
    }
    if (auto done = user.prepare("DELETE FROM vanished WHERE at < ?").bind(now - kVanishedForMs).run(); !done)
        return done;
    return transaction.commit();
}

Result<void> forgetVanished(Database &user, std::span<const Photo> photos)
{
    Transaction transaction(user);
    Statement forget = user.prepare("DELETE FROM vanished WHERE path = ? AND content = ?");
    for (const Photo &photo : photos) {
        if (auto done = forget.bind(bytes(photo.path)).bind(photo.hash).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<std::vector<ContentHash>> successors(Database &user, const ContentHash &content, std::int64_t sinceMs)
{
    Statement query = user.prepare("WITH RECURSIVE heir (content) AS (VALUES (?) UNION SELECT succession.new"
                                   " FROM heir JOIN succession ON succession.old = heir.content"
                                   " AND succession.at >= ?) SELECT content FROM heir");
    query.bind(content).bind(sinceMs);
    return query.all([](const Statement &row) { return row.content(0); });
}

} // namespace yingxun::db
