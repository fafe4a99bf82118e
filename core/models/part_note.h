// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace yingxun::models {

/// What must be known of a half-finished file to go on with it another day: NAME.part.json beside NAME.part.
struct PartNote {
    std::string address;
    std::string etag; ///< A strong one, with its quotes.
    std::string lastModified;
    std::int64_t bytes = -1; ///< Of the whole; -1: not known.
    std::string sha256;      ///< Of the whole; empty: not known.

    /// Whatever cannot be read is as good as no note.
    static PartNote load(const std::filesystem::path &target);
    /// Errors: Io.
    Result<void> save(const std::filesystem::path &target) const;
    static void remove(const std::filesystem::path &target);
};

} // namespace yingxun::models
