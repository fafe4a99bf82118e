// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/token_roles.h"

#include <algorithm>

namespace yingxun::query {
namespace {

using Kind = Token::Kind;

bool isFilter(const Token &word)
{
    return word.kind == Kind::Filter || word.kind == Kind::Bare;
}

std::optional<SyntaxError> unclosedQuote(const std::vector<Token> &words)
{
    for (const Token &word : words) {
        if (!word.isClosed)
            return SyntaxError{SyntaxErrorKind::UnclosedQuote, word.span, word.text};
    }
    return std::nullopt;
}

/// Takes out the brackets that hold no filter.
std::optional<SyntaxError> decideBrackets(std::vector<Token> &words)
{
    std::vector<bool> isDropped(words.size());
    std::vector<std::size_t> open; // Those not closed so far.
    std::vector<std::size_t> filtersBefore;
    std::size_t filters = 0;
    std::optional<SyntaxError> error;
    const auto note = [&error](SyntaxErrorKind kind, const Token &word) {
        if (!error)
            error = SyntaxError{kind, word.span, word.text};
    };
    const auto drop = [&](std::size_t bracket) {
        isDropped[bracket] = true;
        if (words[bracket].sign == Sign::Minus)
            note(SyntaxErrorKind::TextInNot, words[bracket]);
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (isFilter(words[i]))
            ++filters;
        if (words[i].kind == Kind::Open) {
            open.push_back(i);
            filtersBefore.push_back(filters);
        } else if (words[i].kind == Kind::Close && open.empty()) {
            note(SyntaxErrorKind::UnexpectedBracket, words[i]);
        } else if (words[i].kind == Kind::Close) {
            if (filters == filtersBefore.back()) {
                isDropped[i] = true;
                drop(open.back());
            }
            open.pop_back();
            filtersBefore.pop_back();
        }
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (filters == filtersBefore[i])
            drop(open[i]);
        else
            note(SyntaxErrorKind::UnclosedBracket, words[open[i]]);
    }
    std::size_t i = 0;
    words.erase(std::remove_if(words.begin(), words.end(), [&](const Token &) { return isDropped[i++]; }),
                words.end());
    return error;
}

/// Whether a ! right before `next` was meant to negate it. ！？ was not.
bool isMeantFor(const Token &operation, const Token &next)
{
    return !operation.isWord && operation.span.end() == next.span.offset &&
           (next.kind == Kind::Picture ||
            (next.kind == Kind::Text &&
             (next.isQuoted || (!next.text.isEmpty() && next.text[0].isLetterOrNumber()))));
}

std::optional<SyntaxError> decideOperators(std::vector<Token> &words)
{
    std::optional<SyntaxError> error;
    // From the end, so that what follows is decided.
    for (std::size_t i = words.size(); i-- > 0;) {
        Token &word = words[i];
        const Token *next = i + 1 < words.size() ? &words[i + 1] : nullptr;
        const bool beforeFilter = next && beginsFilter(*next);
        const bool afterFilter = i > 0 && endsFilter(words[i - 1]);
        // Nor is a word beside a picture the beginning of a description.
        const bool beforeTerm = beforeFilter || (next && next->kind == Kind::Picture);
        const bool afterTerm = afterFilter || (i > 0 && words[i - 1].kind == Kind::Picture);
        if (word.kind == Kind::Not && !beforeFilter) {
            if (next && isMeantFor(word, *next))
                error = SyntaxError{SyntaxErrorKind::TextInNot, next->span, next->text};
            word.kind = Kind::Text;
        } else if ((word.kind == Kind::And && !(beforeTerm && afterTerm)) ||
                   (word.kind == Kind::Or && word.isWord && !beforeTerm && !afterTerm)) {
            word.kind = Kind::Text;
        }
    }
    std::erase_if(words, [](const Token &word) { return word.kind == Kind::And; });
    return error;
}

} // namespace

bool beginsFilter(const Token &word)
{
    return isFilter(word) || word.kind == Kind::Open || word.kind == Kind::Not;
}

bool endsFilter(const Token &word)
{
    return isFilter(word) || word.kind == Kind::Close;
}

std::optional<SyntaxError> decideRoles(std::vector<Token> &words)
{
    if (auto error = unclosedQuote(words))
        return error;
    if (auto error = decideBrackets(words))
        return error;
    return decideOperators(words);
}

} // namespace yingxun::query
