// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode_budget.h"
#include "core/image/readers.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

using namespace yingxun::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr std::int64_t kMostPixels = 1'000'000; // Small, so that an input takes little time.
    const auto bytes = std::as_bytes(std::span(data, size));
    formatOf(bytes);
    DecodeBudget budget(std::uint64_t{64} << 20);
    ReadOptions options;
    options.maximumPixels = kMostPixels;
    options.budget = &budget;
    Reader *const read = readerOf(Format::Tiff);
    if (read == nullptr)
        return 0;
    const auto picture = read(bytes, options);
    if (!picture)
        return 0;
    // What was accepted has the size that was allowed, and a sample for each pixel of it.
    if (picture->width < 1 || picture->height < 1 ||
        std::int64_t{picture->width} * picture->height > kMostPixels ||
        picture->samples.size() != sampleBytes(picture->mode, picture->width, picture->height) ||
        picture->orientation < 0 || picture->orientation > 8)
        std::abort();
    return 0;
}
