// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QImage>
#include <QObject>

namespace yingxun::services {

/// Where the grid and the viewer get their pictures from.
class ThumbnailSource : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Asks for a thumbnail (longer side 256 px, upright); asking twice is asking once; newest first.
    virtual void request(const Photo &photo) = 0;
    /// Drops requests not yet begun (cells scrolled away).
    virtual void forgetPending() = 0;
    /// Asks for the picture itself, at most `side` pixels on its longer side (0: full size).
    /// A newer request replaces an older one.
    virtual void requestLarge(const Photo &photo, int side) = 0;

Q_SIGNALS:
    /// Of the content that the photo was said to have. Null image: cannot be read.
    void ready(yingxun::PhotoId photo, const yingxun::ContentHash &content, const QImage &image);
    void largeReady(yingxun::PhotoId photo, const QImage &image); ///< Null image: cannot be read.
};

} // namespace yingxun::services
