// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "tests/support/image_samples.h"

#include <QTest>

#include <array>
#include <cmath>
#include <cstring>
#include <libheif/heif.h>
#include <memory>

using namespace yingxun::image;
using namespace yingxun::test;

namespace {

heif_error keepBytes(heif_context *, const void *data, std::size_t size, void *user)
{
    const auto *first = static_cast<const std::byte *>(data);
    static_cast<Bytes *>(user)->assign(first, first + size);
    return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

/// Turned by the container; an EXIF block says the same. Empty: libheif cannot.
Bytes heif(const QImage &picture, heif_compression_format format, int orientation)
{
    const std::unique_ptr<heif_context, decltype(&heif_context_free)> context(heif_context_alloc(),
                                                                              heif_context_free);
    heif_encoder *encoder = nullptr;
    if (heif_context_get_encoder_for_format(context.get(), format, &encoder).code != heif_error_Ok)
        return {};
    const std::unique_ptr<heif_encoder, decltype(&heif_encoder_release)> release(encoder,
                                                                                 heif_encoder_release);
    heif_image *created = nullptr;
    if (heif_image_create(picture.width(), picture.height(), heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                          &created)
            .code != heif_error_Ok)
        return {};
    const std::unique_ptr<heif_image, decltype(&heif_image_release)> image(created, heif_image_release);
    heif_image_add_plane(created, heif_channel_interleaved, picture.width(), picture.height(), 8);
    int stride = 0;
    std::uint8_t *plane = heif_image_get_plane(created, heif_channel_interleaved, &stride);
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    for (int y = 0; y < rgb.height(); ++y)
        std::memcpy(plane + std::ptrdiff_t{y} * stride, rgb.constScanLine(y), std::size_t(rgb.width()) * 3);

    const std::unique_ptr<heif_encoding_options, decltype(&heif_encoding_options_free)> options(
        heif_encoding_options_alloc(), heif_encoding_options_free);
    options->image_orientation = static_cast<heif_orientation>(orientation);
    heif_image_handle *encoded = nullptr;
    if (heif_context_encode_image(context.get(), created, encoder, options.get(), &encoded).code !=
        heif_error_Ok)
        return {};
    const std::unique_ptr<heif_image_handle, decltype(&heif_image_handle_release)> handle(
        encoded, heif_image_handle_release);
    const QByteArray exif = exifBlock(static_cast<quint16>(orientation), true, "2024:02:29 12:30:59");
    heif_context_add_exif_metadata(context.get(), encoded, exif.constData(), int(exif.size()));
    heif_writer writer{1, keepBytes};
    Bytes file;
    heif_context_write(context.get(), &writer, &file);
    return file;
}

} // namespace

class tst_image_heif : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void turnsOnce_data();
    void turnsOnce();
};

void tst_image_heif::turnsOnce_data()
{
    QTest::addColumn<bool>("isAvif");
    QTest::addColumn<int>("orientation");
    QTest::addColumn<QByteArray>("quarters"); // Clockwise from the top left.
    const std::array expected{"RGYB", "GRBY", "YBRG", "BYGR", "RBYG", "BRGY", "YGRB", "GYBR"};
    for (const bool isAvif : {false, true}) {
        for (int i = 0; i < 8; ++i)
            QTest::addRow("%s %d", isAvif ? "avif" : "heic", i + 1)
                << isAvif << i + 1 << QByteArray(expected[static_cast<std::size_t>(i)]);
    }
}

void tst_image_heif::turnsOnce()
{
    QFETCH(const bool, isAvif);
    QFETCH(const int, orientation);
    QFETCH(const QByteArray, quarters);
    const Bytes file = heif(yingxun::test::quarters(96, 64),
                            isAvif ? heif_compression_AV1 : heif_compression_HEVC, orientation);
    if (file.empty())
        QSKIP("libheif has no encoder for it here.");
    const auto decoded = decode(file);
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.format, std::string(isAvif ? "avif" : "heif"));
    QCOMPARE(decoded->info.captureTimeMs.value_or(0), 1709209859000);
    const RgbImage &image = decoded->image;
    QCOMPARE(image.width, orientation < 5 ? 96 : 64);
    QCOMPARE(decoded->info.width, image.width);
    QCOMPARE(decoded->info.height, image.height);
    const int x = image.width / 4;
    const int y = image.height / 4;
    QByteArray seen;
    for (const QPoint at : {QPoint(x, y), QPoint(3 * x, y), QPoint(3 * x, 3 * y), QPoint(x, 3 * y)}) {
        const std::uint8_t *pixel =
            image.pixels.data() + (std::size_t(at.y()) * std::size_t(image.width) + std::size_t(at.x())) * 3;
        const int primaries = (pixel[0] > 128 ? 4 : 0) + (pixel[1] > 128 ? 2 : 0) + (pixel[2] > 128 ? 1 : 0);
        seen += "?BG?R?Y?"[primaries];
    }
    QCOMPARE(seen, quarters);
}

QTEST_APPLESS_MAIN(tst_image_heif)

#include "tst_image_heif.moc"
