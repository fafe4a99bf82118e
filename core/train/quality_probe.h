// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/train/dataset.h"

namespace yingxun::clip {
class Model;
}

namespace yingxun::train {

/// Whether embeddings tell how a picture was stored instead of what it shows.
struct QualityProbe {
    double accuracy =
        0; ///< Of the linear classifier on pictures that it did not see: 0.5 is chance, 1 certain.
    /// Mean cosine between the two embeddings of a picture; beside it, that between different pictures.
    double ownCosine = 0;
    double otherCosine = 0;
    int pictures = 0;
};

/// Embeds every picture as it is and as a poor copy (64 pixels a side, JPEG of quality 20), fits a linear
/// classifier (logistic regression) of clean against poor on the even pictures and judges it by the odd
/// ones; both copies of a picture are on one side. Errors: those of embedImages; InvalidArgument (fewer than
/// four pictures).
Result<QualityProbe> probeQuality(const clip::Model &model, const Dataset &data, const PictureTools &tools);

/// The same, of embeddings at hand; row i of both belongs to picture i.
QualityProbe probeQuality(const Embeddings &clean, const Embeddings &poor);

} // namespace yingxun::train
