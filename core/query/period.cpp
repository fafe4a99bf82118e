// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/period.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

using Days = std::optional<DayRange>;

Days dayOf(QDate day)
{
    return day.isValid() ? Days({day, day.addDays(1)}) : std::nullopt;
}

Days monthsOf(int year, int month, int count)
{
    const QDate first(year, month, 1);
    return first.isValid() ? Days({first, first.addMonths(count)}) : std::nullopt;
}

Days yearOf(int year)
{
    return monthsOf(year, 1, 12);
}

Days weekOf(QDate day)
{
    return DayRange{day.addDays(1 - day.dayOfWeek()), day.addDays(8 - day.dayOfWeek())};
}

/// What comes once in each year.
using EachYear = std::function<Days(int year)>;

/// The month a season begins in.
int seasonNamed(QString name)
{
    if (name.size() == 2 && (name.endsWith(u'天') || name.endsWith(u'季')))
        name.chop(1);
    static const QStringList names{u"春"_s,     u"夏"_s,     u"秋"_s,     u"冬"_s,
                                   u"spring"_s, u"summer"_s, u"autumn"_s, u"winter"_s};
    const auto at = name == u"fall" ? 2 : names.indexOf(name);
    return at < 0 ? 0 : int(at % 4) * 3 + 3;
}

std::optional<EachYear> eachYear(const QString &name)
{
    if (const int month = monthNamed(name))
        return [month](int year) { return monthsOf(year, month, 1); };
    if (const int month = seasonNamed(name))
        return [month](int year) { return monthsOf(year, month, 3); };
    if (const auto festival = festivalOf(name))
        return [festival](int year) { return festivalIn(*festival, year); };
    static const QRegularExpression monthAndDay(u"^([0-9]{1,2})月(?:份|([0-9]{1,2})[日号]?)?$"_s);
    if (const auto match = monthAndDay.match(name); match.hasMatch()) {
        const int month = match.captured(1).toInt();
        if (match.captured(2).isEmpty())
            return [month](int year) { return monthsOf(year, month, 1); };
        return [month, day = match.captured(2).toInt()](int year) { return dayOf({year, month, day}); };
    }
    return std::nullopt;
}

/// Of this year, or so many years back. What runs on into the next year, as winter does, is this year's until
/// it ends, and the one before it is last year's.
Days ofYearsAgo(const EachYear &days, int back, QDate today)
{
    const Days before = days(today.year() - 1);
    return days(today.year() - back - (before && before->to > today ? 1 : 0));
}

/// The latest that has begun, or is over. Four years back for 29 February, one more for its not being now.
Days latest(const EachYear &days, QDate today, bool isOver)
{
    for (int year = today.year(); year > today.year() - 9; --year) {
        const Days found = days(year);
        if (found && (isOver ? found->to <= today : found->from <= today))
            return found;
    }
    return std::nullopt;
}

Days named(const QString &text, QDate today)
{
    const auto is = [&text](std::initializer_list<QStringView> names) {
        return std::find(names.begin(), names.end(), text) != names.end();
    };
    const QDate month(today.year(), today.month(), 1);
    if (is({u"今天", u"今日", u"today"}))
        return dayOf(today);
    if (is({u"昨天", u"昨日", u"yesterday"}))
        return dayOf(today.addDays(-1));
    if (is({u"前天"}))
        return dayOf(today.addDays(-2));
    if (is({u"本周", u"这周", u"这个星期", u"本星期", u"this week"}))
        return weekOf(today);
    if (is({u"上周", u"上个星期", u"上星期", u"last week"}))
        return weekOf(today.addDays(-7));
    if (is({u"本月", u"这个月", u"这月", u"this month"}))
        return DayRange{month, month.addMonths(1)};
    if (is({u"上个月", u"上月", u"last month"}))
        return DayRange{month.addMonths(-1), month};
    return std::nullopt;
}

/// 最近7天, last 3 months: up to today, which is the last of them.
Days recent(const QString &text, QDate today)
{
    static const QRegularExpression pattern(
        u"^(?:最近|过去|近|last |past )([0-9]{1,4}) ?(?:个)?(天|日|days?|周|星期|weeks?|月|months?|年|years?)$"_s);
    const auto match = pattern.match(text);
    if (!match.hasMatch() || match.captured(1).toInt() == 0)
        return std::nullopt;
    const int count = match.captured(1).toInt();
    const QString unit = match.captured(2);
    const QDate to = today.addDays(1);
    if (unit == u"天" || unit == u"日" || unit.startsWith(u"day"))
        return DayRange{to.addDays(-count), to};
    if (unit == u"周" || unit == u"星期" || unit.startsWith(u"week"))
        return DayRange{to.addDays(-7 * count), to};
    if (unit == u"月" || unit.startsWith(u"month"))
        return DayRange{to.addMonths(-count), to};
    return DayRange{to.addYears(-count), to};
}

Days numeric(const QString &text)
{
    static const QRegularExpression parts(u"^([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\\2([0-9]{1,2}))?)?$"_s);
    static const QRegularExpression digits(u"^([0-9]{4})([0-9]{2})([0-9]{2})$"_s);
    if (const auto match = digits.match(text); match.hasMatch())
        return dayOf({match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt()});
    const auto match = parts.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const int year = match.captured(1).toInt();
    if (match.captured(3).isEmpty())
        return yearOf(year);
    if (match.captured(4).isEmpty())
        return monthsOf(year, match.captured(3).toInt(), 1);
    return dayOf({year, match.captured(3).toInt(), match.captured(4).toInt()});
}

/// A year at the beginning, with what comes after it, or at the end of an English date.
Days ofYear(const QString &text, QDate today)
{
    static const QRegularExpression before(
        u"^(?:([0-9]{4})年?|(今年|this year)|(去年|last year)|(前年)) ?的? ?(.*)$"_s);
    static const QRegularExpression after(
        u"^(.+?) ?(?:of )?(?:([0-9]{4})年?|(this year)|(last year)|(前年))$"_s);
    auto match = before.match(text);
    int firstYear = 1;
    QString rest = match.captured(5);
    if (!match.hasMatch()) {
        match = after.match(text);
        if (!match.hasMatch())
            return std::nullopt;
        firstYear = 2;
        rest = match.captured(1);
    }
    const auto each = eachYear(rest);
    if (!each && !rest.isEmpty())
        return std::nullopt;
    if (const int year = match.captured(firstYear).toInt())
        return each ? (*each)(year) : yearOf(year);
    for (int back = 0; back < 3; ++back) {
        if (!match.captured(firstYear + 1 + back).isEmpty())
            return each ? ofYearsAgo(*each, back, today) : yearOf(today.year() - back);
    }
    return std::nullopt;
}

} // namespace

int monthNamed(const QString &name)
{
    static const QStringList months{u"january"_s,   u"february"_s, u"march"_s,    u"april"_s,
                                    u"may"_s,       u"june"_s,     u"july"_s,     u"august"_s,
                                    u"september"_s, u"october"_s,  u"november"_s, u"december"_s};
    for (qsizetype i = 0; i < months.size(); ++i) {
        if (name == months[i] || name == months[i].left(3))
            return int(i) + 1;
    }
    return 0;
}

std::optional<DayRange> periodOf(const QString &text, QDate today)
{
    for (const Days &days : {named(text, today), recent(text, today), numeric(text), ofYear(text, today)}) {
        if (days)
            return days;
    }
    const bool isOver = text.startsWith(u"last ");
    const bool isThis = text.startsWith(u"this ");
    const auto each = eachYear(isOver || isThis ? text.mid(5) : text);
    if (!each)
        return std::nullopt;
    return isThis ? ofYearsAgo(*each, 0, today) : latest(*each, today, isOver);
}

bool recurs(const QString &text)
{
    return eachYear(text).has_value();
}

std::optional<DayRange> firstAfter(const QString &text, QDate day)
{
    const auto each = eachYear(text);
    for (int year = day.year() - 1; each && year < day.year() + 9; ++year) {
        if (const Days found = (*each)(year); found && found->to > day)
            return found;
    }
    return std::nullopt;
}

std::optional<DayRange> latestBefore(const QString &text, QDate day)
{
    const auto each = eachYear(text);
    return each ? latest(*each, day.addDays(-1), false) : std::nullopt;
}

} // namespace yingxun::query
