// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/rgb_image.h"

#include <cstdint>

namespace yingxun::image {

/// The shorter side of the version that is measured: no more than the common towers have decoded anyway.
constexpr int kMeasuredSide = 256;

/// What tells copies of a photo apart and together.
struct Measures {
    /// Variance of the Laplacian of a grey version of fixed size: comparable between pictures of one subject,
    /// whatever their sizes. 0: flat.
    double sharpness = 0;
    /// 64 bits of low frequencies (Zauner 2010, DCT): copies in other sizes and qualities differ in a few
    /// bits, different pictures in about half.
    std::uint64_t perceptualHash = 0;
};

/// A picture whose shorter side is smaller than kMeasuredSide is enlarged, and so less sharp than a larger
/// version. Errors: InvalidArgument (null), OutOfMemory, Internal. Threads: free of shared state; call from
/// any thread.
Result<Measures> measure(const RgbImage &image);

} // namespace yingxun::image
