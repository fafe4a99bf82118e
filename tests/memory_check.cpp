// SPDX-License-Identifier: GPL-3.0-or-later
// What the towers do with little memory.
#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/row_batches.h"
#include "core/clip/detail/save_model.h"
#include "core/clip/memory_plan.h"
#include "core/clip/model.h"
#include "core/clip/model_source.h"
#include "core/clip/safetensors.h"
#include "tests/support/counting_allocator.h"
#include "tests/support/process_memory.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

using namespace yingxun;
using clip::Model;
using test::CountingAllocator;

namespace {

constexpr int kRows = 7;
constexpr int kFitting = 2; // So many rows are to fit into memory, and not one more.

constexpr const char *kStarter = YINGXUN_SOURCE_DIR "/resources/models/starter";

Model starter(std::int64_t budget = 0)
{
    return *Model::load(kStarter,
                        {.device = "cpu", .precision = clip::Precision::Float32, .memoryBudget = budget});
}

/// The same rows in the same order; products of other sizes round differently.
bool same(const Embeddings &a, const Embeddings &b)
{
    constexpr float kRounding = 1e-5F;
    bool same = a.count == b.count && a.dimension == b.dimension && a.values.size() == b.values.size();
    for (std::size_t i = 0; same && i < a.values.size(); ++i)
        same = std::abs(a.values[i] - b.values[i]) < kRounding;
    return same;
}

/// `encode` takes a number of rows, from the first.
template<typename Encode>
void halvesBatches(const Encode &encode)
{
    const Result<Embeddings> whole = encode(kRows);
    if (!CHECK(whole.has_value()))
        return;
    CHECK_EQ(whole->count, kRows);
    for (int i = 1; i < kRows; ++i) // Otherwise their order would not be seen.
        CHECK(whole->row(i)[0] != whole->row(0)[0]);
    const std::int64_t fitting = CountingAllocator::peakOf([&] { CHECK(encode(kFitting).has_value()); });
    const std::int64_t tooMany = CountingAllocator::peakOf([&] { CHECK(encode(kFitting + 1).has_value()); });
    if (!CHECK(fitting < tooMany))
        return;

    const int before = CountingAllocator::refusals();
    CountingAllocator::leave((fitting + tooMany) / 2);
    const Result<Embeddings> halved = encode(kRows);
    const int first = CountingAllocator::refusals() - before;
    const Result<Embeddings> again = encode(kRows);
    const int second = CountingAllocator::refusals() - before - first;
    CountingAllocator::leave(fitting / 100);
    const Result<Embeddings> none = encode(kRows);
    CountingAllocator::leaveAll();

    CHECK(halved && same(*halved, *whole));
    CHECK_EQ(first, 2); // Of 7 and of 4 rows.
    CHECK(again && same(*again, *whole));
    CHECK_EQ(second, 0); // What fits is known.
    CHECK(!none && none.error().code == ErrorCode::OutOfMemory);
    const Result<Embeddings> after = encode(kRows);
    CHECK(after && same(*after, *whole));
}

void embedsPicturesWithMemoryForTwo()
{
    const Model model = starter();
    const auto side = static_cast<std::size_t>(model.info().imageSize);
    const std::size_t bytes = 3 * side * side;
    std::vector<std::uint8_t> rgb(kRows * bytes);
    for (std::size_t i = 0; i < rgb.size(); ++i)
        rgb[i] = static_cast<std::uint8_t>(i * (3 + 2 * (i / bytes)) % 251);
    halvesBatches([&](int rows) {
        return model.encodeImages(std::span(rgb).first(static_cast<std::size_t>(rows) * bytes), rows);
    });
}

void embedsTextsWithMemoryForTwo()
{
    const Model model = starter();
    const std::vector<std::string> texts{"一只在草地上奔跑的狗",   "一只在沙发上睡觉的猫",
                                         "海边的日落和沙滩上的人", "城市夜晚的灯光与高楼大厦",
                                         "雪山脚下的湖泊",         "红色的花",
                                         "两个孩子在公园里放风筝"};
    halvesBatches(
        [&](int rows) { return model.encodeTexts(std::span(texts).first(static_cast<std::size_t>(rows))); });
}

/// Only what memory is short for is tried again.
void passesOtherErrorsOn()
{
    clip::detail::RowLimit limit;
    int calls = 0;
    const auto failed = clip::detail::inBatches(4, limit, [&](auto, auto) -> Result<Embeddings> {
        ++calls;
        return fail(ErrorCode::Internal, "broken");
    });
    CHECK(!failed && failed.error().code == ErrorCode::Internal);
    CHECK_EQ(calls, 1);
}

/// That expectation is on the safe side, and not by more than twice.
void fits(std::int64_t expected, std::int64_t taken)
{
    if (!CHECK(expected >= taken && expected <= 2 * taken))
        std::printf("%lld bytes expected, %lld taken\n", static_cast<long long>(expected),
                    static_cast<long long>(taken));
}

/// The estimate of a row is what tensors take of it, and some for what is no tensor.
void expectsWhatTowersTake(const clip::ModelConfig &config)
{
    const c10::InferenceMode inference;
    clip::detail::ClipModule module(config);
    for (torch::Tensor &parameter : module.parameters())
        parameter.uniform_(-0.02, 0.02);
    module.eval();
    const clip::MemoryPlan plan(config, clip::Precision::Float32, "cpu");
    std::int64_t weights = 0;
    for (const torch::Tensor &tensor : module.parameters())
        weights += static_cast<std::int64_t>(tensor.nbytes());
    fits(plan.weights(), weights);
    module.place(torch::kCPU, torch::kFloat); // As Model does.
    const auto side = config.vision.imageSize;
    for (const int rows : {1, 3, 8}) {
        fits(plan.pictures(rows) - plan.pictures(0), CountingAllocator::peakOf([&] {
                 module.imageFeatures(torch::rand({rows, 3, side, side}));
             }));
        fits(plan.texts(rows) - plan.texts(0), CountingAllocator::peakOf([&] {
                 module.textFeatures(torch::randint(1, 1000, {rows, config.contextLength}, torch::kLong));
             }));
    }
}

void expectsWhatReleasedModelsTake()
{
    clip::ModelConfig viT; // B/16; of one block, since each takes as much as the other.
    viT.vision.layers = 1;
    viT.text.layers = 2; // Of the last one, only a text's first token is computed.
    viT.text.vocabularySize = 1000;
    expectsWhatTowersTake(viT);
    clip::ModelConfig resNet = viT; // RN50's first and widest stage.
    resNet.vision = {224, 64, 12, 32, 16, {2, 1, 1, 1}};
    resNet.dimension = 1024;
    expectsWhatTowersTake(resNet);
}

/// Beside pictures in bfloat16, texts stay in float32 where the processor packs them: all their numbers if
/// fp16 does not hold them exactly.
void expectsWhatTextsTakeBesideBFloat16()
{
    clip::ModelConfig config;
    config.vision.layers = 1;
    config.text.layers = 2;
    config.text.vocabularySize = 1000;
    const c10::InferenceMode inference;
    for (const bool isExact : {true, false}) {
        clip::detail::ClipModule module(config);
        for (torch::Tensor &parameter : module.parameters())
            parameter.uniform_(-0.02, 0.02);
        if (!isExact)
            clip::detail::roundAsReference(module);
        const std::int64_t loaded = CountingAllocator::taken();
        std::int64_t before = 0;
        for (const torch::Tensor &tensor : module.parameters())
            before += static_cast<std::int64_t>(tensor.nbytes());
        module.place(torch::kCPU, torch::kBFloat16);
        fits(clip::MemoryPlan(config, clip::Precision::BFloat16, "cpu").weights(),
             before + CountingAllocator::taken() - loaded);
    }
    // A graphics card holds all of them so.
    CHECK_EQ(clip::MemoryPlan(config, clip::Precision::BFloat16, "cuda:0").weights(),
             2 * clip::weightCount(config));
}

void splitsABudgetIntoBatches()
{
    const clip::MemoryPlan plan(clip::ModelConfig{}, clip::Precision::Float32, "cpu");
    const clip::RowsAtOnce one = plan.rowsWithin(plan.least());
    CHECK_EQ(one.pictures, 1);
    CHECK_EQ(one.texts, 1);
    for (const std::int64_t more : {100, 500, 4000}) {
        const std::int64_t budget = plan.least() + (more << 20);
        const clip::RowsAtOnce rows = plan.rowsWithin(budget);
        CHECK(rows.pictures > 1);
        CHECK(plan.weights() + plan.pictures(rows.pictures) + plan.texts(rows.texts) <= budget);
        CHECK(plan.weights() + plan.pictures(rows.pictures + 1) + plan.texts(rows.texts + 1) > budget);
    }
}

void goesToTheCpuWhenAGraphicsCardIsTooSmall()
{
    using clip::Precision;
    const clip::ModelConfig config;
    const std::int64_t all = clip::weightCount(config); // What the file holds is of no matter there.
    const std::int64_t half = clip::MemoryPlan(config, Precision::Float16, "cuda:0").least();
    const auto fits = clip::placedWithin(config, {"cuda:0", Precision::Float16, half}, all);
    CHECK(fits && fits->device == "cuda:0" && fits->precision == Precision::Float16 && fits->budget == half);
    const auto moved = clip::placedWithin(config, {"cuda:0", Precision::Float16, half - 1}, all);
    CHECK(moved && moved->device == "cpu" && moved->precision == Precision::Float32 && moved->budget == 0);
    const auto free = clip::placedWithin(config, {"cuda:0", Precision::Float16, 0}, all);
    CHECK(free && free->device == "cuda:0" && free->budget == 0);
}

/// Of pictures in bfloat16 a CPU holds two bytes a weight, and four only while it loads what is not in fp16.
void asksForWhatLoadingHolds()
{
    using clip::Precision;
    const clip::ModelConfig config;
    const std::int64_t all = clip::weightCount(config);
    const auto fits = [&](Precision precision, std::int64_t budget, std::int64_t beyondHalf) {
        return clip::placedWithin(config, {"cpu", precision, budget}, beyondHalf).has_value();
    };
    const std::int64_t least = clip::MemoryPlan(config, Precision::BFloat16, "cpu").least();
    CHECK(least < 4 * all);
    CHECK(fits(Precision::BFloat16, least, 0) && !fits(Precision::BFloat16, least - 1, 0));
    CHECK(fits(Precision::BFloat16, 4 * all, all) && !fits(Precision::BFloat16, 4 * all - 1, all));
    // The few of a compact copy that stay in float32 are less than what embedding takes later.
    CHECK(fits(Precision::BFloat16, least, all / 100));
    const std::int64_t least32 = clip::MemoryPlan(config, Precision::Float32, "cpu").least();
    CHECK(fits(Precision::Float32, least32, all) && !fits(Precision::Float32, least32 - 1, all));
}

void refusesABudgetBelowTheModelOnTheCpu()
{
    const auto model = Model::load(kStarter, {.device = "cpu", .memoryBudget = 1 << 20});
    if (CHECK(!model)) {
        CHECK_EQ(model.error().code, ErrorCode::InvalidArgument);
        const std::string &said = model.error().message;
        CHECK(said.find("may only take 1 MiB") != std::string::npos);
        const auto at = said.find("needs ");
        if (!CHECK(at != std::string::npos))
            return;
        // And that much does.
        const std::int64_t needed = std::stoll(said.substr(at + 6));
        CHECK(needed > 1);
        CHECK(Model::load(kStarter, {.device = "cpu", .memoryBudget = needed << 20}).has_value());
        CHECK(!Model::load(kStarter, {.device = "cpu", .memoryBudget = (needed - 1) << 20}).has_value());
    }
}

/// The smallest budget: row by row, in less memory than all rows take, and the same comes out.
void keepsToItsBudget()
{
    const auto source = clip::openModel(kStarter);
    if (!CHECK(source.has_value()))
        return;
    const clip::MemoryPlan plan(source->config, clip::Precision::Float32, "cpu");
    const Model free = starter();
    const Model tight = starter(plan.least());
    const auto side = static_cast<std::size_t>(free.info().imageSize);
    constexpr int kMany = 10;
    const std::vector<std::uint8_t> rgb(kMany * 3 * side * side, 77);
    const std::vector<std::string> texts(kMany, "海边的日落");
    const auto check = [](std::int64_t most, const auto &encodeFree, const auto &encodeTight) {
        Result<Embeddings> whole = fail(ErrorCode::Internal, "");
        Result<Embeddings> parts = whole;
        const std::int64_t all = CountingAllocator::peakOf([&] { whole = encodeFree(); });
        const std::int64_t less = CountingAllocator::peakOf([&] { parts = encodeTight(); });
        CHECK(whole && parts && same(*parts, *whole));
        CHECK(less <= most && 4 * less < all);
    };
    check(
        plan.pictures(1), [&] { return free.encodeImages(rgb, kMany); },
        [&] { return tight.encodeImages(rgb, kMany); });
    check(
        plan.texts(1), [&] { return free.encodeTexts(texts); }, [&] { return tight.encodeTexts(texts); });
}

/// B/16, with fewer of them, of small pictures: the weights are as large, and computing takes no time.
clip::ModelConfig fewBlocks()
{
    clip::ModelConfig viT;
    viT.vision.imageSize = 64;
    viT.vision.layers = 4;
    viT.text.layers = 2;
    viT.text.vocabularySize = 1000;
    return viT;
}

/// A module of random weights, in a file.
std::filesystem::path randomModel(const clip::ModelConfig &config, bool half)
{
    const auto folder =
        std::filesystem::temp_directory_path() / ("memory_check-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "vocab.txt") << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
    clip::detail::ClipModule module(config);
    const torch::NoGradGuard noGrad;
    for (torch::Tensor &parameter : module.parameters())
        parameter.uniform_(-0.02, 0.02);
    CHECK(clip::detail::saveModel(folder, module, half).has_value());
    return folder;
}

std::string bytesOf(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The largest converted tensor is all that writing takes; the file is that of tensors converted before.
void writesTensorByTensor()
{
    clip::detail::ClipModule module(fewBlocks());
    const torch::NoGradGuard noGrad;
    for (torch::Tensor &parameter : module.parameters())
        parameter.uniform_(-0.02, 0.02);
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("memory_check-" + std::to_string(::getpid()));
    std::vector<torch::Tensor> converted;
    std::vector<clip::TensorView> views;
    std::size_t largest = 0;
    for (const clip::detail::NamedTensor &item : clip::detail::foreignTensors(module)) {
        converted.push_back(item.tensor.to(item.halfInReference ? torch::kHalf : torch::kFloat).contiguous());
        const torch::Tensor &last = converted.back();
        largest = std::max(largest, last.nbytes());
        views.push_back({item.name, item.halfInReference ? clip::DType::F16 : clip::DType::F32,
                         last.sizes().vec(), static_cast<const std::byte *>(last.data_ptr()), last.nbytes()});
    }
    CHECK(clip::writeSafetensors(file, views, {{"format", "pt"}, {"made", "by a test"}}).has_value());
    const std::string expected = bytesOf(file);
    converted.clear();
    const std::int64_t peak = CountingAllocator::peakOf([&] {
        CHECK(clip::detail::saveWeights(file, module, clip::detail::StoredAs::Reference,
                                        {{"made", "by a test"}})
                  .has_value());
    });
    CHECK(bytesOf(file) == expected);
    if (!CHECK(peak > 0 && peak <= static_cast<std::int64_t>(largest)))
        std::printf("%lld bytes for a tensor of %zu\n", static_cast<long long>(peak), largest);
    std::filesystem::remove(file);
}

/// Neither fp32 copies of what is held in less, nor the pages of what has been read, add up.
void loadsInLittleMoreThanItHolds(const std::filesystem::path &folder, clip::Precision precision)
{
    constexpr double kMost = 1.3;
    ::malloc_trim(0);
    const double before = test::statusBytes("VmRSS:");
    std::optional<Result<Model>> model;
    const double peak = test::peakBytes(
        [&] { model.emplace(Model::load(folder, {.device = "cpu", .precision = precision})); });
    ::malloc_trim(0); // What has been freed is not held, wherever it lies.
    const double held = test::statusBytes("VmRSS:") - before;
    CHECK(model->has_value());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // They keep what has been freed.
    if (!CHECK(peak < kMost * held))
        std::printf("%.0f bytes at the highest, %.0f held\n", peak, held);
#endif
}

/// What becomes as it is read what place() makes of it, computes the same.
void readsWhatPlaceMakes(const std::filesystem::path &folder, torch::ScalarType type)
{
    const auto source = clip::openModel(folder);
    if (!CHECK(source.has_value()))
        return;
    const c10::InferenceMode inference;
    const auto side = source->config.vision.imageSize;
    const torch::Tensor pixels = torch::rand({2, 3, side, side}).to(type);
    const torch::Tensor ids = torch::tensor({{2, 1, 3}}, torch::kLong);
    std::vector<torch::Tensor> features;
    for (const auto placing : {std::optional<clip::detail::Placing>(), {{torch::kCPU, type}}}) {
        clip::detail::ClipModule module(source->config);
        CHECK(clip::detail::loadWeights(module, source->weights, placing).has_value());
        module.eval();
        clip::detail::roundAsReference(module); // Of fp16 numbers: changes nothing.
        module.place(torch::kCPU, type);
        features.push_back(module.imageFeatures(pixels));
        features.push_back(module.textFeatures(ids));
    }
    CHECK(features[0].equal(features[2]) && features[1].equal(features[3]));
}

void readsHalfWeights()
{
    const clip::ModelConfig viT = fewBlocks();
    clip::ModelConfig resNet = viT;
    resNet.vision = {viT.vision.imageSize, 64, 12, 32, 16, {1, 1, 1, 1}};
    resNet.dimension = 1024;
    for (const clip::ModelConfig &config : {viT, resNet}) {
        const auto folder = randomModel(config, true);
        for (const clip::Precision precision : {clip::Precision::Float32, clip::Precision::BFloat16})
            loadsInLittleMoreThanItHolds(folder, precision);
        readsWhatPlaceMakes(folder, torch::kFloat);
        readsWhatPlaceMakes(folder, torch::kBFloat16);
        std::filesystem::remove_all(folder);
    }
}

/// A published file asks for float32 once; its copy in fp16 loads in no more than pictures in bfloat16 take.
void loadsWithinItsBudget()
{
    clip::ModelConfig config = fewBlocks();
    config.vision.layers = 6; // So much that two bytes a weight are seen beside what a picture takes.
    config.text.layers = 1;
    const std::int64_t least = clip::MemoryPlan(config, clip::Precision::BFloat16, "cpu").least();
    const std::int64_t atFirst = 4 * clip::weightCount(config);
    CHECK(least < atFirst);
    const auto folder = randomModel(config, false);
    clip::LoadOptions options{.device = "cpu",
                              .precision = clip::Precision::BFloat16,
                              .memoryBudget = least,
                              .compactCopies = folder / "copies"};
    CHECK(!Model::load(folder, options));
    options.memoryBudget = atFirst;
    CHECK(Model::load(folder, options).has_value());
    options.memoryBudget = least;
    std::optional<Result<Model>> model;
    const double peak = test::peakBytes([&] { model.emplace(Model::load(folder, options)); });
    CHECK(model->has_value());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // They keep what has been freed.
    if (!CHECK(peak <= static_cast<double>(least)))
        std::printf("%.0f bytes at the highest, %lld allowed\n", peak, static_cast<long long>(least));
#endif
    std::filesystem::remove_all(folder);
}

} // namespace

int main()
{
    const CountingAllocator allocator;
    embedsPicturesWithMemoryForTwo();
    embedsTextsWithMemoryForTwo();
    passesOtherErrorsOn();
    expectsWhatReleasedModelsTake();
    expectsWhatTextsTakeBesideBFloat16();
    splitsABudgetIntoBatches();
    goesToTheCpuWhenAGraphicsCardIsTooSmall();
    asksForWhatLoadingHolds();
    refusesABudgetBelowTheModelOnTheCpu();
    keepsToItsBudget();
    writesTensorByTensor();
    readsHalfWeights();
    loadsWithinItsBudget();
    return checkSummary();
}
