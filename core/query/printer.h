// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

namespace yingxun::query {

/// The query as a line that parse() reads as the same query on any day: for what is kept or shown. English
/// keys, dates as days, quotes where they are needed.
QString print(const Query &query);

/// A name or text in quotes.
QString quoted(const QString &text);

/// A value after its key, in quotes where it needs them.
QString valueText(const QString &value);

} // namespace yingxun::query
