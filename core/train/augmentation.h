// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/dataset.h"

#include <random>

namespace yingxun::train {

/// A random view of a picture: a crop of at least `smallestCrop` of its area and of 3:4 to 4:3 relative
/// shape, mirrored half the time, with brightness, contrast and saturation changed by up to 30 %.
Picture randomView(const Picture &picture, int side, double smallestCrop, const PictureTools &tools,
                   std::mt19937_64 &random);

} // namespace yingxun::train
