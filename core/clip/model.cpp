// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/model.h"

#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/guarded.h"
#include "core/clip/detail/threads.h"
#include "core/clip/model_source.h"
#include "core/clip/pixels.h"
#include "core/clip/tokenizer.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace yingxun::clip {

struct Model::Impl {
    Impl(const ModelConfig &config, Tokenizer words)
        : module(std::make_shared<detail::ClipModule>(config)), tokenizer(std::move(words))
    {
    }

    std::shared_ptr<detail::ClipModule> module;
    Tokenizer tokenizer;
    ModelInfo info;
    std::mutex imageMutex; // One for each tower: a typed query does not wait for an indexing batch.
    std::mutex textMutex;
};

namespace {

Embeddings toEmbeddings(const torch::Tensor &features)
{
    const torch::Tensor rows = detail::normalised(features.to(torch::kFloat)).contiguous().to(torch::kCPU);
    Embeddings out;
    out.count = static_cast<int>(rows.size(0));
    out.dimension = static_cast<int>(rows.size(1));
    out.values.assign(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
    return out;
}

} // namespace

Result<Model> Model::load(const std::filesystem::path &path, const LoadOptions &options)
{
    return detail::guarded("loading a model", [&]() -> Result<Model> {
        detail::useAllProcessors();
        auto source = openModel(path);
        if (!source)
            return source.propagate();
        auto tokenizer = Tokenizer::load(source->vocabulary);
        if (!tokenizer)
            return tokenizer.propagate();
        const ModelConfig &config = source->config;
        if (tokenizer->vocabularySize() > config.text.vocabularySize) {
            return fail(ErrorCode::CorruptData,
                        source->vocabulary.string() + " has " + std::to_string(tokenizer->vocabularySize()) +
                            " entries, the model knows only " + std::to_string(config.text.vocabularySize));
        }
        auto identity = identityOf(*source);
        if (!identity)
            return identity.propagate();

        auto impl = std::make_unique<Impl>(config, *std::move(tokenizer));
        if (auto loaded = detail::loadWeights(*impl->module, source->weights); !loaded)
            return fail(loaded.error().code, source->weights.path().string() + ": " + loaded.error().message);
        if (options.roundAsReference)
            detail::roundAsReference(*impl->module);
        impl->module->eval();
        impl->info = {source->name,
                      *identity,
                      config.vision.imageSize,
                      config.dimension,
                      config.contextLength,
                      std::exp(impl->module->logitScale().item<float>()),
                      "cpu"};
        return Model(std::move(impl));
    });
}

Model::Model(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Model::Model(Model &&) noexcept = default;
Model &Model::operator=(Model &&) noexcept = default;
Model::~Model() = default;

const ModelInfo &Model::info() const noexcept
{
    return m_impl->info;
}

Result<Embeddings> Model::encodeImages(std::span<const std::uint8_t> rgb, int count) const
{
    const int side = m_impl->info.imageSize;
    const auto values = std::size_t{3} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    if (count < 1 || rgb.size() != values * static_cast<std::size_t>(count)) {
        return fail(ErrorCode::InvalidArgument, "the image tower needs pictures of " + std::to_string(side) +
                                                    " x " + std::to_string(side) + " pixels");
    }
    return detail::guarded("embedding pictures", [&]() -> Result<Embeddings> {
        const c10::InferenceMode inference;
        torch::Tensor pixels = torch::empty({count, 3, side, side});
        const std::span<float> all(pixels.data_ptr<float>(), values * static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
            normalisePixels(rgb.subspan(i * values, values), side, all.subspan(i * values, values));
        const std::scoped_lock lock(m_impl->imageMutex);
        return toEmbeddings(m_impl->module->imageFeatures(pixels));
    });
}

bool Model::knows(std::string_view text) const
{
    return m_impl->tokenizer.knows(cleanedText(text));
}

Result<Embeddings> Model::encodeTexts(std::span<const std::string> texts) const
{
    if (texts.empty())
        return fail(ErrorCode::InvalidArgument, "there is no text to embed");
    return detail::guarded("embedding texts", [&]() -> Result<Embeddings> {
        const c10::InferenceMode inference;
        const auto count = static_cast<std::int64_t>(texts.size());
        torch::Tensor ids = torch::zeros({count, m_impl->info.contextLength}, torch::kLong);
        std::int64_t longest = 2;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto row = m_impl->tokenizer.encode(cleanedText(texts[static_cast<std::size_t>(i)]),
                                                      m_impl->info.contextLength);
            std::copy(row.begin(), row.end(), ids[i].data_ptr<std::int64_t>());
            const auto used = std::find(row.begin(), row.end(), 0) - row.begin(); // Id 0 only pads.
            longest = std::max<std::int64_t>(longest, used);
        }
        const std::scoped_lock lock(m_impl->textMutex);
        // Padding is masked: without the columns that only pad, the features are the same up to rounding.
        return toEmbeddings(m_impl->module->textFeatures(ids.slice(1, 0, longest).contiguous()));
    });
}

} // namespace yingxun::clip
