// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filter_value.h"

#include "core/query/dates.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yingxun::query {
namespace {

/// Digits and a point only, so that neither 1e9 nor nan is a number.
std::optional<double> numberOf(QStringView text)
{
    const bool isPlain =
        std::all_of(text.begin(), text.end(), [](QChar c) { return c == u'.' || (c >= u'0' && c <= u'9'); });
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isPlain && isNumber && text.size() <= 15 ? std::optional(number) : std::nullopt;
}

std::optional<int> starsOf(QStringView text)
{
    text = text.trimmed();
    if (text.size() > 1 && (text.back() == u'星' || text.back() == u'★'))
        text.chop(1);
    if (text.size() != 1 || text[0] < u'0' || text[0] > u'5')
        return std::nullopt;
    return text[0].unicode() - u'0';
}

std::optional<Condition> ratingOf(QStringView value)
{
    const auto comparison = takeComparison(value);
    const qsizetype dots = value.indexOf(u"..");
    if (dots >= 0 && !comparison) {
        const auto least = starsOf(value.left(dots));
        const auto most = starsOf(value.mid(dots + 2));
        return least && most && *least <= *most ? std::optional<Condition>(RatingFilter{*least, *most})
                                                : std::nullopt;
    }
    const auto stars = starsOf(value);
    if (!stars)
        return std::nullopt;
    RatingFilter filter{*stars, *stars};
    switch (comparison.value_or(Comparison::Equal)) {
    case Comparison::Less:
        filter = {0, *stars - 1};
        break;
    case Comparison::LessOrEqual:
        filter = {0, *stars};
        break;
    case Comparison::Equal:
        break;
    case Comparison::GreaterOrEqual:
        filter = {*stars, 5};
        break;
    case Comparison::Greater:
        filter = {*stars + 1, 5};
        break;
    }
    return filter.least <= filter.most ? std::optional<Condition>(filter) : std::nullopt;
}

struct Unit {
    QStringView name;
    double size = 1;
    bool isBytes = false;
};
constexpr std::array kUnits{Unit{u"万像素", 1e4, false}, Unit{u"像素", 1, false}, Unit{u"mp", 1e6, false},
                            Unit{u"kb", 1e3, true},      Unit{u"mb", 1e6, true},  Unit{u"gb", 1e9, true},
                            Unit{u"b", 1, true}};

std::optional<Condition> pixelSizeOf(Comparison comparison, QStringView width, QStringView height)
{
    const auto side = [](QStringView text) {
        const auto number = numberOf(text.trimmed());
        return number && *number >= 1 && *number <= 1e6 && *number == std::floor(*number) ? int(*number) : 0;
    };
    const PixelSizeFilter filter{comparison, side(width), side(height)};
    return filter.width && filter.height ? std::optional<Condition>(filter) : std::nullopt;
}

std::optional<Condition> sizeOf(QStringView value)
{
    const auto typed = takeComparison(value);
    const auto cross =
        std::find_if(value.begin(), value.end(), [](QChar c) { return c == u'x' || c == u'×' || c == u'*'; });
    if (cross != value.end()) {
        const auto at = cross - value.begin();
        return pixelSizeOf(typed.value_or(Comparison::Equal), value.left(at), value.mid(at + 1));
    }
    // Nobody means a file of exactly so many bytes.
    const Comparison comparison = typed.value_or(Comparison::GreaterOrEqual);
    for (const Unit &unit : kUnits) {
        if (!value.endsWith(unit.name))
            continue;
        const auto number = numberOf(value.chopped(unit.name.size()).trimmed());
        if (!number || *number * unit.size < 1 || *number * unit.size > 1e15)
            return std::nullopt;
        const qint64 size = std::llround(*number * unit.size);
        if (unit.isBytes)
            return FileSizeFilter{comparison, size};
        return PixelCountFilter{comparison, size};
    }
    return std::nullopt;
}

} // namespace

std::optional<Comparison> takeComparison(QStringView &value)
{
    struct Spelling {
        QStringView sign;
        Comparison comparison;
    };
    static constexpr std::array spellings{Spelling{u">=", Comparison::GreaterOrEqual},
                                          Spelling{u"≥", Comparison::GreaterOrEqual},
                                          Spelling{u"<=", Comparison::LessOrEqual},
                                          Spelling{u"≤", Comparison::LessOrEqual},
                                          Spelling{u">", Comparison::Greater},
                                          Spelling{u"<", Comparison::Less},
                                          Spelling{u"=", Comparison::Equal}};
    for (const Spelling &spelling : spellings) {
        if (value.startsWith(spelling.sign)) {
            value = value.mid(spelling.sign.size()).trimmed();
            return spelling.comparison;
        }
    }
    return std::nullopt;
}

std::optional<Condition> conditionOf(Key key, const QString &value, QDate today)
{
    const QString plain = folded(value).trimmed();
    switch (key) {
    case Key::Label:
        return LabelFilter{value.trimmed()};
    case Key::Folder:
        return FolderFilter{value.trimmed()};
    case Key::Camera:
        return CameraFilter{value.trimmed()};
    case Key::Lens:
        return LensFilter{value.trimmed()};
    case Key::Rating:
        return ratingOf(plain);
    case Key::Size:
        return sizeOf(plain);
    case Key::Date:
        if (const auto days = daysOf(value, today))
            return DateFilter{*days};
        return std::nullopt;
    case Key::Format:
    case Key::Has:
    case Key::Orientation:
    case Key::Type:
        return valueOf(key, plain);
    case Key::Image:
        break; // Of no filter.
    }
    return std::nullopt;
}

} // namespace yingxun::query
