// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace yingxun {

/// What clocks on the wall showed here at `utcMs` (ms since the epoch), written as if it were UTC: the form
/// of capture times, which have no zone. By the machine's zone, with the summer time of that day.
std::int64_t localWallClockMs(std::int64_t utcMs);

} // namespace yingxun
