// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/moments.h"
#include "core/media/decoder_pool.h"
#include "tests/support/png_animation.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

#ifdef YINGXUN_HAVE_AVIF
#include <avif/avif.h>
#endif
#ifdef YINGXUN_HAVE_JPEGXL
#include <jxl/encode.h>
#endif

using namespace yingxun;
using namespace yingxun::image;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

const QColor kRed(220, 20, 20);
const QColor kGreen(20, 220, 20);
const QColor kBlue(20, 20, 220);
constexpr int kWidth = 64;
constexpr int kHeight = 48;

/// Writes plain pictures, a second each.
using Writer = QByteArray (*)(const std::vector<QColor> &colours);

QImage plain(const QColor &colour, int width = kWidth, int height = kHeight)
{
    QImage picture(width, height, QImage::Format_ARGB32);
    picture.fill(colour);
    return picture;
}

QByteArray pngFileOf(const std::vector<QColor> &colours)
{
    std::vector<PngFrame> frames;
    for (const QColor &colour : colours)
        frames.push_back({plain(colour)});
    return apngOf(frames);
}

#ifdef YINGXUN_HAVE_AVIF
QByteArray avifFileOf(const std::vector<QColor> &colours)
{
    const std::unique_ptr<avifEncoder, void (*)(avifEncoder *)> encoder(avifEncoderCreate(),
                                                                        avifEncoderDestroy);
    encoder->speed = 10;
    encoder->timescale = 10;
    for (const QColor &colour : colours) {
        const QImage picture = plain(colour).convertToFormat(QImage::Format_RGBA8888);
        const std::unique_ptr<avifImage, void (*)(avifImage *)> image(
            avifImageCreate(kWidth, kHeight, 8, AVIF_PIXEL_FORMAT_YUV420), avifImageDestroy);
        avifRGBImage rgb{};
        avifRGBImageSetDefaults(&rgb, image.get());
        rgb.format = AVIF_RGB_FORMAT_RGBA;
        rgb.ignoreAlpha = AVIF_TRUE;
        QByteArray pixels(reinterpret_cast<const char *>(picture.constBits()), picture.sizeInBytes());
        rgb.pixels = reinterpret_cast<std::uint8_t *>(pixels.data());
        rgb.rowBytes = kWidth * 4;
        const auto flags = colours.size() > 1 ? AVIF_ADD_IMAGE_FLAG_NONE : AVIF_ADD_IMAGE_FLAG_SINGLE;
        if (avifImageRGBToYUV(image.get(), &rgb) != AVIF_RESULT_OK ||
            avifEncoderAddImage(encoder.get(), image.get(), 10, flags) != AVIF_RESULT_OK)
            return {};
    }
    avifRWData file{};
    if (avifEncoderFinish(encoder.get(), &file) != AVIF_RESULT_OK)
        return {};
    QByteArray bytes(reinterpret_cast<const char *>(file.data), qsizetype(file.size));
    avifRWDataFree(&file);
    return bytes;
}
#endif

#ifdef YINGXUN_HAVE_JPEGXL
QByteArray jpegXlFileOf(const std::vector<QColor> &colours)
{
    const std::unique_ptr<JxlEncoder, void (*)(JxlEncoder *)> encoder(JxlEncoderCreate(nullptr),
                                                                      JxlEncoderDestroy);
    JxlBasicInfo info{};
    JxlEncoderInitBasicInfo(&info);
    info.xsize = kWidth;
    info.ysize = kHeight;
    info.bits_per_sample = info.alpha_bits = 8;
    info.num_extra_channels = 1;
    info.have_animation = colours.size() > 1 ? JXL_TRUE : JXL_FALSE;
    info.animation.tps_numerator = 25;
    info.animation.tps_denominator = 2;
    JxlColorEncoding srgb{};
    JxlColorEncodingSetToSRGB(&srgb, JXL_FALSE);
    if (JxlEncoderSetBasicInfo(encoder.get(), &info) != JXL_ENC_SUCCESS ||
        JxlEncoderSetColorEncoding(encoder.get(), &srgb) != JXL_ENC_SUCCESS)
        return {};
    JxlEncoderFrameSettings *settings = JxlEncoderFrameSettingsCreate(encoder.get(), nullptr);
    JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 3);
    for (const QColor &colour : colours) {
        const QImage picture = plain(colour).convertToFormat(QImage::Format_RGBA8888);
        JxlFrameHeader header{};
        JxlEncoderInitFrameHeader(&header);
        header.duration = 13; // 1.04 seconds.
        const JxlPixelFormat format{4, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
        if ((colours.size() > 1 && JxlEncoderSetFrameHeader(settings, &header) != JXL_ENC_SUCCESS) ||
            JxlEncoderAddImageFrame(settings, &format, picture.constBits(),
                                    std::size_t(picture.sizeInBytes())) != JXL_ENC_SUCCESS)
            return {};
    }
    JxlEncoderCloseInput(encoder.get());
    QByteArray file(1 << 20, '\0');
    auto *next = reinterpret_cast<std::uint8_t *>(file.data());
    auto left = std::size_t(file.size());
    if (JxlEncoderProcessOutput(encoder.get(), &next, &left) != JXL_ENC_SUCCESS)
        return {};
    file.chop(qsizetype(left));
    return file;
}
#endif

std::span<const std::byte> bytesOf(const QByteArray &file)
{
    return std::as_bytes(std::span(file.constData(), std::size_t(file.size())));
}

QColor colourAt(const RgbImage &picture, int x, int y)
{
    const auto at = (std::size_t(y) * std::size_t(picture.width) + std::size_t(x)) * 3;
    return QColor(picture.pixels[at], picture.pixels[at + 1], picture.pixels[at + 2]);
}

/// "w" for white, or the strongest colour.
QChar nameOf(const QColor &colour)
{
    if (std::min({colour.red(), colour.green(), colour.blue()}) > 200)
        return u'w';
    if (colour.red() > std::max(colour.green(), colour.blue()))
        return u'r';
    return colour.green() > colour.blue() ? u'g' : u'b';
}

/// Of each moment the colours at the left and at the right, and the time in tenths of a second.
QString momentsOf(const QByteArray &file, const AnimationLimits &limits = {})
{
    RgbImage poster{1, 1, {0, 0, 0}};
    if (const auto decoded = decode(bytesOf(file)))
        poster = decoded->image;
    QStringList all;
    const auto done =
        forEachMoment(bytesOf(file), poster, limits, [&](std::int64_t timeMs, const RgbImage &picture) {
            const int y = picture.height / 2;
            all << nameOf(colourAt(picture, 1, y)) +
                       QString(nameOf(colourAt(picture, picture.width - 2, y))) +
                       QString::number((timeMs + 50) / 100);
            return true;
        });
    return done ? all.join(u' ') : QString::fromStdString(done.error().message);
}

} // namespace

Q_DECLARE_METATYPE(Writer)

/// What animated PNG, AVIF and JPEG XL files show beyond their first picture.
class tst_Animations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showTheirPicturesAndTimes_data() { writers(); }
    void showTheirPicturesAndTimes();
    void stillOnesHaveNone_data() { writers(); }
    void stillOnesHaveNone();
    void cutOnesEndEarly_data() { writers(); }
    void cutOnesEndEarly();
    void damagedOnesBreakNothing_data() { writers(); }
    void damagedOnesBreakNothing();
    void areLimited_data() { writers(); }
    void areLimited();
    void playInADecoder_data() { writers(); }
    void playInADecoder();
    void framesOfPngArePaintedOver();
    void framesOfPngAreTakenAway();
    void framesOfPngShareAPalette();
    void hiddenPicturesOfPngAreNoFrames();
    void framesOfPngThatCannotBeEndIt();

private:
    static void writers();
};

void tst_Animations::writers()
{
    QTest::addColumn<Writer>("write");
    QTest::newRow("png") << Writer(pngFileOf);
#ifdef YINGXUN_HAVE_AVIF
    QTest::newRow("avif") << Writer(avifFileOf);
#endif
#ifdef YINGXUN_HAVE_JPEGXL
    QTest::newRow("jxl") << Writer(jpegXlFileOf);
#endif
}

void tst_Animations::showTheirPicturesAndTimes()
{
    QFETCH(const Writer, write);
    const QByteArray file = write({kRed, kGreen, kGreen, kBlue});
    QVERIFY(!file.isEmpty());
    QVERIFY(mayMove(bytesOf(file)));
    const auto poster = decode(bytesOf(file));
    QVERIFY2(poster, poster ? "" : poster.error().message.c_str());
    QCOMPARE(nameOf(colourAt(poster->image, 1, 1)), u'r');
    QCOMPARE(momentsOf(file), formatOf(bytesOf(file)) == Format::JpegXl ? u"gg10 bb31"_s : u"gg10 bb30"_s);
}

void tst_Animations::stillOnesHaveNone()
{
    QFETCH(const Writer, write);
    const QByteArray file = write({kRed});
    QVERIFY(decode(bytesOf(file)));
    QCOMPARE(momentsOf(file), QString());
    QVERIFY(!mayMove(bytesOf(pngOf(plain(kRed)))));
    if (formatOf(bytesOf(file)) != Format::JpegXl) // That is known by its decoder alone.
        QVERIFY(!mayMove(bytesOf(file)));
}

void tst_Animations::cutOnesEndEarly()
{
    QFETCH(const Writer, write);
    const QByteArray file = write({kRed, kGreen, kBlue, kRed, kGreen});
    const QString all = momentsOf(file);
    QCOMPARE(all.count(u' '), 3);
    const QString some = momentsOf(file.left(file.size() - 40));
    QVERIFY2(!some.isEmpty() && some.size() < all.size() && all.startsWith(some), qPrintable(some));
    for (qsizetype size = 0; size < file.size(); size += 7)
        QVERIFY(all.startsWith(momentsOf(file.left(size))));
}

void tst_Animations::damagedOnesBreakNothing()
{
    QFETCH(const Writer, write);
    const QByteArray file = write({kRed, kGreen, kBlue});
    for (int seed = 0; seed < 300; ++seed) {
        QByteArray noisy = file;
        for (int i = 0; i < 3; ++i)
            noisy[(seed * 7919 + i * 104'729) % noisy.size()] = char(seed * 31 + i * 17);
        momentsOf(noisy);
    }
}

void tst_Animations::areLimited()
{
    QFETCH(const Writer, write);
    const QByteArray file = write({kRed, kGreen, kBlue});
    AnimationLimits limits;
    limits.maximumPixels = kWidth * kHeight;
    QCOMPARE(momentsOf(file, limits).left(4), u"gg10"_s);
    --limits.maximumPixels;
    QVERIFY(momentsOf(file, limits).contains(u"too large"));
    limits = {};
    limits.patience = std::chrono::milliseconds(0);
    QCOMPARE(momentsOf(file, limits), QString()); // The poster, and the time is over.
    limits = {};
    DecodeBudget small(kWidth * kHeight * 12);
    limits.budget = &small;
    QVERIFY(!momentsOf(file, limits).startsWith(u"gg"));
}

void tst_Animations::playInADecoder()
{
    QFETCH(const Writer, write);
    const QTemporaryDir directory;
    QFile file(directory.filePath(u"moving"_s));
    const QByteArray bytes = write({kRed, kGreen, kBlue});
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush());
    media::DecoderPool pool(YINGXUN_DECODER);
    const auto opened = media::MediaFile::open(file.fileName().toStdString());
    QVERIFY(opened);
    media::Wants wants;
    wants.momentSide = 16;
    const auto made = pool.read(*opened, wants, {});
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QCOMPARE(made->moments.size(), std::size_t{2});
    QCOMPARE((made->moments[0].timeMs + 50) / 100, 10);
    QVERIFY(made->moments[1].towerInput[2] > 180 && made->moments[1].towerInput[0] < 60);
}

void tst_Animations::framesOfPngArePaintedOver()
{
    const QImage right = plain(kBlue, kWidth / 2, kHeight);
    const QPoint middle(kWidth / 2, 0);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {right, middle}})), u"rb10"_s);
    // Nothing over red is red, nothing instead of it is the white behind.
    const QImage nothing = plain(Qt::transparent, kWidth / 2, kHeight);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {nothing, middle, 1000, 0, 1}, {right, {}}})), u"br20"_s);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {nothing, middle}})), u"rw10"_s);
    // Half of blue over white.
    QColor half(0, 0, 255, 128);
    std::vector<QColor> seen;
    const QByteArray file = apngOf({{plain(Qt::white)}, {plain(half), {}, 1000, 0, 1}});
    QVERIFY(forEachMoment(bytesOf(file), RgbImage{1, 1, {255, 255, 255}}, AnimationLimits(),
                          [&](std::int64_t, const RgbImage &picture) {
                              seen.push_back(colourAt(picture, 3, 3));
                              return true;
                          }));
    QCOMPARE(seen.size(), std::size_t{1});
    QVERIFY2(std::abs(seen[0].red() - 127) <= 1 && seen[0].blue() == 255, qPrintable(seen[0].name()));
}

void tst_Animations::framesOfPngAreTakenAway()
{
    const QImage left = plain(kGreen, kWidth / 2, kHeight);
    const QImage right = plain(kBlue, kWidth / 2, kHeight);
    const QPoint middle(kWidth / 2, 0);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {left, {}, 1000, 0}, {right, middle}})), u"gr10 gb20"_s);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {left, {}, 1000, 1}, {right, middle}})), u"gr10 wb20"_s);
    QCOMPARE(momentsOf(apngOf({{plain(kRed)}, {left, {}, 1000, 2}, {right, middle}})), u"gr10 rb20"_s);
}

void tst_Animations::framesOfPngShareAPalette()
{
    std::vector<PngFrame> frames;
    for (const uint index : {0U, 1U, 2U}) {
        QImage picture(kWidth, kHeight, QImage::Format_Indexed8);
        picture.setColorTable({kRed.rgb(), kGreen.rgb(), kBlue.rgb()});
        picture.fill(index);
        frames.push_back({picture});
    }
    QCOMPARE(momentsOf(apngOf(frames)), u"gg10 bb20"_s);
}

void tst_Animations::hiddenPicturesOfPngAreNoFrames()
{
    const QByteArray file = apngOf({{plain(kGreen)}, {plain(kBlue)}}, plain(kRed));
    QCOMPARE(nameOf(colourAt(decode(bytesOf(file))->image, 1, 1)), u'r');
    QCOMPARE(momentsOf(file), u"gg0 bb10"_s);
}

void tst_Animations::framesOfPngThatCannotBeEndIt()
{
    const QImage small = plain(kBlue, kWidth / 2, kHeight);
    const PngFrame red{plain(kRed)};
    const PngFrame green{plain(kGreen)};
    QCOMPARE(momentsOf(apngOf({red, green, {small, {kWidth / 2 + 1, 0}}, green})), u"gg10"_s);
    QCOMPARE(momentsOf(apngOf({red, green, {small, {0, 1}}, green})), u"gg10"_s);
    QCOMPARE(momentsOf(apngOf({red, green, {small, {-1, 0}}, green})), u"gg10"_s);
    QCOMPARE(momentsOf(apngOf({red, green, {plain(kBlue), {}, 1000, 3}, green})), u"gg10"_s);
    // A frame is missing: the numbers tell.
    QByteArray file = apngOf({red, green, red, {plain(kBlue)}});
    QCOMPARE(momentsOf(file), u"gg10 rr20 bb30"_s);
    const auto last = file.lastIndexOf("fcTL");
    const auto missing = file.lastIndexOf("fcTL", last - 1);
    QCOMPARE(momentsOf(file.remove(missing - 4, last - missing)), u"gg10"_s);
    // And a changed byte is told by the checksum.
    file = apngOf({red, green, {plain(kBlue)}, green});
    file[file.lastIndexOf("fcTL") + 30] = 0;
    file[file.lastIndexOf("fcTL") + 28] = 1;
    QCOMPARE(momentsOf(file), u"gg10 bb20"_s);
}

QTEST_MAIN(tst_Animations)

#include "tst_animations.moc"
