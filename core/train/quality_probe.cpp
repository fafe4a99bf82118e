// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/quality_probe.h"

#include "core/clip/detail/guarded.h"
#include "core/clip/model.h"
#include "core/train/evaluation.h"

#include <torch/torch.h>

namespace yingxun::train {
namespace {

constexpr int kPoorSide = 64;
constexpr int kPoorQuality = 20;
constexpr int kFitSteps = 300;
constexpr double kFitRate = 0.05;
constexpr double kWeightDecay = 1e-3;

torch::Tensor matrixOf(const Embeddings &embeddings)
{
    return torch::tensor(embeddings.values).reshape({embeddings.count, embeddings.dimension});
}

torch::Tensor everySecond(const torch::Tensor &rows, std::int64_t first)
{
    return rows.slice(0, first, rows.size(0), 2);
}

/// [2 n, D] and [2 n]: clean rows are 0, poor ones 1.
std::pair<torch::Tensor, torch::Tensor> sideOf(const torch::Tensor &clean, const torch::Tensor &poor,
                                               std::int64_t first)
{
    const torch::Tensor c = everySecond(clean, first);
    const torch::Tensor p = everySecond(poor, first);
    return {torch::cat({c, p}), torch::cat({torch::zeros(c.size(0)), torch::ones(p.size(0))})};
}

} // namespace

QualityProbe probeQuality(const Embeddings &cleanRows, const Embeddings &poorRows)
{
    const torch::Tensor clean = matrixOf(cleanRows);
    const torch::Tensor poor = matrixOf(poorRows);
    auto [fitted, fittedTarget] = sideOf(clean, poor, 0);
    auto [judged, judgedTarget] = sideOf(clean, poor, 1);
    const torch::Tensor mean = fitted.mean(0);
    const torch::Tensor deviation = fitted.std(0).clamp_min(1e-6);

    torch::Tensor weights = torch::zeros({clean.size(1)}, torch::requires_grad());
    torch::Tensor bias = torch::zeros({1}, torch::requires_grad());
    const auto logits = [&](const torch::Tensor &rows) {
        return ((rows - mean) / deviation).mv(weights) + bias;
    };
    torch::optim::Adam optimizer({weights, bias},
                                 torch::optim::AdamOptions(kFitRate).weight_decay(kWeightDecay));
    for (int i = 0; i < kFitSteps; ++i) {
        optimizer.zero_grad();
        torch::binary_cross_entropy_with_logits(logits(fitted), fittedTarget).backward();
        optimizer.step();
    }

    const torch::NoGradGuard noGrad;
    QualityProbe out;
    out.accuracy = logits(judged).gt(0).eq(judgedTarget.gt(0)).to(torch::kFloat).mean().item<double>();
    out.ownCosine = (clean * poor).sum(1).mean().item<double>();
    out.otherCosine = (clean * poor.roll(1, 0)).sum(1).mean().item<double>();
    out.pictures = cleanRows.count;
    return out;
}

Result<QualityProbe> probeQuality(const clip::Model &model, const Dataset &data, const PictureTools &tools)
{
    PictureTools poorTools = tools;
    poorTools.decode = [&tools](std::span<const std::byte> file) -> Result<Picture> {
        auto picture = tools.decode(file);
        return picture ? tools.compress(tools.squash(*picture, kPoorSide), kPoorQuality)
                       : Result<Picture>(picture.propagate());
    };
    if (data.imageCount() < 4)
        return fail(ErrorCode::InvalidArgument, "the probe needs at least four pictures");
    const auto clean = embedImages(model, data, tools);
    if (!clean)
        return clean.propagate();
    const auto poor = embedImages(model, data, poorTools);
    if (!poor)
        return poor.propagate();
    return clip::detail::guarded("the probe",
                                 [&]() -> Result<QualityProbe> { return probeQuality(*clean, *poor); });
}

} // namespace yingxun::train
