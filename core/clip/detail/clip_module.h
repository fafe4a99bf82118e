// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/config.h"
#include "core/clip/detail/packed_weights.h"
#include "core/clip/detail/text_tower.h"
#include "core/clip/detail/vision_tower.h"

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::clip {
class Checkpoint;
}

namespace yingxun::clip::detail {

/// Where and in which type a model computes.
struct Placing {
    torch::Device device;
    torch::ScalarType type;

    bool packsTexts() const { return device.is_cpu() && PackedWeights::isSupported(); }
    bool packsPictures() const { return packsTexts() && type == torch::kFloat; }
    torch::ScalarType textType() const { return packsTexts() ? torch::kFloat : type; }
};

/// Both towers and what joins them, under the names of the reference's state dict without `module.`.
class ClipModule : public torch::nn::Module
{
public:
    explicit ClipModule(const ModelConfig &config);

    /// Pixels [N, 3, S, S], normalised -> raw features [N, D].
    torch::Tensor imageFeatures(const torch::Tensor &pixels) { return m_visual->forward(pixels); }
    /// Ids [N, L] -> raw features [N, D].
    torch::Tensor textFeatures(const torch::Tensor &ids)
    {
        return torch::matmul(m_bert->forward(ids), m_textProjection);
    }
    torch::Tensor &logitScale() { return m_logitScale; } ///< Scalar; exp() of it multiplies cosines.

    /// From now on for inference there. On a CPU whose instructions suffice, linear layers in float32 are
    /// packed, see Linear::pack(), and texts are embedded so whatever `type` is: a typed query is a matter of
    /// reading the weights, and that takes bfloat16 1.6 times as long (measured by bench_towers). Stopped,
    /// it leaves a module that is of no use.
    void place(const torch::Device &device, torch::ScalarType type, const std::stop_token &stop = {});

    /// Trades time for memory in training; see recomputed().
    void setRecomputing(bool on)
    {
        m_visual->setRecomputing(on);
        m_bert->setRecomputing(on);
    }

    VisionTower &visual() { return *m_visual; }
    const ModelConfig &config() const { return m_config; }

    void initialise(); ///< Fresh weights for training from scratch.

private:
    ModelConfig m_config;
    torch::Tensor m_textProjection; // [hidden, D]
    torch::Tensor m_logitScale;     // []
    std::shared_ptr<VisionTower> m_visual;
    std::shared_ptr<TextTower> m_bert;
};

/// Rows divided by their L2 norm, without epsilon, as the reference does.
torch::Tensor normalised(const torch::Tensor &features);

/// Copies a file's tensors, in Hugging Face or in the reference's naming, into the module: exactly,
/// as fp32. Pooler weights and position_ids buffers are ignored.
/// @param placing  what the file holds in fp16 becomes as it is read what ClipModule::place() would make of
///                 it: fp32 copies never take memory.
/// Errors: CorruptData (a tensor is missing, unknown or of another shape), Cancelled.
Result<void> loadWeights(ClipModule &module, const Checkpoint &file, std::optional<Placing> placing = {},
                         const std::stop_token &stop = {});

/// Rounds to fp16 what the reference's load_from_name rounds, whatever the file holds; arithmetic stays
/// fp32, as there on a CPU. Normalised features move by some 2e-4. What is packed or no longer fp32 stays: it
/// was fp16. Stopped, it leaves the rest as it is.
void roundAsReference(ClipModule &module, const std::stop_token &stop = {});
/// Whether roundAsReference() would change any weight; of those that were looked at before it was stopped.
bool roundingChanges(const ClipModule &module, const std::stop_token &stop = {});

/// A tensor under the name that a model folder's file gives it.
struct NamedTensor {
    std::string name;
    torch::Tensor tensor;        ///< Possibly a view: not always contiguous.
    bool halfInReference = true; ///< Whether roundAsReference() rounds it.
};

/// What loadWeights reads, in Hugging Face's naming; a ModifiedResNet, which it lacks, in the reference's.
std::vector<NamedTensor> foreignTensors(ClipModule &module);

} // namespace yingxun::clip::detail
