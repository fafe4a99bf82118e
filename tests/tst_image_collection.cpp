// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/resize.h"
#include "tests/support/shared_data.h"

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <string>

using namespace Qt::StringLiterals;
using namespace yingxun::image;

namespace {

const QString kShared = QStringLiteral(YINGXUN_SHARED_DIR);

QStringList filesUnder(const QString &folder)
{
    QStringList files;
    QDirIterator iterator(folder, QDir::Files, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files << iterator.next();
    files.sort();
    return files;
}

yingxun::Result<Decoded> decodeFile(const QString &path, const DecodeOptions &options = {})
{
    const auto file = readFile(QFile::encodeName(path).toStdString());
    if (!file)
        return file.propagate();
    return decode(*file, options);
}

double meanDifference(const RgbImage &a, const RgbImage &b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i)
        sum += std::abs(a.pixels[i] - b.pixels[i]);
    return sum / static_cast<double>(a.pixels.size());
}

} // namespace

/// Real photographs and hostile files, where they are at hand.
class tst_image_collection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPhotoDecodes();
    void smallerPhotosLookTheSame();
    void orientationsLookTheSame_data();
    void orientationsLookTheSame();
    void oddFilesReturnSoon();
};

void tst_image_collection::everyPhotoDecodes()
{
    const QStringList files = filesUnder(kShared + u"/photos"_s);
    if (files.isEmpty())
        SKIP_WITHOUT_SHARED("The collection of photos is not here.");
    int decodedFiles = 0;
    for (const QString &path : files) {
        const QString suffix = QFileInfo(path).suffix().toLower();
        if (suffix == u"md"_s || suffix == u"tsv"_s)
            continue;
        const auto decoded = decodeFile(path);
        QVERIFY2(decoded,
                 qPrintable(path + u": "_s + QString::fromStdString(decoded ? "" : decoded.error().message)));
        QVERIFY2(!decoded->truncated, qPrintable(path));
        QCOMPARE(decoded->image.width, decoded->info.width);
        QCOMPARE(decoded->image.height, decoded->info.height);
        ++decodedFiles;
    }
    QVERIFY(decodedFiles > 100);
}

void tst_image_collection::smallerPhotosLookTheSame()
{
    const QStringList files =
        filesUnder(kShared + u"/photos/formats"_s) + filesUnder(kShared + u"/photos/gps"_s);
    if (files.isEmpty())
        SKIP_WITHOUT_SHARED("The collection of photos is not here.");
    for (const QString &path : files) {
        const auto full = decodeFile(path);
        const auto small = decodeFile(path, {.minimumSide = 100});
        QCOMPARE(small.has_value(), full.has_value());
        if (!full)
            continue;
        QCOMPARE(small->info.width, full->info.width);
        QVERIFY(std::min(small->image.width, small->image.height) >=
                std::min(100, std::min(full->image.width, full->image.height)));
        const double difference =
            meanDifference(resizeBicubic(full->image, 32, 32), resizeBicubic(small->image, 32, 32));
        QVERIFY2(difference < 4.0, qPrintable(u"%1: %2"_s.arg(path).arg(difference)));
    }
}

void tst_image_collection::orientationsLookTheSame_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("pattern");
    QTest::newRow("landscape") << u"orientation"_s << u"Landscape_*"_s;
    QTest::newRow("portrait") << u"orientation"_s << u"Portrait_*"_s;
    QTest::newRow("small landscape") << u"orientation"_s << u"orientation_landscape_*"_s;
    QTest::newRow("small portrait") << u"orientation"_s << u"orientation_portrait_*"_s;
    QTest::newRow("avif") << u"formats"_s << u"avif_rot?mir?.avif"_s;
}

void tst_image_collection::orientationsLookTheSame()
{
    QFETCH(const QString, folder);
    QFETCH(const QString, pattern);
    const QDir photos(kShared + u"/photos/"_s + folder);
    if (!photos.exists())
        SKIP_WITHOUT_SHARED("The collection of photos is not here.");
    const auto names = photos.entryList({pattern}, QDir::Files);
    QVERIFY(names.size() >= 5);
    RgbImage first;
    for (const QString &name : names) {
        const auto decoded = decodeFile(photos.filePath(name));
        QVERIFY(decoded);
        const RgbImage small = resizeBicubic(decoded->image, 32, 32);
        if (first.isNull())
            first = small;
        const double difference = meanDifference(first, small);
        QVERIFY2(difference < 4.0, qPrintable(u"%1: %2"_s.arg(name).arg(difference)));
    }
}

void tst_image_collection::oddFilesReturnSoon()
{
    constexpr int kLimitMs = 5000;
    const QStringList files = filesUnder(kShared + u"/odd-files"_s);
    if (files.isEmpty())
        SKIP_WITHOUT_SHARED("The collection of odd files is not here.");
    for (const QString &path : files) {
        QElapsedTimer timer;
        timer.start();
        const auto decoded = decodeFile(path, {.minimumSide = 224});
        QVERIFY2(timer.elapsed() < kLimitMs, qPrintable(path));
        QVERIFY2(decoded || !decoded.error().message.empty(), qPrintable(path));
    }
}

YINGXUN_SHARED_TEST_MAIN(tst_image_collection)

#include "tst_image_collection.moc"
