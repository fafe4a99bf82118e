// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media.h"

#include "core/base/guarded.h"
#include "core/image/format.h"
#include "core/image/jpeg_writer.h"
#include "core/image/metadata.h"
#include "core/image/moments.h"
#include "core/image/resize.h"
#include "core/image/video.h"

#include <algorithm>

namespace yingxun::media {
namespace {

constexpr int kThumbnailQuality = 85;
constexpr std::chrono::milliseconds kMomentsPatience{20'000};
/// How many times the tower's side a picture has to be decoded at, so that it embeds with a cosine of .995
/// and more to the picture at full size. By fast_decoding_check, of 271 photos the starter model (128 pixels)
/// had one of .9945 at three times and .9988 at least at six; ViT-B/16 with formula weights (224 pixels) had
/// .9997 at three times, of 17 photos, and six would take half as long again for each photo.
int decodeHeadroom(int towerSide)
{
    constexpr int kSmallTower = 128;
    return towerSide <= kSmallTower ? 6 : 3;
}

// Twice reduced, edges are soft: decoded at the measured side itself, sharpness fell to a third.
constexpr int kMeasureHeadroom = 2;

/// How small a version of the picture does for all that is wanted; 0: none but itself.
int minimumSide(const Wants &wants)
{
    if (wants.isExact)
        return 0;
    int side = 1;
    if (wants.thumbnail)
        side = std::max(side, kThumbnailSide);
    if (wants.measures)
        side = std::max(side, kMeasureHeadroom * image::kMeasuredSide);
    side = std::max(side, decodeHeadroom(wants.towerSide) * wants.towerSide);
    if (wants.shownSide)
        side = *wants.shownSide == 0 ? 0 : std::max(side, *wants.shownSide);
    return side;
}

Result<std::vector<std::byte>> thumbnailOf(const image::RgbImage &picture)
{
    return image::encodeJpeg(image::fitted(picture, kThumbnailSide), kThumbnailQuality);
}

/// What is damaged further on, or too large, has the moments so far; the poster has been read, after all.
/// Errors: Io and OutOfMemory of videos, which may go better another time.
Result<std::vector<Moment>> momentsOf(const MediaFile &file, const image::RgbImage &poster, int side,
                                      image::DecodeBudget *budget)
{
    std::vector<Moment> moments;
    const auto visit = [&](std::int64_t timeMs, const image::RgbImage &picture) {
        auto thumbnail = thumbnailOf(picture);
        if (!thumbnail)
            return false;
        moments.push_back({timeMs, *std::move(thumbnail), image::resizeBicubic(picture, side, side).pixels});
        return true;
    };
    if (file.kind() == MediaKind::Video) {
        image::VideoLimits limits;
        limits.patience = kMomentsPatience;
        const auto done = image::forEachMoment(file.path(), poster, limits, visit);
        if (!done && (done.error().code == ErrorCode::Io || done.error().code == ErrorCode::OutOfMemory))
            return done.propagate();
    } else if (image::mayMove(file.bytes())) {
        image::AnimationLimits limits;
        limits.budget = budget;
        static_cast<void>(image::forEachMoment(file.bytes(), poster, limits, visit));
    }
    return moments;
}

Result<image::Decoded> decoded(const MediaFile &file, const Wants &wants, image::DecodeBudget *budget)
{
    if (file.kind() == MediaKind::Video)
        return image::posterOf(file.path());
    image::DecodeOptions options;
    options.minimumSide = minimumSide(wants);
    options.budget = budget;
    return image::decode(file.bytes(), options);
}

} // namespace

Result<Media> makeMedia(const MediaFile &file, const Wants &wants, image::DecodeBudget *budget)
{
    return guarded("Opening " + file.path().string(), [&]() -> Result<Media> {
        Media media;
        if (wants.isSidecar) {
            media.metadata = image::readSidecar(file.bytes());
            return media;
        }
        const auto picture = decoded(file, wants, budget);
        if (!picture)
            return picture.propagate();
        media.info = picture->info;
        if (wants.metadata)
            media.metadata = image::readMetadata(file.bytes()); // Of a video there is nothing to be had.
        if (wants.thumbnail) {
            auto jpeg = thumbnailOf(picture->image);
            if (!jpeg)
                return jpeg.propagate();
            media.thumbnail = *std::move(jpeg);
        }
        if (wants.measures) {
            auto measures = image::measure(picture->image);
            if (!measures)
                return measures.propagate();
            media.measures = *measures;
        }
        if (wants.towerSide > 0)
            media.towerInput = image::resizeBicubic(picture->image, wants.towerSide, wants.towerSide).pixels;
        if (wants.momentSide > 0) {
            auto moments = momentsOf(file, picture->image, wants.momentSide, budget);
            if (!moments)
                return moments.propagate();
            media.moments = *std::move(moments);
        }
        if (wants.shownSide)
            media.shown =
                *wants.shownSide > 0 ? image::fitted(picture->image, *wants.shownSide) : picture->image;
        return media;
    });
}

Result<Media> DirectReader::read(const MediaFile &file, const Wants &wants, const std::stop_token &)
{
    return makeMedia(file, wants);
}

} // namespace yingxun::media
