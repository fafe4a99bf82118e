// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>

namespace yingxun::clip::detail {

/// Lets libtorch use every logical processor: by itself it takes one a physical core, which in a virtual
/// machine of two hyper-threads is one (measured: training runs at 0.55 times the speed).
inline void useAllProcessors()
{
    at::set_num_threads(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

} // namespace yingxun::clip::detail
