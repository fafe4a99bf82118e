// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/exif.h"
#include "core/image/jpegxl_file.h"
#include "core/image/readers.h"

#include <string_view>

namespace yingxun::image {

namespace {

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
    const JxlPointer decoder = openJpegXl(file, JXL_DEC_BOX);
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
    const JxlPointer decoder =
        openJpegXl(file, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
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
    picture.mode = jpegXlMode(info);
    if (auto sides = checkSides(info.xsize, info.ysize); !sides)
        return sides.propagate();
    const std::uint64_t decoderBytes = std::uint64_t{info.xsize} * info.ysize *
                                       (info.num_color_channels + info.num_extra_channels) *
                                       kJpegXlDecoderBytes;
    if (auto claimed = claim(picture, info.xsize, info.ysize, decoderBytes, options); !claimed)
        return claimed.propagate();
    picture.width = picture.fullWidth = static_cast<int>(info.xsize);
    picture.height = picture.fullHeight = static_cast<int>(info.ysize);
    if (hasBlackInk(decoder.get(), info))
        return fail(ErrorCode::Unsupported,
                    "The JPEG XL picture is made of inks (CMYK); RGB and grey are read.");
    if (const auto status = JxlDecoderProcessInput(decoder.get()); status != JXL_DEC_COLOR_ENCODING)
        return failure(status);
    chooseJpegXlColours(decoder.get(), info, picture);
    if (auto decoded = decodePixels(decoder.get(), picture); !decoded)
        return decoded.propagate();
    picture.captureTimeMs = captureTimeOf(file);
    return picture;
}

} // namespace yingxun::image
