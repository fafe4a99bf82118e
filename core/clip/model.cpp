// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/model.h"

#include "core/base/private_files.h"
#include "core/clip/compact_copy.h"
#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/device_cache.h"
#include "core/clip/detail/exact_products.h"
#include "core/clip/detail/guarded.h"
#include "core/clip/detail/query_gate.h"
#include "core/clip/detail/row_batches.h"
#include "core/clip/detail/save_model.h"
#include "core/clip/detail/stopping.h"
#include "core/clip/detail/threads.h"
#include "core/clip/identity.h"
#include "core/clip/memory_plan.h"
#include "core/clip/model_source.h"
#include "core/clip/pixels.h"
#include "core/clip/tokenizer.h"

#include <torch/torch.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>

namespace yingxun::clip {

namespace {

enum class Tower { Image, Text };

torch::ScalarType scalarType(Precision precision)
{
    return precision == Precision::BFloat16  ? torch::kBFloat16
           : precision == Precision::Float16 ? torch::kHalf
                                             : torch::kFloat;
}

Embeddings toEmbeddings(const torch::Tensor &features)
{
    const torch::Tensor rows = detail::normalised(features.to(torch::kFloat)).contiguous().to(torch::kCPU);
    Embeddings out;
    out.count = static_cast<int>(rows.size(0));
    out.dimension = static_cast<int>(rows.size(1));
    out.values.assign(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
    return out;
}

/// A model without its copy, on a full disk say, works all the same.
void makeCopy(const CompactCopy &copy, detail::ClipModule &module, const std::string &hash,
              const std::stop_token &stop)
{
    static_cast<void>(makePrivateDirectory(copy.path().parent_path())); // What fails shows below.
    const auto made = detail::saveWeights(
        copy.path(), module, detail::StoredAs::Reference,
        {{CompactCopy::kWeights, hash}, {CompactCopy::kSource, copy.sourceState()}}, Readers::Owner, stop);
    std::error_code ignored;
    if (!made)
        std::filesystem::remove(copy.path(), ignored);
    copy.removeOthersOutdated();
}

} // namespace

struct Model::Impl {
    Impl(const ModelConfig &config, Tokenizer words) : tokenizer(std::move(words)) { makeModule(config); }

    void makeModule(const ModelConfig &config)
    {
        module = std::make_shared<detail::ClipModule>(config);
        module->visual().setPause([this] {
            if (stopOfPictures.stop_requested())
                throw detail::Stopped();
            gate.waitForQueries();
        });
    }

    /// Both mutexes are held, or nobody else has the model yet.
    void place(const std::string &device, torch::ScalarType type, const std::stop_token &stop = {})
    {
        module->place(torch::Device(device), type, stop);
        isAway = false;
    }
    void placeOnCpu()
    {
        place("cpu", torch::kFloat);
        pictureLimit.lift(); // It was the device's.
        textLimit.lift();
        const std::scoped_lock lock(infoMutex);
        info.device = "cpu";
        info.precision = Precision::Float32;
    }
    ModelInfo currentInfo() const
    {
        const std::scoped_lock lock(infoMutex);
        return info;
    }

    /// Runs a tower on the device, in smaller batches where its memory does not suffice, and on the CPU where
    /// it does not suffice for one row.
    ///
    /// @param encode  (first, count, device, type) -> features of these rows
    template<typename Encode>
    Result<Embeddings> run(Tower tower, std::int64_t rows, const Encode &encode)
    {
        detail::RowLimit &limit = tower == Tower::Text ? textLimit : pictureLimit;
        return detail::inBatches(
            rows, limit, [&](std::int64_t first, std::int64_t count) -> Result<Embeddings> {
                const auto part = [&](const torch::Device &device, torch::ScalarType type) {
                    return encode(static_cast<std::size_t>(first), static_cast<std::size_t>(count), device,
                                  type);
                };
                auto result = attempt(tower, part);
                if (result || result.error().code != ErrorCode::OutOfMemory || count > 1 ||
                    currentInfo().device == "cpu")
                    return result;
                // No query is under way here, for which a picture in the other tower would wait.
                const auto moved = detail::guarded(what(tower), [this]() -> Result<void> {
                    const std::scoped_lock lock(imageMutex, textMutex);
                    placeOnCpu();
                    return {};
                });
                return moved ? attempt(tower, part) : moved.propagate();
            });
    }

    template<typename Encode>
    Result<Embeddings> attempt(Tower tower, const Encode &encode)
    {
        return detail::guarded(what(tower), [&]() -> Result<Embeddings> {
            const c10::InferenceMode inference;
            for (;;) {
                bringBack();
                std::optional<detail::QueryGate::Query> goesAhead;
                if (tower == Tower::Text)
                    goesAhead.emplace(gate);
                const std::scoped_lock lock(tower == Tower::Text ? textMutex : imageMutex);
                if (isAway)
                    continue; // The memory was freed just now.
                const ModelInfo now = currentInfo();
                return toEmbeddings(encode(torch::Device(now.device), scalarType(now.precision)));
            }
        });
    }

    torch::Tensor pictureFeatures(std::span<const std::uint8_t> rgb, const torch::Device &device,
                                  torch::ScalarType type, const std::stop_token &stop)
    {
        stopOfPictures = stop;
        const int side = info.imageSize;
        const auto values = std::size_t{3} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
        torch::Tensor pixels = torch::empty({static_cast<std::int64_t>(rgb.size() / values), 3, side, side});
        const std::span<float> all(pixels.data_ptr<float>(), rgb.size());
        for (std::size_t at = 0; at < rgb.size(); at += values)
            normalisePixels(rgb.subspan(at, values), side, all.subspan(at, values));
        return module->imageFeatures(pixels.to(device, type));
    }

    torch::Tensor textFeatures(std::span<const std::string> texts, const torch::Device &device)
    {
        const int length = info.contextLength;
        torch::Tensor ids = torch::zeros({static_cast<std::int64_t>(texts.size()), length}, torch::kLong);
        std::int64_t longest = 2;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto row = tokenizer.encode(cleanedText(texts[i]), length);
            std::copy(row.begin(), row.end(), ids[static_cast<std::int64_t>(i)].data_ptr<std::int64_t>());
            // Id 0 only pads.
            const auto used = std::find(row.begin(), row.end(), 0) - row.begin();
            longest = std::max<std::int64_t>(longest, used);
        }
        // Padding is masked: without the columns that only pad, the features are the same up to rounding.
        return module->textFeatures(ids.slice(1, 0, longest).contiguous().to(device));
    }

    static const char *what(Tower tower)
    {
        return tower == Tower::Text ? "embedding texts" : "embedding pictures";
    }

    /// After freeDeviceMemory().
    void bringBack()
    {
        if (!isAway)
            return;
        const std::scoped_lock lock(imageMutex, textMutex);
        const ModelInfo now = currentInfo();
        if (isAway)
            place(now.device, scalarType(now.precision));
    }

    std::shared_ptr<detail::ClipModule> module;
    Tokenizer tokenizer;
    mutable std::mutex infoMutex;
    ModelInfo info;
    std::mutex imageMutex; // One for each tower: a typed query does not wait for an indexing batch.
    std::mutex textMutex;
    std::stop_token stopOfPictures; // Of the batch in the image tower.
    detail::RowLimit pictureLimit;
    detail::RowLimit textLimit;
    detail::QueryGate gate;
    std::filesystem::path path; // What it was loaded from; absolute.
    bool isExact = false;       // See exactIdentity().
    std::atomic<bool> isAway = false;
};

Result<Model> Model::load(const std::filesystem::path &path, const LoadOptions &options)
{
    return detail::guarded("loading a model", [&]() -> Result<Model> {
        detail::useAllProcessors();
        detail::computeFloat32Exactly();
        const auto device = resolvedDevice(options.device);
        if (!device)
            return device.propagate();
        const auto precision = resolvedPrecision(options.precision, *device);
        if (!precision)
            return precision.propagate();
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
        const CompactCopy copy(options.compactCopies, *source);
        const bool isCopied = !options.compactCopies.empty() && copy.isWorthwhile();
        auto opened = isCopied ? copy.open() : std::nullopt;
        const auto placement = placedWithin(config, {*device, *precision, options.memoryBudget},
                                            (opened ? opened->weights : source->weights).numbersBeyondHalf());
        if (!placement)
            return placement.propagate();
        if (isCopied && !opened) {
            // From now on the copy is read: damage would stay unseen for good.
            if (auto intact = source->weights.verify(options.stop); !intact)
                return intact.propagate();
        }
        const auto hash =
            opened ? Result<std::string>(opened->weightsHash) : weightsHash(*source, options.stop);
        if (!hash)
            return hash.propagate();
        auto identity = identityOf(*source, *hash);
        if (!identity)
            return identity.propagate();

        auto impl = std::make_unique<Impl>(config, *std::move(tokenizer));
        const auto type = scalarType(placement->precision);
        const auto load = [&] {
            const bool isCopyToBeMade = isCopied && !opened; // Of numbers as they are in the file.
            return detail::loadWeights(
                *impl->module, opened ? opened->weights : source->weights,
                isCopyToBeMade ? std::nullopt
                               : std::optional(detail::Placing{torch::Device(placement->device), type}),
                options.stop);
        };
        Result<void> loaded = load();
        if (!loaded && loaded.error().code != ErrorCode::Cancelled &&
            opened) { // A copy that does not fit is none.
            opened.reset();
            impl->makeModule(config);
            loaded = load();
        }
        if (!loaded)
            return fail(loaded.error().code, source->weights.path().string() + ": " + loaded.error().message);
        if (!opened && (options.roundAsReference || isCopied))
            detail::roundAsReference(*impl->module, options.stop);
        else if (!opened && copy.isWorthwhile() && detail::roundingChanges(*impl->module, options.stop))
            impl->isExact = true;
        if (isCopied && !opened)
            makeCopy(copy, *impl->module, *hash, options.stop);
        impl->path = std::filesystem::absolute(path);
        impl->module->eval();
        impl->info = {source->name,
                      impl->isExact ? exactIdentity(*identity) : *identity,
                      config.vision.imageSize,
                      config.dimension,
                      config.contextLength,
                      std::exp(impl->module->logitScale().item<float>()),
                      placement->device,
                      placement->precision};
        if (placement->budget > 0) {
            const RowsAtOnce rows =
                MemoryPlan(config, placement->precision, placement->device).rowsWithin(placement->budget);
            impl->pictureLimit.set(rows.pictures);
            impl->textLimit.set(rows.texts);
        }
        impl->place(placement->device, type, options.stop);
        if (options.stop.stop_requested())
            return detail::stopped();
        return Model(std::move(impl));
    });
}

Model::Model(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Model::Model(Model &&) noexcept = default;
Model &Model::operator=(Model &&) noexcept = default;
Model::~Model() = default;

ModelInfo Model::info() const
{
    return m_impl->currentInfo();
}

Result<std::string> Model::formerIdentity(const std::stop_token &stop) const
{
    const auto source = openModel(m_impl->path);
    if (!source)
        return source.propagate();
    const auto exactly = [this](const std::string &identity) {
        return m_impl->isExact ? exactIdentity(identity) : identity;
    };
    const auto former = formerIdentityOf(*source, stop);
    if (!former)
        return former;
    // Read last: files that were replaced meanwhile are seen.
    const auto now = identityOf(*source, stop);
    if (!now)
        return now;
    return exactly(*now) == info().identity ? exactly(*former) : std::string();
}

Result<Embeddings> Model::encodeImages(std::span<const std::uint8_t> rgb, int count,
                                       const std::stop_token &stop) const
{
    const int side = m_impl->info.imageSize;
    const auto values = std::size_t{3} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    if (count < 1 || rgb.size() != values * static_cast<std::size_t>(count)) {
        return fail(ErrorCode::InvalidArgument, "the image tower needs pictures of " + std::to_string(side) +
                                                    " x " + std::to_string(side) + " pixels");
    }
    return m_impl->run(
        Tower::Image, count,
        [&](std::size_t first, std::size_t part, const torch::Device &device, torch::ScalarType type) {
            return m_impl->pictureFeatures(rgb.subspan(first * values, part * values), device, type, stop);
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
    return m_impl->run(
        Tower::Text, static_cast<std::int64_t>(texts.size()),
        [&](std::size_t first, std::size_t part, const torch::Device &device, torch::ScalarType /*type*/) {
            return m_impl->textFeatures(texts.subspan(first, part), device);
        });
}

void Model::freeDeviceMemory() const
{
    const std::scoped_lock lock(m_impl->imageMutex, m_impl->textMutex);
    if (m_impl->isAway || m_impl->currentInfo().device == "cpu")
        return;
    m_impl->module->to(torch::kCPU);
    m_impl->isAway = true;
    detail::emptyDeviceCache();
}

} // namespace yingxun::clip
