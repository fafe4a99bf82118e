// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/decode_budget.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace yingxun::image {

/// How the samples of a Picture are laid out. Interleaved, rows top to bottom without padding.
enum class PixelMode {
    Grey,      ///< 1 byte.
    GreyAlpha, ///< 2 bytes.
    Rgb,       ///< 3 bytes.
    Rgba,      ///< 4 bytes, alpha not premultiplied.
    Cmyk,      ///< 4 bytes, 0 = no ink.
    Palette,   ///< 1 byte, an index into Picture::palette.
    Grey16,    ///< 2 bytes in the byte order of this machine.
};

/// Bytes of one pixel.
constexpr int bytesPerPixel(PixelMode mode)
{
    switch (mode) {
    case PixelMode::Grey:
    case PixelMode::Palette:
        return 1;
    case PixelMode::GreyAlpha:
    case PixelMode::Grey16:
        return 2;
    case PixelMode::Rgb:
        return 3;
    case PixelMode::Rgba:
    case PixelMode::Cmyk:
        return 4;
    }
    return 0;
}

/// What a format's reader hands over: samples as stored, with what is needed to show them right.
struct Picture {
    PixelMode mode = PixelMode::Rgb;
    int width = 0;                     ///< Of the samples, pixels.
    int height = 0;                    ///< Of the samples, pixels.
    std::vector<std::uint8_t> samples; ///< Size width * height * bytesPerPixel(mode).
    std::vector<std::uint8_t> palette; ///< 256 times R G B A for PixelMode::Palette, otherwise empty.

    int fullWidth = 0;   ///< As stored in the file, before orientation.
    int fullHeight = 0;  ///< As stored in the file, before orientation.
    int orientation = 0; ///< EXIF 1 to 8, still to be applied; 0: the file does not say.
    std::vector<std::uint8_t> iccProfile;
    std::optional<std::int64_t> captureTimeMs;
    bool truncated = false;
    DecodeBudget::Lease memory; ///< See claim().
};

/// Bytes that the samples of such a picture need.
constexpr std::size_t sampleBytes(PixelMode mode, int width, int height)
{
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(bytesPerPixel(mode));
}

} // namespace yingxun::image
