// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/architecture.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace yingxun::clip {
namespace {

constexpr int kHeadWidth = 64;
constexpr int kHugeWidth = 1280; // ViT-H's image tower, the one with other heads.
constexpr int kHugeHeadWidth = 80;
constexpr int kResNetStride = 32;
constexpr int kMostLayers = 200;
constexpr std::int64_t kLargestSize = 1'000'000;

/// Looks up shapes, and remembers the first tensor that is missing or malformed.
class Shapes
{
public:
    explicit Shapes(const Checkpoint &checkpoint) : m_checkpoint(checkpoint) {}

    bool has(const std::string &name) const { return m_checkpoint.find(name) != nullptr; }

    /// One dimension of a tensor that must have `rank` of them; 1 after a problem.
    int size(const std::string &name, std::size_t rank, std::size_t dimension)
    {
        const TensorView *view = m_checkpoint.find(name);
        if (view == nullptr || view->shape.size() != rank) {
            refuse(name + (view == nullptr ? " is missing" : " has an unknown shape"));
            return 1;
        }
        const std::int64_t size = view->shape[dimension];
        if (size < 1 || size > kLargestSize) {
            refuse(name + " has an unknown shape");
            return 1;
        }
        return static_cast<int>(size);
    }

    /// How many blocks `prefix`0, `prefix`1… there are.
    int count(const std::string &prefix, const std::string &suffix) const
    {
        int blocks = 0;
        while (blocks < kMostLayers && has(prefix + std::to_string(blocks) + suffix))
            ++blocks;
        return blocks;
    }

    /// The side of the grid whose positions, and one more, a tensor holds.
    int gridSide(const std::string &name)
    {
        const int positions = size(name, 2, 0) - 1;
        const int side = static_cast<int>(std::lround(std::sqrt(positions)));
        if (side < 1 || side * side != positions)
            refuse(name + " does not hold a square grid");
        return std::max(1, side);
    }

    void refuse(const std::string &why)
    {
        if (!m_problem)
            m_problem = why;
    }
    const std::optional<std::string> &problem() const { return m_problem; }

private:
    const Checkpoint &m_checkpoint;
    std::optional<std::string> m_problem;
};

int heads(Shapes &shapes, int width, int headWidth)
{
    if (width % headWidth != 0)
        shapes.refuse("the number of attention heads cannot be seen from a width of " +
                      std::to_string(width));
    return std::max(1, width / headWidth);
}

VisionConfig viT(Shapes &shapes)
{
    VisionConfig config;
    config.width = shapes.size("visual.conv1.weight", 4, 0);
    config.patchSize = shapes.size("visual.conv1.weight", 4, 2);
    config.imageSize = shapes.gridSide("visual.positional_embedding") * config.patchSize;
    config.layers = shapes.count("visual.transformer.resblocks.", ".ln_1.weight");
    config.heads = heads(shapes, config.width, config.width == kHugeWidth ? kHugeHeadWidth : kHeadWidth);
    return config;
}

VisionConfig resNet(Shapes &shapes)
{
    VisionConfig config;
    config.width = shapes.size("visual.conv1.weight", 4, 0) * 2;
    config.imageSize = shapes.gridSide("visual.attnpool.positional_embedding") * kResNetStride;
    config.heads = heads(shapes, shapes.size("visual.attnpool.q_proj.weight", 2, 0), kHeadWidth);
    for (int stage = 1; stage <= 4; ++stage) {
        config.resnetLayers.push_back(
            std::max(1, shapes.count("visual.layer" + std::to_string(stage) + ".", ".conv1.weight")));
    }
    return config;
}

TextConfig bert(Shapes &shapes)
{
    TextConfig config;
    const std::string embeddings = "bert.embeddings.";
    config.vocabularySize = shapes.size(embeddings + "word_embeddings.weight", 2, 0);
    config.hidden = shapes.size(embeddings + "word_embeddings.weight", 2, 1);
    config.positions = shapes.size(embeddings + "position_embeddings.weight", 2, 0);
    config.tokenTypes = shapes.size(embeddings + "token_type_embeddings.weight", 2, 0);
    config.layers = shapes.count("bert.encoder.layer.", ".output.dense.weight");
    config.intermediate = shapes.size("bert.encoder.layer.0.intermediate.dense.weight", 2, 0);
    config.heads = heads(shapes, config.hidden, kHeadWidth);
    return config;
}

} // namespace

Result<ModelConfig> recognisedArchitecture(const Checkpoint &checkpoint)
{
    Shapes shapes(checkpoint);
    ModelConfig config;
    config.vision = shapes.has("visual.attnpool.positional_embedding") ? resNet(shapes) : viT(shapes);
    config.text = bert(shapes);
    config.dimension = shapes.size("text_projection", 2, 1);
    config.contextLength = std::min(config.contextLength, config.text.positions);
    if (const auto &problem = shapes.problem()) {
        return fail(ErrorCode::Unsupported,
                    checkpoint.path().string() +
                        " is no Chinese-CLIP model that can be recognised by itself (" + *problem +
                        "); put the model's config.json beside it");
    }
    return config;
}

} // namespace yingxun::clip
