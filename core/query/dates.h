// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/festivals.h"

#include <QString>

#include <optional>

namespace yingxun::query {

/// The local days that a date means on the day `today`; nothing where it means none. In any case and width:
/// - 2023, 2023-05, 2023-5-1, 2023/05/01, 20230501, 2023年5月1日, 5月, 5月1日,
///   may 2023, 2023 may, may;
/// - today, yesterday, this and last week (from Monday), month, year; last 7 days; 今天 昨天 前天 本周 上周
///   本月 上个月 今年 去年 前年 最近7天;
/// - 春天…冬天, spring…winter (winter is December to February and counts to the year of its December);
/// - festivals, see Festival;
/// - months, seasons and festivals of a year: 去年夏天, 2023春节, 今年12月, spring festival 2023.
/// Without a year they are the latest that have begun; "last summer", "last may", "last christmas" the latest
/// that are over.
/// Ranges: 2023-05..2024-01 (also ~ – — 至 到 and " to "), open at one side (2023..), >=, >, <=, <. They go
/// from the first day of the one to the last day of the other. Of two days one may leave out the year that
/// the other has: 2023年5月..7月, may..july 2023.
std::optional<DayRange> daysOf(const QString &date, QDate today);

/// A range as daysOf() reads it on any day, as short as it can be: 2023-05.
QString daysText(const DayRange &days);

} // namespace yingxun::query
