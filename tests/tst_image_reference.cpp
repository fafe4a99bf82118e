// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/shared_data.h"

#include <QDir>
#include <QImage>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using yingxun::image::RgbImage;

namespace {

RgbImage load(const QString &path)
{
    const QImage image = QImage(path).convertToFormat(QImage::Format_RGB888);
    RgbImage result{image.width(), image.height(), {}};
    for (int y = 0; y < image.height(); ++y)
        result.pixels.insert(result.pixels.end(), image.constScanLine(y),
                             image.constScanLine(y) + image.width() * 3);
    return result;
}

} // namespace

/// What PIL 9.4 made of 37 pictures of all its modes, byte for byte.
class tst_image_reference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesReference_data();
    void matchesReference();
    void refusesBadInput();
};

void tst_image_reference::matchesReference_data()
{
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<int>("side");
    const QDir golden(QStringLiteral(YINGXUN_SHARED_DIR "/golden/preprocess"));
    if (!golden.exists())
        SKIP_WITHOUT_SHARED("The reference pictures are not here.");
    for (const int side : {224, 336}) {
        const QDir outputs(golden.filePath(u"out%1"_s.arg(side)));
        for (const QFileInfo &output : outputs.entryInfoList({u"*.png"_s}, QDir::Files)) {
            const QDir inputs(golden.filePath(u"in"_s));
            const auto names = inputs.entryList({output.completeBaseName() + u".*"_s}, QDir::Files);
            QCOMPARE(names.size(), 1);
            QTest::addRow("%s at %d", qPrintable(names.first()), side)
                << inputs.filePath(names.first()) << output.filePath() << side;
        }
    }
}

void tst_image_reference::matchesReference()
{
    QFETCH(const QString, input);
    QFETCH(const QString, expected);
    QFETCH(const int, side);
    const auto file = yingxun::image::readFile(input.toStdString());
    QVERIFY(file);
    const auto result = yingxun::image::referencePixels(*file, side);
    QVERIFY2(result, result ? "" : result.error().message.c_str());
    const RgbImage reference = load(expected);
    QCOMPARE(result->width, side);
    QCOMPARE(result->height, side);
    QCOMPARE(result->pixels.size(), reference.pixels.size());
    int largest = 0;
    for (std::size_t i = 0; i < reference.pixels.size(); ++i)
        largest = std::max(largest, std::abs(result->pixels[i] - reference.pixels[i]));
    QCOMPARE(largest, 0);
}

void tst_image_reference::refusesBadInput()
{
    const std::vector<std::byte> nonsense(64, std::byte{7});
    QVERIFY(!yingxun::image::referencePixels(nonsense, 224));
    QVERIFY(!yingxun::image::referencePixels({}, 224));
    const auto noSide = yingxun::image::referencePixels(nonsense, 0);
    QVERIFY(!noSide && noSide.error().code == yingxun::ErrorCode::InvalidArgument);
}

YINGXUN_SHARED_TEST_MAIN(tst_image_reference)

#include "tst_image_reference.moc"
