// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/readers.h"

#include <algorithm>
#include <array>
#include <gif_lib.h>
#include <memory>
#include <optional>

namespace yingxun::image {

namespace {

struct CloseGif {
    void operator()(GifFileType *gif) const { DGifCloseFile(gif, nullptr); }
};

int readBytes(GifFileType *gif, GifByteType *target, int count)
{
    auto &source = *static_cast<ByteSource *>(gif->UserData);
    return static_cast<int>(source.read(target, static_cast<std::size_t>(count)));
}

Unexpected failure(const ByteSource &source)
{
    return fail(source.exhausted ? ErrorCode::Truncated : ErrorCode::CorruptData,
                "The GIF picture holds no frame that can be decoded.");
}

/// Goes to the first frame. Returns the transparent index (NO_TRANSPARENT_COLOR if there is none), or
/// nothing if there is no frame.
std::optional<int> findFrame(GifFileType *gif)
{
    int transparent = NO_TRANSPARENT_COLOR;
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(gif, &type) == GIF_OK) {
        if (type == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageDesc(gif) == GIF_OK ? std::optional(transparent) : std::nullopt;
        if (type != EXTENSION_RECORD_TYPE)
            return std::nullopt;
        int code = 0;
        GifByteType *block = nullptr;
        if (DGifGetExtension(gif, &code, &block) != GIF_OK)
            return std::nullopt;
        while (block != nullptr) {
            GraphicsControlBlock control{};
            if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
                transparent = control.TransparentColor;
            if (DGifGetExtensionNext(gif, &block) != GIF_OK)
                return std::nullopt;
        }
    }
    return std::nullopt;
}

std::vector<std::uint8_t> paletteOf(const GifFileType &gif, int transparent)
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

/// Rows of a frame in the order in which they are stored.
std::vector<int> rowOrder(int height, bool isInterlaced)
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

/// Decodes the frame onto the canvas; returns the number of rows that were there.
std::size_t readFrame(GifFileType *gif, Picture &picture)
{
    const GifImageDesc &frame = gif->Image;
    std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
    const auto order = rowOrder(frame.Height, frame.Interlace);
    const int visible = std::clamp(picture.width - frame.Left, 0, frame.Width);
    std::size_t done = 0;
    for (const int y : order) {
        if (DGifGetLine(gif, line.data(), frame.Width) != GIF_OK)
            break;
        ++done;
        if (frame.Top + y >= picture.height)
            continue;
        std::copy_n(line.begin(), visible,
                    picture.samples.begin() + static_cast<std::ptrdiff_t>(frame.Top + y) * picture.width +
                        std::min<int>(frame.Left, picture.width));
    }
    return done;
}

bool isGreyRamp(const std::vector<std::uint8_t> &palette, int count)
{
    for (int i = 0; i < count; ++i) {
        const std::uint8_t *entry = palette.data() + i * 4;
        if (!std::all_of(entry, entry + 3, [i](std::uint8_t value) { return value == i; }))
            return false;
    }
    return true;
}

} // namespace

Result<Picture> readGif(std::span<const std::byte> file, const ReadOptions &options)
{
    ByteSource source{file};
    const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&source, readBytes, nullptr));
    if (!gif)
        return failure(source);
    if (auto size = checkSize(gif->SWidth, gif->SHeight, options); !size)
        return size.propagate();
    const auto transparent = findFrame(gif.get());
    if (!transparent)
        return failure(source);
    if (auto size = checkSize(gif->Image.Width, gif->Image.Height, options); !size)
        return size.propagate();

    Picture picture;
    picture.mode = PixelMode::Palette;
    picture.width = picture.fullWidth = gif->SWidth;
    picture.height = picture.fullHeight = gif->SHeight;
    picture.palette = paletteOf(*gif, *transparent);
    if (auto claimed = claim(picture, picture.width, picture.height, 0, options); !claimed)
        return claimed.propagate();
    const int background = *transparent != NO_TRANSPARENT_COLOR ? *transparent : gif->SBackGroundColor;
    picture.samples.assign(sampleBytes(picture.mode, picture.width, picture.height),
                           static_cast<std::uint8_t>(background));
    const std::size_t rows = readFrame(gif.get(), picture);
    if (rows == 0)
        return failure(source);
    picture.truncated = rows < static_cast<std::size_t>(gif->Image.Height);
    // PIL takes a palette that says nothing for none.
    const ColorMapObject *colours = gif->Image.ColorMap != nullptr ? gif->Image.ColorMap : gif->SColorMap;
    if (options.purpose == Purpose::Reference &&
        isGreyRamp(picture.palette, colours ? colours->ColorCount : 256))
        picture.mode = PixelMode::Grey;
    return picture;
}

} // namespace yingxun::image
