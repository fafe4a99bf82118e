// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <cmath>
#include <libheif/heif.h>
#include <memory>
#include <string>

namespace yingxun::image {

namespace {

struct FreeContext {
    void operator()(heif_context *context) const { heif_context_free(context); }
};
struct ReleaseHandle {
    void operator()(heif_image_handle *handle) const { heif_image_handle_release(handle); }
};
struct ReleaseImage {
    void operator()(heif_image *image) const { heif_image_release(image); }
};
using Handle = std::unique_ptr<heif_image_handle, ReleaseHandle>;

Unexpected failure(const heif_error &error)
{
    ErrorCode code = ErrorCode::CorruptData;
    if (error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype ||
        error.subcode == heif_suberror_Unsupported_codec)
        code = ErrorCode::Unsupported;
    else if (error.code == heif_error_Memory_allocation_error)
        code = ErrorCode::OutOfMemory;
    else if (error.subcode == heif_suberror_End_of_data)
        code = ErrorCode::Truncated;
    return fail(code, std::string("The HEIF picture cannot be decoded: ") + error.message + ".");
}

int shorterSide(const heif_image_handle *handle)
{
    return std::min(heif_image_handle_get_width(handle), heif_image_handle_get_height(handle));
}

double aspectOf(const heif_image_handle *handle)
{
    return static_cast<double>(heif_image_handle_get_width(handle)) / heif_image_handle_get_height(handle);
}

/// The thumbnail inside, if it is large enough and shows the whole picture. It decodes many times faster.
Handle thumbnailOf(const heif_image_handle *handle, const ReadOptions &options)
{
    constexpr double kSameShape = 0.02;
    heif_item_id id = 0;
    heif_image_handle *found = nullptr;
    if (options.minimumSide <= 0 || heif_image_handle_get_list_of_thumbnail_IDs(handle, &id, 1) != 1 ||
        heif_image_handle_get_thumbnail(handle, id, &found).code != heif_error_Ok)
        return nullptr;
    Handle thumbnail(found);
    const int side = shorterSide(found);
    const bool isFit = side >= options.minimumSide && side < shorterSide(handle) &&
                       std::fabs(aspectOf(found) / aspectOf(handle) - 1.0) < kSameShape;
    return isFit ? std::move(thumbnail) : nullptr;
}

void readMetadata(const heif_image_handle *handle, Picture &picture)
{
    const auto profileType = heif_image_handle_get_color_profile_type(handle);
    if (profileType == heif_color_profile_type_prof || profileType == heif_color_profile_type_rICC) {
        picture.iccProfile.resize(heif_image_handle_get_raw_color_profile_size(handle));
        if (heif_image_handle_get_raw_color_profile(handle, picture.iccProfile.data()).code != heif_error_Ok)
            picture.iccProfile.clear();
    }
    heif_item_id id = 0;
    if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1)
        return;
    std::vector<std::byte> block(heif_image_handle_get_metadata_size(handle, id));
    if (heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok)
        return;
    // Its orientation is left alone: the container has its own, and libheif has applied that already.
    picture.captureTimeMs = readExifItem(block).captureTimeMs;
}

Result<void> decodePixels(const heif_image_handle *handle, const ReadOptions &options, Picture &picture)
{
    constexpr std::uint64_t kDecoderBytes = 10; // A pixel: planes, of 10 bits perhaps, and their colours.
    const bool hasAlpha = heif_image_handle_has_alpha_channel(handle) != 0;
    const int width = heif_image_handle_get_width(handle);
    const int height = heif_image_handle_get_height(handle);
    picture.mode = hasAlpha ? PixelMode::Rgba : PixelMode::Rgb;
    picture.memory.release(); // Of a thumbnail that could not be decoded.
    if (auto claimed = claim(picture, width, height,
                             static_cast<std::uint64_t>(std::max(width, 0)) *
                                 static_cast<std::uint64_t>(std::max(height, 0)) * kDecoderBytes,
                             options);
        !claimed)
        return claimed;
    heif_image *decoded = nullptr;
    const heif_error error =
        heif_decode_image(handle, &decoded, heif_colorspace_RGB,
                          hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, nullptr);
    const std::unique_ptr<heif_image, ReleaseImage> image(decoded);
    if (error.code != heif_error_Ok)
        return failure(error);
    picture.width = heif_image_get_width(decoded, heif_channel_interleaved);
    picture.height = heif_image_get_height(decoded, heif_channel_interleaved);
    if (auto size = checkSize(picture.width, picture.height, options); !size)
        return size;
    int stride = 0;
    const std::uint8_t *plane = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
    const std::size_t rowBytes = sampleBytes(picture.mode, picture.width, 1);
    if (plane == nullptr || static_cast<std::size_t>(stride) < rowBytes)
        return fail(ErrorCode::CorruptData, "The HEIF picture has no pixels.");
    picture.samples.resize(rowBytes * static_cast<std::size_t>(picture.height));
    for (int y = 0; y < picture.height; ++y)
        std::copy_n(plane + std::ptrdiff_t{y} * stride, rowBytes,
                    picture.samples.data() + static_cast<std::size_t>(y) * rowBytes);
    return {};
}

} // namespace

Result<Picture> readHeif(std::span<const std::byte> file, const ReadOptions &options)
{
    const std::unique_ptr<heif_context, FreeContext> context(heif_context_alloc());
    if (!context)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the HEIF picture.");
    if (const auto error =
            heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr);
        error.code != heif_error_Ok)
        return failure(error);
    heif_image_handle *primary = nullptr;
    if (const auto error = heif_context_get_primary_image_handle(context.get(), &primary);
        error.code != heif_error_Ok)
        return failure(error);
    const Handle handle(primary);
    Picture picture;
    picture.fullWidth = heif_image_handle_get_width(primary);
    picture.fullHeight = heif_image_handle_get_height(primary);
    if (auto size = checkSize(picture.fullWidth, picture.fullHeight, options); !size)
        return size.propagate();
    readMetadata(primary, picture);
    if (const Handle thumbnail = thumbnailOf(primary, options); thumbnail != nullptr) {
        if (decodePixels(thumbnail.get(), options, picture))
            return picture;
    }
    if (auto decoded = decodePixels(primary, options, picture); !decoded)
        return decoded.propagate();
    return picture;
}

} // namespace yingxun::image
