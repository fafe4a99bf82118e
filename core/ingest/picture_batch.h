// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace yingxun::vectors {
class Encoder;
}

namespace yingxun::ingest {

/// What embedding several pictures gave.
struct PictureBatch {
    Embeddings embeddings;                    ///< Rows of the pictures that went well, in their order.
    std::vector<std::optional<Error>> errors; ///< One a picture; set: it has no row.
};

/// Embeds `count` pictures of equal size; a batch that fails is halved down to the pictures at fault.
/// A picture is at fault only if the encoder embeds a plain grey one right after it.
/// Errors: the encoder's own, when it embeds nothing any more. What it throws counts as an error.
Result<PictureBatch> embedPictures(vectors::Encoder &encoder, std::span<const std::uint8_t> pixels,
                                   int count);

} // namespace yingxun::ingest
