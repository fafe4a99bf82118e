// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/completions.h"

#include "core/query/lexer.h"
#include "core/query/printer.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

std::vector<Completion> keys(const QString &typed, Span word)
{
    const QString begun = folded(typed);
    std::vector<Completion> result;
    std::vector<Key> seen;
    for (const KeyName &name : keyNames()) {
        // Without a letter each key once; the first spelling is the Chinese one but of has:.
        if (!name.name.startsWith(begun) ||
            (begun.isEmpty() && std::count(seen.begin(), seen.end(), name.key)))
            continue;
        seen.push_back(name.key);
        result.push_back({Completion::Kind::Key, name.name.toString() + u':', word});
    }
    for (const QString &bare : {u"横图"_s, u"竖图"_s, u"方图"_s, u"视频"_s, u"有GPS"_s}) {
        if (!begun.isEmpty() && folded(bare).startsWith(begun))
            result.push_back({Completion::Kind::Value, bare, word});
    }
    return result;
}

QStringList dates(QDate today)
{
    QStringList result{u"今天"_s,   u"昨天"_s, u"本周"_s, u"上周"_s, u"本月"_s,
                       u"上个月"_s, u"今年"_s, u"去年"_s, u"前年"_s, u"去年夏天"_s,
                       u"春节"_s,   u"五一"_s, u"中秋"_s, u"国庆"_s, u"圣诞"_s};
    for (int back = 0; back < 3; ++back)
        result << QString::number(today.year() - back);
    result << today.toString(u"yyyy-MM"_s) << today.addMonths(-1).toString(u"yyyy-MM"_s);
    return result << u"today"_s << u"yesterday"_s << u"this week"_s << u"last week"_s << u"this month"_s
                  << u"last month"_s << u"this year"_s << u"last year"_s << u"last summer"_s << u"christmas"_s
                  << u"spring festival"_s;
}

QStringList listed(Key key)
{
    QStringList result;
    for (const ValueName &value : valueNames()) {
        if (value.key == key)
            result << value.name.toString();
    }
    return result;
}

/// @param areNames  Set to whether any part of one may be typed.
QStringList candidates(Key key, QDate today, const KnownNames &known, bool &areNames)
{
    areNames = true;
    switch (key) {
    case Key::Label:
        return known.labels;
    case Key::Folder:
        return known.folders;
    case Key::Camera:
        return known.cameras;
    case Key::Lens:
        return known.lenses;
    default:
        areNames = false;
        break;
    }
    if (key == Key::Date)
        return dates(today);
    if (key == Key::Rating)
        return {u">=5"_s, u">=4"_s, u">=3"_s, u"5"_s, u"4"_s, u"3"_s, u"2"_s, u"1"_s, u"0"_s};
    if (key == Key::Size)
        return {u">=12mp"_s, u">=24mp"_s, u">5mb"_s, u">20mb"_s, u">=1920x1080"_s};
    return listed(key);
}

/// @param begun  The value up to the cursor, with an opening quote.
std::vector<Completion> values(Key key, QString begun, Span replaced, QDate today, const KnownNames &known)
{
    bool areNames = false;
    const QStringList all = candidates(key, today, known, areNames);
    if (!begun.isEmpty() && u"\"＂“”「『"_s.contains(begun.front()))
        begun.remove(0, 1);
    if (const auto dots = begun.lastIndexOf(u".."_s); key == Key::Date && dots >= 0) {
        // The second day of a range: the first stays.
        const qsizetype kept = dots + 2;
        begun.remove(0, kept);
        replaced = {replaced.offset + kept, replaced.length - kept};
    }
    const QString wanted = folded(begun);
    std::vector<Completion> result;
    for (const QString &text : all) {
        const QString candidate = folded(text);
        if (areNames ? candidate.contains(wanted) : candidate.startsWith(wanted))
            result.push_back({Completion::Kind::Value, areNames ? valueText(text) : text, replaced});
    }
    return result;
}

} // namespace

std::vector<Completion> completions(const QString &typed, qsizetype cursor, QDate today,
                                    const KnownNames &names)
{
    for (const Token &word : tokens(typed, today)) {
        if (cursor <= word.span.offset || cursor > word.span.end())
            continue;
        if (word.kind == Token::Kind::Filter) {
            if (cursor < word.value.offset)
                return {};
            const QString begun = typed.mid(word.value.offset, cursor - word.value.offset);
            return values(word.key, begun, word.value, today, names);
        }
        if (word.kind == Token::Kind::Picture)
            return {}; // Files are not looked for at each key.
        const bool isSigned = word.sign != Sign::None;
        const Span bare{word.span.offset + isSigned, word.span.length - isSigned};
        if (word.isQuoted)
            return {};
        if (word.kind == Token::Kind::Open || word.kind == Token::Kind::Or || word.kind == Token::Kind::Not)
            return word.isWord ? keys(typed.mid(bare.offset, cursor - bare.offset), bare)
                               : keys({}, {cursor, 0});
        return keys(typed.mid(bare.offset, cursor - bare.offset), bare);
    }
    return keys({}, {cursor, 0});
}

} // namespace yingxun::query
