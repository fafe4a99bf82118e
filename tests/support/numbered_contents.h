// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hasher.h"

#include <span>
#include <vector>

namespace yingxun::test {

/// Contents that differ as their numbers do.
inline ContentHash hashOf(int number)
{
    return contentHash(std::as_bytes(std::span(&number, 1)));
}

/// Those of `count` numbers from `first` on.
inline std::vector<ContentHash> hashes(int first, int count)
{
    std::vector<ContentHash> result;
    for (int i = 0; i < count; ++i)
        result.push_back(hashOf(first + i));
    return result;
}

} // namespace yingxun::test
