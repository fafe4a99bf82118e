// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/packed_weights.h"
#include "core/clip/model_source.h"
#include "tests/support/golden.h"

#include <cmath>
#include <unistd.h>

using namespace yingxun;
using clip::ModelConfig;
using clip::TensorFile;
namespace towers = yingxun::clip::detail;

namespace {

/// One form of a tiny model, against what the reference computed: `group` names the way of loading.
void checkForm(const std::string &what, const std::filesystem::path &path, const TensorFile &expected,
               const std::string &group, bool rounded)
{
    std::printf("%s, %s\n", what.c_str(), group.c_str());
    const auto source = clip::openModel(path);
    if (!CHECK(source.has_value())) {
        std::printf("%s\n", source.error().message.c_str());
        return;
    }
    towers::ClipModule module(source->config);
    const auto loaded = towers::loadWeights(module, source->weights);
    if (!CHECK(loaded.has_value())) {
        std::printf("%s\n", loaded.error().message.c_str());
        return;
    }
    if (rounded)
        towers::roundAsReference(module);
    module.eval();
    const c10::InferenceMode inference;
    const torch::Tensor images = module.imageFeatures(stored(expected, "pixel_values"));
    const torch::Tensor texts = module.textFeatures(stored(expected, "token_ids"));
    compare("image features", images, stored(expected, group + ".image_features"), 1e-5);
    compare("text features", texts, stored(expected, group + ".text_features"), 1e-5);
    const torch::Tensor unitImages = towers::normalised(images);
    const torch::Tensor unitTexts = towers::normalised(texts);
    compare("normalised images", unitImages, stored(expected, group + ".image_features_norm"), 2e-6);
    compare("normalised texts", unitTexts, stored(expected, group + ".text_features_norm"), 2e-6);
    compare("logits", module.logitScale().exp() * unitImages.matmul(unitTexts.t()),
            stored(expected, group + ".logits_per_image"), 5e-5);
}

/// A folder of ModelScope's form around a file of weights: the two configurations, and a vocabulary.
std::filesystem::path modelScopeFolder(const std::filesystem::path &root,
                                       const std::filesystem::path &weights,
                                       const std::filesystem::path &golden)
{
    const auto folder = root / weights.stem();
    std::filesystem::create_directories(folder);
    std::filesystem::create_symlink(weights, folder / "pytorch_model.bin");
    std::filesystem::create_symlink(golden / "vocab.txt", folder / "vocab.txt");
    std::ifstream file(weights.parent_path() / "model_config.json");
    const std::string both{std::istreambuf_iterator<char>(file), {}};
    // {"vision": {…}, "text": {…}}, without nesting in the two.
    const auto part = [&both](const std::string &key) {
        const auto begin = both.find('{', both.find("\"" + key + "\""));
        return both.substr(begin, both.find('}', begin) + 1 - begin);
    };
    std::ofstream(folder / "vision_model_config.json") << part("vision");
    std::ofstream(folder / "text_model_config.json") << part("text");
    return folder;
}

void checkTinyModels(const std::filesystem::path &golden)
{
    const auto root = std::filesystem::temp_directory_path() / ("towers_check-" + std::to_string(::getpid()));
    for (const std::string name : {"tiny_vit", "tiny_rn"}) {
        const auto folder = golden / "tiny" / name;
        const auto expected = TensorFile::open(folder / "expected.safetensors");
        if (!CHECK(expected.has_value()))
            continue;
        const auto form = [&](const std::string &file) {
            return modelScopeFolder(root, folder / (name + file), golden);
        };
        checkForm(name + "_fp32.pt", form("_fp32.pt"), *expected, "fp32", false);
        checkForm(name + "_fp32.pt", root / (name + "_fp32"), *expected, "fp16w", true);
        checkForm(name + "_fp16.pt", form("_fp16.pt"), *expected, "fp16w", false);
        checkForm(name + "_allhalf_noprefix.pt", form("_allhalf_noprefix.pt"), *expected, "allhalf", false);
    }
    const auto folder = golden / "tiny/tiny_vit";
    const auto expected = TensorFile::open(folder / "expected.safetensors");
    if (CHECK(expected.has_value())) {
        checkForm("the older layout",
                  modelScopeFolder(root, folder / "tiny_vit_fp16_legacyformat.pt", golden), *expected,
                  "fp16w", false);
        checkForm("model.safetensors", folder / "hf", *expected, "fp32", false);
        checkForm("pytorch_model.bin", folder / "hf/pytorch_model.bin", *expected, "fp32", false);
    }
    std::filesystem::remove_all(root);
}

/// Patches left out, and position grids resized, as in the reference's training.
void checkPatches(const std::filesystem::path &golden)
{
    const auto folder = golden / "tiny/tiny_vit";
    const auto expected = TensorFile::open(folder / "expected.safetensors");
    const auto source = clip::openModel(folder / "hf");
    if (!CHECK(expected && source))
        return;
    towers::ClipModule module(source->config);
    CHECK(towers::loadWeights(module, source->weights).has_value());
    module.eval();
    const c10::InferenceMode inference;
    for (const std::string ratio : {"0.3", "0.5", "0.75"}) {
        const torch::Tensor kept = towers::keptPatches(stored(*expected, "flip.noise"), std::stod(ratio));
        compare("FLIP " + ratio, module.visual().forwardMasked(stored(*expected, "pixel_values"), kept),
                stored(*expected, "flip." + ratio + ".image_features"), 1e-5);
    }
    for (const int size : {16, 48, 64}) {
        const std::string prefix = "posresize." + std::to_string(size) + ".";
        clip::ModelConfig config = source->config;
        config.vision.imageSize = size;
        towers::ClipModule other(config);
        auto target = other.named_parameters();
        for (const auto &item : module.named_parameters()) {
            const bool isGrid = item.key() == "visual.positional_embedding";
            target[item.key()].copy_(
                isGrid ? towers::resizedPositions(item.value(), size / config.vision.patchSize)
                       : item.value());
        }
        other.eval();
        compare(prefix + "positions", target["visual.positional_embedding"],
                stored(*expected, prefix + "positional_embedding"), 1e-6);
        compare(prefix + "features", other.imageFeatures(stored(*expected, prefix + "pixel_values")),
                stored(*expected, prefix + "image_features"), 1e-5);
    }
}

/// Gradient checkpointing changes no gradient, also where dropout draws.
void checkRecomputing()
{
    ModelConfig config;
    config.vision = {32, 8, 2, 1, 8, {}};
    config.text = {10, 8, 2, 1, 16, 8, 2, 0.5, 0.5};
    config.dimension = 4;
    torch::manual_seed(3);
    towers::ClipModule module(config);
    module.initialise();
    module.train();
    const torch::Tensor pixels = torch::rand({2, 3, 32, 32});
    const torch::Tensor ids = torch::tensor({{2, 5, 3}, {2, 7, 3}}, torch::kLong);
    std::vector<std::vector<torch::Tensor>> gradients;
    for (const bool on : {false, true}) {
        module.setRecomputing(on);
        module.zero_grad();
        torch::manual_seed(5);
        (module.imageFeatures(pixels) * module.textFeatures(ids)).sum().backward();
        std::vector<torch::Tensor> all;
        for (const torch::Tensor &parameter : module.parameters())
            all.push_back(parameter.grad().defined() ? parameter.grad().clone()
                                                     : torch::zeros_like(parameter));
        gradients.push_back(all);
    }
    for (std::size_t i = 0; i < gradients[0].size(); ++i)
        CHECK(torch::equal(gradients[0][i], gradients[1][i]));
}

/// Between two blocks a query may go ahead: each tower pauses once a block.
void checkPauses()
{
    const c10::InferenceMode inference;
    ModelConfig config;
    config.text = {10, 8, 1, 1, 16, 8, 2, 0, 0};
    config.dimension = 4;
    for (const bool resNet : {false, true}) {
        config.vision = resNet ? clip::VisionConfig{32, 8, 0, 4, 0, {2, 1, 1, 1}}
                               : clip::VisionConfig{32, 8, 5, 1, 8, {}};
        towers::ClipModule module(config);
        module.initialise();
        module.eval();
        int pauses = 0;
        module.visual().setPause([&pauses] { ++pauses; });
        module.imageFeatures(torch::rand({1, 3, 32, 32}));
        CHECK_EQ(pauses, 5);
    }
}

/// Products of sizes that fill the kernel's registers and blocks, and of sizes that do not.
void checkPackedWeights()
{
    if (!towers::PackedWeights::isSupported()) {
        std::printf("packed weights: left out, this processor lacks AVX2, FMA or F16C\n");
        return;
    }
    const c10::InferenceMode inference;
    for (const int in : {1, 7, 160, 771, 3072}) {
        for (const int out : {1, 15, 16, 17, 333}) {
            for (const bool isHalf : {false, true}) {
                const torch::Tensor drawn = torch::randn({out, in});
                const torch::Tensor weight = isHalf ? drawn.to(torch::kHalf) : drawn;
                const torch::Tensor bias = torch::randn({out});
                const towers::PackedWeights packed(weight);
                for (const int rows : {1, 2, 6, 7, 11, 13, 14, 64, 200}) {
                    const torch::Tensor x = torch::randn({2, rows, in}).slice(1, 0, std::max(1, rows - 1));
                    const torch::Tensor exact =
                        torch::linear(x.to(torch::kDouble), weight.to(torch::kDouble)) * 0.7 +
                        bias.to(torch::kDouble) * 1.3;
                    const torch::Tensor got = packed.product(x, bias, 0.7F, 1.3F);
                    CHECK(got.sizes() == exact.sizes());
                    CHECK((got.to(torch::kDouble) - exact).abs().max().item<double>() < 3e-5 * std::sqrt(in));
                }
            }
        }
    }
}

/// A packed model computes what it computed before.
void checkPacking()
{
    for (const bool isResNet : {false, true}) {
        ModelConfig config;
        config.vision = isResNet ? clip::VisionConfig{64, 16, 12, 8, 16, {1, 1, 1, 1}}
                                 : clip::VisionConfig{32, 24, 2, 2, 8, {}};
        const int hidden = isResNet ? 24 : 32; // Query, key and value become one layer where 16 divides it.
        config.text = {10, hidden, 2, 2, 48, 8, 2, 0, 0};
        config.dimension = 12;
        towers::ClipModule module(config);
        module.initialise();
        module.eval();
        const c10::InferenceMode inference;
        const torch::Tensor pixels = torch::rand({2, 3, config.vision.imageSize, config.vision.imageSize});
        const torch::Tensor ids = torch::tensor({{2, 5, 3}, {2, 3, 0}}, torch::kLong);
        const torch::Tensor image = module.imageFeatures(pixels);
        const torch::Tensor text = module.textFeatures(ids);
        module.place(torch::kCPU, torch::kFloat);
        CHECK((module.imageFeatures(pixels) - image).abs().max().item<double>() < 1e-4);
        CHECK((module.textFeatures(ids) - text).abs().max().item<double>() < 1e-4);
    }
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
    checkRecomputing();
    checkPauses();
    checkPackedWeights();
    checkPacking();
    const std::filesystem::path golden = YINGXUN_SHARED_DIR "/golden";
    if (std::filesystem::exists(golden)) {
        checkTinyModels(golden);
        checkPatches(golden);
    } else {
        withoutShared("the comparison with the reference needs golden");
    }
    return checkSummary();
}
