// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/byte_source.h"

#include <gif_lib.h>
#include <memory>
#include <optional>
#include <vector>

namespace yingxun::image {

struct CloseGif {
    void operator()(GifFileType *gif) const { DGifCloseFile(gif, nullptr); }
};
using GifPointer = std::unique_ptr<GifFileType, CloseGif>;

/// Null: it is none. The source outlives it.
GifPointer openGif(ByteSource &source);

/// Goes to the next frame. Returns what is said of it (no transparent colour and no delay, if nothing), or
/// nothing if there is no frame any more.
std::optional<GraphicsControlBlock> nextGifFrame(GifFileType *gif);

/// The rows of a frame in the order in which they are stored.
std::vector<int> gifRows(int height, bool isInterlaced);

/// Of the frame at hand, 256 times RGBA; the transparent one with an alpha of 0.
std::vector<std::uint8_t> gifPalette(const GifFileType &gif, int transparent);

} // namespace yingxun::image
