// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

#include <QStringList>

namespace yingxun::test {

inline QString comparisonText(query::Comparison comparison)
{
    static const QStringList signs{QStringLiteral("<"), QStringLiteral("<="), QStringLiteral("="),
                                   QStringLiteral(">="), QStringLiteral(">")};
    return signs[int(comparison)];
}

/// A filter as a test can read it: (and label[旅行] (not gps)).
struct FilterText {
    QString operator()(const query::LabelFilter &f) const { return QStringLiteral("label[%1]").arg(f.name); }
    QString operator()(const query::FolderFilter &f) const
    {
        return QStringLiteral("folder[%1]").arg(f.path);
    }
    QString operator()(const query::DateFilter &f) const
    {
        return QStringLiteral("date[%1,%2)")
            .arg(f.days.from.toString(Qt::ISODate), f.days.to.toString(Qt::ISODate));
    }
    QString operator()(const query::CameraFilter &f) const
    {
        return QStringLiteral("camera[%1]").arg(f.name);
    }
    QString operator()(const query::LensFilter &f) const { return QStringLiteral("lens[%1]").arg(f.name); }
    QString operator()(const query::RatingFilter &f) const
    {
        return QStringLiteral("rating%1-%2").arg(f.least).arg(f.most);
    }
    QString operator()(const query::FormatFilter &f) const
    {
        return QStringLiteral("format%1").arg(int(f.format));
    }
    QString operator()(const query::GpsFilter &) const { return QStringLiteral("gps"); }
    QString operator()(const query::PixelCountFilter &f) const
    {
        return QStringLiteral("pixels%1%2").arg(comparisonText(f.comparison)).arg(f.pixels);
    }
    QString operator()(const query::PixelSizeFilter &f) const
    {
        return QStringLiteral("sides%1%2x%3").arg(comparisonText(f.comparison)).arg(f.width).arg(f.height);
    }
    QString operator()(const query::FileSizeFilter &f) const
    {
        return QStringLiteral("bytes%1%2").arg(comparisonText(f.comparison)).arg(f.bytes);
    }
    QString operator()(const query::OrientationFilter &f) const
    {
        return QStringList{QStringLiteral("landscape"), QStringLiteral("portrait"),
                           QStringLiteral("square")}[int(f.orientation)];
    }
    QString operator()(const query::KindFilter &f) const
    {
        return f.kind == query::FileKind::Video ? QStringLiteral("video") : QStringLiteral("photo");
    }

    QString operator()(const query::Filter &filter) const
    {
        if (filter.kind == query::Filter::Kind::Leaf)
            return std::visit(*this, filter.condition);
        static const QStringList names{QStringLiteral("and"), QStringLiteral("or"), QStringLiteral("not")};
        QStringList parts{names[int(filter.kind)]};
        for (const query::Filter &child : filter.children)
            parts << (*this)(child);
        return u'(' + parts.join(u' ') + u')';
    }
};

/// The terms as 雪^1; -人^-1, the pictures as [/a.jpg]^1 and the filter after a slash.
inline QString queryWords(const query::Query &query)
{
    QStringList terms;
    for (const query::TextTerm &term : query.terms)
        terms << term.text + u'^' + QString::number(term.weight);
    for (const query::PictureTerm &picture : query.pictures)
        terms << u'[' + picture.path + QStringLiteral("]^") + QString::number(picture.weight);
    return terms.join(QStringLiteral("; ")) +
           (query.filter ? QStringLiteral(" / ") + FilterText()(*query.filter) : QString());
}

} // namespace yingxun::test
