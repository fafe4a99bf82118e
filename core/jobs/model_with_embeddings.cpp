// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/model_with_embeddings.h"

#include "core/jobs/encoder.h"
#include "core/search/embedding_list.h"
#include "core/search/embedding_store.h"

namespace yingxun::jobs {

std::filesystem::path embeddingsFolder(const std::filesystem::path &dataDirectory)
{
    return dataDirectory / "embeddings";
}

Result<ModelWithEmbeddings> withEmbeddings(std::shared_ptr<Encoder> encoder,
                                           const std::filesystem::path &dataDirectory)
{
    const auto folder = embeddingsFolder(dataDirectory);
    auto store = search::EmbeddingStore::open(folder, encoder->identity(), encoder->dimension());
    if (!store)
        return store.propagate();
    // For lists only: without the name, its identity stands for the model.
    static_cast<void>(search::nameEmbeddings(folder, encoder->identity(), encoder->name()));
    return ModelWithEmbeddings{std::move(encoder),
                               std::make_shared<search::EmbeddingStore>(*std::move(store))};
}

} // namespace yingxun::jobs
