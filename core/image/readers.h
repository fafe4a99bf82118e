// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/format.h"
#include "core/image/picture.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace yingxun::image {

/// What the pixels are for.
enum class Purpose {
    Viewing,   ///< As people see it; a preview inside the file will do if it is large enough.
    Reference, ///< In the mode that PIL would load it, transparency of opaque modes ignored.
};

struct ReadOptions {
    Purpose purpose = Purpose::Viewing;
    int minimumSide = 0;            ///< See DecodeOptions.
    std::int64_t maximumPixels = 0; ///< See DecodeOptions.
    DecodeBudget *budget = nullptr; ///< Never null.
};

/// Refuses what is no size at all and sides that no picture has. Errors: CorruptData, TooLarge.
Result<void> checkSides(std::int64_t width, std::int64_t height);

/// The same, and refuses more pixels than the limit; for the pixels that are to be held.
Result<void> checkSize(std::int64_t width, std::int64_t height, const ReadOptions &options);

/// Takes from the budget what a picture costs from its samples to the picture that is shown; to be called
/// once by each reader, before it allocates, when the picture's mode and orientation are set. Checks the
/// size, too.
/// @param width, height  Of the samples.
/// @param readerBytes  What the reader holds beside the samples while it fills them.
/// Errors: CorruptData, TooLarge.
Result<void> claim(Picture &picture, std::int64_t width, std::int64_t height, std::uint64_t readerBytes,
                   const ReadOptions &options);

/// The readers of single formats. Each takes a whole file whose format is already known.
/// Errors: CorruptData, Truncated (nothing usable), TooLarge, Unsupported. May throw std::bad_alloc.
/// Threads: free of shared state.
using Reader = Result<Picture>(std::span<const std::byte> file, const ReadOptions &options);

Reader readJpeg;
Reader readPng;
Reader readWebp;
Reader readGif;
Reader readTiff;
Reader readHeif; ///< HEIC and AVIF.
Reader readRaw;  ///< The preview that the camera stored; raw data are never developed.
Reader readJpeg2000;
Reader readJpegXl; ///< Of an animation the first frame.
Reader readPsd;    ///< The picture of all layers together; layers themselves are not read.
Reader readBmp;
Reader readPnm;

/// Null: this build lacks the library.
Reader *readerOf(Format format);

} // namespace yingxun::image
