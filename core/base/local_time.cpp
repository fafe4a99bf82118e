// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/local_time.h"

#include <ctime>

namespace yingxun {

std::int64_t localWallClockMs(std::int64_t utcMs)
{
    const auto seconds = static_cast<std::time_t>(utcMs / 1000);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        return utcMs; // Beyond the years that can be written.
    return utcMs + std::int64_t{local.tm_gmtoff} * 1000;
}

} // namespace yingxun
