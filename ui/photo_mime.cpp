// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_mime.h"

#include <QDataStream>
#include <QIODevice>
#include <QMimeData>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

QString photoMimeType()
{
    return u"application/x-yingxun-photos"_s;
}

void putPhotoIds(QMimeData &mime, const QList<PhotoId> &photos)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    for (const PhotoId photo : photos)
        stream << qint64{photo.value};
    mime.setData(photoMimeType(), bytes);
}

QList<PhotoId> photoIdsIn(const QMimeData &mime)
{
    const QByteArray bytes = mime.data(photoMimeType());
    if (bytes.size() % qsizetype{sizeof(qint64)} != 0)
        return {};
    QDataStream stream(bytes);
    QList<PhotoId> photos;
    while (!stream.atEnd()) {
        qint64 id = 0;
        stream >> id;
        photos.append(PhotoId{id});
    }
    return photos;
}

} // namespace yingxun::ui
