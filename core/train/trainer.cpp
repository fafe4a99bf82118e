// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/base/mapped_file.h"
#include "core/clip/detail/guarded.h"
#include "core/clip/detail/save_model.h"
#include "core/clip/detail/threads.h"
#include "core/clip/device.h"
#include "core/clip/fingerprint.h"
#include "core/clip/model_source.h"
#include "core/clip/tokenizer.h"
#include "core/train/batches.h"
#include "core/train/checkpoint.h"
#include "core/train/optimizer.h"
#include "core/train/training_step.h"

#include <chrono>
#include <iomanip>
#include <locale>
#include <memory>
#include <sstream>

namespace yingxun::train {
namespace {

using Clock = std::chrono::steady_clock;
using clip::detail::ClipModule;

/// The position grid of weights that were made for another picture size.
void resizePositions(ClipModule &from, ClipModule &to)
{
    const torch::NoGradGuard noGrad;
    auto target = to.named_parameters();
    for (const auto &item : from.named_parameters()) {
        torch::Tensor &own = target[item.key()];
        if (own.sizes() == item.value().sizes()) {
            own.copy_(item.value());
            continue;
        }
        const auto side = static_cast<int>(std::lround(std::sqrt(own.size(0) - 1)));
        own.copy_(clip::detail::resizedPositions(item.value(), side));
    }
    auto buffers = to.named_buffers();
    for (const auto &item : from.named_buffers())
        buffers[item.key()].copy_(item.value());
}

struct Start {
    std::shared_ptr<ClipModule> module;
    std::filesystem::path vocabulary;
};

clip::ModelConfig withImageSize(clip::ModelConfig config, int imageSize)
{
    if (imageSize > 0)
        config.vision.imageSize = imageSize;
    return config;
}

/// A model in any form, its position grid resized where another picture size is asked for.
Result<Start> loadedModel(const std::filesystem::path &path, int imageSize)
{
    const auto source = clip::openModel(path);
    if (!source)
        return source.propagate();
    const clip::ModelConfig wanted = withImageSize(source->config, imageSize);
    auto module = std::make_shared<ClipModule>(wanted);
    auto stored = wanted.vision.imageSize == source->config.vision.imageSize
                      ? module
                      : std::make_shared<ClipModule>(source->config);
    if (auto loaded = clip::detail::loadWeights(*stored, source->weights); !loaded)
        return fail(loaded.error().code, source->weights.path().string() + ": " + loaded.error().message);
    if (stored != module)
        resizePositions(*stored, *module);
    return Start{std::move(module), source->vocabulary};
}

Result<Start> startingModel(const TrainOptions &options)
{
    if (options.fromScratch) {
        auto config = clip::readConfig(options.model / "config.json");
        if (!config)
            return config.propagate();
        auto module = std::make_shared<ClipModule>(withImageSize(*config, options.imageSize));
        module->initialise();
        return Start{std::move(module), options.model / "vocab.txt"};
    }
    return loadedModel(options.model, options.imageSize);
}

/// Of a tensor on the CPU.
std::span<const std::byte> bytesOf(const torch::Tensor &tensor)
{
    return {static_cast<const std::byte *>(tensor.data_ptr()), tensor.nbytes()};
}

/// What a run begins with: the weights, drawn or loaded, and the vocabulary that they belong to.
std::string startOf(const ClipModule &module, const std::filesystem::path &vocabulary)
{
    clip::Fingerprint fingerprint;
    for (const torch::Tensor &tensor : module.parameters())
        fingerprint.add(bytesOf(tensor.detach().cpu().contiguous()));
    for (const torch::Tensor &tensor : module.buffers())
        fingerprint.add(bytesOf(tensor.cpu().contiguous()));
    if (const auto file = MappedFile::open(vocabulary))
        fingerprint.add(file->bytes());
    return fingerprint.hex();
}

/// Tells runs apart, so that no checkpoint is continued with another beginning, other data or another
/// schedule: everything that changes a step's outcome, but for the last digits, which are each device's own.
std::string runDescription(const TrainOptions &o, const std::string &start,
                           const std::vector<std::unique_ptr<Dataset>> &data, std::int64_t totalSteps)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << std::setprecision(17) << "start " << start << " batch " << o.batchSize << " rate "
         << o.learningRate << " betas " << o.beta1 << ' ' << o.beta2 << " epsilon " << o.epsilon << " decay "
         << o.weightDecay << " steps " << totalSteps << " size " << o.imageSize << " seed " << o.seed
         << " warmup " << o.warmup << " parts " << o.accumulation << " extra " << o.extraTexts << " masked "
         << o.maskRatio << " teacher " << o.teacher.filename().string() << ' ' << o.distillation
         << (o.precision == Precision::BFloat16 ? " bfloat16" : "") << (o.freezeImageTower ? " frozen" : "");
    if (o.augment)
        text << " crop " << o.smallestCrop << (o.degrade ? " degraded" : "");
    for (std::size_t i = 0; i < data.size(); ++i)
        text << " data " << o.data[i].prefix.filename().string() << ' ' << data[i]->imageCount() << ' '
             << data[i]->texts().size() << '*' << o.data[i].repeat;
    return text.str();
}

/// Dropout's choices depend on the step alone, so that a resumed run makes those of an unbroken one.
void seedStep(std::uint64_t seed, std::int64_t step)
{
    torch::manual_seed(seed * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(step));
}

Result<void> validate(const TrainOptions &o)
{
    if (o.data.empty())
        return fail(ErrorCode::InvalidArgument, "no training data was named");
    if (o.batchSize < 2 || o.accumulation < 1 || o.accumulation > o.batchSize)
        return fail(ErrorCode::InvalidArgument, "the batch needs at least two pairs, and one for each part");
    if (o.epochs < 1 && o.maximumSteps < 1)
        return fail(ErrorCode::InvalidArgument, "neither epochs nor steps were asked for");
    if (o.maskRatio < 0 || o.maskRatio >= 1)
        return fail(ErrorCode::InvalidArgument, "the masked share is at least 0 and below 1");
    if (o.smallestCrop <= 0 || o.smallestCrop > 1)
        return fail(ErrorCode::InvalidArgument, "the smallest crop is a share between 0 and 1");
    return {};
}

class Run
{
public:
    Run(const TrainOptions &options, const PictureTools &tools) : m_options(options), m_tools(tools) {}

    Result<TrainReport> operator()(const std::function<void(const TrainProgress &)> &onProgress,
                                   const std::stop_token &stop)
    {
        if (auto prepared = prepare(); !prepared)
            return prepared.propagate();
        const auto begun = Clock::now();
        const std::int64_t firstStep = m_step;
        TrainReport report;
        while (m_step < m_total && !stop.stop_requested()) {
            const double rate = scheduledRate(m_options.learningRate, m_step, m_options.warmup, m_total);
            setLearningRate(*m_optimizer, rate);
            auto batch = m_source->next();
            if (!batch)
                return batch.propagate();
            *batch = batch->to(m_device);
            if (m_teacher) {
                const c10::InferenceMode inference;
                batch->teacher = clip::detail::normalised(m_teacher->imageFeatures(batch->pixels));
            }
            seedStep(m_options.seed, m_step);
            const StepResult result = step(*m_module, *m_optimizer, *batch, m_stepOptions);
            ++m_step;
            report.lastLoss = result.loss;
            if (onProgress) {
                const std::chrono::duration<double> passed = Clock::now() - begun;
                const double perStep = passed.count() / static_cast<double>(m_step - firstStep);
                onProgress({m_step, m_total, static_cast<double>(m_step) / static_cast<double>(m_perEpoch),
                            result.loss, result.imageAccuracy, m_module->logitScale().exp().item<double>(),
                            rate, m_options.batchSize / perStep,
                            perStep * static_cast<double>(m_total - m_step)});
            }
            if (m_step % m_options.checkpointEvery == 0 || m_step % m_perEpoch == 0) {
                if (auto saved = save(); !saved)
                    return saved.propagate();
            }
        }
        if (auto saved = save(); !saved)
            return saved.propagate();
        report.steps = m_step;
        report.stopped = m_step < m_total;
        report.unreadable = m_source->unreadable();
        return report;
    }

private:
    Result<void> prepare()
    {
        if (auto valid = validate(m_options); !valid)
            return valid;
        const auto device = clip::resolvedDevice(m_options.device);
        if (!device)
            return device.propagate();
        m_device = torch::Device(*device);
        if (m_options.precision == Precision::BFloat16 && !canMix(m_device.type()))
            return fail(ErrorCode::Unsupported, "training in bfloat16 is not possible on " + *device +
                                                    " with this libtorch; train in float32");
        clip::detail::useAllProcessors();
        torch::manual_seed(m_options.seed);
        auto start = startingModel(m_options);
        if (!start)
            return start.propagate();
        m_module = std::move(start->module);
        m_vocabulary = start->vocabulary;
        auto tokenizer = clip::Tokenizer::load(m_vocabulary);
        if (!tokenizer)
            return tokenizer.propagate();
        for (const TrainData &data : m_options.data) {
            auto set = Dataset::open(data.prefix);
            if (!set)
                return set.propagate();
            m_data.push_back(std::make_unique<Dataset>(*std::move(set)));
        }
        std::error_code ignored;
        std::filesystem::create_directories(m_options.output, ignored);
        // A model that is trained in its own folder is no longer there when the run is resumed.
        m_start = std::filesystem::equivalent(m_options.model, m_options.output, ignored)
                      ? "in place"
                      : startOf(*m_module, m_vocabulary);

        if (!m_options.teacher.empty()) {
            auto teacher = loadedModel(m_options.teacher, m_module->config().vision.imageSize);
            if (!teacher)
                return teacher.propagate();
            m_teacher = std::move(teacher->module);
            m_teacher->to(m_device);
            m_teacher->eval();
        }
        m_stepOptions = {m_options.accumulation, m_options.precision, m_options.maskRatio,
                         m_options.distillation};
        if (m_options.maskRatio > 0 && m_module->config().vision.isResNet())
            return fail(ErrorCode::InvalidArgument, "only a ViT can leave out patches, not a ResNet");
        m_module->to(m_device); // Before the optimizer, which keeps its state where the weights are.
        m_module->setRecomputing(m_options.recompute);
        m_module->train();
        if (m_options.freezeImageTower)
            freezeImageTower(*m_module);
        m_optimizer = makeOptimizer(*m_module, {m_options.learningRate, m_options.beta1, m_options.beta2,
                                                m_options.epsilon, m_options.weightDecay});
        return resume(*tokenizer);
    }

    Result<void> resume(const clip::Tokenizer &tokenizer)
    {
        std::vector<WeightedDataset> weighted;
        std::int64_t pictures = 0;
        for (std::size_t i = 0; i < m_data.size(); ++i) {
            weighted.push_back({m_data[i].get(), m_options.data[i].repeat});
            pictures += static_cast<std::int64_t>(m_data[i]->imageCount()) * m_options.data[i].repeat;
        }
        m_perEpoch = std::max<std::int64_t>(1, pictures / m_options.batchSize);
        m_total = m_options.maximumSteps > 0 ? m_options.maximumSteps : m_perEpoch * m_options.epochs;
        m_description = runDescription(m_options, m_start, m_data, m_total);
        auto step = loadCheckpoint(checkpointFile(), *m_module, *m_optimizer, m_description);
        if (step)
            m_step = *step;
        else if (step.error().code != ErrorCode::NotFound)
            return step.propagate();

        BatchOptions options;
        options.batchSize = m_options.batchSize;
        options.side = m_module->config().vision.imageSize;
        options.contextLength = m_module->config().contextLength;
        options.extraTexts = m_options.extraTexts;
        options.augment = m_options.augment;
        options.smallestCrop = m_options.smallestCrop;
        options.degrade = m_options.degrade;
        options.seed = m_options.seed;
        m_source = std::make_unique<BatchSource>(std::move(weighted), tokenizer, m_tools, options, m_step);
        return {};
    }

    std::filesystem::path checkpointFile() const { return m_options.output / "checkpoint.safetensors"; }

    /// The model folder first: whoever finds a checkpoint finds a model of at least that step.
    Result<void> save()
    {
        if (auto saved = clip::detail::saveModel(m_options.output, *m_module, m_options.halfOutput); !saved)
            return saved;
        std::error_code error;
        std::filesystem::copy_file(m_vocabulary, m_options.output / "vocab.txt",
                                   std::filesystem::copy_options::overwrite_existing, error);
        if (error && !std::filesystem::equivalent(m_vocabulary, m_options.output / "vocab.txt", error))
            return fail(ErrorCode::Io, "vocab.txt cannot be copied to " + m_options.output.string());
        return saveCheckpoint(checkpointFile(), *m_module, *m_optimizer, m_step, m_description);
    }

    const TrainOptions &m_options;
    const PictureTools &m_tools;
    torch::Device m_device = torch::kCPU;
    std::shared_ptr<ClipModule> m_module;
    std::shared_ptr<ClipModule> m_teacher; // None: nullptr.
    std::unique_ptr<torch::optim::AdamW> m_optimizer;
    StepOptions m_stepOptions;
    std::vector<std::unique_ptr<Dataset>> m_data;
    std::unique_ptr<BatchSource> m_source; // After m_data, which it borrows.
    std::filesystem::path m_vocabulary;
    std::string m_start;
    std::string m_description;
    std::int64_t m_perEpoch = 1;
    std::int64_t m_total = 0;
    std::int64_t m_step = 0;
};

} // namespace

Result<TrainReport> train(const TrainOptions &options, const PictureTools &tools,
                          const std::function<void(const TrainProgress &)> &onProgress,
                          const std::stop_token &stop)
{
    return clip::detail::guarded("training", [&]() { return Run(options, tools)(onProgress, stop); });
}

} // namespace yingxun::train
