// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/films.h"

#include "core/base/moment_key.h"
#include "core/db/catalogue.h"

namespace yingxun::query {

Result<void> Films::follow(db::Catalogue &catalogue)
{
    const auto latest = catalogue.forEachFilm(m_latest, [this](const Film &film) {
        for (const ContentHash &former : m_keys[film.content])
            m_moments.erase(former);
        m_keys.erase(film.content);
        for (const std::int64_t timeMs : film.timesMs) {
            const ContentHash key = momentKey(film.content, timeMs);
            m_moments.emplace(key, Moment{film.content, timeMs});
            m_keys[film.content].push_back(key);
        }
    });
    if (!latest)
        return latest.propagate();
    m_latest = *latest;
    return {};
}

const Films::Moment *Films::find(const ContentHash &key) const
{
    const auto found = m_moments.find(key);
    return found == m_moments.end() ? nullptr : &found->second;
}

} // namespace yingxun::query
