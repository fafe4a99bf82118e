// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/parser.h"

#include "core/query/filter_value.h"
#include "core/query/token_roles.h"

#include <algorithm>
#include <utility>

namespace yingxun::query {
namespace {

using Kind = Token::Kind;

/// Wraps what must not be joined further, and keeps the tree in its simplest form.
Filter joined(Filter::Kind kind, std::vector<Filter> parts)
{
    if (parts.size() == 1)
        return std::move(parts.front());
    Filter whole;
    whole.kind = kind;
    whole.span = {parts.front().span.offset, parts.back().span.end() - parts.front().span.offset};
    for (Filter &part : parts) {
        if (part.kind == kind)
            std::move(part.children.begin(), part.children.end(), std::back_inserter(whole.children));
        else
            whole.children.push_back(std::move(part));
    }
    return whole;
}

Filter negated(Filter filter, const Token &operation)
{
    Filter whole;
    whole.kind = Filter::Kind::Not;
    whole.span = {operation.span.offset, filter.span.end() - operation.span.offset};
    whole.children.push_back(std::move(filter));
    return whole;
}

/// Descends into the words. Every function that returns an optional has noted an error when it is empty.
class Parser
{
public:
    Parser(std::vector<Token> words, QDate today) : m_words(std::move(words)), m_today(today) {}

    std::variant<Query, SyntaxError> query()
    {
        std::vector<Filter> filters;
        while (m_at < m_words.size() && !m_error)
            readPart(filters);
        if (m_error)
            return *m_error;
        if (!filters.empty())
            m_query.filter = joined(Filter::Kind::And, std::move(filters));
        return std::move(m_query);
    }

private:
    void readPart(std::vector<Filter> &filters)
    {
        const Token &word = m_words[m_at];
        if (isMeaning(word) && follows(Kind::Or, m_at + 1))
            note(SyntaxErrorKind::TextInOr, word);
        else if (word.kind == Kind::Picture)
            readPicture();
        else if (word.kind == Kind::Text)
            readText();
        else if (auto filter = alternatives())
            filters.push_back(std::move(*filter));
    }

    void readText()
    {
        const Token &word = m_words[m_at++];
        const bool isPlain = word.sign == Sign::None && !word.weight;
        if (word.text.trimmed().isEmpty()) {
            if (!isPlain)
                note(SyntaxErrorKind::MissingValue, word);
            return;
        }
        const auto weight = weightOf(word);
        if (!weight)
            return;
        TextTerm term{word.text, *weight, word.span};
        isPlain ? describe(std::move(term)) : add(m_query.terms, std::move(term), word);
    }

    void readPicture()
    {
        const Token &word = m_words[m_at++];
        if (word.text.trimmed().isEmpty())
            return note(SyntaxErrorKind::MissingValue, word.span, {});
        if (const auto weight = weightOf(word))
            add(m_query.pictures, PictureTerm{word.text, *weight, word.span}, word);
    }

    void describe(TextTerm words)
    {
        if (!m_description) {
            m_description = m_query.terms.size();
            return add(m_query.terms, std::move(words), m_words[m_at - 1]);
        }
        TextTerm &term = m_query.terms[*m_description];
        term.text += u' ' + words.text;
        term.span.length = words.span.end() - term.span.offset;
    }

    template<typename Term>
    void add(std::vector<Term> &terms, Term term, const Token &word)
    {
        if (m_query.terms.size() + m_query.pictures.size() == kMostTerms)
            return note(SyntaxErrorKind::TooManyTerms, word);
        terms.push_back(std::move(term));
    }

    /// Of a text or picture, by its sign and what follows its ^.
    std::optional<double> weightOf(const Token &word)
    {
        double weight = word.sign == Sign::Plus ? kRaisedWeight : 1;
        if (word.weight) {
            const auto typed = weightOf(word.weightText);
            if (!typed) {
                note(SyntaxErrorKind::BadWeight, *word.weight, word.weightText);
                return std::nullopt;
            }
            weight = *typed;
        }
        return word.sign == Sign::Minus ? -weight : weight;
    }

    static std::optional<double> weightOf(const QString &text)
    {
        const QString plain = folded(text);
        const bool isDecimal = std::all_of(plain.begin(), plain.end(),
                                           [](QChar c) { return c == u'.' || (c >= u'0' && c <= u'9'); });
        bool isNumber = false;
        const double weight = plain.toDouble(&isNumber);
        if (!isDecimal || !isNumber || !(weight >= kLeastWeight && weight <= kGreatestWeight))
            return std::nullopt;
        return weight;
    }

    std::optional<Filter> alternatives()
    {
        std::vector<Filter> parts;
        do {
            const bool afterOr = !parts.empty();
            if (m_at >= m_words.size() || !beginsFilter(m_words[m_at]))
                return missingOperand(afterOr);
            auto part = operand();
            if (!part)
                return std::nullopt;
            parts.push_back(std::move(*part));
        } while (m_at < m_words.size() && m_words[m_at].kind == Kind::Or && ++m_at);
        return joined(Filter::Kind::Or, std::move(parts));
    }

    std::optional<Filter> missingOperand(bool afterOr)
    {
        if (m_at < m_words.size() && isMeaning(m_words[m_at]))
            note(SyntaxErrorKind::TextInOr, m_words[m_at]);
        else if (m_at < m_words.size() && m_words[m_at].kind == Kind::Close && !afterOr)
            note(SyntaxErrorKind::UnexpectedBracket, m_words[m_at]);
        else
            note(SyntaxErrorKind::MissingOperand, m_words[afterOr ? m_at - 1 : m_at]);
        return std::nullopt;
    }

    std::optional<Filter> operand()
    {
        const Token &word = m_words[m_at];
        const bool isNegation = word.kind == Kind::Not || word.sign == Sign::Minus;
        if ((isNegation || word.kind == Kind::Open) && m_depth >= kDeepestNesting) {
            note(SyntaxErrorKind::TooDeep, word);
            return std::nullopt;
        }
        ++m_depth;
        ++m_at;
        auto filter = word.kind == Kind::Not    ? operand()
                      : word.kind == Kind::Open ? bracket(word)
                                                : leaf(word);
        --m_depth;
        if (filter && isNegation)
            return negated(std::move(*filter), word);
        return filter;
    }

    std::optional<Filter> bracket(const Token &open)
    {
        std::vector<Filter> parts;
        while (m_words[m_at].kind != Kind::Close) { // There is one: the roles are decided.
            if (isMeaning(m_words[m_at])) {
                note(follows(Kind::Or, m_at + 1) ? SyntaxErrorKind::TextInOr
                                                 : SyntaxErrorKind::TextInBrackets,
                     m_words[m_at]);
                return std::nullopt;
            }
            auto part = alternatives();
            if (!part)
                return std::nullopt;
            parts.push_back(std::move(*part));
        }
        Filter filter = joined(Filter::Kind::And, std::move(parts));
        filter.span = {open.span.offset, m_words[m_at++].span.end() - open.span.offset};
        return filter;
    }

    std::optional<Filter> leaf(const Token &word)
    {
        Filter filter;
        filter.span = word.span;
        if (word.kind == Kind::Bare) {
            filter.condition = *bareFilter(word.text);
            return filter;
        }
        if (word.text.trimmed().isEmpty()) {
            note(SyntaxErrorKind::MissingValue, word.span, {});
            return std::nullopt;
        }
        auto value = conditionOf(word.key, word.text, m_today);
        if (!value) {
            note(SyntaxErrorKind::BadValue, word.value, word.text);
            return std::nullopt;
        }
        filter.condition = std::move(*value);
        return filter;
    }

    static bool isMeaning(const Token &word) { return word.kind == Kind::Text || word.kind == Kind::Picture; }
    bool follows(Kind kind, std::size_t at) const { return at < m_words.size() && m_words[at].kind == kind; }

    void note(SyntaxErrorKind kind, const Token &word) { note(kind, word.span, word.text); }
    void note(SyntaxErrorKind kind, Span span, const QString &found)
    {
        if (!m_error)
            m_error = SyntaxError{kind, span, found};
    }

    std::vector<Token> m_words;
    QDate m_today;
    std::size_t m_at = 0;
    int m_depth = 0;
    Query m_query;
    std::optional<std::size_t> m_description; ///< Which of the terms plain words go to.
    std::optional<SyntaxError> m_error;
};

} // namespace

std::variant<Query, SyntaxError> parse(const QString &typed, QDate today)
{
    std::vector<Token> words = tokens(typed, today);
    if (auto error = decideRoles(words))
        return *error;
    return Parser(std::move(words), today).query();
}

} // namespace yingxun::query
