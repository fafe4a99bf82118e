// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"

namespace yingxun::train {
namespace {

constexpr double kNotCompared = -1e4; // Of a logit: its exponential is 0, and 0 times it stays 0.

/// Cross-entropy of each row with a target spread uniformly over its positives; rows without are left out.
torch::Tensor crossEntropy(const torch::Tensor &logits, const torch::Tensor &positives)
{
    const torch::Tensor count = positives.sum(1);
    const torch::Tensor perRow = -(torch::log_softmax(logits, 1) * positives).sum(1) / count.clamp_min(1);
    return perRow.sum() / count.gt(0).sum();
}

} // namespace

torch::Tensor contrastiveLoss(const torch::Tensor &images, const torch::Tensor &texts,
                              const torch::Tensor &scale, const torch::Tensor &positives,
                              const torch::Tensor &compared)
{
    torch::Tensor logits = scale * images.matmul(texts.t());
    if (compared.defined())
        logits = logits.masked_fill(compared.logical_not(), kNotCompared);
    if (!positives.defined()) {
        const torch::Tensor target = torch::arange(images.size(0), logits.options().dtype(torch::kLong));
        return (torch::cross_entropy_loss(logits, target) + torch::cross_entropy_loss(logits.t(), target)) /
               2;
    }
    const torch::Tensor weights = positives.to(logits.dtype());
    return (crossEntropy(logits, weights) + crossEntropy(logits.t(), weights.t())) / 2;
}

torch::Tensor distillationLoss(const torch::Tensor &teacher, const torch::Tensor &student)
{
    torch::Tensor stretched = student;
    if (teacher.size(1) != student.size(1)) {
        const auto options = torch::nn::functional::InterpolateFuncOptions()
                                 .size(std::vector<std::int64_t>{teacher.size(0), teacher.size(1)})
                                 .mode(torch::kBilinear)
                                 .align_corners(false);
        stretched = torch::nn::functional::interpolate(student.unsqueeze(0).unsqueeze(0), options)
                        .squeeze(0)
                        .squeeze(0);
    }
    return 1 - torch::cosine_similarity(teacher, stretched, 1).mean();
}

} // namespace yingxun::train
