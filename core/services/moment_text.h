// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace yingxun::services {

/// A time in a video as people read it: 0:07, 12:30, 1:02:03.
QString timeText(std::int64_t timeMs);

} // namespace yingxun::services
