// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/measures.h"
#include "tests/support/image_samples.h"
#include "tests/support/shared_data.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <bit>

using namespace yingxun::image;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

/// A scene of its own for each seed: a sky, hills, and things in front with hard edges.
QImage scene(quint32 seed, int width = 1600, int height = 1200)
{
    QRandomGenerator random(seed);
    const auto colour = [&] {
        return QColor::fromHsv(random.bounded(360), random.bounded(256), random.bounded(256));
    };
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky(0, 0, random.bounded(width), height);
    sky.setColorAt(0, colour());
    sky.setColorAt(1, colour());
    painter.fillRect(image.rect(), sky);
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < 14; ++i) {
        painter.setBrush(colour());
        const QRectF box(random.bounded(width) - width / 8.0, random.bounded(height) - height / 8.0,
                         width * (0.1 + random.bounded(0.4)), height * (0.1 + random.bounded(0.4)));
        if (i % 2 == 0)
            painter.drawRect(box);
        else
            painter.drawEllipse(box);
    }
    return image;
}

Measures measured(const Bytes &file)
{
    const auto decoded = decode(file);
    const auto measures = decoded ? measure(decoded->image) : yingxun::fail(yingxun::ErrorCode::NotFound, "");
    if (!measures)
        qFatal("A picture of the test cannot be measured");
    return *measures;
}

Measures measured(const QImage &image)
{
    return measured(encoded(image, "PNG"));
}

int distance(const Measures &a, const Measures &b)
{
    return std::popcount(a.perceptualHash ^ b.perceptualHash);
}

/// As a lens out of focus: details below `pixels` are gone.
QImage blurred(const QImage &image, int pixels)
{
    const QImage small = image.scaled(image.width() / pixels, image.height() / pixels, Qt::IgnoreAspectRatio,
                                      Qt::SmoothTransformation);
    return small.scaled(image.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

QStringList sharedPhotos()
{
    QStringList paths;
    QDirIterator files(QStringLiteral(YINGXUN_SHARED_DIR "/photos/everyday"), {u"*.jpg"_s, u"*.JPG"_s},
                       QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        paths.append(files.next());
    paths.sort();
    return paths;
}

} // namespace

class tst_image_measures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBlurredCopyIsLessSharp();
    void sharpnessDoesNotDependOnTheSize();
    void reencodedAndResizedCopiesHaveNearHashes();
    void differentPicturesHaveFarHashes();
    void realPhotosAreToldApartAndTheirCopiesAreNot();
    void oddShapesAreMeasured();
};

void tst_image_measures::aBlurredCopyIsLessSharp()
{
    for (quint32 seed = 1; seed <= 8; ++seed) {
        const QImage image = scene(seed);
        const double sharp = measured(image).sharpness;
        const double soft = measured(blurred(image, 8)).sharpness;
        const double softer = measured(blurred(image, 20)).sharpness;
        QVERIFY2(soft < 0.8 * sharp && softer < 0.5 * soft,
                 qPrintable(u"%1: %2, %3, %4"_s.arg(seed).arg(sharp).arg(soft).arg(softer)));
    }
}

void tst_image_measures::sharpnessDoesNotDependOnTheSize()
{
    for (quint32 seed = 1; seed <= 8; ++seed) {
        const QImage image = scene(seed, 3200, 2400);
        const double large = measured(image).sharpness;
        for (const int width : {2000, 1000, 700}) {
            const double small = measured(image.scaledToWidth(width, Qt::SmoothTransformation)).sharpness;
            QVERIFY2(std::abs(small - large) < 0.3 * large,
                     qPrintable(u"%1: %2 and %3 at %4"_s.arg(seed).arg(large).arg(small).arg(width)));
        }
    }
}

void tst_image_measures::reencodedAndResizedCopiesHaveNearHashes()
{
    for (quint32 seed = 1; seed <= 20; ++seed) {
        const QImage image = scene(seed);
        const Measures original = measured(image);
        const QImage small = image.scaledToWidth(321, Qt::SmoothTransformation);
        QCOMPARE_LE(distance(original, measured(encoded(image, "JPEG", 40))), 10);
        QCOMPARE_LE(distance(original, measured(small)), 10);
        QCOMPARE_LE(distance(original, measured(encoded(small, "JPEG", 30))), 10);
        QCOMPARE_LE(distance(original, measured(blurred(image, 6))), 10);
    }
}

void tst_image_measures::differentPicturesHaveFarHashes()
{
    std::vector<Measures> all;
    for (quint32 seed = 1; seed <= 20; ++seed) {
        all.push_back(measured(scene(seed, 640, 480)));
        for (std::size_t i = 0; i + 1 < all.size(); ++i)
            QVERIFY2(distance(all[i], all.back()) >= 20,
                     qPrintable(QString::number(distance(all[i], all.back()))));
    }
}

void tst_image_measures::realPhotosAreToldApartAndTheirCopiesAreNot()
{
    const QStringList paths = sharedPhotos();
    if (paths.isEmpty())
        SKIP_WITHOUT_SHARED("needs shared/photos");
    std::vector<Measures> all;
    int pairs = 0;
    int close = 0;
    for (const QString &path : paths) {
        const QImage image(path);
        QVERIFY2(!image.isNull(), qPrintable(path));
        const Measures original = measured(image);
        const QImage small =
            image.scaled(image.size() * 0.6, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        QVERIFY2(distance(original, measured(encoded(small, "JPEG", 60))) <= 10, qPrintable(path));
        QVERIFY2(measured(blurred(image, 5)).sharpness < original.sharpness, qPrintable(path));
        for (const Measures &other : all) {
            ++pairs;
            close += distance(original, other) < 20 ? 1 : 0;
            QVERIFY2(distance(original, other) > 10, qPrintable(path));
        }
        all.push_back(original);
    }
    qInfo("%d of %d pairs are nearer than 20", close, pairs);
    QVERIFY(close * 100 < pairs);
}

void tst_image_measures::oddShapesAreMeasured()
{
    QVERIFY(!measure({}));
    const Measures line = measured(scene(1).copy(0, 100, 1600, 1)); // Squashed, not 600,000 pixels long.
    QVERIFY(line.sharpness >= 0);
    QImage flat(300, 200, QImage::Format_RGB32);
    flat.fill(Qt::darkCyan);
    QCOMPARE(measured(flat).sharpness, 0.0);
}

YINGXUN_SHARED_TEST_MAIN(tst_image_measures)
#include "tst_image_measures.moc"
