// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/clip_module.h"

#include "core/clip/detail/layers.h"

#include <cmath>

namespace yingxun::clip::detail {

namespace {

void packLayers(const torch::nn::Module &tower)
{
    for (const auto &module : tower.modules(/*include_self=*/false)) {
        if (auto *holder = dynamic_cast<HasLinear *>(module.get()); holder && !holder->linear().isPacked())
            holder->linear().pack(holder->linear().weight);
    }
}

} // namespace

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

void ClipModule::place(const torch::Device &device, torch::ScalarType type)
{
    const Placing placing{device, type};
    const torch::ScalarType textType = placing.textType();
    m_visual->to(device, type);
    m_bert->to(device, textType);
    m_textProjection.set_data(m_textProjection.to(device, textType));
    m_logitScale.set_data(m_logitScale.to(device));
    if (placing.packsPictures())
        packLayers(*m_visual);
    if (placing.packsTexts()) {
        packLayers(*m_bert);
        m_bert->join();
    }
}

torch::Tensor normalised(const torch::Tensor &features)
{
    return features / features.norm(2, -1, /*keepdim=*/true);
}

} // namespace yingxun::clip::detail
