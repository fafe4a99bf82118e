// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/metadata.h"
#include "core/base/result.h"
#include "core/image/decode.h"
#include "core/image/measures.h"
#include "core/image/rgb_image.h"
#include "core/media/media_file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace yingxun::media {

constexpr int kThumbnailSide = 256; ///< The longer one, pixels.

/// What is to be made of a file, besides what it says of itself.
struct Wants {
    bool thumbnail = false;
    bool measures = false;
    bool metadata = false;
    bool isSidecar = false;       ///< The file is an XMP packet: its metadata is made, and nothing else.
    int towerSide = 0;            ///< S of the input of an image tower, pixels; 0: none.
    std::optional<int> shownSide; ///< The longer side of a picture to be looked at; 0: full size.
    bool isExact = false; ///< All is made of the picture at full size, though a smaller one is quicker.
    int momentSide = 0;   ///< As towerSide, for the moments of what moves; 0: none are looked for.
};

/// A moment of a video or an animation, see image::forEachMoment().
struct Moment {
    std::int64_t timeMs = 0;              ///< From the begin.
    std::vector<std::byte> thumbnail;     ///< As Media::thumbnail.
    std::vector<std::uint8_t> towerInput; ///< As Media::towerInput.
};

/// What was made of a file.
struct Media {
    image::PhotoInfo info;
    std::vector<std::byte> thumbnail; ///< JPEG, see kThumbnailSide.
    std::optional<image::Measures> measures;
    Metadata metadata;
    std::vector<std::uint8_t> towerInput; ///< [S, S, 3], resized as the reference does.
    image::RgbImage shown;
    std::vector<Moment> moments; ///< Of rising times; of most files none.
};

/// Makes what is wanted of files. Threads: call from any thread.
class Reader
{
public:
    virtual ~Reader() = default;
    /// Errors: those of image::decode and image::posterOf; Cancelled; Internal (the decoder crashed, or took
    /// too long).
    virtual Result<Media> read(const MediaFile &file, const Wants &wants, const std::stop_token &stop) = 0;
    /// Whether it can read anything at all, so that not every file is said to be broken. Errors: NotFound,
    /// Io.
    virtual Result<void> prepare() { return {}; }
};

/// Decodes on the calling thread, so that a file that breaks the decoder breaks the program.
class DirectReader : public Reader
{
public:
    Result<Media> read(const MediaFile &file, const Wants &wants, const std::stop_token &stop) override;
};

/// What DirectReader does. `budget`: null: the one of the process.
Result<Media> makeMedia(const MediaFile &file, const Wants &wants, image::DecodeBudget *budget = nullptr);

} // namespace yingxun::media
