// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QList>
#include <QString>

class QMimeData;

namespace yingxun::ui {

/// The photos' ids, for drags within Yingxun: "application/x-yingxun-photos".
QString photoMimeType();
void putPhotoIds(QMimeData &mime, const QList<PhotoId> &photos);
/// Empty when `mime` carries none, or something malformed.
QList<PhotoId> photoIdsIn(const QMimeData &mime);

} // namespace yingxun::ui
