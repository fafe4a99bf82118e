// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/model_store.h"

namespace yingxun::models {

/// Copies `from` (see ModelStore::add) into an empty folder: the one file of weights that is best, what
/// belongs to it, and model.json if there is one. Hashes while it copies. Errors: as of ModelStore::add.
Result<std::vector<StoredFile>> copyModel(const std::filesystem::path &from, const std::filesystem::path &to,
                                          const Progress &progress);

/// The SHA-256 of a file, and its size. Errors: NotFound, Io, Cancelled.
Result<StoredFile> hashFile(const std::filesystem::path &path,
                            const std::function<bool(std::int64_t)> &onBytes);

} // namespace yingxun::models
