// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/exact_products.h"
#include "core/clip/detail/threads.h"
#include "core/clip/device.h"
#include "tests/support/golden.h"
#include "tests/support/seeded_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

using namespace yingxun;
using clip::ModelConfig;
using clip::TensorFile;
using clip::detail::ClipModule;
using namespace yingxun::test;

namespace {

constexpr std::uint64_t kPixelNoise = 1'000'000; ///< Parameter indices of the pixels' two patterns.
constexpr std::uint64_t kPixelBlocks = 1'000'001;
constexpr int kBlock = 16; ///< Pixels.

/// `checks` says of each parameter what the formula must give.
void checkFill(const NamedWeights &weights, const Json &checks)
{
    const auto *list = checks.asArray();
    if (!CHECK(list != nullptr && list->size() == weights.size()))
        return;
    auto check = list->begin();
    for (const auto &[name, tensor] : weights) {
        const torch::Tensor values = tensor.flatten();
        CHECK(member(*check, "name").asString() == name);
        CHECK_EQ(number(*check, "first"), values[0].item<double>());
        CHECK_EQ(number(*check, "last"), values[-1].item<double>());
        ++check;
    }
}

torch::Tensor pixels(std::int64_t side)
{
    torch::Tensor out = torch::empty({2, 3, side, side});
    const std::int64_t blocks = (side + kBlock - 1) / kBlock;
    auto *data = out.data_ptr<float>();
    for (std::int64_t i = 0; i < out.numel(); ++i) {
        const std::int64_t x = i % side;
        const std::int64_t y = i / side % side;
        const std::int64_t plane = i / (side * side);
        const std::int64_t block = (plane * blocks + y / kBlock) * blocks + x / kBlock;
        data[i] = static_cast<float>(2 * uniform(kPixelBlocks, static_cast<std::uint64_t>(block)) +
                                     0.5 * uniform(kPixelNoise, static_cast<std::uint64_t>(i)));
    }
    return out;
}

/// All weights as they are; a module loses them when it is brought to half precision.
std::vector<torch::Tensor> cloned(const ClipModule &module)
{
    std::vector<torch::Tensor> out;
    for (const torch::Tensor &tensor : module.parameters())
        out.push_back(tensor.to(torch::kCPU, torch::kFloat, false, /*copy=*/true));
    for (const torch::Tensor &tensor : module.buffers())
        out.push_back(
            tensor.to(torch::kCPU, tensor.is_floating_point() ? torch::kFloat : torch::kLong, false, true));
    return out;
}

void restore(ClipModule &module, const std::vector<torch::Tensor> &values)
{
    module.to(torch::Device("cpu"), torch::kFloat);
    auto value = values.begin();
    for (torch::Tensor &tensor : module.parameters())
        tensor.copy_(*value++);
    for (torch::Tensor &tensor : module.buffers())
        tensor.copy_(*value++);
}

struct Features {
    torch::Tensor images;
    torch::Tensor texts;
};

/// The features as `device` computes them, in float32 on the CPU.
Features featuresOn(ClipModule &module, const torch::Device &device, torch::ScalarType type,
                    const torch::Tensor &input, const torch::Tensor &ids)
{
    const auto back = [](const torch::Tensor &features) { return features.to(torch::kCPU, torch::kFloat); };
    module.to(device, type);
    return {back(module.imageFeatures(input.to(device, type))), back(module.textFeatures(ids.to(device)))};
}

void compareExactly(const std::string &name, const Features &actual, const TensorFile &expected,
                    const torch::Tensor &logitScale)
{
    compare(name + " image features", actual.images, stored(expected, "image_features"), 2e-5);
    compare(name + " text features", actual.texts, stored(expected, "text_features"), 2e-5);
    const torch::Tensor unitImages = clip::detail::normalised(actual.images);
    const torch::Tensor unitTexts = clip::detail::normalised(actual.texts);
    compare(name + " normalised images", unitImages, stored(expected, "image_features_norm"), 1e-6);
    compare(name + " normalised texts", unitTexts, stored(expected, "text_features_norm"), 1e-6);
    compare(name + " logits", logitScale.exp() * unitImages.matmul(unitTexts.t()),
            stored(expected, "logits_per_image"), 5e-6);
}

/// Half precision may move an embedding a little.
void compareDirections(const std::string &name, const Features &actual, const TensorFile &expected)
{
    const auto cosine = [](const torch::Tensor &half, const torch::Tensor &unit) {
        return (clip::detail::normalised(half) * unit).sum(1).min().item<double>();
    };
    const double image = cosine(actual.images, stored(expected, "image_features_norm"));
    const double text = cosine(actual.texts, stored(expected, "text_features_norm"));
    CHECK(image >= 0.9990 && text >= 0.9990);
    std::printf("%s: cosines %.6f, %.6f\n", name.c_str(), image, text);
}

/// A full-size official architecture with formula weights, against the reference's features, on every device.
void checkModel(const std::filesystem::path &golden, const std::string &name, const ModelConfig &config)
{
    const Json record = storedJson(golden / (name + ".json"));
    auto expected = TensorFile::open(golden / (name + ".safetensors"));
    if (!CHECK(expected.has_value()))
        return;
    ClipModule module(config);
    checkFill(fillByFormula(module), member(record, "parameter_fill_checks"));
    module.eval();
    const c10::InferenceMode inference;
    const torch::Tensor input = pixels(config.vision.imageSize);
    const torch::Tensor ids = stored(*expected, "token_ids");
    const torch::Tensor scale = module.logitScale().clone();
    compare(name + " pixels", input.flatten().slice(0, 0, 64), stored(*expected, "pixel_values_first64"), 0);
    const std::vector<std::string> devices = clip::devices();
    for (auto device = devices.rbegin(); device != devices.rend(); ++device) { // The CPU first.
        const bool isCpu = *device == "cpu";
        const std::string what = name + " on " + *device + ", ";
        compareExactly(what + "float32", featuresOn(module, *device, torch::kFloat, input, ids), *expected,
                       scale);
        const bool isHuge = config.vision.layers > ModelConfig().vision.layers;
        if (isCpu && isHuge && !clip::cpuHasBFloat16()) { // Where it is emulated, ViT-H takes minutes.
            std::printf("%sbfloat16: left out, this processor has no bfloat16\n", what.c_str());
            continue;
        }
        const std::vector<torch::Tensor> exact = cloned(module);
        compareDirections(what + "bfloat16", featuresOn(module, *device, torch::kBFloat16, input, ids),
                          *expected);
        restore(module, exact);
        if (!isCpu) {
            compareDirections(what + "float16", featuresOn(module, *device, torch::kHalf, input, ids),
                              *expected);
            restore(module, exact);
        }
    }
}

/// Sizes from the reference's model_configs, as the golden data's description repeats them.
ModelConfig rn50()
{
    ModelConfig config;
    config.vision = {224, 64, 12, 32, 16, {3, 4, 6, 3}};
    config.text.layers = 3;
    config.dimension = 1024;
    return config;
}

ModelConfig vitH14()
{
    ModelConfig config;
    config.vision = {224, 1280, 32, 16, 14, {}};
    config.text = {21128, 1024, 24, 16, 4096, 512, 2, 0.1, 0.1};
    config.dimension = 1024;
    return config;
}

} // namespace

int main()
{
    clip::detail::useAllProcessors();
    clip::detail::computeFloat32Exactly();
    const std::filesystem::path golden = YINGXUN_SHARED_DIR "/golden/seeded";
    if (!std::filesystem::exists(golden)) {
        withoutShared("full-size towers need golden/seeded");
        return checkSummary();
    }
    checkModel(golden, "RN50", rn50());
    checkModel(golden, "ViT-B-16", ModelConfig());
    checkModel(golden, "ViT-H-14", vitH14());
    return checkSummary();
}
