// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/animation.h"
#include "core/image/byte_source.h"

#include <memory>
#include <webp/demux.h>

namespace yingxun::image {
namespace {

struct DeleteAnimation {
    void operator()(WebPAnimDecoder *decoder) const { WebPAnimDecoderDelete(decoder); }
};
struct DeleteDemuxer {
    void operator()(WebPDemuxer *demuxer) const { WebPDemuxDelete(demuxer); }
};

} // namespace

Result<void> readWebpAnimation(std::span<const std::byte> file, const AnimationLimits &limits,
                               const CanvasVisit &visit)
{
    const WebPData data{octets(file), file.size()};
    // Asked first: the decoder takes the memory of its canvas as soon as it is made.
    const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemux(&data));
    if (!demuxer || WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT) < 2)
        return {};
    const auto canvasWidth = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
    const auto canvasHeight = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
    const auto memory = claimCanvas(static_cast<int>(canvasWidth), static_cast<int>(canvasHeight), limits);
    if (!memory)
        return memory.propagate();
    WebPAnimDecoderOptions options{};
    if (WebPAnimDecoderOptionsInit(&options) == 0)
        return {};
    options.color_mode = MODE_RGBA;
    const std::unique_ptr<WebPAnimDecoder, DeleteAnimation> decoder(WebPAnimDecoderNew(&data, &options));
    if (!decoder)
        return {};
    const std::size_t bytes = std::size_t{canvasWidth} * canvasHeight * 4;
    std::int64_t shownAtMs = 0;
    std::uint8_t *canvas = nullptr;
    int endsAtMs = 0; // libwebp tells when a picture gives way to the next.
    while (WebPAnimDecoderGetNext(decoder.get(), &canvas, &endsAtMs) != 0) {
        if (!visit(shownAtMs, std::span(canvas, bytes), static_cast<int>(canvasWidth),
                   static_cast<int>(canvasHeight)))
            break;
        shownAtMs = endsAtMs;
    }
    return {};
}

} // namespace yingxun::image
