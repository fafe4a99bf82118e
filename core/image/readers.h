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
};

/// Refuses sizes that are beyond the limit or no sizes at all; to be called before allocating.
/// Errors: CorruptData, TooLarge.
Result<void> checkSize(std::int64_t width, std::int64_t height, const ReadOptions &options);

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
Reader readBmp;
Reader readPnm;

/// Null: this build lacks the library.
Reader *readerOf(Format format);

} // namespace yingxun::image
