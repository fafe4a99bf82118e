// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/clip/detail/clip_module.h"
#include "core/clip/model.h"
#include "core/clip/pixels.h"
#include "tests/support/seeded_weights.h"

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Image towers to see what becomes of a picture.
namespace yingxun::test {

struct ImageTower {
    std::string name;
    int side = 0; ///< S, pixels.
    /// [N, S, S, 3] -> [N, D], rows of L2 norm 1.
    std::function<Embeddings(std::span<const std::uint8_t>, int count)> embed;
};

/// A model of a folder.
inline Result<ImageTower> loadedTower(const std::filesystem::path &folder)
{
    auto loaded = clip::Model::load(folder);
    if (!loaded)
        return loaded.propagate();
    const auto model = std::make_shared<clip::Model>(*std::move(loaded));
    return ImageTower{model->info().name, model->info().imageSize,
                      [model](std::span<const std::uint8_t> rgb, int count) {
                          auto made = model->encodeImages(rgb, count);
                          return made ? *std::move(made) : Embeddings();
                      }};
}

/// ViT-B/16 with formula weights; its text tower is next to nothing.
inline ImageTower seededTower(int side = clip::ModelConfig().vision.imageSize)
{
    clip::ModelConfig config;
    config.vision.imageSize = side;
    config.text.vocabularySize = 8;
    config.text.layers = 1;
    const auto module = std::make_shared<clip::detail::ClipModule>(config);
    fillByFormula(*module);
    module->eval();
    return {"ViT-B/16 of " + std::to_string(side) + " pixels with formula weights", side,
            [module, side](std::span<const std::uint8_t> rgb, int count) {
                const c10::InferenceMode inference;
                const std::size_t picture = std::size_t{3} * static_cast<std::size_t>(side * side);
                torch::Tensor pixels = torch::empty({count, 3, side, side});
                for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
                    clip::normalisePixels(rgb.subspan(i * picture, picture), side,
                                          {pixels.data_ptr<float>() + i * picture, picture});
                const torch::Tensor unit = clip::detail::normalised(module->imageFeatures(pixels));
                const auto *values = unit.data_ptr<float>();
                return Embeddings{{values, values + unit.numel()}, count, static_cast<int>(unit.size(1))};
            }};
}

/// Of tower inputs, a few at a time. @return as many rows as inputs.
inline std::vector<std::vector<float>> embedded(const ImageTower &tower,
                                                std::span<const std::vector<std::uint8_t>> inputs)
{
    constexpr std::size_t kBatch = 8;
    std::vector<std::vector<float>> rows(inputs.size());
    for (std::size_t begin = 0; begin < inputs.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, inputs.size() - begin);
        std::vector<std::uint8_t> batch;
        for (const auto &input : inputs.subspan(begin, count))
            batch.insert(batch.end(), input.begin(), input.end());
        const Embeddings made = tower.embed(batch, static_cast<int>(count));
        for (int i = 0; i < made.count; ++i)
            rows[begin + static_cast<std::size_t>(i)].assign(made.row(i).begin(), made.row(i).end());
    }
    return rows;
}

/// Of unit vectors; 0 where one is missing.
inline double cosine(std::span<const float> left, std::span<const float> right)
{
    return left.size() == right.size() ? std::inner_product(left.begin(), left.end(), right.begin(), 0.0) : 0;
}

} // namespace yingxun::test
