// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace yingxun::image {

namespace {

enum class ColourMode { Bitmap = 0, Grey = 1, Indexed = 2, Rgb = 3, Cmyk = 4, Duotone = 8 };
enum class Compression { None = 0, Runs = 1 };

/// Reads numbers, the highest byte first, one after the other. Beyond the end everything is zero or empty.
class Cursor
{
public:
    explicit Cursor(std::span<const std::byte> bytes) : m_rest(bytes) {}

    std::uint64_t number(std::size_t size)
    {
        std::uint64_t value = 0;
        for (const std::byte byte : part(size))
            value = value << 8 | std::to_integer<std::uint64_t>(byte);
        return value;
    }

    /// The next bytes, or all that are left.
    std::span<const std::byte> part(std::uint64_t size)
    {
        const auto taken =
            m_rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(size, m_rest.size())));
        m_rest = m_rest.subspan(taken.size());
        return taken;
    }

    std::span<const std::byte> rest() const { return m_rest; }

private:
    std::span<const std::byte> m_rest;
};

/// What comes before the pixels.
struct Header {
    bool isLarge = false; ///< PSB, where some lengths take twice the bytes.
    unsigned channels = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    unsigned depth = 0;
    unsigned mode = 0;
};

Header readHeader(Cursor &cursor)
{
    Header header;
    cursor.part(4);
    header.isLarge = cursor.number(2) == 2;
    cursor.part(6);
    header.channels = static_cast<unsigned>(cursor.number(2));
    header.height = static_cast<std::int64_t>(cursor.number(4));
    header.width = static_cast<std::int64_t>(cursor.number(4));
    header.depth = static_cast<unsigned>(cursor.number(2));
    header.mode = static_cast<unsigned>(cursor.number(2));
    return header;
}

/// How the colours are to be held; an error for what this reader does not know.
Result<PixelMode> modeOf(const Header &header)
{
    const bool isBits = header.depth == 1;
    if (header.depth != 8 && header.depth != 16 && !isBits)
        return fail(ErrorCode::Unsupported,
                    "The Photoshop picture has " + std::to_string(header.depth) +
                        " bits per channel; save it with 8 or 16 (Image, Mode) to have it read.");
    switch (static_cast<ColourMode>(header.mode)) {
    case ColourMode::Bitmap:
    case ColourMode::Grey:
    case ColourMode::Duotone: // As grey, which is all that is said of it outside Photoshop.
        return PixelMode::Grey;
    case ColourMode::Indexed:
        return PixelMode::Palette;
    case ColourMode::Rgb:
        return PixelMode::Rgb;
    case ColourMode::Cmyk:
        return PixelMode::Cmyk;
    }
    return fail(ErrorCode::Unsupported,
                "The colours of the Photoshop picture are Lab or single inks; save it as "
                "RGB, CMYK or greyscale (Image, Mode) to have it read.");
}

/// 256 red, then green, then blue values.
std::vector<std::uint8_t> paletteOf(std::span<const std::byte> colours)
{
    std::vector<std::uint8_t> palette(256 * 4, 255);
    for (std::size_t i = 0; i < std::min<std::size_t>(colours.size(), 768); ++i)
        palette[i % 256 * 4 + i / 256] = std::to_integer<std::uint8_t>(colours[i]);
    return palette;
}

/// @return  Whether the picture of all layers together is said to be missing.
bool readResources(std::span<const std::byte> section, Picture &picture)
{
    enum : std::uint64_t { Profile = 1039, TransparentIndex = 1047, Version = 1057, Exif = 1058 };
    bool isMissing = false;
    Cursor cursor(section);
    while (cursor.rest().size() >= 12) {
        cursor.part(4);
        const std::uint64_t id = cursor.number(2);
        const std::uint64_t nameBytes = cursor.number(1);
        cursor.part(nameBytes + (nameBytes + 1) % 2);
        const std::uint64_t size = cursor.number(4);
        const auto block = cursor.part(size);
        cursor.part(size % 2);
        if (id == Profile) {
            const auto *first = reinterpret_cast<const std::uint8_t *>(block.data());
            picture.iccProfile.assign(first, first + block.size());
        } else if (id == Exif) {
            const ExifFacts facts = readExif(block);
            picture.orientation = facts.orientation.value_or(0);
            picture.captureTimeMs = facts.captureTimeMs;
        } else if (id == Version && block.size() > 4) {
            isMissing = block[4] == std::byte{0};
        } else if (id == TransparentIndex && !picture.palette.empty()) {
            const std::uint64_t index = Cursor(block).number(2);
            if (index < 256)
                picture.palette[index * 4 + 3] = 0;
        }
    }
    return isMissing;
}

/// The rows of the picture, channel by channel.
class Rows
{
public:
    /// @param data  Behind the word that names the compression.
    Rows(std::span<const std::byte> data, Compression compression, const Header &header)
        : m_row(static_cast<std::size_t>((header.width * header.depth + 7) / 8)), m_lengths({}), m_data(data),
          m_compression(compression), m_lengthBytes(header.isLarge ? 4 : 2)
    {
        if (compression == Compression::Runs)
            m_lengths = Cursor(
                m_data.part(static_cast<std::uint64_t>(header.height) * header.channels * m_lengthBytes));
    }

    /// Empty: the data stop before the row does.
    std::span<const std::uint8_t> next()
    {
        if (m_compression == Compression::Runs)
            return unpackRuns(m_data.part(m_lengths.number(m_lengthBytes))) ? m_row : Row();
        const auto row = m_data.part(m_row.size());
        std::memcpy(m_row.data(), row.data(), row.size());
        return row.size() == m_row.size() ? m_row : Row();
    }

private:
    using Row = std::span<const std::uint8_t>;

    /// PackBits: a count, then that many bytes, or one that is repeated.
    bool unpackRuns(std::span<const std::byte> packed)
    {
        std::size_t filled = 0;
        for (std::size_t at = 0; at < packed.size() && filled < m_row.size();) {
            const auto count = static_cast<std::int8_t>(packed[at++]);
            if (count == -128)
                continue;
            const auto wanted = static_cast<std::size_t>(count < 0 ? 1 - count : 1 + count);
            const std::size_t length = std::min(wanted, m_row.size() - filled);
            if (packed.size() - at < (count < 0 ? 1 : length))
                return false;
            if (count < 0)
                std::memset(m_row.data() + filled, std::to_integer<int>(packed[at]), length);
            else
                std::memcpy(m_row.data() + filled, packed.data() + at, length);
            at += count < 0 ? 1 : length;
            filled += length;
        }
        return filled == m_row.size();
    }

    std::vector<std::uint8_t> m_row;
    Cursor m_lengths;
    Cursor m_data;
    Compression m_compression;
    std::size_t m_lengthBytes;
};

/// One row of one channel into its place among the others. Photoshop writes how much light each ink lets
/// through.
void storeRow(std::span<const std::uint8_t> row, unsigned depth, Picture &picture, int y, std::size_t channel)
{
    const auto step = static_cast<std::size_t>(bytesPerPixel(picture.mode));
    std::uint8_t *target = picture.samples.data() + sampleBytes(picture.mode, picture.width, y) + channel;
    const std::uint8_t flipped = picture.mode == PixelMode::Cmyk || depth == 1 ? 255 : 0;
    for (std::size_t x = 0; x < static_cast<std::size_t>(picture.width); ++x, target += step) {
        unsigned value = 0;
        if (depth == 8)
            value = row[x];
        else if (depth == 16)
            value = ((row[x * 2] * 256U + row[x * 2 + 1]) * 255U + 32767U) / 65535U;
        else
            value = (row[x / 8] >> (7 - x % 8) & 1) != 0 ? 255 : 0;
        *target = static_cast<std::uint8_t>(value) ^ flipped;
    }
}

/// Transparency, the channel behind the colours, is left alone: Photoshop has put these over white already.
Result<void> decodePixels(Rows rows, const Header &header, Picture &picture)
{
    const auto colours = static_cast<std::size_t>(bytesPerPixel(picture.mode));
    picture.samples.assign(sampleBytes(picture.mode, picture.width, picture.height),
                           picture.mode == PixelMode::Cmyk ? 0 : 255);
    for (std::size_t channel = 0; channel < colours; ++channel) {
        for (int y = 0; y < picture.height; ++y) {
            const auto row = rows.next();
            if (!row.empty()) {
                storeRow(row, header.depth, picture, y, channel);
            } else if (channel + 1 < colours || y == 0) {
                return fail(ErrorCode::Truncated,
                            "The Photoshop picture stops before all of its colours have begun.");
            } else {
                picture.truncated = true;
                return {};
            }
        }
    }
    return {};
}

} // namespace

Result<Picture> readPsd(std::span<const std::byte> file, const ReadOptions &options)
{
    Cursor cursor(file);
    const Header header = readHeader(cursor);
    if (auto sides = checkSides(header.width, header.height); !sides)
        return sides.propagate();
    const auto mode = modeOf(header);
    if (!mode)
        return mode.propagate();
    Picture picture;
    picture.mode = *mode;
    picture.width = picture.fullWidth = static_cast<int>(header.width);
    picture.height = picture.fullHeight = static_cast<int>(header.height);
    if (header.channels < static_cast<unsigned>(bytesPerPixel(picture.mode)) ||
        (header.depth != 8 && picture.mode == PixelMode::Palette))
        return fail(ErrorCode::CorruptData, "The Photoshop picture's header makes no sense.");
    const auto colours = cursor.part(cursor.number(4));
    if (picture.mode == PixelMode::Palette)
        picture.palette = paletteOf(colours);
    const bool isMissing = readResources(cursor.part(cursor.number(4)), picture);
    const auto layers = cursor.part(cursor.number(header.isLarge ? 8 : 4));
    if (isMissing && !layers.empty())
        return fail(
            ErrorCode::Unsupported,
            "The Photoshop file has layers only. Save it with “Maximize Compatibility” (Preferences, File "
            "Handling) to have it read.");
    const auto compression = static_cast<Compression>(cursor.number(2));
    if (compression != Compression::None && compression != Compression::Runs)
        return fail(ErrorCode::Unsupported, "The Photoshop picture is compressed in an unusual way.");

    // A run of two bytes stands for 128 at most. What claims more is a bomb or a broken header.
    constexpr std::uint64_t kLongestRun = 64;
    const auto bits = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height) *
                      header.depth * static_cast<std::uint64_t>(bytesPerPixel(picture.mode));
    if (bits / 8 / kLongestRun > cursor.rest().size())
        return fail(ErrorCode::Truncated,
                    "The Photoshop picture is too short for the size that it declares.");
    constexpr std::uint64_t kDeepestRow = 2; // Bytes a pixel of the one row that is held.
    if (auto claimed = claim(picture, header.width, header.height,
                             static_cast<std::uint64_t>(header.width) * kDeepestRow, options);
        !claimed)
        return claimed.propagate();
    if (auto decoded = decodePixels(Rows(cursor.rest(), compression, header), header, picture); !decoded)
        return decoded.propagate();
    return picture;
}

} // namespace yingxun::image
