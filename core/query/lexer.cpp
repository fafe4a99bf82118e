// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/lexer.h"

#include "core/query/dates.h"
#include "core/query/filter_value.h"
#include "core/query/period.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

/// What closes a quote that `c` opens; input methods mix up “ and ”, so either does. Empty: c opens none.
QStringView closers(QChar c)
{
    switch (c.unicode()) {
    case u'"':
    case u'＂':
        return u"\"＂";
    case u'“':
    case u'”':
        return u"“”";
    case u'「':
        return u"」";
    case u'『':
        return u"』";
    default:
        return {};
    }
}

class Lexer
{
public:
    Lexer(QStringView typed, QDate today) : m_typed(typed), m_today(today)
    {
        for (qsizetype i = 0; i < typed.size(); ++i) {
            if (const auto at = kClosers.indexOf(typed[i]); at >= 0)
                m_lastCloser[std::size_t(at)] = i;
        }
    }

    std::vector<Token> all()
    {
        while (m_at < m_typed.size()) {
            if (m_typed[m_at].isSpace())
                ++m_at;
            else
                m_tokens.push_back(next());
        }
        return std::move(m_tokens);
    }

private:
    static constexpr QStringView kClosers = u"\"＂“”」』";

    QChar at(qsizetype i) const { return i < m_typed.size() ? narrow(m_typed[i]) : QChar(); }

    Token next()
    {
        Token token;
        token.span.offset = m_at;
        const bool isRead = readSign(token) || readKey(token);
        if (!isRead)
            readText(token);
        token.span.length = m_at - token.span.offset;
        if (token.text.isEmpty() && token.kind != Token::Kind::Text && !hasValue(token))
            token.text = m_typed.mid(token.span.offset, token.span.length).toString();
        return token;
    }

    static bool hasValue(const Token &token)
    {
        return token.kind == Token::Kind::Filter || token.kind == Token::Kind::Picture;
    }

    /// Reads operators of one sign, and the sign before a word. False: a word follows.
    bool readSign(Token &token)
    {
        const QChar c = at(m_at);
        if (c == u'|') {
            while (at(m_at) == u'|')
                ++m_at;
            token.kind = Token::Kind::Or;
            return true;
        }
        if (c == u'!') {
            ++m_at;
            token.kind = Token::Kind::Not;
            return true;
        }
        if (c == u')' && (m_depth > 0 || followsFilter())) {
            ++m_at;
            m_depth = std::max(m_depth - 1, 0);
            token.kind = Token::Kind::Close;
            return true;
        }
        if ((c == u'-' || c == u'+') && beginsMeaning(m_at + 1)) {
            ++m_at;
            token.sign = c == u'-' ? Sign::Minus : Sign::Plus;
        }
        if (at(m_at) != u'(')
            return false;
        ++m_at;
        ++m_depth;
        token.kind = Token::Kind::Open;
        return true;
    }

    bool followsFilter() const
    {
        return !m_tokens.empty() &&
               (m_tokens.back().kind == Token::Kind::Filter || m_tokens.back().kind == Token::Kind::Bare ||
                m_tokens.back().kind == Token::Kind::Close);
    }

    /// So that signs alone, as in -- or ->, stay text.
    bool beginsMeaning(qsizetype i) const
    {
        if (i >= m_typed.size())
            return false;
        const QChar c = at(i);
        return c.isLetterOrNumber() || c.isSurrogate() || c == u'(' || !closers(m_typed[i]).isEmpty();
    }

    bool readKey(Token &token)
    {
        qsizetype colon = m_at;
        while (at(colon).isLetter())
            ++colon;
        if (colon == m_at || at(colon) != u':')
            return false;
        const auto key = keyOf(m_typed.mid(m_at, colon - m_at));
        if (!key)
            return false;
        token.kind = *key == Key::Image ? Token::Kind::Picture : Token::Kind::Filter;
        token.key = *key;
        m_at = colon + 1;
        token.value.offset = m_at;
        readWord(token);
        if (token.key == Key::Date && !token.isQuoted)
            readMoreOfDate(token);
        // Of a weight the sign is no part of the value.
        token.value.length = (token.weight ? token.weight->offset - 1 : m_at) - token.value.offset;
        return true;
    }

    /// last summer, >=last summer, 2020..spring festival 2023: the most English words that make a date. After
    /// a year, a month only: 2023 may; spring is as likely to be looked for.
    void readMoreOfDate(Token &token)
    {
        constexpr int mostWords = 5;
        const QString first = lastDay(token.text);
        const bool isYear = first.size() == 4 && std::all_of(first.begin(), first.end(), isDigit);
        if (first.isEmpty() || !(isYear || first[0].isLetter()))
            return;
        QString date = token.text;
        qsizetype end = m_at;
        for (int words = 1; words < mostWords; ++words) {
            const qsizetype before = end;
            while (end < m_typed.size() && m_typed[end].isSpace())
                ++end;
            const qsizetype begin = end;
            while (end < m_typed.size() && at(end).unicode() < 0x80 &&
                   (at(end).isLetterOrNumber() || at(end) == u'.'))
                ++end; // With the dots of may 2023..july 2023.
            const bool isWholeWord =
                end == m_typed.size() || m_typed[end].isSpace() || at(end) == u')' || at(end) == u'|';
            if (begin == before || begin == end || !isWholeWord)
                return;
            const QStringView word = m_typed.mid(begin, end - begin);
            if (isYear && words == 1 && !monthNamed(folded(word).section(u".."_s, 0, 0)))
                return;
            date += u' ' + word.toString();
            if (daysOf(date, m_today)) {
                token.text = date;
                m_at = end;
            }
        }
    }

    /// Of a range, or after the sign of a comparison; folded.
    static QString lastDay(const QString &date)
    {
        const QString text = folded(date);
        QStringView rest = text;
        if (!takeComparison(rest)) {
            const qsizetype dots = rest.lastIndexOf(u"..");
            rest = rest.mid(dots < 0 ? 0 : dots + 2);
        }
        return rest.toString();
    }

    static bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

    void readText(Token &token)
    {
        const qsizetype begin = m_at;
        readWord(token);
        if (!token.isQuoted && !token.weight && token.sign == Sign::None)
            readOperator(token, folded(m_typed.mid(begin, m_at - begin)));
        readBare(token);
    }

    static void readOperator(Token &token, const QString &word)
    {
        const auto become = [&token](Token::Kind kind) {
            token.kind = kind;
            token.isWord = true;
        };
        if (word == u"或" || word == u"或者" || word == u"or")
            become(Token::Kind::Or);
        else if (word == u"非" || word == u"not")
            become(Token::Kind::Not);
        else if (word == u"且" || word == u"并且" || word == u"and" || word == u"&")
            become(Token::Kind::And);
    }

    static void readBare(Token &token)
    {
        if (token.kind == Token::Kind::Text && !token.isQuoted && !token.weight && bareFilter(token.text))
            token.kind = Token::Kind::Bare;
    }

    /// Reads up to a blank, or to what ends a word without one.
    void readWord(Token &token)
    {
        const bool isValue = hasValue(token);
        const qsizetype begin = m_at;
        int brackets = 0; // Of the word itself, as in f(x).
        qsizetype caret = -1;
        while (m_at < m_typed.size() && !m_typed[m_at].isSpace()) {
            const QChar c = at(m_at);
            if (c == u'|' || (c == u')' && brackets == 0 && (m_depth > 0 || isValue)))
                break;
            if (readQuote(token, m_at == begin)) {
                caret = -1;
                continue;
            }
            if (c == u'(')
                ++brackets;
            else if (c == u')')
                brackets = std::max(brackets - 1, 0);
            else if (c == u'^')
                caret = token.text.size();
            token.text += m_typed[m_at++];
        }
        if (caret > 0 && token.kind != Token::Kind::Filter)
            takeWeight(token, caret);
    }

    /// ^ and what looks like a number; ^_^ is text.
    void takeWeight(Token &token, qsizetype caret)
    {
        const qsizetype length = token.text.size() - caret - 1;
        const QChar first = length > 0 ? narrow(token.text[caret + 1]) : QChar();
        if (!first.isDigit() && first != u'.' && first != u'-' && first != u'+')
            return;
        token.weight = Span{m_at - length, length};
        token.weightText = token.text.mid(caret + 1);
        token.text.truncate(caret);
    }

    /// A quote: "…" at the beginning of a word only, for it also means inches; the others anywhere in it.
    bool readQuote(Token &token, bool isFirst)
    {
        const QChar opener = m_typed[m_at];
        const QStringView ends = closers(opener);
        if (ends.isEmpty() || (!isFirst && narrow(opener) == u'"'))
            return false;
        const bool isClosed = std::any_of(ends.begin(), ends.end(), [this](QChar c) {
            return m_lastCloser[std::size_t(kClosers.indexOf(c))] > m_at;
        });
        if (!isClosed && !isFirst)
            return false;
        token.isQuoted = true;
        for (++m_at; m_at < m_typed.size(); ++m_at) {
            if (ends.contains(m_typed[m_at])) {
                const bool isDoubled =
                    narrow(opener) == u'"' && m_at + 1 < m_typed.size() && m_typed[m_at + 1] == m_typed[m_at];
                if (!isDoubled) {
                    ++m_at;
                    return true;
                }
                ++m_at; // Doubled, it is the sign itself.
            }
            token.text += m_typed[m_at];
        }
        token.isClosed = false;
        return true;
    }

    QStringView m_typed;
    QDate m_today;
    qsizetype m_at = 0;
    int m_depth = 0; ///< Of brackets around what comes.
    std::array<qsizetype, kClosers.size()> m_lastCloser{-1, -1, -1, -1, -1, -1};
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokens(QStringView typed, QDate today)
{
    return Lexer(typed, today).all();
}

} // namespace yingxun::query
