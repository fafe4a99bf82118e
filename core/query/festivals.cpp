// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/festivals.h"

#include <array>

namespace yingxun::query {
namespace {

/// Month and day as 100 * month + day.
struct LunarYear {
    int first = 0;      ///< 春节.
    int dragonBoat = 0; ///< 端午, the fifth of the fifth month.
    int midAutumn = 0;  ///< 中秋, the fifteenth of the eighth month.
};
constexpr int kFirstYear = 1990;
/// Computed by the rules of GB/T 33661-2017 from the new moons and the sun's longitudes of Meeus,
/// Astronomical Algorithms, chapters 49 and 25, in the time of 120° E. The widespread table of month lengths
/// gives the same days; ICU 72 gives another new year in 2027 and 2030.
constexpr std::array<LunarYear, 61> kLunarYears{{
    // clang-format off
    {127, 528, 1003}, {215, 616, 922}, {204, 605, 911}, {123, 624, 930}, {210, 613, 920},
    {131, 602, 909}, {219, 620, 927}, {207, 609, 916}, {128, 530, 1005}, {216, 618, 924},
    {205, 606, 912}, {124, 625, 1001}, {212, 615, 921}, {201, 604, 911}, {122, 622, 928},
    {209, 611, 918}, {129, 531, 1006}, {218, 619, 925}, {207, 608, 914}, {126, 528, 1003},
    {214, 616, 922}, {203, 606, 912}, {123, 623, 930}, {210, 612, 919}, {131, 602, 908},
    {219, 620, 927}, {208, 609, 915}, {128, 530, 1004}, {216, 618, 924}, {205, 607, 913},
    {125, 625, 1001}, {212, 614, 921}, {201, 603, 910}, {122, 622, 929}, {210, 610, 917},
    {129, 531, 1006}, {217, 619, 925}, {206, 609, 915}, {126, 528, 1003}, {213, 616, 922},
    {203, 605, 912}, {123, 624, 1001}, {211, 612, 919}, {131, 601, 908}, {219, 620, 927},
    {208, 610, 916}, {128, 530, 1004}, {215, 618, 924}, {204, 607, 913}, {124, 527, 1002},
    {212, 614, 920}, {201, 603, 910}, {122, 622, 928}, {210, 611, 917}, {130, 531, 1005},
    {217, 619, 925}, {206, 608, 915}, {126, 529, 1004}, {214, 615, 922}, {202, 604, 911},
    {123, 623, 930}
    // clang-format on
}};

struct Name {
    QStringView name;
    Festival festival;
};
constexpr std::array kNames{
    Name{u"元旦", Festival::NewYear},
    Name{u"新年", Festival::NewYear},
    Name{u"new year", Festival::NewYear},
    Name{u"春节", Festival::Spring},
    Name{u"过年", Festival::Spring},
    Name{u"spring festival", Festival::Spring},
    Name{u"chinese new year", Festival::Spring},
    Name{u"lunar new year", Festival::Spring},
    Name{u"除夕", Festival::NewYearEve},
    Name{u"元宵", Festival::Lantern},
    Name{u"lantern festival", Festival::Lantern},
    Name{u"五一", Festival::Labour},
    Name{u"劳动", Festival::Labour},
    Name{u"labour day", Festival::Labour},
    Name{u"labor day", Festival::Labour},
    Name{u"端午", Festival::DragonBoat},
    Name{u"dragon boat festival", Festival::DragonBoat},
    Name{u"中秋", Festival::MidAutumn},
    Name{u"mid-autumn", Festival::MidAutumn},
    Name{u"mid-autumn festival", Festival::MidAutumn},
    Name{u"国庆", Festival::National},
    Name{u"十一", Festival::National},
    Name{u"national day", Festival::National},
    Name{u"圣诞", Festival::Christmas},
    Name{u"christmas", Festival::Christmas},
    Name{u"xmas", Festival::Christmas},
};

DayRange days(QDate first, int count)
{
    return {first, first.addDays(count)};
}

} // namespace

std::optional<Festival> festivalOf(QStringView name)
{
    if (name.endsWith(u'节') && name != u"春节")
        name.chop(1);
    for (const Name &known : kNames) {
        if (known.name == name)
            return known.festival;
    }
    return std::nullopt;
}

std::optional<DayRange> festivalIn(Festival festival, int year)
{
    switch (festival) {
    case Festival::NewYear:
        return days({year, 1, 1}, 1);
    case Festival::Labour:
        return days({year, 5, 1}, 5);
    case Festival::National:
        return days({year, 10, 1}, 7);
    case Festival::Christmas:
        return days({year, 12, 24}, 3);
    default:
        break;
    }
    if (year < kFirstYear || year >= kFirstYear + int(kLunarYears.size()))
        return std::nullopt;
    const LunarYear &lunar = kLunarYears[std::size_t(year - kFirstYear)];
    const auto day = [year](int monthAndDay) { return QDate(year, monthAndDay / 100, monthAndDay % 100); };
    switch (festival) {
    case Festival::NewYearEve:
        return days(day(lunar.first).addDays(-1), 1);
    case Festival::Lantern:
        return days(day(lunar.first).addDays(14), 1);
    case Festival::DragonBoat:
        return days(day(lunar.dragonBoat), 1);
    case Festival::MidAutumn:
        return days(day(lunar.midAutumn), 1);
    default:
        return days(day(lunar.first).addDays(-1), 8);
    }
}

} // namespace yingxun::query
