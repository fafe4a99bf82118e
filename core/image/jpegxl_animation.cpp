// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/animation.h"
#include "core/image/colour.h"
#include "core/image/jpegxl_file.h"

#include <utility>

namespace yingxun::image {
namespace {

/// libjxl keeps up to four earlier frames, as floats.
constexpr std::uint64_t kKeptBytes = 4 * sizeof(float);

/// The frame at hand goes there.
bool setTarget(JxlDecoder *decoder, const JxlBasicInfo &info, Picture &picture)
{
    picture.mode = jpegXlMode(info);
    picture.width = static_cast<int>(info.xsize);
    picture.height = static_cast<int>(info.ysize);
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));
    const JxlPixelFormat format{static_cast<std::uint32_t>(bytesPerPixel(picture.mode)), JXL_TYPE_UINT8,
                                JXL_NATIVE_ENDIAN, 0};
    return JxlDecoderSetImageOutBuffer(decoder, &format, picture.samples.data(), picture.samples.size()) ==
           JXL_DEC_SUCCESS;
}

/// Shows each frame that the decoder comes upon.
void play(JxlDecoder *decoder, const JxlBasicInfo &info, const MomentVisit &visit)
{
    const double tickMs = 1000.0 * info.animation.tps_denominator / info.animation.tps_numerator;
    Picture profile; // That and nothing else.
    Picture picture;
    JxlFrameHeader frame{};
    double timeMs = 0;
    for (;;) {
        switch (JxlDecoderProcessInput(decoder)) {
        case JXL_DEC_COLOR_ENCODING:
            chooseJpegXlColours(decoder, info, profile);
            break;
        case JXL_DEC_FRAME:
            if (JxlDecoderGetFrameHeader(decoder, &frame) != JXL_DEC_SUCCESS)
                return;
            break;
        case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
            if (!setTarget(decoder, info, picture))
                return;
            break;
        case JXL_DEC_FULL_IMAGE:
            picture.iccProfile = profile.iccProfile;
            if (!visit(static_cast<std::int64_t>(timeMs), toSrgb(std::exchange(picture, Picture()))))
                return;
            timeMs += shownForMs(frame.duration * tickMs);
            break;
        default: // The end, that of the file, or damage.
            return;
        }
    }
}

} // namespace

Result<void> readJpegXlAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                                 const MomentVisit &visit)
{
    const JxlPointer decoder =
        openJpegXl(file, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FRAME | JXL_DEC_FULL_IMAGE);
    if (!decoder)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to play the JPEG XL animation.");
    JxlDecoderCloseInput(decoder.get());
    JxlDecoderSetUnpremultiplyAlpha(decoder.get(), JXL_TRUE);
    JxlBasicInfo info{};
    if (JxlDecoderProcessInput(decoder.get()) != JXL_DEC_BASIC_INFO ||
        JxlDecoderGetBasicInfo(decoder.get(), &info) != JXL_DEC_SUCCESS || info.have_animation == JXL_FALSE ||
        hasBlackInk(decoder.get(), info))
        return {};
    const std::uint64_t channels = info.num_color_channels + info.num_extra_channels;
    const auto memory =
        claimCanvas(info.xsize, info.ysize, limits, channels * (kJpegXlDecoderBytes + kKeptBytes));
    if (!memory)
        return memory.propagate();
    play(decoder.get(), info, visit);
    return {};
}

} // namespace yingxun::image
