// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <string>
#include <vector>

namespace yingxun::vectors {
class Encoder;
}

namespace yingxun::query {

/// What one description, a queryText(), is embedded as, in UTF-8: itself, and as a sentence with its full
/// stop where it is long enough to be one. Models are trained on captions as people write them, most with
/// one: with it the starter model has a mean recall of 14.4 on the captions of Flickr8k-CN's validation
/// split, without 12.7 (`yingxun-cli eval retrieval PREFIX --program`). Names find less with one, and stay as
/// they are.
std::vector<std::string> phrasings(const QString &description);

/// The mean direction of its phrasings: D floats of length 1. Errors: the encoder's.
Result<std::vector<float>> embeddingOf(const QString &description, vectors::Encoder &encoder);

} // namespace yingxun::query
