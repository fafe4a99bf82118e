// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/readers.h"

#include <algorithm>
#include <array>
#include <memory>
#include <openjpeg.h>
#include <string>

namespace yingxun::image {

namespace {

struct DestroyStream {
    void operator()(opj_stream_t *stream) const { opj_stream_destroy(stream); }
};
struct DestroyCodec {
    void operator()(opj_codec_t *codec) const { opj_destroy_codec(codec); }
};
struct DestroyImage {
    void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};
struct DestroyInfo {
    void operator()(opj_codestream_info_v2_t *info) const { opj_destroy_cstr_info(&info); }
};
using Stream = std::unique_ptr<opj_stream_t, DestroyStream>;
using Codec = std::unique_ptr<opj_codec_t, DestroyCodec>;
using Image = std::unique_ptr<opj_image_t, DestroyImage>;

ByteSource &sourceOf(void *user)
{
    return *static_cast<ByteSource *>(user);
}

OPJ_SIZE_T readBytes(void *target, OPJ_SIZE_T count, void *user)
{
    const std::size_t read = sourceOf(user).read(target, count);
    return read == 0 ? static_cast<OPJ_SIZE_T>(-1) : read;
}

OPJ_BOOL seek(OPJ_OFF_T offset, void *user)
{
    ByteSource &source = sourceOf(user);
    if (offset < 0 || static_cast<std::size_t>(offset) > source.bytes.size())
        return OPJ_FALSE;
    source.position = static_cast<std::size_t>(offset);
    return OPJ_TRUE;
}

OPJ_OFF_T skip(OPJ_OFF_T count, void *user)
{
    const auto at = static_cast<OPJ_OFF_T>(sourceOf(user).position);
    return seek(at + count, user) != OPJ_FALSE ? count : -1;
}

Stream streamOver(ByteSource &source)
{
    Stream stream(opj_stream_default_create(OPJ_TRUE));
    if (stream) {
        opj_stream_set_user_data(stream.get(), &source, nullptr);
        opj_stream_set_user_data_length(stream.get(), source.bytes.size());
        opj_stream_set_read_function(stream.get(), readBytes);
        opj_stream_set_skip_function(stream.get(), skip);
        opj_stream_set_seek_function(stream.get(), seek);
    }
    return stream;
}

void keepMessage(const char *message, void *user)
{
    auto &kept = *static_cast<std::string *>(user);
    if (kept.empty()) // The first one names the cause.
        kept.assign(message, std::string_view(message).find_last_not_of(" \r\n.") + 1);
}

/// A picture is a codestream in boxes, or the bare codestream.
OPJ_CODEC_FORMAT kindOf(std::span<const std::byte> file)
{
    return file[0] == std::byte{0xff} ? OPJ_CODEC_J2K : OPJ_CODEC_JP2;
}

/// How often the size can be halved so that the shorter side is not less than wanted.
std::uint32_t halvings(opj_codec_t *codec, const opj_image_t &image, const ReadOptions &options)
{
    const std::unique_ptr<opj_codestream_info_v2_t, DestroyInfo> info(opj_get_cstr_info(codec));
    if (options.minimumSide <= 0 || !info || info->m_default_tile_info.tccp_info == nullptr)
        return 0;
    std::uint32_t most = 31;
    for (std::uint32_t i = 0; i < image.numcomps; ++i)
        most = std::min(most, info->m_default_tile_info.tccp_info[i].numresolutions - 1);
    const std::uint32_t shorter = std::min(image.comps[0].w, image.comps[0].h);
    std::uint32_t count = 0;
    while (count < most && shorter >> (count + 1) >= static_cast<std::uint32_t>(options.minimumSide))
        ++count;
    return count;
}

PixelMode modeOf(const opj_image_t &image)
{
    constexpr std::array kModes{PixelMode::Grey, PixelMode::GreyAlpha, PixelMode::Rgb, PixelMode::Rgba};
    return image.color_space == OPJ_CLRSPC_CMYK && image.numcomps == 4 ? PixelMode::Cmyk
                                                                       : kModes[image.numcomps - 1];
}

/// Luma and colour differences; some writers do not say so, but nobody halves the size of red and blue.
bool isLumaChroma(const opj_image_t &image)
{
    return image.numcomps >= 3 &&
           (image.color_space == OPJ_CLRSPC_SYCC || image.color_space == OPJ_CLRSPC_EYCC ||
            image.comps[1].dx > image.comps[0].dx);
}

/// One component's sample as 8 bits, at a place of the first component's grid.
std::uint8_t sampleAt(const opj_image_t &image, std::uint32_t component, std::uint32_t x, std::uint32_t y)
{
    const opj_image_comp_t &samples = image.comps[component];
    const opj_image_comp_t &grid = image.comps[0];
    if (samples.w != grid.w || samples.h != grid.h) {
        x = static_cast<std::uint32_t>(std::uint64_t{x} * samples.w / grid.w);
        y = static_cast<std::uint32_t>(std::uint64_t{y} * samples.h / grid.h);
    }
    const std::int64_t value = std::int64_t{samples.data[std::size_t{y} * samples.w + x]} +
                               (samples.sgnd != 0 ? std::int64_t{1} << (samples.prec - 1) : 0);
    const std::int64_t largest = (std::int64_t{1} << samples.prec) - 1;
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, largest) * 255 / largest);
}

void toRgb(std::uint8_t *pixel)
{
    const double luma = pixel[0];
    const double blue = pixel[1] - 128.0;
    const double red = pixel[2] - 128.0;
    const auto rounded = [](double value) {
        return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    };
    pixel[0] = rounded(luma + 1.402 * red);
    pixel[1] = rounded(luma - 0.344136 * blue - 0.714136 * red);
    pixel[2] = rounded(luma + 1.772 * blue);
}

void storeSamples(const opj_image_t &image, Picture &picture)
{
    const bool isDifference = isLumaChroma(image);
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));
    std::uint8_t *target = picture.samples.data();
    for (std::uint32_t y = 0; y < image.comps[0].h; ++y) {
        for (std::uint32_t x = 0; x < image.comps[0].w; ++x, target += image.numcomps) {
            for (std::uint32_t i = 0; i < image.numcomps; ++i)
                target[i] = sampleAt(image, i, x, y);
            if (isDifference)
                toRgb(target);
        }
    }
}

Result<void> checkComponents(const opj_image_t &image)
{
    if (image.numcomps < 1 || image.numcomps > 4)
        return fail(ErrorCode::Unsupported, "The JPEG 2000 picture has " + std::to_string(image.numcomps) +
                                                " channels; 1 to 4 are read.");
    for (std::uint32_t i = 0; i < image.numcomps; ++i) {
        if (image.comps[i].prec < 1 || image.comps[i].prec > 31 || image.comps[i].w == 0 ||
            image.comps[i].h == 0)
            return fail(ErrorCode::CorruptData, "The JPEG 2000 picture's header makes no sense.");
    }
    return {};
}

enum class Damage { Refused, Endured };

Result<Picture> readOnce(std::span<const std::byte> file, const ReadOptions &options, Damage damage)
{
    ByteSource source{file};
    std::string message;
    const auto failure = [&message] {
        return fail(ErrorCode::CorruptData, "The JPEG 2000 picture cannot be decoded: " + message + ".");
    };
    const Stream stream = streamOver(source);
    const Codec codec(opj_create_decompress(kindOf(file)));
    if (!stream || !codec)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the JPEG 2000 picture.");
    opj_set_error_handler(codec.get(), keepMessage, &message);
    opj_dparameters_t parameters{};
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t *header = nullptr;
    const bool isOpen = opj_setup_decoder(codec.get(), &parameters) != OPJ_FALSE &&
                        opj_decoder_set_strict_mode(codec.get(), damage == Damage::Refused) != OPJ_FALSE &&
                        opj_read_header(stream.get(), codec.get(), &header) != OPJ_FALSE;
    const Image image(header);
    if (!isOpen || !image)
        return failure();
    if (auto checked = checkComponents(*image); !checked)
        return checked.propagate();

    Picture picture;
    picture.mode = modeOf(*image);
    if (auto sides = checkSides(image->comps[0].w, image->comps[0].h); !sides)
        return sides.propagate();
    picture.fullWidth = static_cast<int>(image->comps[0].w);
    picture.fullHeight = static_cast<int>(image->comps[0].h);
    const std::uint32_t halved = halvings(codec.get(), *image, options);
    // As openjpeg rounds: up. Each channel is held as 32-bit integers, and once more as a tile.
    const std::int64_t width = (std::int64_t{image->comps[0].w} + (std::int64_t{1} << halved) - 1) >> halved;
    const std::int64_t height = (std::int64_t{image->comps[0].h} + (std::int64_t{1} << halved) - 1) >> halved;
    const std::uint64_t decoder =
        static_cast<std::uint64_t>(width * height) * image->numcomps * 2 * sizeof(std::int32_t);
    if (auto claimed = claim(picture, width, height, decoder, options); !claimed)
        return claimed.propagate();
    if (opj_set_decoded_resolution_factor(codec.get(), halved) == OPJ_FALSE ||
        opj_decode(codec.get(), stream.get(), image.get()) == OPJ_FALSE)
        return failure();
    if (opj_end_decompress(codec.get(), stream.get()) == OPJ_FALSE && damage == Damage::Refused)
        return failure();
    if (auto checked = checkComponents(*image); !checked) // Decoding has changed what they say.
        return checked.propagate();
    for (std::uint32_t i = 0; i < image->numcomps; ++i) {
        if (image->comps[i].data == nullptr)
            return fail(ErrorCode::Truncated, "The JPEG 2000 picture stops before anything can be decoded.");
    }
    picture.mode = modeOf(*image); // A palette has become colours.
    picture.width = static_cast<int>(image->comps[0].w);
    picture.height = static_cast<int>(image->comps[0].h);
    picture.truncated = damage == Damage::Endured;
    if (image->icc_profile_buf != nullptr && !isLumaChroma(*image))
        picture.iccProfile.assign(image->icc_profile_buf, image->icc_profile_buf + image->icc_profile_len);
    storeSamples(*image, picture);
    return picture;
}

} // namespace

Result<Picture> readJpeg2000(std::span<const std::byte> file, const ReadOptions &options)
{
    auto picture = readOnce(file, options, Damage::Refused);
    if (picture || picture.error().code != ErrorCode::CorruptData || options.purpose == Purpose::Reference)
        return picture;
    auto part = readOnce(file, options, Damage::Endured);
    return part ? std::move(part) : std::move(picture);
}

} // namespace yingxun::image
