// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>

namespace yingxun::vectors {

class EmbeddingStore;
class Encoder;

/// A model, and the embeddings of one library that were made with it.
struct ModelWithEmbeddings {
    std::shared_ptr<Encoder> encoder;
    std::shared_ptr<EmbeddingStore> store;
};

/// Where a library keeps the embeddings of all its models.
std::filesystem::path embeddingsFolder(const std::filesystem::path &dataDirectory);

/// Opens or creates the model's embeddings in a library, those of its former identity included. Threads: any.
/// Errors: as of EmbeddingStore::open.
Result<ModelWithEmbeddings> withEmbeddings(std::shared_ptr<Encoder> encoder,
                                           const std::filesystem::path &dataDirectory);

} // namespace yingxun::vectors
