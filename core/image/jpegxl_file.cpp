// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/jpegxl_file.h"

#include "core/image/byte_source.h"

namespace yingxun::image {

JxlPointer openJpegXl(std::span<const std::byte> file, int events)
{
    JxlPointer decoder(JxlDecoderCreate(nullptr));
    if (decoder && (JxlDecoderSubscribeEvents(decoder.get(), events) != JXL_DEC_SUCCESS ||
                    JxlDecoderSetInput(decoder.get(), octets(file), file.size()) != JXL_DEC_SUCCESS))
        decoder.reset();
    return decoder;
}

PixelMode jpegXlMode(const JxlBasicInfo &info)
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

void chooseJpegXlColours(JxlDecoder *decoder, const JxlBasicInfo &info, Picture &picture)
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

} // namespace yingxun::image
