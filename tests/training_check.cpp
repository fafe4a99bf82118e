// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/autocast.h"
#include "core/clip/detail/recompute.h"
#include "core/train/loss.h"
#include "core/train/optimizer.h"
#include "core/train/training_step.h"
#include "tests/support/golden.h"

#include <array>
#include <map>
#include <string_view>

using namespace yingxun;
using clip::TensorFile;
using clip::detail::ClipModule;

namespace {

constexpr double kLossTolerance = 1e-5;
constexpr double kParameterTolerance = 2e-5;
constexpr double kRateTolerance = 1e-12;

using State = std::map<std::string, torch::Tensor>;

State stateOf(ClipModule &module)
{
    State state;
    for (const auto &item : module.named_parameters())
        state[item.key()] = item.value();
    for (const auto &item : module.named_buffers())
        state[item.key()] = item.value();
    return state;
}

/// Key biases have no gradient but rounding noise, which Adam blows up to its full rate.
torch::Tensor withoutKeyBias(const std::string &name, const torch::Tensor &tensor)
{
    const std::string_view view = name;
    if (view.ends_with("attention.self.key.bias") || view.ends_with("attnpool.k_proj.bias"))
        return torch::zeros_like(tensor);
    if (view.ends_with("attn.in_proj_bias")) {
        const auto thirds = tensor.chunk(3);
        return torch::cat({thirds[0], thirds[2]});
    }
    return tensor;
}

/// `noise`: by parameter, how far the reference itself is from a float64 run; nullptr: not known of this run.
void checkFinal(const std::string &run, ClipModule &module, const TensorFile &file, const Json *noise)
{
    const torch::NoGradGuard noGrad;
    double largest = 0;
    std::string where;
    for (const auto &[name, tensor] : stateOf(module)) {
        const torch::Tensor expected = stored(file, "final." + name);
        if (!CHECK(expected.sizes() == tensor.sizes()))
            continue;
        const torch::Tensor difference =
            (withoutKeyBias(name, tensor) - withoutKeyBias(name, expected)).abs();
        const double worst = difference.to(torch::kDouble).max().item<double>();
        CHECK(worst <= kParameterTolerance + (noise != nullptr ? number(*noise, name) : 0));
        if (worst > largest) {
            largest = worst;
            where = name;
        }
    }
    std::printf("%s: largest difference of the final parameters %.2e, in %s\n", run.c_str(), largest,
                where.c_str());
}

train::Batch batchAt(const TensorFile &file, std::int64_t first, std::int64_t parts)
{
    train::Batch batch;
    batch.pixels = stored(file, "batches.pixel_values").slice(0, first, first + parts).flatten(0, 1);
    batch.ids = stored(file, "batches.token_ids").slice(0, first, first + parts).flatten(0, 1);
    return batch;
}

double entry(const Json &array, std::size_t index)
{
    const auto *values = array.asArray();
    return CHECK(values != nullptr && index < values->size()) ? (*values)[index].asDouble().value_or(0) : 0;
}

/// Follows a run that the reference's own training loop recorded.
void checkRun(const std::filesystem::path &golden, const std::string &run, bool recomputing)
{
    const Json record = storedJson(golden / (run + ".json"));
    auto own = TensorFile::open(golden / (run + ".safetensors"));
    const Json *elsewhere = record.find("batches_and_initial_in");
    auto given = elsewhere == nullptr
                     ? TensorFile::open(golden / (run + ".safetensors"))
                     : TensorFile::open(golden / std::string(elsewhere->asString().value_or("")));
    if (!CHECK(own && given))
        return;

    ClipModule module(referenceConfig(member(record, "config"), member(record, "config")));
    {
        const torch::NoGradGuard noGrad;
        for (auto &[name, tensor] : stateOf(module))
            tensor.copy_(stored(*given, "initial." + name));
    }
    module.train();
    if (member(record, "freeze_vision").asBool().value_or(false))
        train::freezeImageTower(module);
    const double base = number(record, "lr");
    const auto optimizer = train::makeOptimizer(
        module, {base, entry(member(record, "betas"), 0), entry(member(record, "betas"), 1),
                 number(record, "eps"), number(record, "weight_decay")});

    const auto parts = static_cast<std::int64_t>(number(record, "accum_freq"));
    const auto steps = static_cast<std::int64_t>(number(record, "steps"));
    train::StepOptions options;
    options.parts = static_cast<int>(parts);
    options.distillation = run == "vit_kd" ? 0.5 : 0;
    module.setRecomputing(recomputing);
    for (std::int64_t i = 0; i < steps; ++i) {
        const double rate = train::scheduledRate(base, i, static_cast<std::int64_t>(number(record, "warmup")),
                                                 static_cast<std::int64_t>(number(record, "total_steps")));
        const auto recorded = static_cast<std::size_t>(i * parts);
        CHECK(std::abs(rate - entry(member(record, "scheduler_calls_lr"), recorded)) <= kRateTolerance);
        train::setLearningRate(*optimizer, rate);
        train::Batch batch = batchAt(*given, i * parts, parts);
        if (options.distillation > 0)
            batch.teacher = stored(*own, "teacher.features")[i];
        const train::StepResult result = train::step(module, *optimizer, batch, options);
        const double loss = entry(member(record, "losses"), recorded);
        if (!CHECK(std::abs(result.loss - loss) <= kLossTolerance))
            std::printf("%s step %d: loss %.7f, expected %.7f\n", run.c_str(), static_cast<int>(i),
                        result.loss, loss);
        const double scale =
            entry(member(record, "logit_scale_after_each_step"), static_cast<std::size_t>(i));
        CHECK(std::abs(module.logitScale().item<double>() - scale) <= kParameterTolerance);
    }
    const Json noise = storedJson(golden / "tolerance.json");
    const Json *ofRun = noise.find(run);
    checkFinal(run, module, *own, ofRun != nullptr ? &member(*ofRun, "final_param_max_abs_diff") : nullptr);
}

void checkDistillationLoss(const std::filesystem::path &golden)
{
    auto file = TensorFile::open(golden / "kd_loss.safetensors");
    if (!CHECK(file.has_value()))
        return;
    for (const char *name : {"case0", "case1", "case2", "case3"}) {
        const std::string prefix = name;
        const torch::Tensor student = stored(*file, prefix + ".student").requires_grad_();
        const torch::Tensor loss = train::distillationLoss(stored(*file, prefix + ".teacher"), student);
        loss.backward();
        compare(prefix + " distillation loss", loss.detach().reshape({1}), stored(*file, prefix + ".loss"),
                1e-6);
        compare(prefix + " gradient", student.grad(), stored(*file, prefix + ".grad_student"), 1e-6);
    }
}

void checkSchedules(const std::filesystem::path &golden)
{
    const Json tables = storedJson(golden / "scheduler.json");
    if (!CHECK(tables.asArray() != nullptr && !tables.asArray()->empty()))
        return;
    for (const Json &table : *tables.asArray()) {
        const auto total = static_cast<std::int64_t>(number(table, "steps"));
        const auto *rates = member(table, "lr").asArray();
        if (!CHECK(rates != nullptr))
            continue;
        double worst = 0;
        for (std::size_t i = 0; i < rates->size(); ++i) {
            const double rate =
                train::scheduledRate(number(table, "base_lr"), static_cast<std::int64_t>(i),
                                     static_cast<std::int64_t>(number(table, "warmup")), total);
            worst = std::max(worst, std::abs(rate - (*rates)[i].asDouble().value_or(-1)));
        }
        CHECK(worst <= kRateTolerance);
    }
}

/// What the loss's own definition says, without any file: so that something is checked everywhere.
void checkLossByHand()
{
    const torch::Tensor images = torch::eye(3);
    const torch::Tensor texts = torch::eye(3);
    const double scale = 2;
    const double expected = std::log(1 + 2 * std::exp(-scale)); // Of each row and each column.
    const torch::Tensor loss = train::contrastiveLoss(images, texts, torch::tensor(scale));
    CHECK(std::abs(loss.item<double>() - expected) < 1e-6);
    const torch::Tensor diagonal = torch::eye(3).to(torch::kBool);
    CHECK(std::abs(train::contrastiveLoss(images, texts, torch::tensor(scale), diagonal).item<double>() -
                   expected) < 1e-6);

    // A fourth text of nobody pushes images away, and asks for no image itself.
    const torch::Tensor more = torch::cat({texts, torch::zeros({1, 3})});
    const torch::Tensor positives = torch::cat({diagonal, torch::zeros({3, 1}, torch::kBool)}, 1);
    const double rows = std::log(1 + 3 * std::exp(-scale));
    CHECK(std::abs(train::contrastiveLoss(images, more, torch::tensor(scale), positives).item<double>() -
                   (rows + expected) / 2) < 1e-6);
    CHECK(train::decays("visual.conv1.weight") && !train::decays("bert.encoder.layer.0.x.bias"));
}

/// Towers that compute in bfloat16 with weights in float32 have the gradients of float32 but for rounding.
void checkBFloat16(const clip::VisionConfig &vision, bool recomputing)
{
    clip::ModelConfig config;
    config.vision = vision;
    config.text = {50, 32, 2, 2, 64, 12, 2, 0, 0};
    config.dimension = 16;
    torch::manual_seed(3);
    ClipModule module(config);
    module.initialise();
    module.setRecomputing(recomputing);
    train::Batch batch;
    batch.pixels = torch::randn({16, 3, vision.imageSize, vision.imageSize});
    batch.ids = torch::randint(1, 50, {16, 8}, torch::kLong);
    const auto gradients = [&](train::Precision precision) {
        module.zero_grad();
        train::backward(module, batch, {.precision = precision});
        std::vector<torch::Tensor> all;
        for (const torch::Tensor &parameter : module.parameters()) {
            CHECK(parameter.grad().defined() && parameter.grad().scalar_type() == torch::kFloat);
            all.push_back(parameter.grad().flatten().clone());
        }
        return torch::cat(all);
    };
    const torch::Tensor exact = gradients(train::Precision::Float32);
    const auto error = [&exact](const torch::Tensor &other) {
        return 1 -
               torch::cosine_similarity(exact.to(torch::kDouble), other.to(torch::kDouble), 0).item<double>();
    };
    const double mixed = error(gradients(train::Precision::BFloat16));
    // What rounding once does, in float32 arithmetic: how sensitive these towers are.
    batch.pixels = batch.pixels.to(torch::kBFloat16).to(torch::kFloat);
    for (torch::Tensor &parameter : module.parameters()) {
        const torch::NoGradGuard noGrad;
        parameter.copy_(parameter.to(torch::kBFloat16));
    }
    const double rounded = error(gradients(train::Precision::Float32));
    std::printf("gradients in bfloat16: 1 - cosine %.1e, of rounded pixels and weights alone %.1e\n", mixed,
                rounded);
    CHECK(mixed > 0 && mixed <= 10 * rounded);
}

/// What is computed again is computed in the same precision, whatever holds when backward runs, and as often
/// as the same weights are used.
void checkRecomputedPrecision(train::Precision precision, int parts)
{
    clip::ModelConfig config;
    config.vision = {32, 32, 2, 2, 8, {}};
    config.text = {50, 32, 2, 2, 64, 12, 2, 0.1, 0.1};
    config.dimension = 16;
    torch::manual_seed(4);
    ClipModule module(config);
    module.initialise();
    train::Batch batch;
    batch.pixels = torch::randn({16, 3, 32, 32});
    batch.ids = torch::randint(1, 50, {16, 8}, torch::kLong);
    const auto gradients = [&](bool recomputing) {
        module.setRecomputing(recomputing);
        module.zero_grad();
        torch::manual_seed(5);
        train::backward(module, batch, {.parts = parts, .precision = precision});
        std::map<std::string, torch::Tensor> all;
        for (const auto &item : module.named_parameters())
            all[item.key()] = item.value().grad().clone();
        return all;
    };
    const auto kept = gradients(false);
    for (const auto &[name, gradient] : gradients(true)) {
        if (!CHECK(torch::equal(gradient, kept.at(name))))
            std::printf("%s: gradients differ by %.1e\n", name.c_str(),
                        (gradient - kept.at(name)).abs().max().item<double>());
    }
}

/// Also where backward runs under another autocast than forward did, and where a weight is used outside of
/// what is computed again.
void checkRecomputedUnderAutocast()
{
    using clip::detail::AutocastScope;
    using clip::detail::RoundedWeights;
    const torch::Tensor weight = torch::rand({8, 8}).requires_grad_();
    const torch::Tensor input = torch::rand({4, 8}).requires_grad_();
    const auto body = [&](const torch::Tensor &x) { return torch::sigmoid(torch::matmul(x, weight)); };
    const auto gradients = [&](bool recomputing, bool isOn, bool isUsedOutside) {
        torch::Tensor y;
        {
            const AutocastScope scope(torch::kCPU, {isOn, torch::kBFloat16}, RoundedWeights::Kept);
            y = recomputing ? clip::detail::recomputed(body, input) : body(input);
            if (isUsedOutside)
                y = y + body(input);
        }
        const AutocastScope other(torch::kCPU, {!isOn, torch::kBFloat16}, RoundedWeights::Kept);
        for (const torch::Tensor &leaf : {input, weight})
            leaf.mutable_grad() = torch::Tensor();
        y.to(torch::kFloat).sum().backward();
        return std::array{input.grad(), weight.grad()};
    };
    for (const bool isOn : {false, true}) {
        const auto kept = gradients(false, isOn, false);
        const auto again = gradients(true, isOn, false);
        CHECK(torch::equal(again[0], kept[0]) && torch::equal(again[1], kept[1]));
        CHECK(!clip::detail::autocastState(torch::kCPU).isOn);
        // Of two equal sums the second is half; bfloat16 has eight bits.
        const auto both = gradients(true, isOn, true);
        CHECK(torch::allclose(both[1], 2 * kept[1], 0.02));
    }
}

} // namespace

int main()
{
    checkLossByHand();
    for (const int parts : {1, 2}) {
        checkRecomputedPrecision(train::Precision::Float32, parts);
        checkRecomputedPrecision(train::Precision::BFloat16, parts);
    }
    checkRecomputedUnderAutocast();
    for (const bool recomputing : {false, true}) {
        checkBFloat16({32, 32, 2, 2, 8, {}}, recomputing);
        checkBFloat16({64, 16, 12, 8, 16, {1, 1, 1, 1}}, recomputing);
    }
    const std::filesystem::path golden = YINGXUN_SHARED_DIR "/golden/training";
    if (std::filesystem::exists(golden)) {
        checkSchedules(golden);
        checkDistillationLoss(golden);
        for (const char *run :
             {"vit_all", "vit_frozen", "vit_clamp", "vit_accum2", "vit_kd", "rn_all", "rn_frozen"})
            checkRun(golden, run, false);
        for (const char *run : {"vit_all", "vit_frozen", "vit_accum2"})
            checkRun(golden, run, true);
    } else {
        withoutShared("the comparison with the reference needs golden/training");
    }
    return checkSummary();
}
