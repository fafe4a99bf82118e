// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/training_step.h"

#include "core/clip/detail/autocast.h"
#include "core/train/loss.h"

#include <optional>
#include <vector>

namespace yingxun::train {
namespace {

struct Features {
    torch::Tensor images; // [N, D] unit rows
    torch::Tensor texts;  // [T, D] unit rows
};

torch::Tensor maskedImageFeatures(clip::detail::ClipModule &module, const torch::Tensor &pixels, double ratio)
{
    const clip::VisionConfig &vision = module.config().vision;
    const std::int64_t side = vision.imageSize / vision.patchSize;
    const torch::Tensor noise = torch::rand({pixels.size(0), side * side}, pixels.device());
    return module.visual().forwardMasked(pixels, clip::detail::keptPatches(noise, ratio));
}

Features features(clip::detail::ClipModule &module, const torch::Tensor &pixels, const torch::Tensor &ids,
                  Precision precision, double maskRatio)
{
    Features out;
    {
        std::optional<clip::detail::AutocastScope> rounding; // The weights themselves stay float32.
        if (precision == Precision::BFloat16)
            rounding.emplace(pixels.device().type(), clip::detail::AutocastState{true, torch::kBFloat16},
                             clip::detail::RoundedWeights::Kept);
        out.images =
            maskRatio > 0 ? maskedImageFeatures(module, pixels, maskRatio) : module.imageFeatures(pixels);
        out.texts = module.textFeatures(ids);
    }
    out.images = clip::detail::normalised(out.images.to(torch::kFloat));
    out.texts = clip::detail::normalised(out.texts.to(torch::kFloat));
    return out;
}

StepResult lossBackward(clip::detail::ClipModule &module, const Features &all, const Batch &batch,
                        double distillation)
{
    torch::Tensor loss =
        contrastiveLoss(all.images, all.texts, module.logitScale().exp(), batch.positives, batch.compared);
    if (batch.teacher.defined())
        loss = loss + distillation * distillationLoss(batch.teacher, all.images);
    loss.backward();
    const torch::NoGradGuard noGrad;
    const torch::Tensor best = all.images.matmul(all.texts.t()).argmax(1, /*keepdim=*/true);
    const torch::Tensor hits = batch.positives.defined()
                                   ? batch.positives.gather(1, best)
                                   : best.squeeze(1).eq(torch::arange(best.size(0), best.options()));
    return {loss.item<double>(), hits.to(torch::kFloat).mean().item<double>()};
}

} // namespace

StepResult backward(clip::detail::ClipModule &module, const Batch &batch, const StepOptions &options)
{
    if (options.parts <= 1) {
        return lossBackward(module,
                            features(module, batch.pixels, batch.ids, options.precision, options.maskRatio),
                            batch, options.distillation);
    }

    // Rows of texts beyond the images belong to the last part.
    const auto images = batch.pixels.chunk(options.parts);
    std::vector<torch::Tensor> texts;
    for (std::size_t i = 0, row = 0; i < images.size(); ++i) {
        const auto first = static_cast<std::int64_t>(row);
        row += static_cast<std::size_t>(images[i].size(0));
        const auto last = i + 1 == images.size() ? batch.ids.size(0) : static_cast<std::int64_t>(row);
        texts.push_back(batch.ids.slice(0, first, last));
    }
    std::vector<torch::Tensor> imageCache;
    std::vector<torch::Tensor> textCache;
    {
        const torch::NoGradGuard noGrad;
        for (std::size_t i = 0; i < images.size(); ++i) {
            const Features part = features(module, images[i], texts[i], options.precision, 0);
            imageCache.push_back(part.images);
            textCache.push_back(part.texts);
        }
    }
    StepResult result;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const Features part = features(module, images[i], texts[i], options.precision, options.maskRatio);
        std::vector<torch::Tensor> imageParts = imageCache;
        std::vector<torch::Tensor> textParts = textCache;
        imageParts[i] = part.images;
        textParts[i] = part.texts;
        result = lossBackward(module, {torch::cat(imageParts), torch::cat(textParts)}, batch,
                              options.distillation);
    }
    return result;
}

StepResult step(clip::detail::ClipModule &module, torch::optim::Optimizer &optimizer, const Batch &batch,
                const StepOptions &options)
{
    optimizer.zero_grad();
    const StepResult result = backward(module, batch, options);
    optimizer.step();
    const torch::NoGradGuard noGrad;
    module.logitScale().clamp_(0, kLargestLogitScale);
    return result;
}

bool canMix(torch::DeviceType device)
{
    return clip::detail::hasAutocast(device);
}

void freezeImageTower(clip::detail::ClipModule &module)
{
    for (const auto &parameter : module.visual().parameters())
        parameter.requires_grad_(false);
    module.visual().eval();
}

} // namespace yingxun::train
