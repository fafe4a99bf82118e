// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/lexer.h"

#include <optional>
#include <vector>

namespace yingxun::query {

/// Decides by their neighbours which brackets and operators join filters. The others become text, brackets of
/// text are taken out.
/// @return What is wrong with brackets, quotes and negations; `words` is of no use then.
std::optional<SyntaxError> decideRoles(std::vector<Token> &words);

/// Whether an operand of filters can begin, or end, with this word.
bool beginsFilter(const Token &word);
bool endsFilter(const Token &word);

} // namespace yingxun::query
