// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBuffer>
#include <QByteArray>
#include <QImage>
#include <QPainter>

#include <cstddef>
#include <vector>

namespace yingxun::test {

using Bytes = std::vector<std::byte>;

inline Bytes toBytes(const QByteArray &array)
{
    const auto *first = reinterpret_cast<const std::byte *>(array.constData());
    return {first, first + array.size()};
}

/// Written by Qt; the program ends if Qt cannot.
inline Bytes encoded(const QImage &image, const char *format, int quality = 100)
{
    QByteArray array;
    QBuffer buffer(&array);
    buffer.open(QIODevice::WriteOnly);
    if (!image.save(&buffer, format, quality))
        qFatal("Qt cannot write %s", format);
    return toBytes(array);
}

/// Four quarters: red, green / blue, yellow.
inline QImage quarters(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    const QRect all = image.rect();
    const QPoint middle(width / 2, height / 2);
    painter.fillRect(all, Qt::yellow);
    painter.fillRect(QRect(all.topLeft(), middle), Qt::red);
    painter.fillRect(QRect(QPoint(middle.x(), 0), QPoint(width, middle.y() - 1)), QColor(0, 255, 0));
    painter.fillRect(QRect(QPoint(0, middle.y()), QPoint(middle.x() - 1, height)), Qt::blue);
    return image;
}

} // namespace yingxun::test
