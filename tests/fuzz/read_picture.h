// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/decode_budget.h"
#include "core/image/readers.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace yingxun::fuzz {

/// Reads the input as a picture of this format, whatever it begins like. Ends the program where what was
/// accepted makes no sense.
inline void readPicture(image::Format format, const std::uint8_t *data, std::size_t size)
{
    constexpr std::int64_t kMostPixels = 1'000'000; // Small, so that an input takes little time.
    const auto bytes = std::as_bytes(std::span(data, size));
    image::formatOf(bytes);
    image::DecodeBudget budget(std::uint64_t{64} << 20);
    image::ReadOptions options;
    options.maximumPixels = kMostPixels;
    options.budget = &budget;
    image::Reader *const read = image::readerOf(format);
    if (read == nullptr)
        return;
    const auto picture = read(bytes, options);
    if (!picture)
        return;
    // What was accepted has the size that was allowed, and a sample for each pixel of it.
    if (picture->width < 1 || picture->height < 1 ||
        std::int64_t{picture->width} * picture->height > kMostPixels ||
        picture->samples.size() != image::sampleBytes(picture->mode, picture->width, picture->height) ||
        picture->orientation < 0 || picture->orientation > 8)
        std::abort();
}

} // namespace yingxun::fuzz
