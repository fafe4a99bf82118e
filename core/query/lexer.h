// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/keys.h"

#include <optional>
#include <vector>

namespace yingxun::query {

enum class Sign { None, Minus, Plus };

/// A word of the query line, as far as it can be told without its neighbours.
struct Token {
    enum class Kind { Text, Picture, Filter, Bare, Open, Close, Or, Not, And };

    Kind kind = Kind::Text;
    Span span;    ///< With sign, quotes and weight.
    QString text; ///< Text: without these. Filter, Picture: its value without quotes. Else: as typed.
    Sign sign = Sign::None;
    Key key = Key::Label;       ///< Of a Filter.
    Span value;                 ///< Of a Filter or Picture: with quotes.
    std::optional<Span> weight; ///< What follows the ^ of a Text or Picture.
    QString weightText;
    bool isQuoted = false; ///< Some of the text stood in quotes.
    bool isClosed = true;  ///< Not: a quote is open to the end of the line.
    bool isWord = false;   ///< An operator in letters: text where it joins no filters.
};

/// Splits a query line. Never fails; each character but blanks belongs to one token.
/// @param today  Only to tell which words make a date together.
std::vector<Token> tokens(QStringView typed, QDate today);

} // namespace yingxun::query
