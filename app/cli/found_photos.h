// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"

#include <cstddef>
#include <functional>
#include <stop_token>
#include <vector>

/// What `yingxun-cli search` prints.
namespace yingxun::app::cli {

struct FoundFormat {
    bool json = false;
    bool isCut = true; ///< By relevance; else all that was found is printed.
    std::size_t most =
        0; ///< Where nothing is known of relevance, what comes is told if it is of the best so many.
};

void printFound(const std::vector<FoundPhoto> &found, const FoundFormat &format);

/// Asks again whenever the library changes, and prints what has come and matches, until it is stopped.
/// @param found  what has been printed
/// @param ask  for photos that have come, or were edited, since the first asking
/// Errors: those of the catalogue, the store and of `ask`; Cancelled never.
Result<void> watchFound(const LibrarySession &session, db::Catalogue &catalogue,
                        const std::vector<FoundPhoto> &found, const FoundFormat &format,
                        const std::function<Result<std::vector<FoundPhoto>>()> &ask,
                        const std::stop_token &stop);

} // namespace yingxun::app::cli
