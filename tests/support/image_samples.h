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

/// A TIFF structure by hand: the orientation, and in the EXIF directory the time of taking.
inline QByteArray exifBlock(quint16 orientation, bool isBigEndian, const QByteArray &time = {})
{
    QByteArray block(isBigEndian ? "MM" : "II", 2);
    const auto number = [&](quint32 value, int size) {
        for (int i = 0; i < size; ++i)
            block.append(static_cast<char>(value >> 8 * (isBigEndian ? size - 1 - i : i)));
    };
    const auto entry = [&](quint32 tag, quint32 type, quint32 count) {
        number(tag, 2);
        number(type, 2);
        number(count, 4);
    };
    number(42, 2);
    number(8, 4);
    number(2, 2); // IFD0 at 8: 2 + 2 * 12 + 4 bytes.
    entry(0x0112, 3, 1);
    number(orientation, 2);
    number(0, 2);
    entry(0x8769, 4, 1);
    number(38, 4);
    number(0, 4);
    number(1, 2); // EXIF directory at 38: 2 + 12 + 4 bytes.
    entry(0x9003, 2, 20);
    number(56, 4);
    number(0, 4);
    return block + time.leftJustified(20, '\0');
}

} // namespace yingxun::test
