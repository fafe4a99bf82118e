// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <filesystem>

namespace yingxun::app::cli {

/// Writes [count, dimension] float32 as a .npy file of version 1.0, which appears whole or not at all.
/// Source: NumPy's format description (numpy.lib.format). Errors: Io.
Result<void> writeNpy(const std::filesystem::path &path, const Embeddings &rows);

} // namespace yingxun::app::cli
