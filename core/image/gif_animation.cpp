// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/animation.h"
#include "core/image/gif_file.h"

#include <vector>

namespace yingxun::image {
namespace {

constexpr std::int64_t kLongestDelayMs = 600'000;

/// The pictures of a GIF file, each painted over what the ones before have left (GIF89a, section 23).
class Canvas
{
public:
    Canvas(GifFileType *gif)
        : m_gif(gif), m_width(gif->SWidth), m_height(gif->SHeight),
          m_rgba(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height) * 4)
    {
    }

    const std::vector<std::uint8_t> &rgba() const { return m_rgba; }
    int width() const { return m_width; }
    int height() const { return m_height; }

    /// False: the frame is not whole.
    bool paint(const GraphicsControlBlock &control)
    {
        dispose();
        m_frame = m_gif->Image;
        m_disposal = control.DisposalMode;
        if (m_disposal == DISPOSE_PREVIOUS)
            m_before = m_rgba;
        const auto palette = gifPalette(*m_gif, control.TransparentColor);
        std::vector<GifPixelType> line(static_cast<std::size_t>(m_frame.Width));
        for (const int y : gifRows(m_frame.Height, m_frame.Interlace)) {
            if (DGifGetLine(m_gif, line.data(), m_frame.Width) != GIF_OK)
                return false;
            for (int x = 0; x < m_frame.Width; ++x) {
                const std::uint8_t *colour =
                    palette.data() + std::size_t{line[static_cast<std::size_t>(x)]} * 4;
                if (colour[3] != 0)
                    put(m_frame.Left + x, m_frame.Top + y, colour);
            }
        }
        return true;
    }

private:
    void put(int x, int y, const std::uint8_t *colour)
    {
        if (x < m_width && y < m_height)
            std::copy_n(colour, 4, m_rgba.begin() + (std::ptrdiff_t{y} * m_width + x) * 4);
    }

    /// What the latest frame wants to be done with it before the next one.
    void dispose()
    {
        static constexpr std::uint8_t kNothing[4]{};
        if (m_disposal == DISPOSE_PREVIOUS) {
            m_rgba.swap(m_before);
        } else if (m_disposal == DISPOSE_BACKGROUND) {
            for (int y = 0; y < m_frame.Height; ++y) {
                for (int x = 0; x < m_frame.Width; ++x)
                    put(m_frame.Left + x, m_frame.Top + y, kNothing);
            }
        }
    }

    GifFileType *m_gif;
    int m_width;
    int m_height;
    std::vector<std::uint8_t> m_rgba;
    std::vector<std::uint8_t> m_before; ///< Filled where the latest frame is to be taken back.
    GifImageDesc m_frame{};             ///< The latest one.
    int m_disposal = DISPOSAL_UNSPECIFIED;
};

/// Whether there is a second frame; decodes none.
bool moves(std::span<const std::byte> file)
{
    ByteSource source{file};
    const GifPointer gif = openGif(source);
    if (!gif || !nextGifFrame(gif.get()))
        return false;
    int codeSize = 0;
    GifByteType *block = nullptr;
    auto read = DGifGetCode(gif.get(), &codeSize, &block);
    while (read == GIF_OK && block != nullptr)
        read = DGifGetCodeNext(gif.get(), &block);
    return read == GIF_OK && nextGifFrame(gif.get()).has_value();
}

} // namespace

Result<void> readGifAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                              const CanvasVisit &visit)
{
    if (!moves(file))
        return {};
    ByteSource source{file};
    const GifPointer gif = openGif(source);
    if (!gif)
        return {};
    const auto memory = claimCanvas(gif->SWidth, gif->SHeight, limits);
    if (!memory)
        return memory.propagate();
    Canvas canvas(gif.get());
    std::int64_t timeMs = 0;
    while (const auto control = nextGifFrame(gif.get())) {
        const std::int64_t pixels = std::int64_t{gif->Image.Width} * gif->Image.Height;
        if (pixels > limits.maximumPixels || !canvas.paint(*control))
            break;
        if (!visit(timeMs, canvas.rgba(), canvas.width(), canvas.height()))
            break;
        // In hundredths of a second. Programs that play them take 0 and 1 for a tenth.
        const int hundredths = control->DelayTime > 1 ? control->DelayTime : 10;
        timeMs += std::min(std::int64_t{hundredths} * 10, kLongestDelayMs);
    }
    return {};
}

} // namespace yingxun::image
