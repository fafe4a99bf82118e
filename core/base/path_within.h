// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace yingxun {

/// Whether `path` is `top` or lies below it; slashes at the end of `top` do not count.
inline bool isWithin(std::string_view path, std::string_view top)
{
    while (top.size() > 1 && top.ends_with('/'))
        top.remove_suffix(1);
    return path == top || (path.starts_with(top) && (top == "/" || path.substr(top.size()).starts_with('/')));
}

} // namespace yingxun
