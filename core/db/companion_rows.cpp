// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/companion_rows.h"

#include "core/base/companions.h"

#include <string_view>

namespace yingxun::db {
namespace {

CompanionRole roleOf(std::string_view name, MediaKind kind)
{
    return companionRole(name, kind == MediaKind::Video);
}

std::span<const std::byte> bytes(const std::string &path)
{
    return std::as_bytes(std::span(path));
}

} // namespace

Result<Beside> besideOf(Database &cache, const std::string &path, MediaKind kind)
{
    const std::size_t nameAt = path.rfind('/') + 1;
    const std::string_view name = std::string_view(path).substr(nameAt);
    if (roleOf(name, kind) != CompanionRole::Picture)
        return Beside();
    const std::string stem = path.substr(0, nameAt + companionStem(name).size());
    // All that goes on with a dot: the slash is the character after it.
    Statement rows = cache.prepare("SELECT id, path, content, kind FROM photo WHERE path > ? AND path < ?");
    rows.bind(bytes(stem + '.')).bind(bytes(stem + '/'));
    Beside beside;
    const auto done = rows.forEachRow([&](const Statement &row) {
        const std::string other = row.text(1);
        const std::string_view otherName = std::string_view(other).substr(nameAt);
        if (otherName.find('/') != std::string_view::npos || companionStem(otherName) != companionStem(name))
            return;
        const CompanionRole role = roleOf(otherName, static_cast<MediaKind>(row.integer(3)));
        if (role != CompanionRole::None)
            (role == CompanionRole::Picture ? beside.pictures : beside.companions)
                .push_back({{row.integer(0)}, row.content(2)});
    });
    if (!done)
        return done.propagate();
    return beside;
}

} // namespace yingxun::db
