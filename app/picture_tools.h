// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/train/dataset.h"

namespace yingxun::app {

/// Training's pictures as core/image decodes and shrinks them for indexing.
train::PictureTools pictureTools();

} // namespace yingxun::app
