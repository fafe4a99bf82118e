// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_paths.h"

#include <QByteArray>
#include <QFile>

namespace yingxun::ui {

QString shownPath(const std::string &path)
{
    return QFile::decodeName(QByteArray(path.data(), qsizetype(path.size())));
}

QString shownName(const Photo &photo)
{
    const std::size_t slash = photo.path.rfind('/');
    return shownPath(slash == std::string::npos ? photo.path : photo.path.substr(slash + 1));
}

QDateTime shownTime(const Photo &photo)
{
    if (photo.captureTimeMs) {
        // The camera's clock, whatever its zone was: shown as it stands.
        return QDateTime::fromMSecsSinceEpoch(*photo.captureTimeMs, Qt::UTC);
    }
    return QDateTime::fromMSecsSinceEpoch(photo.mtimeMs);
}

} // namespace yingxun::ui
