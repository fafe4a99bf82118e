// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/dataset.h"

#include <random>

namespace yingxun::train {

struct ViewOptions {
    int side = 224;            ///< Of the view, pixels.
    double smallestCrop = 0.5; ///< Least share of the picture's area.
    bool degrade = false;      ///< Take detail away at random.
};

/// What a tower is shown of a picture.
struct View {
    Picture picture; ///< side x side.
    /// So little detail is left that every data set looks alike: no compression or source size of the
    /// picture as it was stored shows through.
    bool isCoarse = false;
};

/// A random view of a picture: a crop of 3:4 to 4:3 relative shape, mirrored half the time, with brightness,
/// contrast and saturation changed by up to 30 %. Degraded, it has been as small as 24 to 128 pixels a side,
/// sometimes blurred, sharpened or noisy, and mostly a JPEG of quality 15 to 95: data sets cannot be told
/// apart by how their pictures were stored. Errors: those of PictureTools::compress, if degraded.
Result<View> randomView(const Picture &picture, const ViewOptions &options, const PictureTools &tools,
                        std::mt19937_64 &random);

} // namespace yingxun::train
