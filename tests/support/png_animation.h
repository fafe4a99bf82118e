// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/image_samples.h"

#include <QPoint>
#include <QtEndian>

#include <vector>

namespace yingxun::test {

/// A frame of an APNG file, as its fcTL says.
struct PngFrame {
    QImage picture;
    QPoint at = {};
    quint16 delayMs = 1000;
    char disposal = 0; ///< 1 clears its place, 2 takes it back.
    char blending = 0; ///< 1 lays it over what is there.
};

inline QByteArray bigEndian(quint32 value)
{
    QByteArray bytes(4, '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

inline QByteArray pngChunk(const QByteArray &type, const QByteArray &data)
{
    quint32 crc = 0xffffffff;
    for (const char byte : type + data) {
        crc ^= static_cast<quint8>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
    }
    return bigEndian(quint32(data.size())) + type + data + bigEndian(~crc);
}

/// The data of all chunks of a type.
inline QByteArray pngData(const QByteArray &png, const QByteArray &type)
{
    QByteArray all;
    for (qsizetype at = 8; at + 12 <= png.size();) {
        const auto size = qsizetype{qFromBigEndian<quint32>(png.constData() + at)};
        if (png.mid(at + 4, 4) == type)
            all += png.mid(at + 8, size);
        at += 12 + size;
    }
    return all;
}

inline QByteArray pngOf(const QImage &picture)
{
    const Bytes bytes = encoded(picture, "PNG");
    return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
}

/// All frames have the format of the first one, which is as large as the canvas.
/// @param hidden  shown by programs that know of no animations, and no frame of it; none: the first frame is
inline QByteArray apngOf(const std::vector<PngFrame> &frames, const QImage &hidden = {})
{
    const QByteArray first = pngOf(hidden.isNull() ? frames.front().picture : hidden);
    QByteArray file = first.left(8) + pngChunk("IHDR", pngData(first, "IHDR"));
    file += pngChunk("acTL", bigEndian(quint32(frames.size())) + bigEndian(0));
    for (const QByteArray &type : {QByteArray("PLTE"), QByteArray("tRNS")}) {
        if (const QByteArray data = pngData(first, type); !data.isEmpty())
            file += pngChunk(type, data);
    }
    if (!hidden.isNull())
        file += pngChunk("IDAT", pngData(first, "IDAT"));
    quint32 sequence = 0;
    for (const PngFrame &frame : frames) {
        file += pngChunk("fcTL", bigEndian(sequence++) + bigEndian(quint32(frame.picture.width())) +
                                     bigEndian(quint32(frame.picture.height())) +
                                     bigEndian(quint32(frame.at.x())) + bigEndian(quint32(frame.at.y())) +
                                     bigEndian(quint32(frame.delayMs) << 16 | 1000) + frame.disposal +
                                     frame.blending);
        const QByteArray data = pngData(pngOf(frame.picture), "IDAT");
        if (sequence == 1 && hidden.isNull()) {
            file += pngChunk("IDAT", data);
        } else { // In two pieces, as large ones are.
            file += pngChunk("fdAT", bigEndian(sequence++) + data.left(data.size() / 2));
            file += pngChunk("fdAT", bigEndian(sequence++) + data.mid(data.size() / 2));
        }
    }
    return file + pngChunk("IEND", {});
}

} // namespace yingxun::test
