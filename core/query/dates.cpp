// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/dates.h"

#include "core/query/filter_value.h"
#include "core/query/period.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

/// Where a range's sign stands; its length is 0 where there is none.
struct RangeSign {
    qsizetype offset = 0;
    qsizetype length = 0;
};

RangeSign rangeSign(const QString &text)
{
    static const QRegularExpression sign(u" to |\\.{2,3}|[~–—至到]"_s);
    const auto match = sign.match(text);
    return match.hasMatch() ? RangeSign{match.capturedStart(), match.capturedLength()} : RangeSign{};
}

std::optional<DayRange> compared(Comparison comparison, const QString &text, QDate today)
{
    const auto days = periodOf(text, today);
    if (!days)
        return std::nullopt;
    switch (comparison) {
    case Comparison::Less:
        return DayRange{{}, days->from};
    case Comparison::LessOrEqual:
        return DayRange{{}, days->to};
    case Comparison::Equal:
        return days;
    case Comparison::GreaterOrEqual:
        return DayRange{days->from, {}};
    case Comparison::Greater:
        return DayRange{days->to, {}};
    }
    return std::nullopt;
}

/// Whether a date without a year is meant near it.
bool isPartOfYear(const DayRange &days)
{
    return days.to <= days.from.addMonths(3); // A season.
}

std::optional<DayRange> between(const QString &first, const QString &last, QDate today)
{
    auto from = periodOf(first, today);
    auto to = periodOf(last, today);
    if ((!from && !first.isEmpty()) || (!to && !last.isEmpty()) || (!from && !to))
        return std::nullopt;
    if (from && to) {
        const bool isYearOfFirst = !recurs(first) && isPartOfYear(*from); // May 2023 to July.
        const bool turnsYear = to->to <= from->from;                      // May to July, asked in June.
        if (recurs(last) && (isYearOfFirst || turnsYear))
            to = firstAfter(last, from->from);
        else if (recurs(first) && !recurs(last) && isPartOfYear(*to))
            from = latestBefore(first, to->to); // May to July 2023.
        if (!from || !to || to->to <= from->from)
            return std::nullopt;
    }
    return DayRange{from ? from->from : QDate(), to ? to->to : QDate()};
}

/// Four digits for a year are what daysText() can write and periodOf() read.
bool canBeWritten(const DayRange &days)
{
    const auto fits = [](QDate day) { return !day.isValid() || (day.year() >= 1000 && day.year() <= 9999); };
    return fits(days.from) && (!days.to.isValid() || fits(days.to.addDays(-1)));
}

QString firstDayText(QDate from)
{
    if (from.day() > 1)
        return from.toString(Qt::ISODate);
    return from.toString(from.month() > 1 ? u"yyyy-MM"_s : u"yyyy"_s);
}

QString lastDayText(QDate to)
{
    if (to.day() > 1)
        return to.addDays(-1).toString(Qt::ISODate);
    return to.addDays(-1).toString(to.month() > 1 ? u"yyyy-MM"_s : u"yyyy"_s);
}

} // namespace

std::optional<DayRange> daysOf(const QString &date, QDate today)
{
    const QString text = folded(date).replace(u'_', u' ').simplified();
    constexpr int longest = 64; // Expressions need not be tried on what is no date.
    if (text.size() > longest)
        return std::nullopt;
    QStringView rest = text;
    std::optional<DayRange> days;
    if (const auto comparison = takeComparison(rest)) {
        days = compared(*comparison, rest.toString(), today);
    } else if (const RangeSign sign = rangeSign(text); sign.length > 0) {
        days =
            between(text.left(sign.offset).trimmed(), text.mid(sign.offset + sign.length).trimmed(), today);
    } else {
        days = periodOf(text, today);
    }
    return days && canBeWritten(*days) ? days : std::nullopt;
}

QString daysText(const DayRange &days)
{
    if (days.from.isValid() && days.to.isValid()) {
        for (const QString &text :
             {firstDayText(days.from), days.from.toString(u"yyyy-MM"_s), days.from.toString(Qt::ISODate)}) {
            if (periodOf(text, days.from) == days)
                return text;
        }
    }
    return (days.from.isValid() ? firstDayText(days.from) : QString()) + u".."_s +
           (days.to.isValid() ? lastDayText(days.to) : QString());
}

} // namespace yingxun::query
