// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::vectors {

/// The embeddings of one model, as they lie in a library.
struct EmbeddingListing {
    std::string identity; ///< The model's.
    std::string name;     ///< The model's, for display; empty: not known.
    std::int64_t count = 0;
    int dimension = 0;
};

/// What there is in a library's folder of embeddings, in the order of names; files of another kind are left
/// out. Without the folder: nothing.
std::vector<EmbeddingListing> listEmbeddings(const std::filesystem::path &folder);

/// The contents of all rows of one model, damaged ones included. Reads nothing else and takes no lock: what
/// is stored meanwhile may be missing. Errors: NotFound, Io, CorruptData, Cancelled.
Result<std::vector<ContentHash>> embeddedContents(const std::filesystem::path &folder,
                                                  const std::string &identity,
                                                  const std::stop_token &stop = {});

/// Says what a model is called. Errors: Io.
Result<void> nameEmbeddings(const std::filesystem::path &folder, const std::string &identity,
                            const std::string &name);

/// Deletes the embeddings of one model. Errors: NotFound, ReadOnly (a program has them open for writing, or
/// they are write-protected), Io.
Result<void> deleteEmbeddings(const std::filesystem::path &folder, const std::string &identity);

} // namespace yingxun::vectors
