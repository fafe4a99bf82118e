// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QTest>
#include <QtEndian>

#include <algorithm>
#include <string>

using namespace yingxun::image;
using namespace yingxun::test;

namespace {

constexpr quint32 kWidth = 640;
constexpr quint32 kHeight = 480;
constexpr qsizetype kSensorDirectory = 512;
constexpr qsizetype kPreview = 1024;

struct Tag {
    quint16 number;
    quint16 type; ///< 1 byte, 3 short, 4 long.
    quint32 count;
    quint32 value; ///< As it lies in the four bytes of the entry.
};

void writeDirectory(QByteArray &file, qsizetype at, std::initializer_list<Tag> tags)
{
    char *target = file.data() + at;
    qToLittleEndian(static_cast<quint16>(tags.size()), target);
    target += 2;
    for (const Tag &tag : tags) {
        qToLittleEndian(tag.number, target);
        qToLittleEndian(tag.type, target + 2);
        qToLittleEndian(tag.count, target + 4);
        qToLittleEndian(tag.value, target + 8);
        target += 12;
    }
}

/// The least that makes a DNG: a JPEG preview turned by `orientation`, and a sensor of black pixels.
Bytes dng(const Bytes &preview, quint32 orientation)
{
    const auto previewBytes = static_cast<qsizetype>(preview.size());
    const qsizetype sensor = kPreview + (previewBytes + 1) / 2 * 2;
    QByteArray file(sensor + qsizetype{kWidth * kHeight * 2}, '\0');
    std::copy_n("II*\0\x08", 5, file.begin());
    std::copy_n(reinterpret_cast<const char *>(preview.data()), previewBytes, file.begin() + kPreview);
    std::copy_n("Testing", 7, file.begin() + 400);
    writeDirectory(file, 8,
                   {{254, 4, 1, 1},
                    {256, 4, 1, kWidth},
                    {257, 4, 1, kHeight},
                    {259, 3, 1, 7},
                    {262, 3, 1, 6},
                    {271, 2, 8, 400},
                    {272, 2, 8, 400},
                    {273, 4, 1, quint32{kPreview}},
                    {274, 3, 1, orientation},
                    {277, 3, 1, 3},
                    {279, 4, 1, static_cast<quint32>(previewBytes)},
                    {330, 4, 1, quint32{kSensorDirectory}},
                    {0xc612, 1, 4, 0x00000401}});
    writeDirectory(file, kSensorDirectory,
                   {{254, 4, 1, 0},
                    {256, 4, 1, kWidth},
                    {257, 4, 1, kHeight},
                    {258, 3, 1, 16},
                    {259, 3, 1, 1},
                    {262, 3, 1, 32803},
                    {273, 4, 1, static_cast<quint32>(sensor)},
                    {277, 3, 1, 1},
                    {279, 4, 1, kWidth * kHeight * 2},
                    {33421, 3, 2, 0x00020002},
                    {33422, 1, 4, 0x02010100}});
    return toBytes(file);
}

} // namespace

/// Raw photos are shown by the preview that the camera stored.
class tst_image_raw : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsPreviewUpright();
    void refusesDamagedRaw();
};

void tst_image_raw::showsPreviewUpright()
{
    const Bytes preview = encoded(quarters(kWidth, kHeight), "JPEG");
    const auto decoded = decode(dng(preview, 6));
    if (!decoded && decoded.error().message.starts_with("This build does not read"))
        QSKIP("This build reads no raw photos.");
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.format, std::string("raw"));
    QCOMPARE(decoded->info.width, int(kHeight));
    QCOMPARE(decoded->info.height, int(kWidth));
    QCOMPARE(decoded->image.width, int(kHeight));
    // Turned clockwise: what was at the bottom left, blue, is now at the top left.
    const std::uint8_t *corner = decoded->image.pixels.data() + (20 * kHeight + 20) * 3;
    QVERIFY(corner[0] < 20 && corner[1] < 20 && corner[2] > 235);
}

void tst_image_raw::refusesDamagedRaw()
{
    const Bytes whole = dng(encoded(quarters(kWidth, kHeight), "JPEG"), 1);
    for (std::size_t size = 64; size < 1100; size += 33) {
        const auto decoded = decode(std::span(whole).first(size));
        QVERIFY(!decoded || decoded->truncated);
    }
}

QTEST_GUILESS_MAIN(tst_image_raw)

#include "tst_image_raw.moc"
