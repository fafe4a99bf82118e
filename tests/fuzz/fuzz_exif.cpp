// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/exif.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // From year 1 to 9999, as four digits can say.
    constexpr std::int64_t kEarliestMs = -62'135'596'800'000;
    constexpr std::int64_t kLatestMs = 253'402'300'800'000;
    const auto facts = yingxun::image::readExif(std::as_bytes(std::span(data, size)));
    if (facts.orientation && (*facts.orientation < 1 || *facts.orientation > 8))
        std::abort();
    if (facts.captureTimeMs && (*facts.captureTimeMs < kEarliestMs || *facts.captureTimeMs > kLatestMs))
        std::abort();
    return 0;
}
