// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/readers.h"

#include <QBuffer>
#include <QByteArray>
#include <QImage>
#include <QImageReader>

#include <algorithm>
#include <mutex>

namespace yingxun::image {

namespace {

/// Qt's own limit of 128 MB for the whole process is less than some photos need; checkSize() guards here.
void liftAllocationLimit()
{
    static std::once_flag once;
    std::call_once(once, [] { QImageReader::setAllocationLimit(0); });
}

/// The pixels of `image` after conversion, row by row without Qt's padding.
void store(Picture &picture, PixelMode mode, const QImage &image)
{
    picture.mode = mode;
    const std::size_t rowBytes = sampleBytes(mode, image.width(), 1);
    picture.samples.resize(rowBytes * static_cast<std::size_t>(image.height()));
    for (int y = 0; y < image.height(); ++y)
        std::copy_n(image.constScanLine(y), rowBytes,
                    picture.samples.data() + static_cast<std::size_t>(y) * rowBytes);
}

void storePalette(Picture &picture, const QImage &image)
{
    store(picture, PixelMode::Palette, image);
    picture.palette.assign(256 * 4, 0);
    const auto colours = image.colorTable();
    for (qsizetype i = 0; i < std::min<qsizetype>(colours.size(), 256); ++i) {
        std::uint8_t *entry = picture.palette.data() + i * 4;
        entry[0] = static_cast<std::uint8_t>(qRed(colours[i]));
        entry[1] = static_cast<std::uint8_t>(qGreen(colours[i]));
        entry[2] = static_cast<std::uint8_t>(qBlue(colours[i]));
        entry[3] = static_cast<std::uint8_t>(qAlpha(colours[i]));
    }
}

/// Without copying; the caller keeps the bytes alive.
QByteArray borrowed(std::span<const std::byte> file)
{
    return QByteArray::fromRawData(reinterpret_cast<const char *>(file.data()),
                                   static_cast<qsizetype>(file.size()));
}

Result<Picture> readByQt(std::span<const std::byte> file, const char *format, const ReadOptions &options)
{
    liftAllocationLimit();
    QByteArray bytes = borrowed(file);
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    reader.setAutoTransform(false);
    const QSize size = reader.size();
    if (!size.isValid())
        return fail(ErrorCode::CorruptData, "The picture's header cannot be read.");
    Picture picture;
    const auto stored = reader.imageFormat();
    const auto bits = static_cast<std::uint64_t>(
        stored == QImage::Format_Invalid ? 32
                                         : std::max<int>(QImage::toPixelFormat(stored).bitsPerPixel(), 8));
    picture.mode = bits == 8 ? PixelMode::Palette : PixelMode::Rgba; // At most.
    // Qt's picture, and that once more in a mode of ours.
    const std::uint64_t qtBytes = static_cast<std::uint64_t>(size.width()) *
                                  static_cast<std::uint64_t>(size.height()) *
                                  (bits / 8 + static_cast<std::uint64_t>(bytesPerPixel(picture.mode)));
    if (auto claimed = claim(picture, size.width(), size.height(), qtBytes, options); !claimed)
        return claimed.propagate();
    const QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorCode::CorruptData,
                    "The picture cannot be decoded: " + reader.errorString().toStdString() + ".");

    picture.width = picture.fullWidth = image.width();
    picture.height = picture.fullHeight = image.height();
    const auto read = image.format();
    if (image.isGrayscale() && read != QImage::Format_Mono && read != QImage::Format_MonoLSB)
        store(picture, PixelMode::Grey, image.convertToFormat(QImage::Format_Grayscale8));
    else if (read == QImage::Format_Indexed8)
        storePalette(picture, image);
    else if (read == QImage::Format_Mono || read == QImage::Format_MonoLSB)
        storePalette(picture, image.convertToFormat(QImage::Format_Indexed8));
    else if (image.hasAlphaChannel())
        store(picture, PixelMode::Rgba, image.convertToFormat(QImage::Format_RGBA8888));
    else
        store(picture, PixelMode::Rgb, image.convertToFormat(QImage::Format_RGB888));
    return picture;
}

} // namespace

Result<Picture> readBmp(std::span<const std::byte> file, const ReadOptions &options)
{
    return readByQt(file, "bmp", options);
}

Result<Picture> readPnm(std::span<const std::byte> file, const ReadOptions &options)
{
    // Qt tells bitmaps, greymaps and pixmaps apart by themselves whichever of the three it is told.
    return readByQt(file, "ppm", options);
}

} // namespace yingxun::image
