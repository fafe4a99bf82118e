// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/animation.h"
#include "core/image/byte_source.h"
#include "core/image/colour.h"
#include "core/image/orientation.h"
#include "core/image/readers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <zlib.h>

namespace yingxun::image {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::size_t kHeaderBytes = 13;  ///< Of IHDR.
constexpr std::size_t kControlBytes = 26; ///< Of fcTL.

std::string_view textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

std::uint32_t number(std::span<const std::byte> bytes, std::size_t from, std::size_t count = 4)
{
    std::uint32_t value = 0;
    for (const std::byte byte : bytes.subspan(from, count))
        value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
}

std::uint32_t checksum(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(::crc32_z(0, octets(bytes), bytes.size()));
}

struct Chunk {
    std::string_view type;
    std::span<const std::byte> data;
    std::span<const std::byte> whole; ///< With its length, type and checksum.
    bool isWhole() const
    {
        return checksum(whole.subspan(4, 4 + data.size())) == number(whole, 8 + data.size());
    }
};

/// Whether readPng() goes by such a chunk, besides the header and the pixels.
bool isShared(std::string_view type)
{
    static constexpr std::array kShared{"PLTE"sv, "tRNS"sv, "iCCP"sv, "eXIf"sv};
    return std::find(kShared.begin(), kShared.end(), type) != kShared.end();
}

/// Takes a chunk from the begin of what is left of a file. None: it stops there.
std::optional<Chunk> nextChunk(std::span<const std::byte> &rest)
{
    constexpr std::size_t kAround = 12; // Length, type, checksum.
    if (rest.size() < kAround)
        return std::nullopt;
    const std::size_t size = number(rest, 0);
    if (size > rest.size() - kAround)
        return std::nullopt;
    const auto whole = rest.first(size + kAround);
    rest = rest.subspan(whole.size());
    return Chunk{textOf(whole.subspan(4, 4)), whole.subspan(8, size), whole};
}

std::span<const std::byte> chunksOf(std::span<const std::byte> file)
{
    return textOf(file).starts_with(kSignature) ? file.subspan(kSignature.size())
                                                : std::span<const std::byte>();
}

void append(std::vector<std::byte> &file, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        file.push_back(static_cast<std::byte>(value >> shift & 255));
}

void append(std::vector<std::byte> &file, std::string_view type, std::span<const std::byte> data)
{
    append(file, static_cast<std::uint32_t>(data.size()));
    const std::size_t begin = file.size();
    const auto name = std::as_bytes(std::span(type));
    file.insert(file.end(), name.begin(), name.end());
    file.insert(file.end(), data.begin(), data.end());
    append(file, checksum(std::span(file).subspan(begin)));
}

enum class Disposal : std::uint8_t { Keep, Clear, TakeBack };
enum class Blending : std::uint8_t { Replace, Over };

/// What fcTL says of a frame.
struct Control {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t left = 0;
    std::uint32_t top = 0;
    double delayMs = 0;
    Disposal disposal = Disposal::Keep;
    Blending blending = Blending::Replace;
};

/// None: the frame does not lie within the canvas, or wants what there is not.
std::optional<Control> controlOf(std::span<const std::byte> data, std::uint32_t canvasWidth,
                                 std::uint32_t canvasHeight)
{
    if (data.size() != kControlBytes)
        return std::nullopt;
    Control control{number(data, 4), number(data, 8), number(data, 12), number(data, 16)};
    const auto disposal = number(data, 24, 1);
    const auto blending = number(data, 25, 1);
    if (control.width == 0 || control.width > canvasWidth || control.left > canvasWidth - control.width ||
        control.height == 0 || control.height > canvasHeight || control.top > canvasHeight - control.height ||
        disposal > 2 || blending > 1)
        return std::nullopt;
    const std::uint32_t perSecond = number(data, 22, 2);
    control.delayMs = number(data, 20, 2) * 1000.0 / (perSecond != 0 ? perSecond : 100);
    if (control.delayMs <= 10) // As of GIF: programs that play them take that for a tenth.
        control.delayMs = 100;
    control.disposal = static_cast<Disposal>(disposal);
    control.blending = static_cast<Blending>(blending);
    return control;
}

std::array<std::uint8_t, 4> rgbaAt(const Picture &picture, std::size_t i)
{
    const std::uint8_t *sample =
        picture.samples.data() + i * static_cast<std::size_t>(bytesPerPixel(picture.mode));
    switch (picture.mode) {
    case PixelMode::Palette:
        sample = picture.palette.data() + std::size_t{*sample} * 4;
        return {sample[0], sample[1], sample[2], sample[3]};
    case PixelMode::GreyAlpha:
        return {sample[0], sample[0], sample[0], sample[1]};
    case PixelMode::Rgb:
        return {sample[0], sample[1], sample[2], 255};
    case PixelMode::Rgba:
        return {sample[0], sample[1], sample[2], sample[3]};
    default: // Viewing, there are no other modes but grey.
        return {sample[0], sample[0], sample[0], 255};
    }
}

/// Lays a colour over another one; alpha is not premultiplied.
void blend(const std::array<std::uint8_t, 4> &over, std::uint8_t *under)
{
    if (over[3] == 0)
        return;
    const int above = over[3] * 255;
    const int below = (255 - over[3]) * under[3];
    for (std::size_t channel = 0; channel < 3; ++channel)
        under[channel] =
            static_cast<std::uint8_t>((over[channel] * above + under[channel] * below) / (above + below));
    under[3] = static_cast<std::uint8_t>((above + below + 127) / 255);
}

/// The pictures of an animation, each painted over what the ones before have left.
class Canvas
{
public:
    Canvas(std::uint32_t width, std::uint32_t height)
        : m_width(width), m_height(height), m_rgba(std::size_t{width} * height * 4)
    {
    }

    void paint(const Picture &picture, const Control &control)
    {
        if (control.disposal == Disposal::TakeBack)
            m_before = m_rgba;
        for (std::uint32_t y = 0; y < control.height; ++y) {
            std::uint8_t *out = row(control, y);
            for (std::uint32_t x = 0; x < control.width; ++x, out += 4) {
                const auto colour = rgbaAt(picture, std::size_t{y} * control.width + x);
                if (control.blending == Blending::Over)
                    blend(colour, out);
                else
                    std::copy(colour.begin(), colour.end(), out);
            }
        }
    }

    void dispose(const Control &control)
    {
        if (control.disposal == Disposal::TakeBack)
            m_rgba.swap(m_before);
        for (std::uint32_t y = 0; control.disposal == Disposal::Clear && y < control.height; ++y)
            std::fill_n(row(control, y), std::size_t{control.width} * 4, std::uint8_t{0});
    }

    RgbImage shown(const std::vector<std::uint8_t> &iccProfile) const
    {
        Picture picture;
        picture.mode = PixelMode::Rgba;
        picture.width = static_cast<int>(m_width);
        picture.height = static_cast<int>(m_height);
        picture.samples = m_rgba;
        picture.iccProfile = iccProfile;
        return toSrgb(std::move(picture));
    }

private:
    std::uint8_t *row(const Control &control, std::uint32_t y)
    {
        return m_rgba.data() + ((std::size_t{control.top} + y) * m_width + control.left) * 4;
    }

    std::uint32_t m_width;
    std::uint32_t m_height;
    std::vector<std::uint8_t> m_rgba;
    std::vector<std::uint8_t> m_before; ///< Filled where the frame at hand is to be taken back.
};

/// Cuts an animation into PNG files of a frame each, as libpng knows of no animations: each with what
/// comes before the pixels, as palettes hold for all frames.
class FrameWalk
{
public:
    explicit FrameWalk(std::span<const std::byte> file) : m_rest(chunksOf(file))
    {
        const auto chunk = nextChunk(m_rest);
        if (chunk && chunk->type == "IHDR"sv && chunk->data.size() == kHeaderBytes) {
            m_header = chunk->data;
            m_width = number(m_header, 0);
            m_height = number(m_header, 4);
        }
    }

    std::uint32_t width() const { return m_width; } ///< 0: there is none.
    std::uint32_t height() const { return m_height; }

    /// None: the animation ends, or is damaged there.
    std::optional<Control> next(std::vector<std::byte> &png)
    {
        std::optional<Control> control = std::exchange(m_next, std::nullopt);
        begin(png, control);
        bool hasPixels = false;
        while (const auto chunk = nextChunk(m_rest)) {
            if (chunk->type == "IEND"sv || !chunk->isWhole() || !isInOrder(*chunk)) {
                m_rest = {};
            } else if (chunk->type == "fcTL"sv) {
                m_next = controlOf(chunk->data, m_width, m_height);
                if (!m_next)
                    m_rest = {};
                if (control || !m_next)
                    break;
                control = std::exchange(m_next, std::nullopt);
                begin(png, control);
            } else if (control && (chunk->type == "IDAT"sv || chunk->type == "fdAT"sv)) {
                // A first picture without control is the one for programs that know of no animations.
                append(png, "IDAT"sv, chunk->data.subspan(chunk->type == "fdAT"sv ? 4 : 0));
                hasPixels = true;
            } else if (!m_isBehindFirst && isShared(chunk->type)) {
                m_shared.insert(m_shared.end(), chunk->whole.begin(), chunk->whole.end());
                png.insert(png.end(), chunk->whole.begin(), chunk->whole.end());
            }
            m_isBehindFirst = m_isBehindFirst || chunk->type == "IDAT"sv;
        }
        append(png, "IEND"sv, {});
        return hasPixels ? control : std::nullopt;
    }

private:
    void begin(std::vector<std::byte> &png, const std::optional<Control> &control) const
    {
        const auto signature = std::as_bytes(std::span(kSignature));
        png.assign(signature.begin(), signature.end());
        std::vector<std::byte> header;
        append(header, control ? control->width : m_width);
        append(header, control ? control->height : m_height);
        header.insert(header.end(), m_header.begin() + 8, m_header.end());
        append(png, "IHDR"sv, header);
        png.insert(png.end(), m_shared.begin(), m_shared.end());
    }

    /// Pieces of the animation are numbered all through.
    bool isInOrder(const Chunk &chunk)
    {
        return (chunk.type != "fcTL"sv && chunk.type != "fdAT"sv) ||
               (chunk.data.size() >= 4 && number(chunk.data, 0) == m_sequence++);
    }

    std::span<const std::byte> m_rest;
    std::span<const std::byte> m_header;
    std::uint32_t m_width = 0;
    std::uint32_t m_height = 0;
    std::vector<std::byte> m_shared; ///< Chunks before the pixels.
    std::optional<Control> m_next;   ///< Of the next frame, when it has been met.
    std::uint32_t m_sequence = 0;
    bool m_isBehindFirst = false;
};

} // namespace

bool isAnimatedPng(std::span<const std::byte> file)
{
    auto rest = chunksOf(file);
    while (const auto chunk = nextChunk(rest)) {
        if (chunk->type == "acTL"sv)
            return chunk->data.size() == 8 && number(chunk->data, 0) > 1;
        if (chunk->type == "IDAT"sv)
            break;
    }
    return false;
}

Result<void> readPngAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                              const MomentVisit &visit)
{
    // The canvas is kept when it is shown; beside it lies the frame, as the reader holds it.
    constexpr std::uint64_t kBesideBytes = 4 + 12;
    if (!isAnimatedPng(file))
        return {};
    FrameWalk walk(file);
    const auto memory = claimCanvas(walk.width(), walk.height(), limits, kBesideBytes);
    if (!memory)
        return memory.propagate();
    Canvas canvas(walk.width(), walk.height());
    // What a frame takes is part of what has been claimed: no frame asks for its own.
    DecodeBudget claimed(memory->bytes());
    const ReadOptions options{Purpose::Viewing, 0, limits.maximumPixels, &claimed};
    double timeMs = 0;
    std::vector<std::byte> png;
    while (const auto control = walk.next(png)) {
        const auto picture = readPng(png, options);
        if (!picture || picture->truncated)
            break;
        canvas.paint(*picture, *control);
        if (!visit(static_cast<std::int64_t>(timeMs),
                   upright(canvas.shown(picture->iccProfile), picture->orientation)))
            break;
        canvas.dispose(*control);
        timeMs += shownForMs(control->delayMs);
    }
    return {};
}

} // namespace yingxun::image
