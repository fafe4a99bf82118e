// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/decode.h"

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace yingxun::image {

struct VideoLimits {
    std::int64_t maximumPixels = 36'000'000; ///< Of a frame; larger ones are refused with TooLarge. 8K fits.
    /// Of the search for a frame that is not black: when it ends, the brightest one so far will do.
    std::chrono::milliseconds patience{10'000};
};

/// Whether a regular file is a video (mp4, mov, mkv, webm) by its first bytes. False as well for what cannot
/// be read.
bool isVideo(const std::filesystem::path &path);

/// The frame that stands for a video: 1 s from its begin, or a tenth of it if that is earlier; black ones are
/// passed over for some ten seconds of film. Upright. Frames are read in their order, as seeking in a file
/// made to hurt may decode all of it. Errors: those of readFile, CorruptData, Unsupported (its coding),
/// TooLarge, OutOfMemory, Internal. Threads: call from any thread.
Result<Decoded> posterOf(const std::filesystem::path &path, const VideoLimits &limits = {});

/// Reads and decodes a picture, or takes the poster of a video. Errors: those of readFile, decode and
/// posterOf.
Result<Decoded> decodeFile(const std::filesystem::path &path, const DecodeOptions &options);

} // namespace yingxun::image
