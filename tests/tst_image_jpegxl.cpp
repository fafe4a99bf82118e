// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QColorSpace>
#include <QTest>

#include <array>
#include <cmath>
#include <jxl/encode.h>
#include <memory>

using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

enum class Colours { Srgb, WideInProfile, WideByName, Pq };

/// How a picture is written.
struct Way {
    unsigned channels = 3; ///< 1 grey, 2 grey with alpha, 3 colours, 4 colours with alpha.
    JxlDataType type = JXL_TYPE_UINT8;
    bool isLossless = true;
    bool isInBoxes = false;
    int orientation = 1;
    Colours colours = Colours::Srgb;
    QByteArray exif = {}; ///< In a box of its own behind the picture.
    bool isExifCompressed = false;
    int frames = 1; ///< Those behind the first one are black.
};

template<typename Sample>
void append(QByteArray &pixels, Sample sample)
{
    pixels.append(reinterpret_cast<const char *>(&sample), sizeof sample);
}

QByteArray pixelsOf(const QImage &picture, const Way &way)
{
    QByteArray pixels;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const QRgb colour = picture.pixel(x, y);
            const std::array values{way.channels < 3 ? qGray(colour) : qRed(colour),
                                    way.channels < 3 ? qAlpha(colour) : qGreen(colour), qBlue(colour),
                                    qAlpha(colour)};
            for (std::size_t i = 0; i < way.channels; ++i) {
                if (way.type == JXL_TYPE_UINT8)
                    append(pixels, static_cast<std::uint8_t>(values[i]));
                else if (way.type == JXL_TYPE_UINT16)
                    append(pixels, static_cast<std::uint16_t>(values[i] * 257));
                else
                    append(pixels, static_cast<float>(values[i]) / 255.0F);
            }
        }
    }
    return pixels;
}

bool setColours(JxlEncoder *encoder, const Way &way)
{
    if (way.colours == Colours::WideInProfile) {
        const QByteArray profile = QColorSpace(QColorSpace::DisplayP3).iccProfile();
        return JxlEncoderSetICCProfile(encoder, reinterpret_cast<const std::uint8_t *>(profile.constData()),
                                       std::size_t(profile.size())) == JXL_ENC_SUCCESS;
    }
    JxlColorEncoding encoding{};
    JxlColorEncodingSetToSRGB(&encoding, way.channels < 3 ? JXL_TRUE : JXL_FALSE);
    if (way.colours == Colours::WideByName)
        encoding.primaries = JXL_PRIMARIES_P3;
    if (way.colours == Colours::Pq) {
        encoding.primaries = JXL_PRIMARIES_2100;
        encoding.transfer_function = JXL_TRANSFER_FUNCTION_PQ;
    }
    return JxlEncoderSetColorEncoding(encoder, &encoding) == JXL_ENC_SUCCESS;
}

bool addFrames(JxlEncoder *encoder, const QImage &picture, const Way &way)
{
    JxlEncoderFrameSettings *settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
    if (JxlEncoderSetFrameLossless(settings, way.isLossless ? JXL_TRUE : JXL_FALSE) != JXL_ENC_SUCCESS ||
        JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 3) != JXL_ENC_SUCCESS)
        return false;
    QByteArray pixels = pixelsOf(picture, way);
    const JxlPixelFormat format{way.channels, way.type, JXL_NATIVE_ENDIAN, 0};
    for (int frame = 0; frame < way.frames; ++frame) {
        if (way.frames > 1) {
            JxlFrameHeader header{};
            JxlEncoderInitFrameHeader(&header);
            header.duration = 1;
            if (JxlEncoderSetFrameHeader(settings, &header) != JXL_ENC_SUCCESS)
                return false;
        }
        if (JxlEncoderAddImageFrame(settings, &format, pixels.constData(), std::size_t(pixels.size())) !=
            JXL_ENC_SUCCESS)
            return false;
        pixels.fill(0);
    }
    return true;
}

/// Empty: libjxl cannot.
Bytes jpegXl(const QImage &picture, const Way &way)
{
    const std::unique_ptr<JxlEncoder, void (*)(JxlEncoder *)> encoder(JxlEncoderCreate(nullptr),
                                                                      JxlEncoderDestroy);
    JxlBasicInfo info{};
    JxlEncoderInitBasicInfo(&info);
    info.xsize = static_cast<std::uint32_t>(picture.width());
    info.ysize = static_cast<std::uint32_t>(picture.height());
    info.bits_per_sample = way.type == JXL_TYPE_UINT8 ? 8 : way.type == JXL_TYPE_UINT16 ? 16 : 32;
    info.exponent_bits_per_sample = way.type == JXL_TYPE_FLOAT ? 8 : 0;
    info.num_color_channels = way.channels < 3 ? 1 : 3;
    if (way.channels % 2 == 0) {
        info.num_extra_channels = 1;
        info.alpha_bits = info.bits_per_sample;
        info.alpha_exponent_bits = info.exponent_bits_per_sample;
    }
    info.orientation = static_cast<JxlOrientation>(way.orientation);
    info.uses_original_profile = way.isLossless ? JXL_TRUE : JXL_FALSE;
    info.have_animation = way.frames > 1 ? JXL_TRUE : JXL_FALSE;
    info.animation.tps_numerator = info.animation.tps_denominator = 1;
    if (way.isInBoxes && JxlEncoderUseContainer(encoder.get(), JXL_TRUE) != JXL_ENC_SUCCESS)
        return {};
    if (!way.exif.isEmpty() && JxlEncoderUseBoxes(encoder.get()) != JXL_ENC_SUCCESS)
        return {};
    if (JxlEncoderSetBasicInfo(encoder.get(), &info) != JXL_ENC_SUCCESS || !setColours(encoder.get(), way) ||
        !addFrames(encoder.get(), picture, way))
        return {};
    if (!way.exif.isEmpty()) {
        const QByteArray box = QByteArray(4, '\0') + way.exif;
        if (JxlEncoderAddBox(encoder.get(), "Exif", reinterpret_cast<const std::uint8_t *>(box.constData()),
                             std::size_t(box.size()),
                             way.isExifCompressed ? JXL_TRUE : JXL_FALSE) != JXL_ENC_SUCCESS)
            return {};
    }
    JxlEncoderCloseInput(encoder.get());
    Bytes file(16 << 20);
    auto *next = reinterpret_cast<std::uint8_t *>(file.data());
    std::size_t left = file.size();
    if (JxlEncoderProcessOutput(encoder.get(), &next, &left) != JXL_ENC_SUCCESS)
        return {};
    file.resize(file.size() - left);
    return file;
}

/// A bare codestream that says how large it is and hardly more.
Bytes headerOf(std::uint32_t width, std::uint32_t height)
{
    Bytes file{std::byte{0xff}, std::byte{0x0a}};
    int bits = 0;
    const auto put = [&](std::uint32_t value, int count) { // The lowest bit first.
        for (int i = 0; i < count; ++i, ++bits) {
            if (bits % 8 == 0)
                file.push_back(std::byte{0});
            file.back() |= static_cast<std::byte>((value >> i & 1) << bits % 8);
        }
    };
    put(0, 1); // Not a small one.
    put(3, 2); // 30 bits follow.
    put(height - 1, 30);
    put(0, 3); // The width does not follow from the height.
    put(3, 2);
    put(width - 1, 30);
    put(1, 1); // All else as usual.
    file.resize(file.size() + 32);
    return file;
}

QColor colourAt(const RgbImage &image, int x, int y)
{
    const std::uint8_t *pixel =
        image.pixels.data() + (std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3;
    return QColor(pixel[0], pixel[1], pixel[2]);
}

bool isNear(const QColor &a, const QColor &b, int tolerance)
{
    return std::abs(a.red() - b.red()) <= tolerance && std::abs(a.green() - b.green()) <= tolerance &&
           std::abs(a.blue() - b.blue()) <= tolerance;
}

QString textOf(const QColor &colour)
{
    return colour.name();
}

QImage noise(int width, int height)
{
    QImage picture = quarters(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            picture.setPixelColor(x, y, QColor((x * 79 + y * 31) % 256, x * y % 256, y % 256));
    }
    return picture;
}

} // namespace

Q_DECLARE_METATYPE(Way)

class tst_image_jpegxl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPictures_data();
    void readsPictures();
    void showsWideColoursAsSrgb_data();
    void showsWideColoursAsSrgb();
    void mapsHighDynamicRange();
    void turnsOnce_data();
    void turnsOnce();
    void readsCaptureTime();
    void showsTheFirstFrame();
    void refusesWhatIsTooLarge();
    void showsWhatIsLeftOfADamagedOne();
};

void tst_image_jpegxl::readsPictures_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("a bare codestream") << Way{};
    QTest::newRow("in boxes") << Way{.isInBoxes = true};
    QTest::newRow("lossy") << Way{.isLossless = false};
    QTest::newRow("grey") << Way{.channels = 1};
    QTest::newRow("grey, lossy") << Way{.channels = 1, .isLossless = false};
    QTest::newRow("grey, transparent") << Way{.channels = 2};
    QTest::newRow("transparent") << Way{.channels = 4};
    QTest::newRow("transparent, lossy") << Way{.channels = 4, .isLossless = false};
    QTest::newRow("16 bits") << Way{.type = JXL_TYPE_UINT16};
    QTest::newRow("floats") << Way{.type = JXL_TYPE_FLOAT};
}

void tst_image_jpegxl::readsPictures()
{
    QFETCH(const Way, way);
    QImage picture = quarters(60, 40).convertToFormat(QImage::Format_ARGB32);
    if (way.channels % 2 == 0) {
        for (int y = 0; y < 10; ++y) {
            for (int x = 0; x < 30; ++x)
                picture.setPixelColor(x, y, Qt::transparent);
        }
    }
    const Bytes file = jpegXl(picture, way);
    QVERIFY(!file.empty());
    const auto decoded = decode(file);
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.format, std::string("jpegxl"));
    QCOMPARE(decoded->image.width, 60);
    QCOMPARE(decoded->image.height, 40);
    QVERIFY(!decoded->truncated);
    const int tolerance = way.isLossless ? 0 : 20;
    for (const QPoint at : {QPoint(5, 14), QPoint(50, 5), QPoint(5, 35), QPoint(50, 35)}) {
        const QColor colour = picture.pixelColor(at);
        const int grey = qGray(colour.rgb());
        const QColor wanted = way.channels < 3 ? QColor(grey, grey, grey) : QColor(colour.rgb());
        const QColor actual = colourAt(decoded->image, at.x(), at.y());
        QVERIFY2(isNear(actual, wanted, tolerance), qPrintable(textOf(actual)));
    }
    if (way.channels % 2 == 0)
        QVERIFY(isNear(colourAt(decoded->image, 15, 3), Qt::white, tolerance));
}

void tst_image_jpegxl::showsWideColoursAsSrgb_data()
{
    QTest::addColumn<Way>("way");
    for (const bool isLossless : {true, false}) {
        const char *kind = isLossless ? "lossless" : "lossy";
        QTest::addRow("profile, %s", kind)
            << Way{.isLossless = isLossless, .colours = Colours::WideInProfile};
        QTest::addRow("by name, %s", kind) << Way{.isLossless = isLossless, .colours = Colours::WideByName};
    }
}

void tst_image_jpegxl::showsWideColoursAsSrgb()
{
    QFETCH(const Way, way);
    const QColor srgb(200, 60, 40);
    QImage picture(16, 16, QImage::Format_RGB888);
    picture.fill(srgb);
    picture.setColorSpace(QColorSpace(QColorSpace::SRgb));
    picture.convertToColorSpace(QColorSpace(QColorSpace::DisplayP3));
    QVERIFY(std::abs(picture.pixelColor(8, 8).red() - srgb.red()) > 5);
    const auto decoded = decode(jpegXl(picture, way));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    const QColor shown = colourAt(decoded->image, 8, 8);
    QVERIFY2(isNear(shown, srgb, way.isLossless ? 3 : 6), qPrintable(textOf(shown)));
}

void tst_image_jpegxl::mapsHighDynamicRange()
{
    // In PQ 203 cd/m², the white of a sheet of paper, is 148 of 255; 1000 cd/m², a cloud in the sun, is 192.
    QImage picture(64, 32, QImage::Format_RGB888);
    picture.fill(QColor(148, 148, 148));
    for (int y = 0; y < 32; ++y) {
        for (int x = 32; x < 64; ++x)
            picture.setPixelColor(x, y, QColor(192, 192, 192));
    }
    const auto decoded =
        decode(jpegXl(picture, {.type = JXL_TYPE_UINT16, .isLossless = false, .colours = Colours::Pq}));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    const int paper = colourAt(decoded->image, 10, 16).green();
    const int cloud = colourAt(decoded->image, 54, 16).green();
    QVERIFY2(paper > 160 && paper < 235, qPrintable(QString::number(paper)));
    QVERIFY2(cloud > paper, qPrintable(QString::number(cloud)));
}

void tst_image_jpegxl::turnsOnce_data()
{
    QTest::addColumn<int>("orientation");
    QTest::addColumn<QByteArray>("quarters"); // Clockwise from the top left.
    const std::array expected{"RGYB", "GRBY", "YBRG", "BYGR", "RBYG", "BRGY", "YGRB", "GYBR"};
    for (int i = 0; i < 8; ++i)
        QTest::addRow("%d", i + 1) << i + 1 << QByteArray(expected[static_cast<std::size_t>(i)]);
}

void tst_image_jpegxl::turnsOnce()
{
    QFETCH(const int, orientation);
    QFETCH(const QByteArray, quarters);
    const Bytes file =
        jpegXl(yingxun::test::quarters(96, 64),
               {.orientation = orientation, .exif = exifBlock(static_cast<quint16>(orientation), false)});
    const auto decoded = decode(file);
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    const RgbImage &image = decoded->image;
    QCOMPARE(image.width, orientation < 5 ? 96 : 64);
    QCOMPARE(decoded->info.width, image.width);
    QCOMPARE(decoded->info.height, image.height);
    const int x = image.width / 4;
    const int y = image.height / 4;
    QByteArray seen;
    for (const QPoint at : {QPoint(x, y), QPoint(3 * x, y), QPoint(3 * x, 3 * y), QPoint(x, 3 * y)}) {
        const QColor colour = colourAt(image, at.x(), at.y());
        seen += colour == Qt::red               ? 'R'
                : colour == QColor(0, 255, 0)   ? 'G'
                : colour == Qt::blue            ? 'B'
                : colour == QColor(255, 255, 0) ? 'Y'
                                                : '?';
    }
    QCOMPARE(seen, quarters);
}

void tst_image_jpegxl::readsCaptureTime()
{
    for (const bool isCompressed : {false, true}) {
        const auto decoded =
            decode(jpegXl(quarters(32, 32), {.exif = exifBlock(1, true, "2024:02:29 12:30:59"),
                                             .isExifCompressed = isCompressed}));
        QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
        QCOMPARE(decoded->info.captureTimeMs.value_or(0), 1709209859000);
    }
    QVERIFY(!decode(jpegXl(quarters(32, 32), {.isInBoxes = true}))->info.captureTimeMs);
}

void tst_image_jpegxl::showsTheFirstFrame()
{
    const auto decoded = decode(jpegXl(quarters(48, 40), {.isInBoxes = true, .frames = 3}));
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(colourAt(decoded->image, 5, 5), QColor(Qt::red));
    QVERIFY(!decoded->truncated);
}

void tst_image_jpegxl::refusesWhatIsTooLarge()
{
    QCOMPARE(decode(headerOf(1 << 30, 1 << 30)).error().code, ErrorCode::TooLarge);
    QCOMPARE(decode(headerOf(60'000, 60'000)).error().code, ErrorCode::TooLarge);
    // Allowed in itself, but more than there is memory for.
    DecodeBudget budget(std::uint64_t{64} << 20);
    const auto refused = decode(headerOf(5'000, 5'000), {.budget = &budget});
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QCOMPARE(decode(headerOf(50, 50)).error().code, ErrorCode::Truncated); // The header is not to blame.
}

void tst_image_jpegxl::showsWhatIsLeftOfADamagedOne()
{
    for (const bool isLossless : {true, false}) {
        Bytes file = jpegXl(noise(700, 500), {.isLossless = isLossless, .isInBoxes = true});
        file.resize(file.size() * 2 / 3);
        const auto part = decode(file);
        QVERIFY2(part, part ? "" : part.error().message.c_str());
        QVERIFY(part->truncated);
        QCOMPARE(part->image.width, 700);
        file.resize(60);
        QCOMPARE(decode(file).error().code, ErrorCode::Truncated);
    }
    // Whatever is wrong with it, decoding ends.
    const Bytes whole = jpegXl(noise(48, 40), {.exif = exifBlock(1, true, "2024:02:29 12:30:59")});
    std::uint32_t state = 2024;
    for (int round = 0; round < 200; ++round) {
        Bytes damaged = whole;
        for (int i = 0; i < 4; ++i) {
            state = state * 1664525 + 1013904223;
            damaged[(state >> 8) % damaged.size()] = static_cast<std::byte>(state >> 24);
        }
        const auto result = decode(damaged, {.maximumPixels = 1'000'000});
        QVERIFY(result || !result.error().message.empty());
    }
}

QTEST_APPLESS_MAIN(tst_image_jpegxl)

#include "tst_image_jpegxl.moc"
