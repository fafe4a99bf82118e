// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/keys.h"

#include <QDate>
#include <QStringView>

#include <optional>

namespace yingxun::query {

/// The filter that `key:value` is. Nothing: the key does not know such a value.
/// @param value  Not blank.
/// @param today  What dates are counted from.
std::optional<Condition> conditionOf(Key key, const QString &value, QDate today);

/// >=, <=, >, <, = and ≥, ≤ at the beginning of a folded value, which they are taken from.
std::optional<Comparison> takeComparison(QStringView &value);

} // namespace yingxun::query
