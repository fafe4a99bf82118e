// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QTest>

#include <array>
#include <openjpeg.h>
#include <vector>

using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

struct Sink {
    Bytes bytes;
    std::size_t position = 0;
};

OPJ_SIZE_T writeBytes(void *source, OPJ_SIZE_T count, void *user)
{
    auto &sink = *static_cast<Sink *>(user);
    sink.bytes.resize(std::max(sink.bytes.size(), sink.position + count));
    std::memcpy(sink.bytes.data() + sink.position, source, count);
    sink.position += count;
    return count;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *user)
{
    static_cast<Sink *>(user)->position += static_cast<std::size_t>(count);
    return count;
}

OPJ_BOOL seekTo(OPJ_OFF_T offset, void *user)
{
    static_cast<Sink *>(user)->position = static_cast<std::size_t>(offset);
    return OPJ_TRUE;
}

/// Without loss. `channels`: 1 grey, 3 colours, 4 with the alpha of the picture.
Bytes jpeg2000(const QImage &picture, OPJ_CODEC_FORMAT kind, unsigned channels, unsigned precision = 8)
{
    const auto width = static_cast<unsigned>(picture.width());
    const auto height = static_cast<unsigned>(picture.height());
    std::array<opj_image_cmptparm_t, 4> components{};
    for (auto &component : components) {
        component.dx = component.dy = 1;
        component.w = width;
        component.h = height;
        component.prec = precision;
    }
    opj_image_t *image =
        opj_image_create(channels, components.data(), channels == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB);
    image->x1 = width;
    image->y1 = height;
    if (channels == 4)
        image->comps[3].alpha = 1;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const QRgb colour = picture.pixel(x, y);
            const std::array values{channels == 1 ? qGray(colour) : qRed(colour), qGreen(colour),
                                    qBlue(colour), qAlpha(colour)};
            for (unsigned i = 0; i < channels; ++i)
                image->comps[i].data[std::size_t(y) * width + std::size_t(x)] =
                    values[i] * ((1 << precision) - 1) / 255;
        }
    }
    opj_cparameters_t parameters{};
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    opj_codec_t *codec = opj_create_compress(kind);
    Sink sink;
    opj_stream_t *stream = opj_stream_default_create(OPJ_FALSE);
    opj_stream_set_user_data(stream, &sink, nullptr);
    opj_stream_set_write_function(stream, writeBytes);
    opj_stream_set_skip_function(stream, skipBytes);
    opj_stream_set_seek_function(stream, seekTo);
    const bool isWritten = opj_setup_encoder(codec, &parameters, image) &&
                           opj_start_compress(codec, image, stream) && opj_encode(codec, stream) &&
                           opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    return isWritten ? sink.bytes : Bytes();
}

QColor colourAt(const RgbImage &image, int x, int y)
{
    const std::uint8_t *pixel =
        image.pixels.data() + (std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3;
    return QColor(pixel[0], pixel[1], pixel[2]);
}

} // namespace

class tst_image_jpeg2000 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPictures_data();
    void readsPictures();
    void decodesSmallerWhenThatIsEnough();
    void showsWhatIsLeftOfADamagedOne();
};

void tst_image_jpeg2000::readsPictures_data()
{
    QTest::addColumn<bool>("inBoxes");
    QTest::addColumn<unsigned>("channels");
    QTest::addColumn<unsigned>("precision");
    QTest::newRow("a .jp2 file") << true << 3U << 8U;
    QTest::newRow("a bare codestream") << false << 3U << 8U;
    QTest::newRow("grey") << true << 1U << 8U;
    QTest::newRow("transparent") << true << 4U << 8U;
    QTest::newRow("12 bits") << true << 3U << 12U;
}

void tst_image_jpeg2000::readsPictures()
{
    QFETCH(bool, inBoxes);
    QFETCH(unsigned, channels);
    QFETCH(unsigned, precision);
    QImage picture = quarters(60, 40).convertToFormat(QImage::Format_ARGB32);
    if (channels == 4) {
        for (int x = 0; x < 30; ++x)
            picture.setPixelColor(x, 0, Qt::transparent);
    }
    const Bytes file = jpeg2000(picture, inBoxes ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K, channels, precision);
    QVERIFY(!file.empty());
    const auto decoded = decode(file);
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.format, std::string("jpeg2000"));
    QCOMPARE(decoded->image.width, 60);
    QCOMPARE(decoded->image.height, 40);
    QVERIFY(!decoded->truncated);
    for (const QPoint at : {QPoint(5, 5), QPoint(50, 5), QPoint(5, 35), QPoint(50, 35)}) {
        const QColor wanted = picture.pixelColor(at);
        const int grey = qGray(wanted.rgb());
        QCOMPARE(colourAt(decoded->image, at.x(), at.y()),
                 channels == 1 ? QColor(grey, grey, grey) : QColor(wanted.rgb()));
    }
    QCOMPARE(colourAt(decoded->image, 5, 0),
             channels == 4 ? QColor(Qt::white) : colourAt(decoded->image, 5, 5));
}

void tst_image_jpeg2000::decodesSmallerWhenThatIsEnough()
{
    const Bytes file = jpeg2000(quarters(640, 480), OPJ_CODEC_JP2, 3);
    const auto decoded = decode(file, {.minimumSide = 100, .maximumPixels = 20'000});
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->image.width, 160);
    QCOMPARE(decoded->info.width, 640);
    QCOMPARE(decode(file, {.maximumPixels = 20'000}).error().code, ErrorCode::TooLarge);
}

void tst_image_jpeg2000::showsWhatIsLeftOfADamagedOne()
{
    QImage picture = quarters(300, 200);
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 300; ++x)
            picture.setPixelColor(x, y, QColor((x * 79 + y * 31) % 256, x * y % 256, y));
    }
    Bytes file = jpeg2000(picture, OPJ_CODEC_JP2, 3);
    file.resize(file.size() / 2);
    const auto half = decode(file);
    QVERIFY2(half, half ? "" : half.error().message.c_str());
    QVERIFY(half->truncated);
    file.resize(40);
    QVERIFY(!decode(file));
    // Whatever is wrong with it, decoding ends.
    const Bytes whole = jpeg2000(quarters(48, 40), OPJ_CODEC_JP2, 3);
    std::uint32_t state = 2024;
    for (int round = 0; round < 200; ++round) {
        Bytes damaged = whole;
        for (int i = 0; i < 4; ++i) {
            state = state * 1664525 + 1013904223;
            damaged[(state >> 8) % damaged.size()] = static_cast<std::byte>(state >> 24);
        }
        const auto result = decode(damaged, {.minimumSide = 8, .maximumPixels = 1'000'000});
        QVERIFY(result || !result.error().message.empty());
    }
}

QTEST_APPLESS_MAIN(tst_image_jpeg2000)

#include "tst_image_jpeg2000.moc"
