// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/dates.h"

#include <QTest>

using namespace yingxun;
using namespace yingxun::query;
using namespace Qt::StringLiterals;

namespace {

QString shown(const std::optional<DayRange> &days)
{
    return days ? days->from.toString(Qt::ISODate) + u' ' + days->to.toString(Qt::ISODate) : u"none"_s;
}

} // namespace

class tst_QueryDates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void means_data();
    void means();
    void dependsOnToday();
    void knowsTheLunarFestivals_data();
    void knowsTheLunarFestivals();
    void writesWhatItReads();
};

void tst_QueryDates::means_data()
{
    QTest::addColumn<QString>("date");
    QTest::addColumn<QString>("days"); // On Friday, 27 November 2026.
    const auto row = [](std::initializer_list<QString> dates, const QString &days) {
        for (const QString &date : dates)
            QTest::addRow("%s", qPrintable(date)) << date << days;
    };
    row({u"2023"_s, u"２０２３"_s, u"2023年"_s, u" 2023 "_s}, u"2023-01-01 2024-01-01"_s);
    row({u"2023-05"_s, u"2023-5"_s, u"2023/05"_s, u"2023.5"_s, u"2023年5月"_s, u"2023年5月份"_s,
         u"May 2023"_s, u"2023 may"_s},
        u"2023-05-01 2023-06-01"_s);
    row({u"2023-05-01"_s, u"2023/5/1"_s, u"20230501"_s, u"2023年5月1日"_s, u"2023年5月1号"_s},
        u"2023-05-01 2023-05-02"_s);
    row({u"2024-02-29"_s}, u"2024-02-29 2024-03-01"_s);
    row({u"2023-05..2024-01"_s, u"2023-05~2024-01"_s, u"2023-05～2024-01"_s, u"2023-05–2024-01"_s,
         u"2023年5月至2024年1月"_s, u"may 2023 to jan 2024"_s},
        u"2023-05-01 2024-02-01"_s);
    row({u"2023年5月..7月"_s, u"5月..2023年7月"_s, u"may..july 2023"_s, u"2023 may..july"_s},
        u"2023-05-01 2023-08-01"_s);
    row({u"2022-12~2月"_s, u"12月至2023年2月"_s, u"dec to feb 2023"_s}, u"2022-12-01 2023-03-01"_s);
    row({u"2020春节..国庆"_s}, u"2020-01-24 2020-10-08"_s);
    row({u"2023..7月"_s}, u"2023-01-01 2026-08-01"_s); // A year is no part of one.
    row({u"2023.."_s, u">=2023"_s, u"≥2023"_s, u"＞2022"_s, u"2023~"_s}, u"2023-01-01 "_s);
    row({u"..2023"_s, u"<=2023"_s, u"<2024"_s}, u" 2024-01-01"_s);
    row({u"今天"_s, u"today"_s, u"TODAY"_s}, u"2026-11-27 2026-11-28"_s);
    row({u"昨天"_s, u"yesterday"_s}, u"2026-11-26 2026-11-27"_s);
    row({u"昨天..今天"_s}, u"2026-11-26 2026-11-28"_s);
    row({u"本周"_s, u"this week"_s, u"这个星期"_s}, u"2026-11-23 2026-11-30"_s);
    row({u"上周"_s, u"上週"_s, u"last week"_s, u"last_week"_s}, u"2026-11-16 2026-11-23"_s);
    row({u"本月"_s, u"this month"_s, u"11月"_s, u"november"_s}, u"2026-11-01 2026-12-01"_s);
    row({u"上个月"_s, u"上個月"_s, u"last month"_s}, u"2026-10-01 2026-11-01"_s);
    row({u"最近7天"_s, u"last 7 days"_s}, u"2026-11-21 2026-11-28"_s);
    row({u"今年"_s, u"this year"_s}, u"2026-01-01 2027-01-01"_s);
    row({u"去年"_s, u"last year"_s}, u"2025-01-01 2026-01-01"_s);
    row({u"前年"_s}, u"2024-01-01 2025-01-01"_s);
    row({u"去年夏天"_s, u"去年的夏季"_s, u"2025夏"_s, u"summer last year"_s, u"summer 2025"_s,
         u"last year summer"_s},
        u"2025-06-01 2025-09-01"_s);
    row({u"夏天"_s, u"last summer"_s, u"this summer"_s}, u"2026-06-01 2026-09-01"_s);
    row({u"去年冬天"_s, u"winter 2025"_s, u"last winter"_s, u"冬天"_s}, u"2025-12-01 2026-03-01"_s);
    row({u"this autumn"_s, u"fall"_s}, u"2026-09-01 2026-12-01"_s);
    row({u"last autumn"_s}, u"2025-09-01 2025-12-01"_s);
    row({u"去年12月"_s, u"12月"_s, u"december"_s, u"Dec 2025"_s}, u"2025-12-01 2026-01-01"_s);
    row({u"去年12月3日"_s}, u"2025-12-03 2025-12-04"_s);
    row({u"2月29日"_s}, u"2024-02-29 2024-03-01"_s);
    row({u"春节"_s, u"春節"_s, u"今年春节"_s, u"spring festival"_s}, u"2026-02-16 2026-02-24"_s);
    row({u"2023春节"_s, u"2023年春节"_s, u"春节2023"_s, u"spring festival 2023"_s,
         u"chinese new year 2023"_s},
        u"2023-01-21 2023-01-29"_s);
    row({u"去年春节"_s}, u"2025-01-28 2025-02-05"_s);
    row({u"国庆"_s, u"國慶節"_s, u"last national day"_s}, u"2026-10-01 2026-10-08"_s);
    row({u"圣诞"_s, u"圣诞节"_s, u"christmas"_s, u"last christmas"_s}, u"2025-12-24 2025-12-27"_s);
    row({u"五一"_s}, u"2026-05-01 2026-05-06"_s);
    row({u"中秋"_s, u"中秋节"_s}, u"2026-09-25 2026-09-26"_s);
    row({u"元旦"_s}, u"2026-01-01 2026-01-02"_s);
    row({u""_s,
         u"猫"_s,
         u"2023-13"_s,
         u"2023-02-30"_s,
         u"2023年2月30日"_s,
         u"0000"_s,
         u"23"_s,
         u"20231301"_s,
         u".."_s,
         u"2024..2023"_s,
         u">"_s,
         u">9999"_s,
         u"2023-05-2024-01"_s,
         u"last"_s,
         u"最近0天"_s,
         u"1989春节"_s,
         u"2051春节"_s,
         u"13月"_s,
         u"2023..x"_s,
         u"今天昨天"_s,
         u"最近9999年"_s},
        u"none"_s);
}

void tst_QueryDates::means()
{
    QFETCH(QString, date);
    QFETCH(QString, days);
    QCOMPARE(shown(daysOf(date, QDate(2026, 11, 27))), days);
}

void tst_QueryDates::dependsOnToday()
{
    // The turn of a year, and a Monday and a Sunday.
    QCOMPARE(shown(daysOf(u"上个月"_s, QDate(2026, 1, 31))), u"2025-12-01 2026-01-01"_s);
    QCOMPARE(shown(daysOf(u"昨天"_s, QDate(2024, 3, 1))), u"2024-02-29 2024-03-01"_s);
    QCOMPARE(shown(daysOf(u"上周"_s, QDate(2026, 11, 23))), u"2026-11-16 2026-11-23"_s);
    QCOMPARE(shown(daysOf(u"本周"_s, QDate(2026, 11, 29))), u"2026-11-23 2026-11-30"_s);
    QCOMPARE(shown(daysOf(u"冬天"_s, QDate(2026, 12, 1))), u"2026-12-01 2027-03-01"_s);
    QCOMPARE(shown(daysOf(u"last winter"_s, QDate(2026, 2, 28))), u"2024-12-01 2025-03-01"_s);
    for (const QString &text : {u"this winter"_s, u"今年冬天"_s, u"winter this year"_s}) {
        QCOMPARE(shown(daysOf(text, QDate(2026, 2, 28))), u"2025-12-01 2026-03-01"_s);
        QCOMPARE(shown(daysOf(text, QDate(2026, 3, 1))), u"2026-12-01 2027-03-01"_s);
    }
    for (const QString &text : {u"去年冬天"_s, u"winter last year"_s})
        QCOMPARE(shown(daysOf(text, QDate(2026, 2, 28))), u"2024-12-01 2025-03-01"_s);
    QCOMPARE(shown(daysOf(u"前年冬天"_s, QDate(2026, 2, 28))), u"2023-12-01 2024-03-01"_s);
    QCOMPARE(shown(daysOf(u"去年冬天"_s, QDate(2026, 3, 1))), u"2025-12-01 2026-03-01"_s);
    QCOMPARE(shown(daysOf(u"2026年冬天"_s, QDate(2026, 2, 28))), u"2026-12-01 2027-03-01"_s);
    QCOMPARE(shown(daysOf(u"5月..7月"_s, QDate(2026, 6, 15))), u"2026-05-01 2026-08-01"_s);
    QCOMPARE(shown(daysOf(u"may..july"_s, QDate(2026, 4, 30))), u"2025-05-01 2025-08-01"_s);
    QCOMPARE(shown(daysOf(u"12月至2月"_s, QDate(2026, 1, 15))), u"2025-12-01 2026-03-01"_s);
    QCOMPARE(shown(daysOf(u"may..july 2026"_s, QDate(2026, 4, 30))), u"2026-05-01 2026-08-01"_s);
    QVERIFY(!daysOf(u"2026-05..2025-07"_s, QDate(2026, 6, 15)));
    QCOMPARE(shown(daysOf(u"春节"_s, QDate(2026, 2, 15))), u"2025-01-28 2025-02-05"_s);
    QCOMPARE(shown(daysOf(u"春节"_s, QDate(2026, 2, 16))), u"2026-02-16 2026-02-24"_s);
}

void tst_QueryDates::knowsTheLunarFestivals_data()
{
    QTest::addColumn<QDate>("newYear");
    QTest::addColumn<QDate>("midAutumn");
    // With the years in which ICU 72 errs, and the late leap month of 2033.
    const auto row = [](QDate newYear, QDate midAutumn) {
        QTest::addRow("%d", newYear.year()) << newYear << midAutumn;
    };
    row({1990, 1, 27}, {1990, 10, 3});
    row({2000, 2, 5}, {2000, 9, 12});
    row({2008, 2, 7}, {2008, 9, 14});
    row({2020, 1, 25}, {2020, 10, 1});
    row({2023, 1, 22}, {2023, 9, 29});
    row({2024, 2, 10}, {2024, 9, 17});
    row({2025, 1, 29}, {2025, 10, 6});
    row({2027, 2, 6}, {2027, 9, 15});
    row({2028, 1, 26}, {2028, 10, 3});
    row({2030, 2, 3}, {2030, 9, 12});
    row({2033, 1, 31}, {2033, 9, 8});
    row({2050, 1, 23}, {2050, 9, 30});
}

void tst_QueryDates::knowsTheLunarFestivals()
{
    QFETCH(QDate, newYear);
    QFETCH(QDate, midAutumn);
    const int year = newYear.year();
    QCOMPARE(festivalIn(Festival::Spring, year)->from.addDays(1), newYear);
    QCOMPARE(festivalIn(Festival::NewYearEve, year)->to, newYear);
    QCOMPARE(festivalIn(Festival::Lantern, year)->from, newYear.addDays(14));
    QCOMPARE(festivalIn(Festival::MidAutumn, year)->from, midAutumn);
    // From the fifth of the fifth to the fifteenth of the eighth month: three months and ten days, or four.
    const auto between = festivalIn(Festival::DragonBoat, year)->from.daysTo(midAutumn);
    QVERIFY((between >= 97 && between <= 100) || (between >= 127 && between <= 129));
}

void tst_QueryDates::writesWhatItReads()
{
    const QDate today(2026, 11, 27);
    QCOMPARE(daysText(*daysOf(u"去年"_s, today)), u"2025"_s);
    QCOMPARE(daysText(*daysOf(u"上个月"_s, today)), u"2026-10"_s);
    QCOMPARE(daysText(*daysOf(u"昨天"_s, today)), u"2026-11-26"_s);
    QCOMPARE(daysText(*daysOf(u"2023-05..2024-01"_s, today)), u"2023-05..2024-01"_s);
    QCOMPARE(daysText(*daysOf(u"2023-05-03.."_s, today)), u"2023-05-03.."_s);
    for (int first = 0; first < 800; first += 7) {
        for (int length = 1; length < 800; length += 5) {
            const QDate from = QDate(2019, 12, 1).addDays(first);
            const DayRange days{from, from.addDays(length)};
            QCOMPARE(shown(daysOf(daysText(days), today)), shown(days));
        }
    }
}

QTEST_GUILESS_MAIN(tst_QueryDates)
#include "tst_query_dates.moc"
