// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/golden.h"

using namespace yingxun;
using clip::ModelConfig;
using clip::TensorFile;
namespace towers = yingxun::clip::detail;

namespace {

void checkTinyViT(const std::filesystem::path &golden)
{
    const auto folder = golden / "tiny/tiny_vit";
    const auto config = clip::readConfig(folder / "hf/config.json");
    const auto weights = TensorFile::open(folder / "hf/model.safetensors");
    const auto expected = TensorFile::open(folder / "expected.safetensors");
    if (!CHECK(config && weights && expected))
        return;
    towers::ClipModule module(*config);
    const auto loaded = towers::loadWeights(module, *weights);
    if (!CHECK(loaded.has_value())) {
        std::printf("%s\n", loaded.error().message.c_str());
        return;
    }
    module.eval();
    const c10::InferenceMode inference;
    const torch::Tensor images = module.imageFeatures(stored(*expected, "pixel_values"));
    const torch::Tensor texts = module.textFeatures(stored(*expected, "token_ids"));
    compare("image features", images, stored(*expected, "fp32.image_features"), 1e-5);
    compare("text features", texts, stored(*expected, "fp32.text_features"), 1e-5);
    const torch::Tensor unitImages = towers::normalised(images);
    const torch::Tensor unitTexts = towers::normalised(texts);
    compare("normalised images", unitImages, stored(*expected, "fp32.image_features_norm"), 2e-6);
    compare("normalised texts", unitTexts, stored(*expected, "fp32.text_features_norm"), 2e-6);
    compare("logits", module.logitScale().exp() * unitImages.matmul(unitTexts.t()),
            stored(*expected, "fp32.logits_per_image"), 5e-5);
}

void checkPadding()
{
    ModelConfig config;
    config.vision = {32, 8, 1, 1, 8, {}};
    config.text = {10, 8, 1, 1, 16, 8, 2, 0, 0};
    config.dimension = 4;
    towers::ClipModule module(config);
    module.initialise();
    const torch::Tensor features = module.imageFeatures(torch::rand({2, 3, 32, 32}));
    CHECK(features.sizes() == torch::IntArrayRef({2, 4}));
    // Padding is masked: it changes nothing.
    module.eval();
    const torch::Tensor brief = torch::tensor({{2, 5, 3}}, torch::kLong);
    const torch::Tensor padded = torch::tensor({{2, 5, 3, 0, 0}}, torch::kLong);
    CHECK((module.textFeatures(brief) - module.textFeatures(padded)).abs().max().item<double>() < 1e-5);
}

} // namespace

int main()
{
    checkPadding();
    const std::filesystem::path golden = YINGXUN_SHARED_DIR "/golden";
    if (std::filesystem::exists(golden))
        checkTinyViT(golden);
    else
        withoutShared("the comparison with the reference needs golden");
    return checkSummary();
}
