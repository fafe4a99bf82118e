// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/gif_file.h"
#include "core/image/readers.h"

#include <algorithm>

namespace yingxun::image {

namespace {

Unexpected failure(const ByteSource &source)
{
    return fail(source.exhausted ? ErrorCode::Truncated : ErrorCode::CorruptData,
                "The GIF picture holds no frame that can be decoded.");
}

/// Decodes the frame onto the canvas; returns the number of rows that were there.
std::size_t readFrame(GifFileType *gif, Picture &picture)
{
    const GifImageDesc &frame = gif->Image;
    std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
    const auto order = gifRows(frame.Height, frame.Interlace);
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
    const GifPointer gif = openGif(source);
    if (!gif)
        return failure(source);
    if (auto size = checkSize(gif->SWidth, gif->SHeight, options); !size)
        return size.propagate();
    const auto control = nextGifFrame(gif.get());
    if (!control)
        return failure(source);
    const int transparent = control->TransparentColor;
    if (auto size = checkSize(gif->Image.Width, gif->Image.Height, options); !size)
        return size.propagate();

    Picture picture;
    picture.mode = PixelMode::Palette;
    picture.width = picture.fullWidth = gif->SWidth;
    picture.height = picture.fullHeight = gif->SHeight;
    picture.palette = gifPalette(*gif, transparent);
    if (auto claimed = claim(picture, picture.width, picture.height, 0, options); !claimed)
        return claimed.propagate();
    const int background = transparent != NO_TRANSPARENT_COLOR ? transparent : gif->SBackGroundColor;
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
