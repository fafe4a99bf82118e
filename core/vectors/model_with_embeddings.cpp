// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/model_with_embeddings.h"

#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

namespace yingxun::vectors {

std::filesystem::path embeddingsFolder(const std::filesystem::path &dataDirectory)
{
    return dataDirectory / "embeddings";
}

Result<ModelWithEmbeddings> withEmbeddings(std::shared_ptr<Encoder> encoder,
                                           const std::filesystem::path &dataDirectory)
{
    const auto folder = embeddingsFolder(dataDirectory);
    auto store = EmbeddingStore::open(folder, encoder->identity(), encoder->dimension(),
                                      [&encoder] { return encoder->formerIdentity(); });
    if (!store)
        return store.propagate();
    // For lists only: without the name, its identity stands for the model.
    static_cast<void>(nameEmbeddings(folder, store->identity(), encoder->name()));
    return ModelWithEmbeddings{std::move(encoder), std::make_shared<EmbeddingStore>(*std::move(store))};
}

} // namespace yingxun::vectors
