// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/vectors/embedding_file.h"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace yingxun::vectors {

/// Which contents lie where in a file.
struct RowIndex {
    void takeIn(const RowLayout &layout, const EmbeddingFile &file); ///< The rows that came since.

    std::int64_t indexed = 0; ///< Rows that were looked at, whether found or skipped.
    /// Replaced, never changed: scans read it.
    std::shared_ptr<const std::vector<std::int64_t>> skipped =
        std::make_shared<const std::vector<std::int64_t>>();
    std::unordered_map<ContentHash, std::int64_t> rowOf;
};

} // namespace yingxun::vectors
