// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/attention.h"
#include "core/clip/detail/layers.h"
#include "core/clip/detail/recompute.h"
#include "core/clip/detail/vision_tower.h"

#include <cmath>
#include <string>

namespace yingxun::clip::detail {
namespace {

constexpr double kLayerNormEps = 1e-5;
constexpr float kQuickGelu = 1.702F; // x * sigmoid(1.702 x)

torch::nn::LayerNorm layerNorm(int width)
{
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(kLayerNormEps));
}

/// torch.nn.MultiheadAttention's parameter names: packed in_proj_weight/bias, out_proj.
class SelfAttention : public torch::nn::Module, public HasLinear
{
public:
    SelfAttention(int width, int heads) : m_heads(heads), m_in(width, 3 * width)
    {
        register_parameter("in_proj_weight", m_in.weight);
        register_parameter("in_proj_bias", m_in.bias);
        m_out = register_module("out_proj", std::make_shared<Linear>(width, width));
    }

    torch::Tensor forward(const torch::Tensor &x)
    {
        const auto qkv = m_in(x).chunk(3, -1);
        return (*m_out)(attention(splitHeads(qkv[0], m_heads), splitHeads(qkv[1], m_heads),
                                  splitHeads(qkv[2], m_heads), {}, 0));
    }

    Linear &linear() override { return m_in; }

    void initialise(double inStd, double outStd)
    {
        torch::nn::init::normal_(m_in.weight, 0, inStd);
        torch::nn::init::normal_(m_out->weight, 0, outStd);
        torch::nn::init::zeros_(m_in.bias);
        torch::nn::init::zeros_(m_out->bias);
    }

private:
    int m_heads;
    Linear m_in; // q, k, v; its parameters have names of their own.
    std::shared_ptr<Linear> m_out;
};

class Mlp : public torch::nn::Module
{
public:
    explicit Mlp(int width)
    {
        m_fc = register_module("c_fc", std::make_shared<Linear>(width, 4 * width));
        m_proj = register_module("c_proj", std::make_shared<Linear>(4 * width, width));
    }

    torch::Tensor forward(const torch::Tensor &x)
    {
        if (is_training() || torch::GradMode::is_enabled()) {
            const torch::Tensor hidden = (*m_fc)(x);
            return (*m_proj)(hidden * torch::sigmoid(kQuickGelu * hidden));
        }
        // The same as silu(a y) / a: the factors go into the products, and one pass in place remains.
        torch::Tensor hidden = (*m_fc)(x, kQuickGelu, kQuickGelu);
        torch::silu_(hidden);
        return (*m_proj)(hidden, 1 / kQuickGelu);
    }

    void initialise(double fcStd, double projStd)
    {
        m_fc->initialise();
        m_proj->initialise();
        torch::nn::init::normal_(m_fc->weight, 0, fcStd);
        torch::nn::init::normal_(m_proj->weight, 0, projStd);
    }

private:
    std::shared_ptr<Linear> m_fc;
    std::shared_ptr<Linear> m_proj;
};

class ResidualAttentionBlock : public torch::nn::Module
{
public:
    ResidualAttentionBlock(int width, int heads)
    {
        m_attention = register_module("attn", std::make_shared<SelfAttention>(width, heads));
        m_ln1 = register_module("ln_1", layerNorm(width));
        m_mlp = register_module("mlp", std::make_shared<Mlp>(width));
        m_ln2 = register_module("ln_2", layerNorm(width));
    }

    torch::Tensor forward(torch::Tensor x)
    {
        x = sum(m_attention->forward(m_ln1(x)), x);
        return sum(m_mlp->forward(m_ln2(x)), x);
    }

    void initialise(int width, int layers)
    {
        const double attentionStd = std::pow(width, -0.5);
        const double projStd = attentionStd * std::pow(2.0 * layers, -0.5);
        m_attention->initialise(attentionStd, projStd);
        m_mlp->initialise(std::pow(2.0 * width, -0.5), projStd);
    }

private:
    /// In place where both hold the same numbers; under autocast the first may be bfloat16.
    static torch::Tensor sum(torch::Tensor a, const torch::Tensor &b)
    {
        return a.dtype() == b.dtype() ? a.add_(b) : a + b;
    }

    std::shared_ptr<SelfAttention> m_attention;
    torch::nn::LayerNorm m_ln1{nullptr};
    std::shared_ptr<Mlp> m_mlp;
    torch::nn::LayerNorm m_ln2{nullptr};
};

class Transformer : public torch::nn::Module
{
public:
    Transformer(int width, int layers, int heads)
    {
        auto list = register_module("resblocks", torch::nn::ModuleList());
        for (int i = 0; i < layers; ++i) {
            m_blocks.push_back(std::make_shared<ResidualAttentionBlock>(width, heads));
            list->push_back(m_blocks.back());
        }
    }

    const std::vector<std::shared_ptr<ResidualAttentionBlock>> &blocks() const { return m_blocks; }

private:
    std::vector<std::shared_ptr<ResidualAttentionBlock>> m_blocks;
};

class ViT : public VisionTower
{
public:
    ViT(const VisionConfig &config, int dimension) : m_width(config.width), m_layers(config.layers)
    {
        const int side = config.imageSize / config.patchSize;
        m_class = register_parameter("class_embedding", torch::empty({m_width}));
        m_positions = register_parameter("positional_embedding", torch::empty({side * side + 1, m_width}));
        m_proj = register_parameter("proj", torch::empty({m_width, dimension}));
        m_patches = register_module(
            "conv1", std::make_shared<Conv2d>(3, m_width, config.patchSize, config.patchSize, 0));
        m_lnPre = register_module("ln_pre", layerNorm(m_width));
        m_transformer =
            register_module("transformer", std::make_shared<Transformer>(m_width, m_layers, config.heads));
        m_lnPost = register_module("ln_post", layerNorm(m_width));
    }

    torch::Tensor forward(torch::Tensor pixels) override { return encoded(embedded(pixels)); }

    torch::Tensor forwardMasked(torch::Tensor pixels, const torch::Tensor &kept) override
    {
        const torch::Tensor x = embedded(pixels);
        const torch::Tensor places = (kept + 1).unsqueeze(2).expand({-1, -1, m_width}); // The class is first.
        return encoded(torch::cat({x.slice(1, 0, 1), x.gather(1, places)}, 1));
    }

    void setRecomputing(bool on) override { m_recomputing = on; }

    void initialise() override
    {
        const double scale = std::pow(m_width, -0.5);
        m_patches->initialise();
        torch::nn::init::normal_(m_class, 0, scale);
        torch::nn::init::normal_(m_positions, 0, scale);
        torch::nn::init::normal_(m_proj, 0, scale);
        for (const auto &block : m_transformer->blocks())
            block->initialise(m_width, m_layers);
    }

private:
    /// Class token and patches with their positions: [N, 1 + patches, width]
    torch::Tensor embedded(const torch::Tensor &pixels)
    {
        // Where autocast convolves in bfloat16, what is handed from block to block is float32 all the same.
        const torch::Tensor x = (*m_patches)(pixels).flatten(2).transpose(1, 2).to(m_class.dtype());
        return torch::cat({m_class.expand({x.size(0), 1, m_width}), x}, 1) + m_positions;
    }

    torch::Tensor encoded(torch::Tensor x)
    {
        x = m_lnPre(x);
        for (const auto &block : m_transformer->blocks()) {
            pause();
            x = m_recomputing ? recomputed([block](const torch::Tensor &in) { return block->forward(in); }, x)
                              : block->forward(x);
        }
        return torch::matmul(m_lnPost(x.select(1, 0)), m_proj);
    }

    int m_width;
    int m_layers;
    bool m_recomputing = false;
    torch::Tensor m_class;     // [w]
    torch::Tensor m_positions; // [1 + patches, w]
    torch::Tensor m_proj;      // [w, D]
    std::shared_ptr<Conv2d> m_patches;
    torch::nn::LayerNorm m_lnPre{nullptr};
    std::shared_ptr<Transformer> m_transformer;
    torch::nn::LayerNorm m_lnPost{nullptr};
};

} // namespace

std::shared_ptr<VisionTower> makeViT(const VisionConfig &config, int dimension)
{
    return std::make_shared<ViT>(config, dimension);
}

} // namespace yingxun::clip::detail
