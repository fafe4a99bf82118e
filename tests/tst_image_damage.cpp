// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QElapsedTimer>
#include <QFile>
#include <QImageReader>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <string>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

void put(Bytes &bytes, std::size_t at, quint32 value)
{
    for (std::size_t i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<std::byte>(value >> (24 - 8 * i) & 255);
}

/// Writes a PNG header's size and the checksum that goes with it.
void declareSize(Bytes &png, quint32 width, quint32 height)
{
    put(png, 16, width);
    put(png, 20, height);
    quint32 crc = 0xffffffff;
    for (std::size_t i = 12; i < 29; ++i) {
        crc ^= std::to_integer<quint32>(png[i]);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    put(png, 29, ~crc);
}

ErrorCode codeOf(const yingxun::Result<Decoded> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

} // namespace

/// Files that stop early, lie about themselves, or are no pictures or no files at all.
class tst_image_damage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsTruncation_data();
    void reportsTruncation();
    void refusesHugeSizes();
    void refusesNonsense();
    void readsOnlyRegularFiles();
    void survivesDamage_data();
    void survivesDamage();
};

void tst_image_damage::reportsTruncation_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::newRow("jpeg") << QByteArray("JPEG");
    QTest::newRow("png") << QByteArray("PNG");
}

void tst_image_damage::reportsTruncation()
{
    QFETCH(const QByteArray, format);
    QImage image = quarters(200, 200);
    // Hard to compress, so that half the bytes are about half the rows.
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 200; ++x)
            image.setPixelColor(x, y, QColor((x * 79 + y * 31) % 256, x * y % 256, y));
    }
    Bytes file = encoded(image, format.constData(), 90);
    QVERIFY(!decode(file)->truncated);
    file.resize(file.size() / 2);
    const auto half = decode(file);
    QVERIFY(half);
    QVERIFY(half->truncated);
    QCOMPARE(half->image.width, 200);
    QVERIFY(!referencePixels(file, 32));
    file.resize(12);
    QVERIFY(!decode(file));
}

void tst_image_damage::refusesHugeSizes()
{
    Bytes file = encoded(quarters(16, 16), "PNG");
    QVERIFY(decode(file));
    for (const auto &[width, height] : {std::pair{60'000U, 60'000U}, {900'000U, 400U}, {2'000'000U, 1U}}) {
        declareSize(file, width, height);
        QCOMPARE(codeOf(decode(file)), ErrorCode::TooLarge);
    }
    declareSize(file, 15'000, 15'000); // Within the limit, but such a file cannot hold that much.
    QCOMPARE(codeOf(decode(file)), ErrorCode::Truncated);
    QCOMPARE(codeOf(decode(encoded(quarters(100, 100), "JPEG"), {.maximumPixels = 9'999})),
             ErrorCode::TooLarge);
    QCOMPARE(codeOf(decode(encoded(quarters(100, 100), "BMP"), {.maximumPixels = 9'999})),
             ErrorCode::TooLarge);
}

void tst_image_damage::refusesNonsense()
{
    QCOMPARE(codeOf(decode({})), ErrorCode::Truncated);
    QCOMPARE(codeOf(decode(toBytes("This is a text, whatever its name says."))), ErrorCode::Unsupported);
    // A video's bytes are known, but no reader of pictures takes them.
    const Bytes video = toBytes(QByteArray(3, '\0') + "\020ftypisom" + QByteArray(60, '\0'));
    QCOMPARE(codeOf(decode(video)), ErrorCode::Unsupported);
    for (const char *start :
         {"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF89a", "II*", "BM", "RIFF1234WEBP", "P6\n", "\xff\x0a"})
        QVERIFY2(!decode(toBytes(QByteArray(start) + QByteArray(100, '\0'))), start);
    QVERIFY(!decode(toBytes(QByteArray("8BPS\0\1", 6) + QByteArray(100, '\0'))));
}

void tst_image_damage::readsOnlyRegularFiles()
{
    const QTemporaryDir folder;
    const std::string base = folder.path().toStdString();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(::mkfifo((base + "/pipe.jpg").c_str(), 0600), 0);
    QCOMPARE(readFile(base + "/pipe.jpg").error().code, ErrorCode::Unsupported);
    QCOMPARE(readFile(base).error().code, ErrorCode::Unsupported);
    QCOMPARE(readFile("/dev/zero").error().code, ErrorCode::Unsupported);
    QVERIFY(timer.elapsed() < 2000);
    QCOMPARE(readFile(base + "/missing.jpg").error().code, ErrorCode::NotFound);
    QFile empty(folder.filePath(u"empty.jpg"_s));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QCOMPARE(readFile(base + "/empty.jpg").error().code, ErrorCode::Truncated);
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.write("twelve bytes");
    empty.close();
    QCOMPARE(readFile(base + "/empty.jpg", 11).error().code, ErrorCode::TooLarge);
    QCOMPARE(readFile(base + "/empty.jpg", 12)->size(), std::size_t{12});
}

void tst_image_damage::survivesDamage_data()
{
    QTest::addColumn<QByteArray>("format");
    for (const char *format : {"JPEG", "PNG", "BMP", "PPM", "WEBP", "TIFF"})
        QTest::newRow(format) << QByteArray(format);
}

void tst_image_damage::survivesDamage()
{
    QFETCH(const QByteArray, format);
    if (!QImageReader::supportedImageFormats().contains(format.toLower()))
        QSKIP("Qt cannot write this format here.");
    const Bytes file = encoded(quarters(48, 40), format.constData(), 90);
    std::uint32_t state = 20241;
    const auto random = [&state](std::size_t bound) {
        state = state * 1664525 + 1013904223;
        return static_cast<std::size_t>(state >> 8) % bound;
    };
    int readable = 0;
    for (int round = 0; round < 300; ++round) {
        Bytes damaged = file;
        for (std::size_t i = random(8) + 1; i > 0; --i)
            damaged[random(round % 2 == 0 ? damaged.size() : std::min<std::size_t>(damaged.size(), 80))] =
                static_cast<std::byte>(random(256));
        if (round % 5 == 0)
            damaged.resize(random(damaged.size()) + 1);
        const auto decoded = decode(damaged, {.minimumSide = 8, .maximumPixels = 1'000'000});
        if (!decoded) {
            QVERIFY(!decoded.error().message.empty());
            continue;
        }
        ++readable;
        const RgbImage &image = decoded->image;
        QCOMPARE(image.pixels.size(),
                 static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3);
    }
    QVERIFY(readable < 300);
}

QTEST_GUILESS_MAIN(tst_image_damage)

#include "tst_image_damage.moc"
