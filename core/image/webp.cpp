// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <memory>
#include <webp/decode.h>
#include <webp/demux.h>

namespace yingxun::image {

namespace {

struct DeleteDemuxer {
    void operator()(WebPDemuxer *demuxer) const { WebPDemuxDelete(demuxer); }
};
struct DeleteDecoder {
    void operator()(WebPIDecoder *decoder) const { WebPIDelete(decoder); }
};

/// One chunk of the container that holds metadata, or nothing.
std::span<const std::uint8_t> chunk(WebPDemuxer *demuxer, const char *name, WebPChunkIterator &iterator)
{
    if (WebPDemuxGetChunk(demuxer, name, 1, &iterator) == 0)
        return {};
    return {iterator.chunk.bytes, iterator.chunk.size};
}

void readMetadata(WebPDemuxer *demuxer, Picture &picture)
{
    WebPChunkIterator iterator{};
    const auto exif = chunk(demuxer, "EXIF", iterator);
    const ExifFacts facts = readExif(std::as_bytes(exif));
    picture.orientation = facts.orientation.value_or(0);
    picture.captureTimeMs = facts.captureTimeMs;
    WebPDemuxReleaseChunkIterator(&iterator);
    const auto profile = chunk(demuxer, "ICCP", iterator);
    picture.iccProfile.assign(profile.begin(), profile.end());
    WebPDemuxReleaseChunkIterator(&iterator);
}

Unexpected failure(VP8StatusCode status)
{
    if (status == VP8_STATUS_OUT_OF_MEMORY)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the WebP picture.");
    if (status == VP8_STATUS_SUSPENDED || status == VP8_STATUS_NOT_ENOUGH_DATA)
        return fail(ErrorCode::Truncated, "The WebP picture stops before anything can be decoded.");
    return fail(ErrorCode::CorruptData, "The WebP picture is damaged.");
}

/// Decodes one still bitstream, as far as it goes.
Result<Picture> readStill(std::span<const std::uint8_t> bytes, const ReadOptions &options)
{
    WebPBitstreamFeatures features{};
    if (const auto status = WebPGetFeatures(bytes.data(), bytes.size(), &features); status != VP8_STATUS_OK)
        return failure(status);
    constexpr std::uint64_t kDecoderBytes = 4; // A pixel, where it is coded without loss.
    Picture picture;
    picture.mode = features.has_alpha != 0 ? PixelMode::Rgba : PixelMode::Rgb;
    const std::uint64_t decoderBytes = static_cast<std::uint64_t>(features.width) *
                                       static_cast<std::uint64_t>(features.height) * kDecoderBytes;
    if (auto claimed = claim(picture, features.width, features.height, decoderBytes, options); !claimed)
        return claimed.propagate();
    picture.width = picture.fullWidth = features.width;
    picture.height = picture.fullHeight = features.height;
    picture.samples.resize(sampleBytes(picture.mode, picture.width, picture.height));

    const auto rowBytes = static_cast<int>(sampleBytes(picture.mode, picture.width, 1));
    const std::unique_ptr<WebPIDecoder, DeleteDecoder> decoder(
        WebPINewRGB(features.has_alpha != 0 ? MODE_RGBA : MODE_RGB, picture.samples.data(),
                    picture.samples.size(), rowBytes));
    if (!decoder)
        return failure(VP8_STATUS_OUT_OF_MEMORY);
    const VP8StatusCode status = WebPIUpdate(decoder.get(), bytes.data(), bytes.size());
    if (status == VP8_STATUS_OK)
        return picture;
    int lastRow = -1;
    WebPIDecGetRGB(decoder.get(), &lastRow, nullptr, nullptr, nullptr);
    if (lastRow <= 0)
        return failure(status);
    picture.truncated = true;
    return picture;
}

} // namespace

Result<Picture> readWebp(std::span<const std::byte> file, const ReadOptions &options)
{
    const WebPData data{octets(file), file.size()};
    WebPDemuxState state{};
    const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemuxPartial(&data, &state));
    const bool isComplete = demuxer != nullptr && state == WEBP_DEMUX_DONE;
    WebPIterator frame{};
    // A still picture is the only frame; of an animation the first one stands for the whole.
    if (!isComplete || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0)
        return readStill({octets(file), file.size()}, options);
    auto picture = readStill({frame.fragment.bytes, frame.fragment.size}, options);
    WebPDemuxReleaseIterator(&frame);
    if (picture)
        readMetadata(demuxer.get(), *picture);
    return picture;
}

} // namespace yingxun::image
