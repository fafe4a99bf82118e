// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <charconv>

namespace yingxun::db {
namespace {

std::string textOf(const std::vector<std::int64_t> &times)
{
    std::string text;
    for (const std::int64_t time : times)
        text += (text.empty() ? "" : " ") + std::to_string(time);
    return text;
}

/// What is no number ends it.
std::vector<std::int64_t> timesIn(const std::string &text)
{
    std::vector<std::int64_t> times;
    const char *at = text.data();
    const char *end = at + text.size();
    std::int64_t time = 0;
    for (auto read = std::from_chars(at, end, time); read.ec == std::errc();
         read = std::from_chars(at, end, time)) {
        times.push_back(time);
        if (read.ptr == end)
            break;
        at = read.ptr + 1;
    }
    return times;
}

} // namespace

Result<void> Catalogue::putFilms(std::span<const Film> films)
{
    Transaction transaction(m_impl->cache);
    // Another number each time, as forEachFilm() promises.
    Statement put = m_impl->cache.prepare(
        "INSERT OR REPLACE INTO film (content, times, broken_readers) VALUES (?, ?, ?)");
    for (const Film &film : films) {
        if (auto done = put.bind(film.content).bind(textOf(film.timesMs)).bind(film.brokenReaders).run();
            !done)
            return done;
    }
    return transaction.commit();
}

Result<std::optional<Film>> Catalogue::film(const ContentHash &content)
{
    Statement query = m_impl->cache.prepare("SELECT times, broken_readers FROM film WHERE content = ?");
    auto row = query.bind(content).step();
    if (!row)
        return row.propagate();
    return *row ? std::optional(Film{content, timesIn(query.text(0)), query.text(1)}) : std::nullopt;
}

Result<std::int64_t> Catalogue::forEachFilm(std::int64_t since, const std::function<void(Film)> &visit)
{
    Statement query = m_impl->cache.prepare("SELECT number, content, times, broken_readers FROM film"
                                            " WHERE number > ? ORDER BY number");
    query.bind(since);
    for (;;) {
        const auto row = query.step();
        if (!row)
            return row.propagate();
        if (!*row)
            return since;
        since = query.integer(0);
        visit({query.content(1), timesIn(query.text(2)), query.text(3)});
    }
}

} // namespace yingxun::db
