// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/animation.h"
#include "core/image/byte_source.h"
#include "core/image/colour.h"

#include <avif/avif.h>
#include <memory>
#include <optional>
#include <utility>

namespace yingxun::image {
namespace {

struct DestroyDecoder {
    void operator()(avifDecoder *decoder) const { avifDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<avifDecoder, DestroyDecoder>;

/// That knows what the file says of its frames. Null: it is damaged, or there is no memory.
Decoder decoderOf(std::span<const std::byte> file)
{
    Decoder decoder(avifDecoderCreate());
    if (!decoder)
        return nullptr;
    decoder->ignoreExif = AVIF_TRUE;
    decoder->ignoreXMP = AVIF_TRUE;
    decoder->strictFlags = AVIF_STRICT_DISABLED; // What libheif shows the first picture of is played.
    if (avifDecoderSetSource(decoder.get(), AVIF_DECODER_SOURCE_TRACKS) != AVIF_RESULT_OK ||
        avifDecoderSetIOMemory(decoder.get(), octets(file), file.size()) != AVIF_RESULT_OK)
        return nullptr;
    decoder->io->sizeHint = 0; // Else it refuses all of a file that lacks its end.
    if (avifDecoderParse(decoder.get()) != AVIF_RESULT_OK)
        return nullptr;
    return decoder;
}

/// Of each pixel, at most: AV1 keeps eight frames beside the one at hand, colours and alpha of up to 16 bits.
std::uint64_t decoderBytes(const avifDecoder &decoder)
{
    constexpr std::uint64_t kFrames = 9;
    const bool isLean = decoder.image->yuvFormat == AVIF_PIXEL_FORMAT_YUV420 ||
                        decoder.image->yuvFormat == AVIF_PIXEL_FORMAT_YUV400;
    const std::uint64_t samples = (isLean ? 2 : 3) + (decoder.alphaPresent != AVIF_FALSE ? 1 : 0);
    return kFrames * samples * (decoder.image->depth > 8 ? 2 : 1);
}

/// None: it cannot be had, or is not as large as the others.
std::optional<Picture> pictureOf(const avifImage &image, int width, int height)
{
    Picture picture;
    picture.mode = PixelMode::Rgba;
    picture.width = width;
    picture.height = height;
    if (image.width != static_cast<std::uint32_t>(width) ||
        image.height != static_cast<std::uint32_t>(height))
        return std::nullopt;
    picture.samples.resize(sampleBytes(picture.mode, width, height));
    avifRGBImage rgb{};
    avifRGBImageSetDefaults(&rgb, &image);
    rgb.format = AVIF_RGB_FORMAT_RGBA;
    rgb.depth = 8;
    rgb.pixels = picture.samples.data();
    rgb.rowBytes = image.width * 4;
    if (avifImageYUVToRGB(&image, &rgb) != AVIF_RESULT_OK)
        return std::nullopt;
    picture.iccProfile.assign(image.icc.data, image.icc.data + image.icc.size);
    return picture;
}

} // namespace

Result<void> readAvifAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                               const MomentVisit &visit)
{
    const Decoder decoder = decoderOf(file);
    if (!decoder || decoder->imageCount < 2)
        return {};
    const auto memory =
        claimCanvas(decoder->image->width, decoder->image->height, limits, decoderBytes(*decoder));
    if (!memory)
        return memory.propagate();
    const int width = static_cast<int>(decoder->image->width);
    const int height = static_cast<int>(decoder->image->height);
    // The frames may be larger than the file has said.
    decoder->imageSizeLimit = decoder->image->width * decoder->image->height;
    if (avifDecoderReset(decoder.get()) != AVIF_RESULT_OK)
        return {};
    double timeMs = 0;
    while (avifDecoderNextImage(decoder.get()) == AVIF_RESULT_OK) {
        auto picture = pictureOf(*decoder->image, width, height);
        if (!picture || !visit(static_cast<std::int64_t>(timeMs), toSrgb(*std::move(picture))))
            break;
        timeMs += shownForMs(decoder->imageTiming.duration * 1000);
    }
    return {};
}

} // namespace yingxun::image
