// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fstream>
#include <functional>
#include <malloc.h>
#include <string>
#include <string_view>

namespace yingxun::test {

/// A line of this process' status, such as "VmRSS:", in bytes.
inline double statusBytes(std::string_view name)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name))
            return 1024 * std::stod(line.substr(name.size()));
    }
    return 0;
}

/// What this process takes at most while it works, above what it took before; pages of mapped files count.
inline double peakBytes(const std::function<void()> &work)
{
    ::malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5; // The highest mark begins anew.
    const double before = statusBytes("VmRSS:");
    work();
    return statusBytes("VmHWM:") - before;
}

} // namespace yingxun::test
