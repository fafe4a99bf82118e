// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/memory_plan.h"

#include <algorithm>

namespace yingxun::clip {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kFloatBytes = 4;

std::int64_t bytesOf(Precision precision)
{
    return precision == Precision::Float32 ? kFloatBytes : 2;
}

std::int64_t weightBytes(const ModelConfig &config, Precision precision, std::string_view device)
{
    const std::int64_t all = weightCount(config) * bytesOf(precision);
    if (device != "cpu")
        return all;
    // Packed layers that are joined have their biases twice; the logit scale is in float32, too.
    const std::int64_t joinedBiases = std::int64_t{3} * config.text.layers * config.text.hidden;
    const std::int64_t inFloat32 = textWeightCount(config) + 1;
    return all + inFloat32 * (kFloatBytes - bytesOf(precision)) + joinedBiases * kFloatBytes;
}

/// What workspaces take beside tensors.
std::int64_t withWorkspace(std::int64_t bytes)
{
    return bytes + bytes / 2;
}

std::int64_t numbersOfPicture(const VisionConfig &vision)
{
    const std::int64_t side = vision.imageSize;
    const std::int64_t width = vision.width;
    if (vision.isResNet())
        return 6 * side * side + 21 * width * (side / 4) * (side / 4);
    const std::int64_t patches = side / vision.patchSize;
    const std::int64_t tokens = patches * patches + 1;
    return 3 * side * side + 7 * tokens * width + 2 * vision.heads * tokens * tokens;
}

std::int64_t numbersOfText(const TextConfig &text, std::int64_t tokens)
{
    const std::int64_t hidden = tokens * text.hidden;
    return std::max(6 * hidden + 2 * tokens * text.intermediate,
                    8 * hidden + 2 * text.heads * tokens * tokens);
}

std::string inMiB(std::int64_t bytes)
{
    return std::to_string((bytes + kMiB - 1) / kMiB) + " MiB";
}

} // namespace

MemoryPlan::MemoryPlan(const ModelConfig &config, Precision precision, std::string_view device)
    : m_weights(weightBytes(config, precision, device)),
      m_picture(withWorkspace(numbersOfPicture(config.vision) * kFloatBytes)),
      m_text(withWorkspace(numbersOfText(config.text, config.contextLength) * kFloatBytes))
{
}

RowsAtOnce MemoryPlan::rowsWithin(std::int64_t budget) const
{
    const std::int64_t left = budget - m_weights;
    const std::int64_t forTexts = std::clamp(left / 4, texts(1), std::max(texts(1), left - pictures(1)));
    const auto rows = [](std::int64_t bytes, std::int64_t row) {
        return std::max<std::int64_t>(1, (bytes - kWorkspace) / row);
    };
    return {rows(left - forTexts, m_picture), rows(forTexts, m_text)};
}

Result<Placement> placedWithin(const ModelConfig &config, const Placement &wish, std::int64_t beyondHalf)
{
    const MemoryPlan plan(config, wish.precision, wish.device);
    std::int64_t needed = plan.least();
    const bool isCpu = wish.device == "cpu";
    if (isCpu) {
        const std::int64_t toBeRounded = beyondHalf * (kFloatBytes - bytesOf(wish.precision));
        needed = std::max(needed, std::min(plan.weights() + toBeRounded, weightCount(config) * kFloatBytes));
    }
    if (wish.budget == 0 || wish.budget >= needed)
        return wish;
    if (!isCpu)
        return Placement{"cpu", Precision::Float32, 0};
    return fail(ErrorCode::InvalidArgument, "the model needs " + inMiB(needed) +
                                                " of memory, but may only take " + inMiB(wish.budget) +
                                                "; allow it more, or take a smaller model");
}

} // namespace yingxun::clip
