// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/gif_file.h"

#include <algorithm>
#include <array>

namespace yingxun::image {
namespace {

int readBytes(GifFileType *gif, GifByteType *target, int count)
{
    auto &source = *static_cast<ByteSource *>(gif->UserData);
    return static_cast<int>(source.read(target, static_cast<std::size_t>(count)));
}

} // namespace

GifPointer openGif(ByteSource &source)
{
    return GifPointer(DGifOpen(&source, readBytes, nullptr));
}

std::optional<GraphicsControlBlock> nextGifFrame(GifFileType *gif)
{
    GraphicsControlBlock said{};
    said.TransparentColor = NO_TRANSPARENT_COLOR;
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(gif, &type) == GIF_OK) {
        if (type == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(gif) == GIF_OK ? std::optional(said) : std::nullopt;
        if (type != EXTENSION_RECORD_TYPE)
            return std::nullopt;
        int code = 0;
        GifByteType *block = nullptr;
        if (DGifGetExtension(gif, &code, &block) != GIF_OK)
            return std::nullopt;
        while (block != nullptr) {
            GraphicsControlBlock control{};
            if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
                said = control;
            if (DGifGetExtensionNext(gif, &block) != GIF_OK)
                return std::nullopt;
        }
    }
    return std::nullopt;
}

std::vector<int> gifRows(int height, bool isInterlaced)
{
    std::vector<int> rows;
    rows.reserve(static_cast<std::size_t>(height));
    if (!isInterlaced) {
        for (int y = 0; y < height; ++y)
            rows.push_back(y);
        return rows;
    }
    static constexpr std::array<std::array<int, 2>, 4> kPasses{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    for (const auto &[start, step] : kPasses) {
        for (int y = start; y < height; y += step)
            rows.push_back(y);
    }
    return rows;
}

std::vector<std::uint8_t> gifPalette(const GifFileType &gif, int transparent)
{
    std::vector<std::uint8_t> palette(256 * 4, 0);
    const ColorMapObject *colours = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
    for (int i = 0; i < 256; ++i) {
        std::uint8_t *entry = palette.data() + i * 4;
        if (colours == nullptr) {
            std::fill_n(entry, 3, static_cast<std::uint8_t>(i)); // Without a palette: shades of grey.
        } else if (i < colours->ColorCount) {
            const GifColorType &colour = colours->Colors[i];
            entry[0] = colour.Red;
            entry[1] = colour.Green;
            entry[2] = colour.Blue;
        }
        entry[3] = i == transparent ? 0 : 255;
    }
    return palette;
}

} // namespace yingxun::image
