// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/names.h"

#include <algorithm>
#include <array>

namespace yingxun::db {

std::string trimmed(std::string_view name)
{
    constexpr std::array<std::string_view, 6> kBlanks{" ", "\t", "\r", "\n", "\u3000", "\u00a0"};
    const auto isFront = [&name](std::string_view blank) { return name.starts_with(blank); };
    const auto isBack = [&name](std::string_view blank) { return name.ends_with(blank); };
    for (auto blank = kBlanks.begin();
         (blank = std::find_if(kBlanks.begin(), kBlanks.end(), isFront)) != kBlanks.end();)
        name.remove_prefix(blank->size());
    for (auto blank = kBlanks.begin();
         (blank = std::find_if(kBlanks.begin(), kBlanks.end(), isBack)) != kBlanks.end();)
        name.remove_suffix(blank->size());
    return std::string(name);
}

} // namespace yingxun::db
