// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDate>
#include <QStringView>

#include <optional>

namespace yingxun::query {

/// Days from `from` up to, but without, `to`. In a DateFilter an invalid day is no bound.
struct DayRange {
    QDate from;
    QDate to;
    bool operator==(const DayRange &) const = default;
};

enum class Festival {
    NewYear,    ///< 元旦: 1 January.
    Spring,     ///< 春节: New Year's Eve and seven days, a holiday's length.
    NewYearEve, ///< 除夕.
    Lantern,    ///< 元宵: the fifteenth day of the lunar year.
    Labour,     ///< 五一: 1 to 5 May.
    DragonBoat, ///< 端午.
    MidAutumn,  ///< 中秋.
    National,   ///< 国庆: 1 to 7 October.
    Christmas,  ///< 24 to 26 December.
};

/// By a folded name: 春节, 中秋节, christmas…
std::optional<Festival> festivalOf(QStringView name);

/// Nothing for lunar festivals before 1990 and after 2050.
std::optional<DayRange> festivalIn(Festival festival, int year);

} // namespace yingxun::query
