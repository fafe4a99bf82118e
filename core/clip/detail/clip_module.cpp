// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/clip_module.h"

#include "core/clip/detail/layers.h"

#include <cmath>

namespace yingxun::clip::detail {

namespace {

/// As torch::nn::Module::to(), which nobody can stop.
void move(const torch::nn::Module &tower, const torch::Device &device, torch::ScalarType type,
          const std::stop_token &stop)
{
    for (const auto &tensors : {tower.parameters(), tower.buffers()}) {
        for (const torch::Tensor &tensor : tensors) {
            if (stop.stop_requested())
                return;
            tensor.set_data(tensor.to(device, type));
        }
    }
}

void packLayers(const torch::nn::Module &tower, const std::stop_token &stop)
{
    for (const auto &module : tower.modules(/*include_self=*/false)) {
        if (stop.stop_requested())
            return;
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

void ClipModule::place(const torch::Device &device, torch::ScalarType type, const std::stop_token &stop)
{
    const Placing placing{device, type};
    const torch::ScalarType textType = placing.textType();
    move(*m_visual, device, type, stop);
    move(*m_bert, device, textType, stop);
    m_textProjection.set_data(m_textProjection.to(device, textType));
    m_logitScale.set_data(m_logitScale.to(device));
    if (placing.packsPictures())
        packLayers(*m_visual, stop);
    if (placing.packsTexts() && !stop.stop_requested()) {
        packLayers(*m_bert, stop);
        m_bert->join();
    }
}

torch::Tensor normalised(const torch::Tensor &features)
{
    return features / features.norm(2, -1, /*keepdim=*/true);
}

} // namespace yingxun::clip::detail
