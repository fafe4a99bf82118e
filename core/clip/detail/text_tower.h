// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/config.h"

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace yingxun::clip::detail {

class BertLayer;
class Embedding;

/// The text tower: a BERT encoder without pooler (arXiv 1810.04805), post-LayerNorm, exact GELU, with
/// the reference's names (bert.*).
class TextTower : public torch::nn::Module
{
public:
    explicit TextTower(const TextConfig &config);

    /// Token ids [N, L] int64, 0 = padding (masked) -> last hidden state of position 0, [N, hidden].
    torch::Tensor forward(const torch::Tensor &ids);

    /// Once the linear layers are packed: makes one of those that read the same, see Linear::joined().
    void join();

    void setRecomputing(bool on) { m_recomputing = on; } ///< See recomputed().

    /// Fresh weights: normal with deviation 0.02, biases 0, LayerNorm identity.
    void initialise();

private:
    std::shared_ptr<Embedding> m_words, m_positions, m_types;
    torch::nn::LayerNorm m_norm{nullptr};
    std::vector<std::shared_ptr<BertLayer>> m_layers;
    double m_dropout;
    bool m_recomputing = false;
};

} // namespace yingxun::clip::detail
