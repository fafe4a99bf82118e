// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue_impl.h"

namespace yingxun::db {

Result<std::optional<std::vector<std::string>>> Catalogue::exclusions()
{
    Statement query = m_impl->user.prepare("SELECT patterns FROM exclusion_list");
    auto row = query.step();
    if (!row)
        return row.propagate();
    if (!*row)
        return std::optional<std::vector<std::string>>();
    const std::string lines = query.text(0);
    std::vector<std::string> patterns;
    for (std::size_t begin = 0; begin < lines.size();) {
        const std::size_t end = lines.find('\n', begin); // Each line ends with one.
        patterns.push_back(lines.substr(begin, end - begin));
        begin = end == std::string::npos ? lines.size() : end + 1;
    }
    return std::optional(std::move(patterns));
}

Result<void> Catalogue::setExclusions(const std::optional<std::vector<std::string>> &patterns)
{
    if (!patterns)
        return m_impl->user.prepare("DELETE FROM exclusion_list").run();
    std::string lines;
    for (const std::string &pattern : *patterns)
        lines += pattern + '\n';
    return m_impl->user
        .prepare("INSERT INTO exclusion_list (id, patterns) VALUES (1, ?)"
                 " ON CONFLICT (id) DO UPDATE SET patterns = excluded.patterns")
        .bind(std::as_bytes(std::span(lines)))
        .run();
}

} // namespace yingxun::db
