// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/picture.h"

#include <cstddef>
#include <jxl/decode.h>
#include <memory>
#include <span>

namespace yingxun::image {

struct DestroyJxl {
    void operator()(JxlDecoder *decoder) const { JxlDecoderDestroy(decoder); }
};
using JxlPointer = std::unique_ptr<JxlDecoder, DestroyJxl>;

/// Measured: of a picture kept in coarse to fine steps libjxl holds that much for each sample of a channel.
constexpr std::uint64_t kJpegXlDecoderBytes = 10;

/// At the beginning of the file; stops at these events. Null: there is no memory.
JxlPointer openJpegXl(std::span<const std::byte> file, int events);

/// What its pixels are asked for as.
PixelMode jpegXlMode(const JxlBasicInfo &info);

bool hasBlackInk(const JxlDecoder *decoder, const JxlBasicInfo &info);

/// Asks for sRGB, and where the decoder must keep the colours of the file takes the profile that they have.
void chooseJpegXlColours(JxlDecoder *decoder, const JxlBasicInfo &info, Picture &picture);

} // namespace yingxun::image
