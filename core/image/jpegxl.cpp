// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <jxl/decode.h>
#include <memory>
#include <string_view>

namespace yingxun::image {

namespace {

struct DestroyDecoder {
    void operator()(JxlDecoder *decoder) const { JxlDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<JxlDecoder, DestroyDecoder>;

/// At the beginning of the file; stops at these events. Null: there is no memory.
Decoder decoderOf(std::span<const std::byte> file, int events)
{
    Decoder decoder(JxlDecoderCreate(nullptr));
    if (decoder && (JxlDecoderSubscribeEvents(decoder.get(), events) != JXL_DEC_SUCCESS ||
                    JxlDecoderSetInput(decoder.get(), octets(file), file.size()) != JXL_DEC_SUCCESS))
        decoder.reset();
    return decoder;
}

Unexpected failure(JxlDecoderStatus status)
{
    if (status == JXL_DEC_NEED_MORE_INPUT)
        return fail(ErrorCode::Truncated, "The JPEG XL picture stops before anything can be decoded.");
    return fail(ErrorCode::CorruptData, "The JPEG XL picture is damaged.");
}

/// A codestream in boxes has metadata in others, before or behind it, compressed perhaps; a bare one has
/// none.
std::optional<std::int64_t> captureTimeOf(std::span<const std::byte> file)
{
    constexpr std::size_t kLargestExif = 1 << 20; // What a compressed box says beyond that is left out.
    if (file[0] == std::byte{0xff})
        return std::nullopt;
    const Decoder decoder = decoderOf(file, JXL_DEC_BOX);
    if (!decoder || JxlDecoderSetDecompressBoxes(decoder.get(), JXL_TRUE) != JXL_DEC_SUCCESS)
        return std::nullopt;
    JxlDecoderCloseInput(decoder.get());
    std::vector<std::uint8_t> block;
    for (;;) {
        const JxlDecoderStatus status = JxlDecoderProcessInput(decoder.get());
        if (!block.empty()) {
            block.resize(block.size() - JxlDecoderReleaseBoxBuffer(decoder.get()));
            return readExifItem(std::as_bytes(std::span(block))).captureTimeMs;
        }
        JxlBoxType type{};
        if (status != JXL_DEC_BOX || JxlDecoderGetBoxType(decoder.get(), type, JXL_TRUE) != JXL_DEC_SUCCESS)
            return std::nullopt;
        if (std::string_view(type, sizeof type) == "Exif") {
            block.resize(kLargestExif);
            if (JxlDecoderSetBoxBuffer(decoder.get(), block.data(), block.size()) != JXL_DEC_SUCCESS)
                return std::nullopt;
        }
    }
}

PixelMode modeOf(const JxlBasicInfo &info)
{
    const bool hasAlpha = info.alpha_bits != 0;
    if (info.num_color_channels == 1)
        return hasAlpha ? PixelMode::GreyAlpha : PixelMode::Grey;
    return hasAlpha ? PixelMode::Rgba : PixelMode::Rgb;
}

bool hasBlackInk(const JxlDecoder *decoder, const JxlBasicInfo &info)
{
    for (std::uint32_t i = 0; i < info.num_extra_channels; ++i) {
        JxlExtraChannelInfo channel{};
        if (JxlDecoderGetExtraChannelInfo(decoder, i, &channel) == JXL_DEC_SUCCESS &&
            channel.type == JXL_CHANNEL_BLACK)
            return true;
    }
    return false;
}

/// Asks for sRGB, and where the decoder must keep the colours of the file takes the profile that they have.
void chooseColours(JxlDecoder *decoder, const JxlBasicInfo &info, Picture &picture)
{
    constexpr float kScreenNits = 255.0F; // As bright as libjxl takes white in pictures without HDR.
    if (info.uses_original_profile == JXL_FALSE) {
        JxlColorEncoding srgb{};
        srgb.color_space = info.num_color_channels == 1 ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
        srgb.white_point = JXL_WHITE_POINT_D65;
        srgb.primaries = JXL_PRIMARIES_SRGB;
        srgb.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
        srgb.rendering_intent = JXL_RENDERING_INTENT_PERCEPTUAL;
        if (JxlDecoderSetPreferredColorProfile(decoder, &srgb) == JXL_DEC_SUCCESS &&
            info.intensity_target > kScreenNits)
            JxlDecoderSetDesiredIntensityTarget(decoder, kScreenNits);
    }
    std::size_t size = 0;
    if (JxlDecoderGetICCProfileSize(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA, &size) !=
        JXL_DEC_SUCCESS)
        return;
    picture.iccProfile.resize(size);
    if (JxlDecoderGetColorAsICCProfile(decoder, nullptr, JXL_COLOR_PROFILE_TARGET_DATA,
                                       picture.iccProfile.data(), size) != JXL_DEC_SUCCESS)
        picture.iccProfile.clear();
}

/// Decodes the first frame, or as much of it as is there.
Result<void> decodePixels(JxlDecoder *decoder, Picture &picture)
{
    const JxlPixelFormat format{static_cast<std::uint32_t>(bytesPerPixel(picture.mode)), JXL_TYPE_UINT8,
                                JXL_NATIVE_ENDIAN, 0};
    if (const auto status = JxlDecoderProcessInput(decoder); status != JXL_DEC_NEED_IMAGE_OUT_BUFFER)
        return failure(status);
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));
    if (JxlDecoderSetImageOutBuffer(decoder, &format, picture.samples.data(), picture.samples.size()) !=
        JXL_DEC_SUCCESS)
        return failure(JXL_DEC_ERROR);
    const JxlDecoderStatus status = JxlDecoderProcessInput(decoder);
    if (status == JXL_DEC_FULL_IMAGE)
        return {};
    if (status != JXL_DEC_NEED_MORE_INPUT || JxlDecoderFlushImage(decoder) != JXL_DEC_SUCCESS)
        return failure(status);
    picture.truncated = true;
    return {};
}

} // namespace

Result<Picture> readJpegXl(std::span<const std::byte> file, const ReadOptions &options)
{
    const Decoder decoder = decoderOf(file, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
    if (!decoder)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the JPEG XL picture.");
    JxlDecoderSetUnpremultiplyAlpha(decoder.get(), JXL_TRUE);
    JxlBasicInfo info{};
    if (const auto status = JxlDecoderProcessInput(decoder.get());
        status != JXL_DEC_BASIC_INFO || JxlDecoderGetBasicInfo(decoder.get(), &info) != JXL_DEC_SUCCESS)
        return failure(status);

    // libjxl turns the pixels as the codestream says, and says no more of it. The orientation in EXIF is a
    // copy of that, left alone like HEIF's.
    Picture picture;
    picture.mode = modeOf(info);
    if (auto sides = checkSides(info.xsize, info.ysize); !sides)
        return sides.propagate();
    // Measured: of a picture kept in coarse to fine steps libjxl holds that much for each sample of a
    // channel.
    constexpr std::uint64_t kDecoderBytes = 10;
    const std::uint64_t decoderBytes = std::uint64_t{info.xsize} * info.ysize *
                                       (info.num_color_channels + info.num_extra_channels) * kDecoderBytes;
    if (auto claimed = claim(picture, info.xsize, info.ysize, decoderBytes, options); !claimed)
        return claimed.propagate();
    picture.width = picture.fullWidth = static_cast<int>(info.xsize);
    picture.height = picture.fullHeight = static_cast<int>(info.ysize);
    if (hasBlackInk(decoder.get(), info))
        return fail(ErrorCode::Unsupported,
                    "The JPEG XL picture is made of inks (CMYK); RGB and grey are read.");
    if (const auto status = JxlDecoderProcessInput(decoder.get()); status != JXL_DEC_COLOR_ENCODING)
        return failure(status);
    chooseColours(decoder.get(), info, picture);
    if (auto decoded = decodePixels(decoder.get(), picture); !decoded)
        return decoded.propagate();
    picture.captureTimeMs = captureTimeOf(file);
    return picture;
}

} // namespace yingxun::image
