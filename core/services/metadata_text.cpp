// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/metadata_text.h"

#include <QDateTime>

#include <cmath>

using namespace Qt::StringLiterals;

namespace yingxun::services {
namespace {

const QString kGap = u"   "_s;

QString shown(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    while (text.contains(u'.') && (text.endsWith(u'0') || text.endsWith(u'.')))
        text.chop(1);
    return text;
}

QString camera(const Metadata &metadata)
{
    QStringList parts{equipmentName({metadata.cameraMake, metadata.cameraModel}),
                      QString::fromStdString(metadata.lens)};
    parts.removeAll(QString());
    return parts.join(kGap);
}

QString exposure(const Metadata &metadata)
{
    QStringList parts;
    if (metadata.exposureSeconds && *metadata.exposureSeconds < 0.3)
        parts += u"1/%1 s"_s.arg(shown(1 / *metadata.exposureSeconds, 0));
    else if (metadata.exposureSeconds)
        parts += shown(*metadata.exposureSeconds, 1) + u" s"_s;
    if (metadata.fNumber)
        parts += u"f/"_s + shown(*metadata.fNumber, 1);
    if (metadata.iso)
        parts += u"ISO "_s + shown(*metadata.iso, 0);
    if (metadata.focalLengthMm)
        parts += shown(*metadata.focalLengthMm, 1) + u" mm"_s;
    return parts.join(kGap);
}

QString time(const Metadata &metadata)
{
    if (!metadata.captureTimeMs)
        return {};
    const QString clock =
        QDateTime::fromMSecsSinceEpoch(*metadata.captureTimeMs, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss"_s);
    if (!metadata.utcOffsetMinutes)
        return clock;
    const int minutes = std::abs(*metadata.utcOffsetMinutes);
    return clock + u" UTC%1%2:%3"_s.arg(*metadata.utcOffsetMinutes < 0 ? u"-"_s : u"+"_s)
                       .arg(minutes / 60, 2, 10, QChar(u'0'))
                       .arg(minutes % 60, 2, 10, QChar(u'0'));
}

QString place(const Metadata &metadata)
{
    QStringList parts;
    if (metadata.latitude && metadata.longitude)
        parts += u"%1° %2, %3° %4"_s.arg(shown(std::abs(*metadata.latitude), 5))
                     .arg(*metadata.latitude < 0 ? u"S"_s : u"N"_s)
                     .arg(shown(std::abs(*metadata.longitude), 5))
                     .arg(*metadata.longitude < 0 ? u"W"_s : u"E"_s);
    if (metadata.altitudeMetres)
        parts += shown(*metadata.altitudeMetres, 0) + u" m"_s;
    return parts.join(kGap);
}

} // namespace

QString equipmentName(const Equipment &equipment)
{
    const QString make = QString::fromStdString(equipment.make);
    const QString model = QString::fromStdString(equipment.model);
    // "Canon EOS R5" says its make already.
    const bool saysMake = model.startsWith(make.section(u' ', 0, 0), Qt::CaseInsensitive);
    return saysMake ? model : (make + u' ' + model).trimmed();
}

QStringList metadataLines(const Metadata &metadata)
{
    QStringList keywords;
    for (const std::string &keyword : metadata.keywords)
        keywords += QString::fromStdString(keyword);
    QStringList lines{camera(metadata),
                      exposure(metadata),
                      time(metadata),
                      place(metadata),
                      QString(metadata.rating.value_or(0) > 0 ? *metadata.rating : 0, QChar(u'★')),
                      QString::fromStdString(metadata.title),
                      QString::fromStdString(metadata.description),
                      keywords.join(u", "_s)};
    lines.removeAll(QString());
    return lines;
}

QStringList equipmentNames(const std::vector<Equipment> &equipment)
{
    QStringList names;
    for (const Equipment &one : equipment)
        names.append(equipmentName(one));
    names.removeDuplicates();
    return names;
}

} // namespace yingxun::services
