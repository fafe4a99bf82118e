// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/exif.h"
#include "core/image/jpeg_writer.h"
#include "core/image/resize.h"
#include "tests/support/image_samples.h"

#include <QColorSpace>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>
#include <cstdio> // Before jpeglib.h, which needs it.
#include <cstdlib>
#include <jpeglib.h>
#include <string>

using namespace Qt::StringLiterals;
using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

/// A JPEG with the block inserted after its first marker.
Bytes withExif(const Bytes &jpeg, const QByteArray &block)
{
    const QByteArray payload = QByteArray("Exif\0\0", 6) + block;
    const auto length = static_cast<quint16>(payload.size() + 2);
    QByteArray segment("\xff\xe1", 2);
    segment.append(static_cast<char>(length >> 8)).append(static_cast<char>(length & 255)).append(payload);
    Bytes result = jpeg;
    const Bytes inserted = toBytes(segment);
    result.insert(result.begin() + 2, inserted.begin(), inserted.end());
    return result;
}

/// 16 by 16 pixels of one colour.
Bytes inkJpeg(const std::array<unsigned char, 4> &inks)
{
    constexpr unsigned kSide = 16;
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char *buffer = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &buffer, &size);
    info.image_width = info.image_height = kSide;
    info.input_components = 4;
    info.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&info);
    info.write_Adobe_marker = TRUE;
    jpeg_start_compress(&info, TRUE);
    std::array<unsigned char, kSide * 4> row{};
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = inks[i % 4];
    while (info.next_scanline < kSide) {
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    const auto *first = reinterpret_cast<const std::byte *>(buffer);
    Bytes file(first, first + size);
    jpeg_destroy_compress(&info);
    std::free(buffer);
    return file;
}

std::array<int, 3> pixel(const RgbImage &image, int x, int y)
{
    const auto at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) *
        3;
    return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

bool isNear(const std::array<int, 3> &actual, const std::array<int, 3> &expected, int tolerance)
{
    for (std::size_t i = 0; i < 3; ++i) {
        if (std::abs(actual[i] - expected[i]) > tolerance)
            return false;
    }
    return true;
}

} // namespace

class tst_image_decode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void turnsByOrientation_data();
    void turnsByOrientation();
    void readsCaptureTime();
    void exifNeverReadsOutside();
    void paintsAlphaOverWhite_data();
    void paintsAlphaOverWhite();
    void readsEveryPngDepth();
    void readsDeepTiff();
    void readsInksOfJpeg();
    void convertsProfileToSrgb();
    void decodesSmallerWhenAllowed();
    void readsChineseNames();
    void writesJpeg();
};

void tst_image_decode::turnsByOrientation_data()
{
    QTest::addColumn<int>("orientation");
    QTest::addColumn<bool>("isBigEndian");
    QTest::addColumn<QByteArray>("quarters"); // Clockwise from the top left.
    const std::array expected{"RGYB", "GRBY", "YBRG", "BYGR", "RBYG", "BRGY", "YGRB", "GYBR"};
    for (int i = 0; i < 8; ++i) {
        for (const bool isBigEndian : {false, true})
            QTest::addRow("%d %s", i + 1, isBigEndian ? "MM" : "II")
                << i + 1 << isBigEndian << QByteArray(expected[static_cast<std::size_t>(i)]);
    }
}

void tst_image_decode::turnsByOrientation()
{
    QFETCH(const int, orientation);
    QFETCH(const bool, isBigEndian);
    QFETCH(const QByteArray, quarters);
    const Bytes plain = encoded(yingxun::test::quarters(96, 64), "JPEG");
    const auto decoded = decode(withExif(plain, exifBlock(static_cast<quint16>(orientation), isBigEndian)));
    QVERIFY(decoded);
    QVERIFY(!decoded->truncated);
    const RgbImage &image = decoded->image;
    QCOMPARE(image.width, orientation < 5 ? 96 : 64);
    QCOMPARE(image.height, orientation < 5 ? 64 : 96);
    QCOMPARE(decoded->info.width, image.width);
    QCOMPARE(decoded->info.height, image.height);
    const int x = image.width / 4;
    const int y = image.height / 4;
    const std::array places{QPoint(x, y), QPoint(3 * x, y), QPoint(3 * x, 3 * y), QPoint(x, 3 * y)};
    QByteArray seen;
    for (const QPoint &place : places) {
        const auto colour = pixel(image, place.x(), place.y());
        seen += isNear(colour, {255, 0, 0}, 12)     ? 'R'
                : isNear(colour, {0, 255, 0}, 12)   ? 'G'
                : isNear(colour, {0, 0, 255}, 12)   ? 'B'
                : isNear(colour, {255, 255, 0}, 12) ? 'Y'
                                                    : '?';
    }
    QCOMPARE(seen, quarters);
}

void tst_image_decode::readsCaptureTime()
{
    const Bytes plain = encoded(quarters(16, 16), "JPEG");
    const auto time = [&](const QByteArray &text) {
        const auto decoded = decode(withExif(plain, exifBlock(1, false, text)));
        return decoded ? decoded->info.captureTimeMs : std::nullopt;
    };
    QCOMPARE(time("2024:02:29 12:30:59").value_or(0), 1709209859000);
    QCOMPARE(time("1969:12:31 23:59:59").value_or(0), -1000);
    QVERIFY(!time("2023:02:29 12:30:59"));
    QVERIFY(!time("0000:00:00 00:00:00"));
    QVERIFY(!time("    :  :     :  :  "));
    QVERIFY(!time(""));
    QVERIFY(!decode(plain)->info.captureTimeMs);
}

void tst_image_decode::exifNeverReadsOutside()
{
    // Every single byte changed to four values, and every length: the sanitizers watch this test.
    const Bytes block = toBytes(exifBlock(6, true, "2024:02:29 12:30:59"));
    QCOMPARE(readExif(block).orientation.value_or(0), 6);
    for (std::size_t i = 0; i < block.size(); ++i) {
        const Bytes shorter(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(i));
        const int orientation = readExif(shorter).orientation.value_or(1);
        QVERIFY(orientation >= 1 && orientation <= 8);
        for (const int value : {0, 1, 127, 255}) {
            Bytes changed = block;
            changed[i] = static_cast<std::byte>(value);
            const int turned = readExif(changed).orientation.value_or(1);
            QVERIFY(turned >= 1 && turned <= 8);
        }
    }
}

void tst_image_decode::paintsAlphaOverWhite_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::newRow("png") << QByteArray("PNG");
    if (QImageReader::supportedImageFormats().contains("webp"))
        QTest::newRow("webp") << QByteArray("WEBP");
    if (QImageReader::supportedImageFormats().contains("tiff"))
        QTest::newRow("tiff") << QByteArray("TIFF");
}

void tst_image_decode::paintsAlphaOverWhite()
{
    QFETCH(const QByteArray, format);
    QImage image(30, 20, QImage::Format_ARGB32);
    image.fill(QColor(200, 0, 0, 128));
    for (int y = 0; y < image.height(); ++y) {
        image.setPixelColor(0, y, QColor(0, 0, 0, 0));
        image.setPixelColor(1, y, QColor(0, 0, 90, 255));
    }
    const auto decoded = decode(encoded(image, format.constData()));
    QVERIFY(decoded);
    QCOMPARE(QByteArray(decoded->info.format.c_str()), format.toLower());
    QVERIFY(isNear(pixel(decoded->image, 0, 10), {255, 255, 255}, 0));
    QVERIFY(isNear(pixel(decoded->image, 1, 10), {0, 0, 90}, 1));
    QVERIFY(isNear(pixel(decoded->image, 15, 10), {227, 127, 127}, 2));
}

void tst_image_decode::readsEveryPngDepth()
{
    const QImage image = quarters(40, 40);
    for (const auto format : {QImage::Format_RGB888, QImage::Format_RGBA64, QImage::Format_Indexed8,
                              QImage::Format_RGBX64, QImage::Format_ARGB32}) {
        const auto decoded = decode(encoded(image.convertToFormat(format), "PNG"));
        QVERIFY(decoded);
        QVERIFY(isNear(pixel(decoded->image, 10, 10), {255, 0, 0}, 0));
        QVERIFY(isNear(pixel(decoded->image, 30, 30), {255, 255, 0}, 0));
    }
    QImage grey(8, 8, QImage::Format_Grayscale16);
    grey.fill(QColor(100, 100, 100));
    const auto decoded = decode(encoded(grey, "PNG"));
    QVERIFY(decoded);
    QVERIFY(isNear(pixel(decoded->image, 4, 4), {100, 100, 100}, 1));
    const auto mono = decode(encoded(image.convertToFormat(QImage::Format_Mono), "PNG"));
    QVERIFY(mono);
    const auto bmp = decode(encoded(image, "BMP"));
    QVERIFY(bmp);
    QCOMPARE(bmp->info.format, std::string("bmp"));
    QVERIFY(isNear(pixel(bmp->image, 10, 30), {0, 0, 255}, 0));
}

void tst_image_decode::readsDeepTiff()
{
    if (!QImageReader::supportedImageFormats().contains("tiff"))
        QSKIP("Qt cannot write TIFF here.");
    const Bytes file = encoded(quarters(40, 40).convertToFormat(QImage::Format_RGBX64), "TIFF");
    QVERIFY(file.size() > 40 * 40 * 3 * 2);
    const auto decoded = decode(file);
    QVERIFY(decoded);
    QCOMPARE(decoded->info.format, std::string("tiff"));
    QVERIFY(isNear(pixel(decoded->image, 10, 10), {255, 0, 0}, 0));
    QVERIFY(isNear(pixel(decoded->image, 30, 30), {255, 255, 0}, 0));
}

void tst_image_decode::readsInksOfJpeg()
{
    // As Adobe's programs do: how much light each ink lets through.
    const auto decoded = decode(inkJpeg({40, 200, 120, 255}));
    QVERIFY(decoded);
    QVERIFY(isNear(pixel(decoded->image, 8, 8), {40, 200, 120}, 4));
    const auto dark = decode(inkJpeg({255, 255, 255, 60}));
    QVERIFY(dark);
    QVERIFY(isNear(pixel(dark->image, 8, 8), {60, 60, 60}, 4));
}

void tst_image_decode::convertsProfileToSrgb()
{
    const QColor srgb(200, 60, 40);
    QImage image(16, 16, QImage::Format_RGB888);
    image.fill(srgb);
    image.setColorSpace(QColorSpace(QColorSpace::SRgb));
    image.convertToColorSpace(QColorSpace(QColorSpace::DisplayP3));
    QVERIFY(std::abs(image.pixelColor(8, 8).red() - srgb.red()) > 5);
    for (const char *format : {"PNG", "JPEG"}) {
        const auto decoded = decode(encoded(image, format));
        QVERIFY(decoded);
        QVERIFY2(isNear(pixel(decoded->image, 8, 8), {srgb.red(), srgb.green(), srgb.blue()}, 3), format);
    }
}

void tst_image_decode::decodesSmallerWhenAllowed()
{
    const Bytes file = withExif(encoded(quarters(1600, 1200), "JPEG"), exifBlock(6, false));
    for (const auto &[side, width] : {std::pair{0, 1200}, {700, 1200}, {600, 600}, {224, 300}, {10, 150}}) {
        const auto decoded = decode(file, {.minimumSide = side});
        QVERIFY(decoded);
        QCOMPARE(decoded->image.width, width);
        QCOMPARE(decoded->image.height, width * 4 / 3);
        QCOMPARE(decoded->info.width, 1200);
        QCOMPARE(decoded->info.height, 1600);
    }
}

void tst_image_decode::readsChineseNames()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"二〇二三年 春/海边 'x\"; %s.jpg"_s);
    QVERIFY(QDir(folder.path()).mkdir(u"二〇二三年 春"_s));
    QVERIFY(quarters(32, 32).save(path, "JPEG"));
    const auto file = readFile(QFile::encodeName(path).toStdString());
    QVERIFY(file);
    QVERIFY(decode(*file));
}

void tst_image_decode::writesJpeg()
{
    const auto original = decode(encoded(quarters(301, 203), "PNG"));
    QVERIFY(original);
    const auto file = encodeJpeg(fitted(original->image, 256), 85);
    QVERIFY(file);
    const auto again = decode(*file);
    QVERIFY(again);
    QCOMPARE(again->image.width, 256);
    QVERIFY(isNear(pixel(again->image, 20, 20), {255, 0, 0}, 8));
    QVERIFY(isNear(pixel(again->image, 250, 160), {255, 255, 0}, 8));
    QCOMPARE(encodeJpeg({}, 85).error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(tst_image_decode)

#include "tst_image_decode.moc"
