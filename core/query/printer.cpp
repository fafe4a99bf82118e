// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/printer.h"

#include "core/query/dates.h"
#include "core/query/lexer.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

QString comparisonText(Comparison comparison)
{
    switch (comparison) {
    case Comparison::Less:
        return u"<"_s;
    case Comparison::LessOrEqual:
        return u"<="_s;
    case Comparison::Equal:
        return u"="_s;
    case Comparison::GreaterOrEqual:
        return u">="_s;
    case Comparison::Greater:
        return u">"_s;
    }
    return {};
}

/// The first spelling in letters a-z of a value that is chosen from a list.
QString listedText(const Condition &condition)
{
    for (const ValueName &value : valueNames()) {
        if (value.condition == condition && value.name.front() < QChar(0x80))
            return value.name.toString();
    }
    return {};
}

struct ConditionText {
    QString operator()(const LabelFilter &filter) const { return u"label:"_s + valueText(filter.name); }
    QString operator()(const FolderFilter &filter) const { return u"folder:"_s + valueText(filter.path); }
    QString operator()(const DateFilter &filter) const { return u"date:"_s + daysText(filter.days); }
    QString operator()(const CameraFilter &filter) const { return u"camera:"_s + valueText(filter.name); }
    QString operator()(const LensFilter &filter) const { return u"lens:"_s + valueText(filter.name); }
    QString operator()(const RatingFilter &filter) const
    {
        if (filter.least == filter.most)
            return u"rating:%1"_s.arg(filter.least);
        if (filter.most == 5)
            return u"rating:>=%1"_s.arg(filter.least);
        return u"rating:%1..%2"_s.arg(filter.least).arg(filter.most);
    }
    QString operator()(const FormatFilter &filter) const { return u"format:"_s + listedText(filter); }
    QString operator()(const GpsFilter &filter) const { return u"has:"_s + listedText(filter); }
    QString operator()(const PixelCountFilter &filter) const
    {
        return u"size:"_s + comparisonText(filter.comparison) + counted(filter.pixels, u"mp"_s, u"像素"_s);
    }
    QString operator()(const PixelSizeFilter &filter) const
    {
        return u"size:"_s + comparisonText(filter.comparison) +
               u"%1x%2"_s.arg(filter.width).arg(filter.height);
    }
    QString operator()(const FileSizeFilter &filter) const
    {
        return u"size:"_s + comparisonText(filter.comparison) + counted(filter.bytes, u"mb"_s, u"b"_s);
    }
    QString operator()(const OrientationFilter &filter) const
    {
        return u"orientation:"_s + listedText(filter);
    }
    QString operator()(const KindFilter &filter) const { return u"type:"_s + listedText(filter); }

private:
    static QString counted(qint64 count, const QString &million, const QString &one)
    {
        return count % 1'000'000 == 0 ? QString::number(count / 1'000'000) + million
                                      : QString::number(count) + one;
    }
};

QString filterText(const Filter &filter);

/// In brackets where it would otherwise be taken apart by what stands around it.
QString operandText(const Filter &filter)
{
    const bool isWhole = filter.kind == Filter::Kind::Leaf || filter.kind == Filter::Kind::Not;
    return isWhole ? filterText(filter) : u'(' + filterText(filter) + u')';
}

QString filterText(const Filter &filter)
{
    if (filter.kind == Filter::Kind::Leaf)
        return std::visit(ConditionText(), filter.condition);
    if (filter.kind == Filter::Kind::Not)
        return u"not "_s + operandText(filter.children.front());
    QStringList parts;
    std::transform(filter.children.begin(), filter.children.end(), std::back_inserter(parts), operandText);
    return parts.join(filter.kind == Filter::Kind::Or ? u" or "_s : u" "_s);
}

/// Whether it can stand without quotes, whatever stands beside it: a quote or bracket may find its other
/// half.
bool isPlainText(const QString &text)
{
    static constexpr QStringView pairs = u"()（）\"＂“”「」『』";
    if (std::any_of(text.begin(), text.end(), [](QChar c) { return pairs.contains(c); }))
        return false;
    QStringList words;
    for (const Token &word : tokens(text, {})) {
        if (word.kind != Token::Kind::Text || word.sign != Sign::None || word.weight)
            return false;
        words << word.text;
    }
    return words.join(u' ') == text;
}

/// With its sign before and its weight behind.
QString weighted(const QString &text, double weight)
{
    const QString sign = weight < 0 ? u"-"_s : QString();
    if (weight == -1)
        return sign + text;
    return sign + text + u'^' + QString::number(std::abs(weight), 'g', QLocale::FloatingPointShortest);
}

QString pictureText(const PictureTerm &picture)
{
    const QString text = u"image:"_s + valueText(picture.path);
    return picture.weight == 1 ? text : weighted(text, picture.weight);
}

QString termText(const TextTerm &term, bool isDescription)
{
    if (isDescription)
        return isPlainText(term.text) ? term.text : quoted(term.text);
    const bool isWord =
        isPlainText(term.text) && !term.text.contains(u' ') &&
        std::all_of(term.text.begin(), term.text.end(), [](QChar c) { return c.isLetterOrNumber(); });
    return weighted(isWord ? term.text : quoted(term.text), term.weight);
}

} // namespace

QString quoted(const QString &text)
{
    QString inner = text;
    inner.replace(u"\""_s, u"\"\""_s);
    inner.replace(u"＂"_s, u"＂＂"_s);
    return u'"' + inner + u'"';
}

QString valueText(const QString &value)
{
    const bool isPlain = !value.isEmpty() && std::all_of(value.begin(), value.end(), [](QChar c) {
        return c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'/' || c == u'.';
    });
    return isPlain ? value : quoted(value);
}

QString print(const Query &query)
{
    QStringList parts;
    bool isDescribed = false;
    for (const TextTerm &term : query.terms) {
        const bool isDescription = term.weight == 1 && !isDescribed;
        parts << termText(term, isDescription);
        isDescribed = isDescribed || isDescription;
    }
    for (const PictureTerm &picture : query.pictures)
        parts << pictureText(picture);
    if (query.filter)
        parts << (query.filter->kind == Filter::Kind::And ? filterText(*query.filter)
                                                          : operandText(*query.filter));
    return parts.join(u' ');
}

} // namespace yingxun::query
