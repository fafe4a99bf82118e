// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

#include <variant>

namespace yingxun::query {

/// Reads a query line, of any length and any content, in time linear in its length.
///
/// Text. Words separated by blanks are one description, whatever stands between them. -word is a meaning to
/// lack; +word (weight 2), word^1.5 and -word^2 are meanings of their own weight. Quotes ("…", “…”, 「…」,
/// 『…』) keep blanks and operators as text; within "…" a doubled " is the sign.
///
/// Pictures. image:PATH and 图片:PATH are meanings as words are, with a sign before and a weight behind:
/// -image:"/a b.jpg"^2. The path ends where the value of a filter does.
///
/// Filters. `key:value`, with a key of keyNames() at the beginning of a word; the value ends at a blank, a |
/// or a ) that the value has not opened itself, unless it is quoted. An unknown key makes no filter: http://…
/// and 12:30 are text. A known key with a value it does not know is an error. 横图, 竖图, 方图, 视频 and
/// 有GPS as whole words are filters, in quotes or with a weight they are text; their English names need a
/// key, for they are words of descriptions.
///
/// A date, see daysOf(), may go on over blanks where it, or its second day, begins with a letter:
/// date:spring festival 2023. As many words belong to it as make a date together.
///
/// Operators. Filters side by side must all hold. 或, or, | bind closer than the blank between filters, as in
/// most search fields: 标签:a 标签:b 或 标签:c asks for a, and for one of b and c. 非, not, ! and -
/// before a filter or a bracket negate it and bind closest. 且, and, & between filters change nothing. In
/// letters (and &) an operator is one only beside a filter: "dog or cat" is text. Brackets are operators only
/// around filters; around text they are dropped. Text stands beside filters, never within their or, not or
/// brackets; for pictures the same holds. Full-width signs are read as their ASCII ones everywhere.
///
/// Threads: may be called from any thread.
/// @param today  What 昨天 and last week are counted from.
/// @return The query, or the first thing that is wrong.
std::variant<Query, SyntaxError> parse(const QString &typed, QDate today);

} // namespace yingxun::query
