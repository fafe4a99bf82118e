// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimizer.h"

#include <cmath>
#include <numbers>

namespace yingxun::train {

bool decays(std::string_view parameterName)
{
    for (const std::string_view exempt : {"bn", "ln", "bias", "logit_scale"}) {
        if (parameterName.find(exempt) != std::string_view::npos)
            return false;
    }
    return true;
}

std::unique_ptr<torch::optim::AdamW> makeOptimizer(clip::detail::ClipModule &module,
                                                   const OptimizerOptions &options)
{
    std::vector<torch::Tensor> exempt;
    std::vector<torch::Tensor> decaying;
    for (const auto &item : module.named_parameters()) {
        if (item.value().requires_grad())
            (decays(item.key()) ? decaying : exempt).push_back(item.value());
    }
    const auto group = [&](std::vector<torch::Tensor> parameters, double decay) {
        auto groupOptions = std::make_unique<torch::optim::AdamWOptions>(options.learningRate);
        groupOptions->betas({options.beta1, options.beta2}).eps(options.epsilon).weight_decay(decay);
        return torch::optim::OptimizerParamGroup(std::move(parameters), std::move(groupOptions));
    };
    std::vector<torch::optim::OptimizerParamGroup> groups;
    groups.push_back(group(std::move(exempt), 0));
    groups.push_back(group(std::move(decaying), options.weightDecay));
    return std::make_unique<torch::optim::AdamW>(std::move(groups),
                                                 torch::optim::AdamWOptions(options.learningRate));
}

void setLearningRate(torch::optim::AdamW &optimizer, double rate)
{
    for (auto &group : optimizer.param_groups())
        static_cast<torch::optim::AdamWOptions &>(group.options()).lr(rate);
}

double scheduledRate(double base, std::int64_t step, std::int64_t warmup, std::int64_t total)
{
    if (step < warmup)
        return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
    const double progress = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
    return base * (1 + std::cos(std::numbers::pi * progress)) / 2;
}

} // namespace yingxun::train
