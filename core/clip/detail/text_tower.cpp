// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/text_tower.h"

#include "core/clip/detail/attention.h"
#include "core/clip/detail/layers.h"
#include "core/clip/detail/recompute.h"

#include <array>

namespace yingxun::clip::detail {
namespace {

constexpr double kLayerNormEps = 1e-12;
constexpr double kMasked = -10000.0; // The reference's additive mask; not -inf.

torch::nn::LayerNorm layerNorm(int width)
{
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(kLayerNormEps));
}

/// A module that only gives its children their place in the reference's naming.
std::shared_ptr<torch::nn::Module> group(torch::nn::Module &parent, const char *name)
{
    return parent.register_module(name, std::make_shared<torch::nn::Module>(name));
}

} // namespace

class BertLayer : public torch::nn::Module
{
public:
    explicit BertLayer(const TextConfig &config)
        : m_heads(config.heads), m_hiddenDropout(config.hiddenDropout),
          m_attentionDropout(config.attentionDropout)
    {
        const int hidden = config.hidden;
        const auto attentionGroup = group(*this, "attention");
        const auto self = group(*attentionGroup, "self");
        m_query = self->register_module("query", std::make_shared<Linear>(hidden, hidden));
        m_key = self->register_module("key", std::make_shared<Linear>(hidden, hidden));
        m_value = self->register_module("value", std::make_shared<Linear>(hidden, hidden));
        const auto attentionOutput = group(*attentionGroup, "output");
        m_attentionDense =
            attentionOutput->register_module("dense", std::make_shared<Linear>(hidden, hidden));
        m_attentionNorm = attentionOutput->register_module("LayerNorm", layerNorm(hidden));
        m_intermediate =
            group(*this, "intermediate")
                ->register_module("dense", std::make_shared<Linear>(hidden, config.intermediate));
        const auto output = group(*this, "output");
        m_outputDense =
            output->register_module("dense", std::make_shared<Linear>(config.intermediate, hidden));
        m_outputNorm = output->register_module("LayerNorm", layerNorm(hidden));
    }

    /// Of the first `count` tokens of x [N, L, hidden], mask [N, 1, 1, L] additive -> [N, count, hidden]
    torch::Tensor forward(const torch::Tensor &x, const torch::Tensor &mask, std::int64_t count)
    {
        const torch::Tensor own = x.slice(1, 0, count);
        const auto [query, key, value] = projected(x, own);
        torch::Tensor mixed =
            attention(splitHeads(query, m_heads), splitHeads(key, m_heads), splitHeads(value, m_heads), mask,
                      is_training() ? m_attentionDropout : 0);
        mixed = torch::dropout((*m_attentionDense)(mixed), m_hiddenDropout, is_training());
        const torch::Tensor attended = m_attentionNorm(mixed + own);
        torch::Tensor out = (*m_outputDense)(torch::gelu((*m_intermediate)(attended)));
        out = torch::dropout(out, m_hiddenDropout, is_training());
        return m_outputNorm(out + attended);
    }

    void join() { m_joined = Linear::joined({m_query, m_key, m_value}); }

private:
    /// The queries of `own`, which x begins with, and the keys and values of x.
    std::array<torch::Tensor, 3> projected(const torch::Tensor &x, const torch::Tensor &own) const
    {
        if (!m_joined)
            return {(*m_query)(own), (*m_key)(x), (*m_value)(x)};
        const auto all = (*m_joined)(x).chunk(3, -1);
        return {all[0].slice(1, 0, own.size(1)), all[1], all[2]};
    }

    int m_heads;
    double m_hiddenDropout;
    double m_attentionDropout;
    std::shared_ptr<Linear> m_query, m_key, m_value, m_attentionDense;
    std::shared_ptr<Linear> m_joined; // In the place of the first three, once packed.
    torch::nn::LayerNorm m_attentionNorm{nullptr};
    std::shared_ptr<Linear> m_intermediate, m_outputDense;
    torch::nn::LayerNorm m_outputNorm{nullptr};
};

TextTower::TextTower(const TextConfig &config) : m_dropout(config.hiddenDropout)
{
    const auto embeddings = group(*this, "embeddings");
    const auto embedding = [&](const char *name, int count, bool hasPadding) {
        return embeddings->register_module(name,
                                           std::make_shared<Embedding>(count, config.hidden, hasPadding));
    };
    m_words = embedding("word_embeddings", config.vocabularySize, true);
    m_positions = embedding("position_embeddings", config.positions, false);
    m_types = embedding("token_type_embeddings", config.tokenTypes, false);
    m_norm = embeddings->register_module("LayerNorm", layerNorm(config.hidden));
    auto list = group(*this, "encoder")->register_module("layer", torch::nn::ModuleList());
    for (int i = 0; i < config.layers; ++i) {
        m_layers.push_back(std::make_shared<BertLayer>(config));
        list->push_back(m_layers.back());
    }
}

torch::Tensor TextTower::forward(const torch::Tensor &ids)
{
    torch::Tensor x =
        (*m_words)(ids) + m_positions->weight.slice(0, 0, ids.size(1)) + m_types->weight.select(0, 0);
    x = torch::dropout(m_norm(x), m_dropout, is_training());
    const torch::Tensor mask = ids.eq(0).to(x.dtype()).mul(kMasked).unsqueeze(1).unsqueeze(1);
    for (const auto &layer : m_layers) {
        // The first token is the text's; of the last layer nothing else is wanted. Training does as the
        // reference: its steps are compared number by number.
        const bool isLast = layer == m_layers.back();
        const std::int64_t count = isLast && !is_training() ? 1 : ids.size(1);
        const auto forward = [layer, mask, count](const torch::Tensor &in) {
            return layer->forward(in, mask, count);
        };
        x = m_recomputing ? recomputed(forward, x) : forward(x);
    }
    return x.select(1, 0);
}

void TextTower::join()
{
    for (const auto &layer : m_layers)
        layer->join();
}

void TextTower::initialise()
{
    for (const auto &item : named_parameters()) {
        const std::string &name = item.key();
        if (name.find("LayerNorm") != std::string::npos)
            continue; // Identity already.
        if (item.value().dim() == 1)
            torch::nn::init::zeros_(item.value());
        else
            torch::nn::init::normal_(item.value(), 0, 0.02);
    }
}

} // namespace yingxun::clip::detail
