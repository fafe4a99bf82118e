// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/moment_text.h"

using namespace Qt::StringLiterals;

namespace yingxun::services {

QString timeText(std::int64_t timeMs)
{
    constexpr std::int64_t kMinute = 60;
    const std::int64_t seconds = timeMs / 1000;
    const std::int64_t hours = seconds / (kMinute * kMinute);
    const auto two = [](std::int64_t number) { return QString::number(number).rightJustified(2, u'0'); };
    const QString rest = u':' + two(seconds % kMinute);
    const std::int64_t minutes = seconds / kMinute % kMinute;
    return hours > 0 ? QString::number(hours) + u':' + two(minutes) + rest : QString::number(minutes) + rest;
}

} // namespace yingxun::services
