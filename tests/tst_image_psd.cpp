// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QColorSpace>
#include <QTest>

#include <array>
#include <cmath>

using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

enum Mode { Bitmap = 0, Grey = 1, Indexed = 2, Rgb = 3, Cmyk = 4, Lab = 9 };

/// How a picture is written, as Adobe's description of the format says.
struct Way {
    Mode mode = Rgb;
    int depth = 8;
    bool isLarge = false; ///< PSB.
    bool isPacked = true;
    int furtherChannels = 0; ///< Transparency and such; written black.
    QByteArray resources = {};
    QByteArray layers = {};
};

QByteArray number(quint64 value, int size)
{
    QByteArray bytes;
    for (int i = size - 1; i >= 0; --i)
        bytes.append(static_cast<char>(value >> 8 * i));
    return bytes;
}

QByteArray resource(int id, const QByteArray &block)
{
    return "8BIM" + number(static_cast<quint64>(id), 2) + number(0, 2) +
           number(static_cast<quint64>(block.size()), 4) + block + QByteArray(block.size() % 2, '\0');
}

/// Runs of equal bytes as such, all others in pieces.
QByteArray packed(const QByteArray &row)
{
    QByteArray bytes(1, '\x80'); // Says nothing.
    for (int at = 0; at < row.size();) {
        int run = 1;
        while (run < 128 && at + run < row.size() && row[at + run] == row[at])
            ++run;
        if (run > 1) {
            bytes.append(static_cast<char>(1 - run)).append(row[at]);
            at += run;
            continue;
        }
        const int length = std::min(3, int(row.size()) - at);
        bytes.append(static_cast<char>(length - 1)).append(row.mid(at, length));
        at += length;
    }
    return bytes;
}

/// A channel's value of a pixel, 0 to 255.
int valueOf(const QImage &picture, int x, int y, const Way &way, int channel)
{
    const QRgb colour = picture.pixel(x, y);
    if (way.mode == Indexed)
        return colour == QColor(Qt::red).rgb() ? 1 : 2;
    if (way.mode == Bitmap)
        return qGray(colour) < 100 ? 255 : 0; // Ink.
    if (way.mode == Grey)
        return qGray(colour);
    const std::array values{qRed(colour), qGreen(colour), qBlue(colour), 255};
    return values[static_cast<std::size_t>(channel)];
}

QByteArray rowOf(const QImage &picture, int y, const Way &way, int channel, int colours)
{
    QByteArray row(way.depth == 1 ? (picture.width() + 7) / 8 : 0, '\0');
    for (int x = 0; x < picture.width(); ++x) {
        const int value = channel < colours ? valueOf(picture, x, y, way, channel) : 0;
        if (way.depth == 1)
            row[x / 8] = static_cast<char>(row[x / 8] | (value & 128) >> x % 8);
        else
            row += number(static_cast<quint64>(way.depth == 16 ? value * 257 : value), way.depth / 8);
    }
    return row;
}

Bytes psd(const QImage &picture, const Way &way)
{
    const int colours = way.mode == Rgb || way.mode == Lab ? 3 : way.mode == Cmyk ? 4 : 1;
    QByteArray palette;
    if (way.mode == Indexed) { // Colour 1 is red, all others are green.
        palette = QByteArray(768, '\0');
        palette[1] = '\xff';
        palette[256 + 2] = '\xff';
    }
    QByteArray lengths;
    QByteArray rows;
    for (int channel = 0; channel < colours + way.furtherChannels; ++channel) {
        for (int y = 0; y < picture.height(); ++y) {
            const QByteArray row = rowOf(picture, y, way, channel, colours);
            const QByteArray stored = way.isPacked ? packed(row) : row;
            lengths += number(static_cast<quint64>(stored.size()), way.isLarge ? 4 : 2);
            rows += stored;
        }
    }
    const auto section = [](const QByteArray &bytes, int size = 4) {
        return number(static_cast<quint64>(bytes.size()), size) + bytes;
    };
    return toBytes("8BPS" + number(way.isLarge ? 2 : 1, 2) + number(0, 6) +
                   number(static_cast<quint64>(colours + way.furtherChannels), 2) +
                   number(static_cast<quint64>(picture.height()), 4) +
                   number(static_cast<quint64>(picture.width()), 4) +
                   number(static_cast<quint64>(way.depth), 2) + number(static_cast<quint64>(way.mode), 2) +
                   section(palette) + section(way.resources) + section(way.layers, way.isLarge ? 8 : 4) +
                   number(way.isPacked ? 1 : 0, 2) + (way.isPacked ? lengths : QByteArray()) + rows);
}

QColor colourAt(const RgbImage &image, int x, int y)
{
    const std::uint8_t *pixel =
        image.pixels.data() + (std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3;
    return QColor(pixel[0], pixel[1], pixel[2]);
}

QColor greyOf(const QColor &colour)
{
    const int grey = qGray(colour.rgb());
    return QColor(grey, grey, grey);
}

} // namespace

Q_DECLARE_METATYPE(Way)

class tst_image_psd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPictures_data();
    void readsPictures();
    void showsTransparentColourOfAPalette();
    void convertsProfileToSrgb();
    void readsExif();
    void saysWhatToDoAboutOthers_data();
    void saysWhatToDoAboutOthers();
    void refusesWhatIsTooLarge();
    void showsWhatIsLeftOfADamagedOne();
};

void tst_image_psd::readsPictures_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("packed") << Way{};
    QTest::newRow("raw") << Way{.isPacked = false};
    QTest::newRow("psb") << Way{.isLarge = true};
    QTest::newRow("psb, raw") << Way{.isLarge = true, .isPacked = false};
    QTest::newRow("16 bits") << Way{.depth = 16};
    QTest::newRow("16 bits, raw") << Way{.depth = 16, .isPacked = false};
    QTest::newRow("grey") << Way{.mode = Grey};
    QTest::newRow("black and white") << Way{.mode = Bitmap, .depth = 1};
    QTest::newRow("indexed") << Way{.mode = Indexed};
    QTest::newRow("inks") << Way{.mode = Cmyk};
    QTest::newRow("inks, 16 bits") << Way{.mode = Cmyk, .depth = 16};
    QTest::newRow("layers over white") << Way{.furtherChannels = 1, .layers = QByteArray(40, '\1')};
}

void tst_image_psd::readsPictures()
{
    QFETCH(const Way, way);
    const QImage picture = quarters(61, 40);
    const auto decoded = decode(psd(picture, way));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.format, std::string("psd"));
    QCOMPARE(decoded->image.width, 61);
    QCOMPARE(decoded->image.height, 40);
    QVERIFY(!decoded->truncated);
    for (const QPoint at : {QPoint(5, 5), QPoint(60, 5), QPoint(0, 39), QPoint(60, 39)}) {
        QColor wanted(picture.pixel(at));
        if (way.mode == Grey)
            wanted = greyOf(wanted);
        else if (way.mode == Bitmap)
            wanted = qGray(wanted.rgb()) < 100 ? Qt::black : Qt::white;
        else if (way.mode == Indexed)
            wanted = wanted == QColor(Qt::red) ? QColor(Qt::red) : QColor(0, 255, 0);
        QCOMPARE(colourAt(decoded->image, at.x(), at.y()), wanted);
    }
}

void tst_image_psd::showsTransparentColourOfAPalette()
{
    const auto decoded =
        decode(psd(quarters(16, 16), {.mode = Indexed, .resources = resource(1047, number(2, 2))}));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(colourAt(decoded->image, 2, 2), QColor(Qt::red));
    QCOMPARE(colourAt(decoded->image, 14, 14), QColor(Qt::white));
}

void tst_image_psd::convertsProfileToSrgb()
{
    const QColor srgb(200, 60, 40);
    QImage picture(16, 16, QImage::Format_RGB32);
    picture.fill(srgb);
    picture.setColorSpace(QColorSpace(QColorSpace::SRgb));
    picture.convertToColorSpace(QColorSpace(QColorSpace::DisplayP3));
    const QByteArray profile = QColorSpace(QColorSpace::DisplayP3).iccProfile();
    // Behind a resource whose name and block have odd lengths.
    const QByteArray first = "8BIM" + number(1000, 2) + number(2, 1) + "ab" + QByteArray(1, '\0') +
                             number(3, 4) + QByteArray(4, '\0');
    const auto decoded = decode(psd(picture, {.resources = first + resource(1039, profile)}));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    const QColor shown = colourAt(decoded->image, 8, 8);
    QVERIFY2(std::abs(shown.red() - srgb.red()) <= 3 && std::abs(shown.green() - srgb.green()) <= 3,
             qPrintable(shown.name()));
}

void tst_image_psd::readsExif()
{
    const QByteArray exif = resource(1058, exifBlock(6, true, "2024:02:29 12:30:59"));
    const auto decoded = decode(psd(quarters(96, 64), {.resources = exif}));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.captureTimeMs.value_or(0), 1709209859000);
    QCOMPARE(decoded->image.width, 64);
    QCOMPARE(colourAt(decoded->image, 5, 5), QColor(Qt::blue));
}

void tst_image_psd::saysWhatToDoAboutOthers_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<QByteArray>("named");
    const QByteArray missing = resource(1057, number(1, 4) + number(0, 1) + number(0, 8));
    QTest::newRow("no picture of all layers")
        << Way{.resources = missing, .layers = QByteArray(40, '\1')} << QByteArray("Maximize Compatibility");
    QTest::newRow("32 bits") << Way{.depth = 32} << QByteArray("32 bits");
    QTest::newRow("Lab") << Way{.mode = Lab} << QByteArray("RGB");
}

void tst_image_psd::saysWhatToDoAboutOthers()
{
    QFETCH(const Way, way);
    QFETCH(const QByteArray, named);
    const auto decoded = decode(psd(quarters(16, 16), way));
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, ErrorCode::Unsupported);
    QVERIFY2(decoded.error().message.find(named.constData()) != std::string::npos,
             decoded.error().message.c_str());
    // Without layers the only picture that there is counts, whatever is said of it.
    if (!way.layers.isEmpty())
        QVERIFY(decode(psd(quarters(16, 16), {.resources = way.resources})));
}

void tst_image_psd::refusesWhatIsTooLarge()
{
    Bytes file = psd(quarters(16, 16), {});
    const auto declare = [&file](quint64 height, quint64 width) {
        const Bytes sides = toBytes(number(height, 4) + number(width, 4));
        std::copy(sides.begin(), sides.end(), file.begin() + 14);
    };
    declare(300'000, 300'000);
    QCOMPARE(decode(file).error().code, ErrorCode::Truncated);
    declare(0xffffffff, 0xffffffff);
    QCOMPARE(decode(file).error().code, ErrorCode::TooLarge);
    declare(0, 16);
    QCOMPARE(decode(file).error().code, ErrorCode::CorruptData);
    const Bytes whole = psd(quarters(500, 400), {});
    QCOMPARE(decode(whole, {.maximumPixels = 100'000}).error().code, ErrorCode::TooLarge);
    DecodeBudget budget(400'000);
    QCOMPARE(decode(whole, {.budget = &budget}).error().code, ErrorCode::TooLarge);
}

void tst_image_psd::showsWhatIsLeftOfADamagedOne()
{
    for (const bool isPacked : {true, false}) {
        const Bytes whole = psd(quarters(48, 40), {.isPacked = isPacked});
        Bytes file = whole;
        file.resize(whole.size() - 20);
        const auto part = decode(file);
        QVERIFY2(part, part ? "" : part.error().message.c_str());
        QVERIFY(part->truncated);
        QCOMPARE(colourAt(part->image, 5, 5), QColor(Qt::red));
        // The sanitizers watch this: every length, and whatever is wrong with it, decoding ends.
        for (std::size_t size = 0; size < whole.size() / 2; ++size) {
            file.resize(size);
            QVERIFY(!decode(file));
        }
        std::uint32_t state = 2024;
        for (int round = 0; round < 500; ++round) {
            Bytes damaged = whole;
            for (int i = 0; i < 4; ++i) {
                state = state * 1664525 + 1013904223;
                damaged[(state >> 8) % damaged.size()] = static_cast<std::byte>(state >> 24);
            }
            const auto result = decode(damaged, {.maximumPixels = 1'000'000});
            QVERIFY(result || !result.error().message.empty());
        }
    }
}

QTEST_APPLESS_MAIN(tst_image_psd)

#include "tst_image_psd.moc"
