// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/image/rgb_image.h"

#include <cstddef>
#include <vector>

namespace yingxun::image {

/// Compresses a picture as a baseline JPEG without metadata, for thumbnails.
/// @param quality  1 to 100.
/// Errors: InvalidArgument (null or wider or higher than 65500 pixels), OutOfMemory, Internal.
/// Threads: free of shared state.
Result<std::vector<std::byte>> encodeJpeg(const RgbImage &image, int quality);

} // namespace yingxun::image
