// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"

#include "core/image/colour.h"
#include "core/image/format.h"
#include "core/image/orientation.h"
#include "core/image/readers.h"
#include "core/image/reference.h"

#include <algorithm>
#include <exception>
#include <new>
#include <string>

namespace yingxun::image {

namespace {

Result<Picture> read(std::span<const std::byte> file, Format format, const ReadOptions &options)
{
    if (file.empty())
        return fail(ErrorCode::Truncated, "The file is empty.");
    if (Reader *reader = readerOf(format))
        return reader(file, options);
    if (format == Format::Unknown)
        return fail(ErrorCode::Unsupported, "The file is not a picture of a known format.");
    return fail(ErrorCode::Unsupported,
                std::string("This build does not read pictures of the format ") + formatName(format) + ".");
}

/// No exception leaves this folder.
template<typename Body>
auto guarded(Body body) -> decltype(body())
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the picture.");
    } catch (const std::exception &error) {
        return fail(ErrorCode::Internal, std::string("The picture cannot be decoded: ") + error.what() + ".");
    }
}

} // namespace

Result<void> checkSides(std::int64_t width, std::int64_t height)
{
    constexpr std::int64_t kMaximumSide = 1'000'000;
    if (width <= 0 || height <= 0)
        return fail(ErrorCode::CorruptData, "The picture has no size.");
    if (width > kMaximumSide || height > kMaximumSide)
        return fail(ErrorCode::TooLarge, "The picture declares " + std::to_string(width) + " x " +
                                             std::to_string(height) + " pixels; the limit for a side is " +
                                             std::to_string(kMaximumSide) + " pixels.");
    return {};
}

Result<void> checkSize(std::int64_t width, std::int64_t height, const ReadOptions &options)
{
    if (auto sides = checkSides(width, height); !sides)
        return sides;
    if (width * height > options.maximumPixels)
        return fail(ErrorCode::TooLarge, std::to_string(width) + " x " + std::to_string(height) +
                                             " pixels of the picture would have to be held; the limit is " +
                                             std::to_string(options.maximumPixels) + " pixels.");
    return {};
}

Result<void> claim(Picture &picture, std::int64_t width, std::int64_t height, std::uint64_t readerBytes,
                   const ReadOptions &options)
{
    if (auto size = checkSize(width, height, options); !size)
        return size;
    const std::uint64_t pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
    const std::uint64_t samples = pixels * static_cast<std::uint64_t>(bytesPerPixel(picture.mode));
    const std::uint64_t shown = pixels * 3;
    // Beside the samples: the reader's own, then the picture that is shown where it is not made of them, then
    // that picture a second time where it is turned.
    const std::uint64_t reading = samples + readerBytes;
    const std::uint64_t colours = bytesPerPixel(picture.mode) >= 3       ? samples
                                  : picture.mode == PixelMode::GreyAlpha ? samples + pixels * 4
                                                                         : samples + shown;
    const std::uint64_t turning = picture.orientation > 1 ? std::max(samples, shown) + shown : 0;
    auto memory = options.budget->acquire(std::max({reading, colours, turning}));
    if (!memory)
        return memory.propagate();
    picture.memory = *std::move(memory);
    return {};
}

Result<Decoded> decode(std::span<const std::byte> file, const DecodeOptions &options)
{
    return guarded([&]() -> Result<Decoded> {
        const Format format = formatOf(file);
        auto picture = read(file, format,
                            {Purpose::Viewing, options.minimumSide, options.maximumPixels,
                             options.budget != nullptr ? options.budget : &DecodeBudget::ofProcess()});
        if (!picture)
            return picture.propagate();
        const int orientation = picture->orientation;
        const bool swapped = swapsSides(orientation);
        Decoded decoded;
        decoded.truncated = picture->truncated;
        decoded.info.width = swapped ? picture->fullHeight : picture->fullWidth;
        decoded.info.height = swapped ? picture->fullWidth : picture->fullHeight;
        decoded.info.captureTimeMs = picture->captureTimeMs;
        decoded.info.format = formatName(format);
        decoded.memory = std::move(picture->memory);
        decoded.image = upright(toSrgb(std::move(*picture)), orientation);
        decoded.memory.shrinkTo(decoded.image.pixels.capacity());
        return decoded;
    });
}

Result<RgbImage> referencePixels(std::span<const std::byte> file, int side)
{
    return guarded([&]() -> Result<RgbImage> {
        if (side <= 0)
            return fail(ErrorCode::InvalidArgument, "The side of the reference picture must be positive.");
        const Format format = formatOf(file);
        if (format == Format::Heif || format == Format::Avif || format == Format::Raw ||
            format == Format::Jpeg2000 || format == Format::JpegXl || format == Format::Psd)
            return fail(ErrorCode::Unsupported,
                        std::string("The reference does not read pictures of the format ") +
                            formatName(format) + ".");
        auto picture = read(
            file, format, {Purpose::Reference, 0, DecodeOptions{}.maximumPixels, &DecodeBudget::ofProcess()});
        if (!picture)
            return picture.propagate();
        if (picture->truncated)
            return fail(ErrorCode::Truncated, "The picture stops early; the reference refuses such files.");
        return resizedAsReference(*picture, side);
    });
}

} // namespace yingxun::image
