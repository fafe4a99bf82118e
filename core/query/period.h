// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/festivals.h"

#include <QString>

#include <optional>

namespace yingxun::query {

/// 1..12 by an English name in full or its first three letters, folded; 0: it names no month.
int monthNamed(const QString &name);

/// The days of one date that is no range; see daysOf().
/// @param text  Folded and simplified.
std::optional<DayRange> periodOf(const QString &text, QDate today);

/// Whether it comes each year, such as July, and says none.
bool recurs(const QString &text);

/// Of what recurs: the first that ends after a day. None of what does not; likewise the next.
std::optional<DayRange> firstAfter(const QString &text, QDate day);

/// Of what recurs: the latest that begins before a day.
std::optional<DayRange> latestBefore(const QString &text, QDate day);

} // namespace yingxun::query
