// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace yingxun::vectors {
class Encoder;
}

namespace yingxun::query {

/// Why a description cannot be searched for.
enum class QueryProblem {
    None,
    NoWords,      ///< Nothing but punctuation, signs and emoji.
    UnknownWords, ///< The model's vocabulary has none of its characters.
    CancelsOut,   ///< Its meanings take each other back, as in 狗 -狗.
};

/// What is searched for in the place of what was typed, so that one description in many spellings is one
/// question: Unicode NFKC (ｖｏｌｃａｎｏ is volcano), no emoji, no punctuation, quotes and brackets around
/// it, blanks collapsed, and traditional characters as simplified ones. Empty where no letter or number is
/// left.
///
/// For what people type only: evaluation and training read their texts as the reference does.
/// Threads: may be called from any thread.
QString queryText(const QString &typed);

/// Whether `text`, a queryText(), has an answer.
QueryProblem queryProblem(const vectors::Encoder &encoder, const QString &text);

} // namespace yingxun::query
