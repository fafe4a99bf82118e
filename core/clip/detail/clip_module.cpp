// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/clip_module.h"

#include "core/clip/detail/layers.h"

#include <cmath>

namespace yingxun::clip::detail {

ClipModule::ClipModule(const ModelConfig &config) : m_config(config)
{
    m_textProjection =
        register_parameter("text_projection", torch::empty({config.text.hidden, config.dimension}));
    m_logitScale = register_parameter("logit_scale", torch::empty({}));
    m_visual = register_module("visual", makeVisionTower(config.vision, config.dimension));
    m_bert = register_module("bert", std::make_shared<TextTower>(config.text));
}

void ClipModule::initialise()
{
    const torch::NoGradGuard noGrad;
    m_visual->initialise();
    m_bert->initialise();
    torch::nn::init::normal_(m_textProjection, 0, std::pow(m_config.text.hidden, -0.5));
    m_logitScale.fill_(std::log(1 / 0.07));
}

void ClipModule::pack()
{
    if (!PackedWeights::isSupported())
        return;
    for (const auto &module : modules(/*include_self=*/false)) {
        if (auto *holder = dynamic_cast<HasLinear *>(module.get()); holder && !holder->linear().isPacked())
            holder->linear().pack(holder->linear().weight);
    }
}

torch::Tensor normalised(const torch::Tensor &features)
{
    return features / features.norm(2, -1, /*keepdim=*/true);
}

} // namespace yingxun::clip::detail
