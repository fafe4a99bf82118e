// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/resample.h"
#include "core/image/resize.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace yingxun::image;

namespace {

/// A picture without pattern, the same in each run.
RgbImage noise(int width, int height)
{
    RgbImage image{width, height, {}};
    image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::uint32_t state = 12345;
    std::ranges::generate(image.pixels, [&state] {
        state = state * 1664525 + 1013904223;
        return static_cast<std::uint8_t>(state >> 24);
    });
    return image;
}

/// The samples of one channel, resized as grey: the plain loops instead of the vector instructions.
std::vector<std::uint8_t> channelResized(const RgbImage &image, std::size_t channel, int width, int height)
{
    std::vector<std::uint8_t> samples;
    for (std::size_t i = channel; i < image.pixels.size(); i += 3)
        samples.push_back(image.pixels[i]);
    return resampleBytes(samples, image.width, image.height, 1, width, height);
}

} // namespace

class tst_image_resize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameSizeIsIdentity();
    void constantStaysConstant();
    void knownValues();
    void overshootIsClipped();
    void weightsSumToOne();
    void vectorPathEqualsPlainPath_data();
    void vectorPathEqualsPlainPath();
    void mirroredInputGivesMirroredOutput();
    void areaResizingIsTheMeanOfWhatAPixelCovers();
    void fittedKeepsShapeAndNeverEnlarges();
};

void tst_image_resize::sameSizeIsIdentity()
{
    const RgbImage image = noise(37, 23);
    const RgbImage result = resizeBicubic(image, 37, 23);
    QCOMPARE(result.width, 37);
    QVERIFY(result.pixels == image.pixels);
}

void tst_image_resize::constantStaysConstant()
{
    RgbImage image = noise(61, 47);
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
        image.pixels[i] = static_cast<std::uint8_t>(10 + i % 3 * 100);
    for (const auto &[width, height] : {std::pair{224, 224}, {7, 5}, {1, 1}, {61, 224}, {224, 47}}) {
        const RgbImage result = resizeBicubic(image, width, height);
        QCOMPARE(result.pixels.size(), static_cast<std::size_t>(width * height * 3));
        for (std::size_t i = 0; i < result.pixels.size(); ++i)
            QCOMPARE(int(result.pixels[i]), int(10 + i % 3 * 100));
    }
}

void tst_image_resize::knownValues()
{
    // Two samples to four: the kernel at distances .25 and .75 is 111/128 and 29/128; at the rim only
    // one neighbour is left. 0 and 200: outer samples 200 * w(1.25) / (w(.25) + w(1.25)) with
    // w(1.25) = -9/128, so below 0 (clipped) and above 200; inner ones 200 * 29/140 and 200 * 111/140.
    const std::vector<std::uint8_t> pair{0, 200};
    const std::vector<std::uint8_t> expected{0, 41, 159, 218};
    QVERIFY(resampleBytes(pair, 2, 1, 1, 4, 1) == expected);
    QVERIFY(resampleBytes(pair, 1, 2, 1, 1, 4) == expected);
    // Four samples to one: the weights are symmetric, so the two halves count the same.
    QVERIFY(resampleBytes({0, 0, 200, 200}, 4, 1, 1, 1, 1) == std::vector<std::uint8_t>{100});
}

void tst_image_resize::overshootIsClipped()
{
    std::vector<std::uint8_t> edge(20, 0);
    std::fill(edge.begin() + 10, edge.end(), std::uint8_t{255});
    const auto result = resampleBytes(edge, 20, 1, 1, 100, 1);
    QCOMPARE(int(result.front()), 0);
    QCOMPARE(int(result.back()), 255);
    QVERIFY(std::ranges::is_sorted(result.begin() + 45, result.begin() + 55));
}

void tst_image_resize::weightsSumToOne()
{
    for (const auto &[input, output] :
         {std::pair{500, 224}, {3000, 224}, {31, 224}, {1, 224}, {224, 1}, {9, 10}}) {
        const Taps taps = bicubicTaps(input, output);
        for (std::size_t i = 0; i < taps.first.size(); ++i) {
            const auto start = taps.weights.begin() + static_cast<std::ptrdiff_t>(i) * taps.stride;
            const double sum = std::accumulate(start, start + taps.stride, 0.0);
            QVERIFY(std::fabs(sum - 1.0) < 1e-12);
            QVERIFY(taps.count[i] >= 1 && taps.count[i] <= taps.stride);
            QVERIFY(taps.first[i] >= 0 && taps.first[i] + taps.count[i] <= input);
        }
    }
}

void tst_image_resize::vectorPathEqualsPlainPath_data()
{
    QTest::addColumn<QSize>("source");
    QTest::addColumn<QSize>("target");
    QTest::newRow("smaller") << QSize(500, 375) << QSize(224, 224);
    QTest::newRow("much smaller") << QSize(1201, 57) << QSize(31, 8);
    QTest::newRow("larger") << QSize(13, 11) << QSize(224, 224);
    QTest::newRow("one pixel") << QSize(1, 1) << QSize(5, 5);
    QTest::newRow("one column") << QSize(1, 9) << QSize(5, 5);
    QTest::newRow("two columns") << QSize(2, 40) << QSize(3, 7);
    QTest::newRow("one row") << QSize(300, 1) << QSize(224, 1);
}

void tst_image_resize::vectorPathEqualsPlainPath()
{
    QFETCH(const QSize, source);
    QFETCH(const QSize, target);
    const RgbImage image = noise(source.width(), source.height());
    const RgbImage result = resizeBicubic(image, target.width(), target.height());
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto expected = channelResized(image, channel, target.width(), target.height());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(int(result.pixels[i * 3 + channel]), int(expected[i]));
    }
}

void tst_image_resize::mirroredInputGivesMirroredOutput()
{
    const RgbImage image = noise(64, 1);
    std::vector<std::uint8_t> samples(image.pixels.begin(), image.pixels.begin() + 64);
    auto forward = resampleBytes(samples, 64, 1, 1, 16, 1);
    std::ranges::reverse(samples);
    std::ranges::reverse(forward);
    QVERIFY(resampleBytes(samples, 64, 1, 1, 16, 1) == forward);
}

void tst_image_resize::areaResizingIsTheMeanOfWhatAPixelCovers()
{
    const RgbImage image = noise(60, 40);
    const RgbImage result = resizeArea(image, 15, 8); // 4 x 5 pixels each.
    QCOMPARE(result.width, 15);
    QCOMPARE(result.height, 8);
    for (std::size_t y = 0; y < 8; ++y) {
        for (std::size_t x = 0; x < 45; ++x) {
            int sum = 0;
            for (std::size_t row = y * 5; row < y * 5 + 5; ++row) {
                for (std::size_t column = x / 3 * 4; column < x / 3 * 4 + 4; ++column)
                    sum += image.pixels[(row * 60 + column) * 3 + x % 3];
            }
            QVERIFY(std::abs(result.pixels[y * 45 + x] - sum / 20.0) <= 0.51);
        }
    }
}

void tst_image_resize::fittedKeepsShapeAndNeverEnlarges()
{
    const RgbImage wide = fitted(noise(300, 200), 150);
    QCOMPARE(wide.width, 150);
    QCOMPARE(wide.height, 100);
    const RgbImage small = fitted(noise(30, 20), 150);
    QCOMPARE(small.width, 30);
    const RgbImage line = fitted(noise(900, 1), 90);
    QCOMPARE(line.width, 90);
    QCOMPARE(line.height, 1);
}

QTEST_GUILESS_MAIN(tst_image_resize)

#include "tst_image_resize.moc"
