// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/detail/clip_module.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// Weights by the formula of the golden data (golden/seeded): of any architecture, without a file.
namespace yingxun::test {

using NamedWeights = std::map<std::string, torch::Tensor>; ///< Bytewise order, which gives the indices.

/// The golden data's formula: uniform in [-1, 1), of a parameter's index and an element's.
inline double uniform(std::uint64_t parameter, std::uint64_t element)
{
    std::uint64_t z = (parameter + 1) * 0x9E3779B97F4A7C15ULL + element * 0xBF58476D1CE4E5B9ULL;
    z ^= z >> 30U;
    z *= 0xBF58476D1CE4E5B9ULL;
    z ^= z >> 27U;
    z *= 0x94D049BB133111EBULL;
    z ^= z >> 31U;
    return 2 * (static_cast<double>(z >> 11U) * 0x1p-53) - 1;
}

struct Fill {
    double base;
    double scale;
};

inline Fill fillOf(std::string_view name, const torch::Tensor &tensor)
{
    if (name == "logit_scale")
        return {3.0, 0};
    if (name.ends_with("running_mean"))
        return {0, 0.1};
    if (name.ends_with("running_var"))
        return {1, 0.1};
    if (name.ends_with("bn3.weight"))
        return {0.3, 0.1};
    if (tensor.dim() == 1 && name.ends_with(".weight"))
        return {1, 0.1};
    if (name.ends_with("bias"))
        return {0, 0.05};
    if (name.find("embedding") != std::string_view::npos)
        return {0, 0.5};
    const bool transposed = name == "visual.proj" || name == "text_projection";
    const auto fan = transposed ? tensor.size(0) : tensor.numel() / std::max<std::int64_t>(1, tensor.size(0));
    return {0, std::sqrt((tensor.dim() == 4 ? 6.0 : 3.0) / static_cast<double>(fan))};
}

/// Fills all weights and buffers by the formula.
/// @return them: the module's own, not copies.
inline NamedWeights fillByFormula(clip::detail::ClipModule &module)
{
    const torch::NoGradGuard noGrad;
    NamedWeights weights;
    for (const auto &item : module.named_parameters())
        weights[item.key()] = item.value();
    for (const auto &item : module.named_buffers()) {
        if (!item.key().ends_with("num_batches_tracked"))
            weights[item.key()] = item.value();
    }
    std::uint64_t index = 0;
    for (auto &[name, tensor] : weights) {
        const Fill rule = fillOf(name, tensor);
        torch::Tensor values = torch::empty(tensor.sizes());
        auto *data = values.data_ptr<float>();
        at::parallel_for(0, values.numel(), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                data[i] = static_cast<float>(rule.base +
                                             rule.scale * uniform(index, static_cast<std::uint64_t>(i)));
        });
        tensor.copy_(values);
        ++index;
    }
    return weights;
}

} // namespace yingxun::test
