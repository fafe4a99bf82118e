// SPDX-License-Identifier: GPL-3.0-or-later
// What the towers of the released models cost here, beside what this machine's matrix products and memory
// allow, measured in the same run; and the memory that they take beside what clip::MemoryPlan expects.
// Weights are random: speed does not depend on them. usage: bench_towers [--huge] [--json] [--memory]
// [--loading] [--stopping] [--device DEVICE]
// --memory: of the CPU's memory only. --loading: of what loading takes there, at its highest and for good,
// each in a process of its own; also at the first use of a published file, which is fp32.
// --stopping: how long a load goes on after it was stopped, at any moment of it.
#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/exact_products.h"
#include "core/clip/detail/packed_weights.h"
#include "core/clip/detail/save_model.h"
#include "core/clip/detail/threads.h"
#include "core/clip/device.h"
#include "core/clip/memory_plan.h"
#include "core/clip/model.h"
#include "tests/support/process_memory.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <vector>

using namespace yingxun;
using clip::ModelConfig;
using clip::detail::ClipModule;
using test::peakBytes;
using test::statusBytes;

namespace {

constexpr int kRepeats = 5;
constexpr std::int64_t kQueryTokens = 10;

/// Seconds of the fastest of some runs, after one to warm up.
double fastest(const torch::Device &device, const std::function<void()> &work)
{
    double best = 1e9;
    for (int i = 0; i <= kRepeats; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        work();
        if (device.is_cuda())
            torch::cuda::synchronize();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        if (i > 0)
            best = std::min(best, took.count());
    }
    return best;
}

/// 10^9 operations a second of products as large as those of the towers.
double gemmRate(const torch::Device &device, torch::ScalarType type)
{
    const auto options = torch::TensorOptions(device).dtype(type);
    // A GPU reaches its rate with larger ones only: a large batch brings them.
    const std::int64_t rows = device.is_cpu() ? 1576 : 8192;
    const std::int64_t in = device.is_cpu() ? 1024 : 8192;
    const std::int64_t out = device.is_cpu() ? 4096 : 8192;
    const torch::Tensor a = torch::rand({rows, in}, options);
    const torch::Tensor b = torch::rand({out, in}, options);
    const double seconds = fastest(device, [&] { torch::linear(a, b); });
    return 2.0 * static_cast<double>(rows * in * out) / seconds / 1e9;
}

/// 10^9 bytes a second of reading memory once.
double readRate(const torch::Device &device)
{
    const std::int64_t count = (device.is_cpu() ? 64 : 1024) << 20; // Far more than any cache.
    const torch::Tensor data = torch::ones({count}, torch::TensorOptions(device));
    return static_cast<double>(data.nbytes()) / fastest(device, [&] { data.sum(); }) / 1e9;
}

/// Multiplications and additions of one picture: linear layers, attention, convolutions.
double imageOperations(const ModelConfig &config)
{
    const clip::VisionConfig &v = config.vision;
    if (!v.isResNet()) {
        const double width = v.width;
        const double side = v.imageSize / v.patchSize;
        const double tokens = side * side + 1;
        return 2 * (side * side * 3 * v.patchSize * v.patchSize * width +
                    v.layers * (12 * tokens * width * width + 2 * tokens * tokens * width) +
                    width * config.dimension);
    }
    double sum = 0;
    double side = v.imageSize / 2.0;
    const double width = v.width;
    sum += side * side * (27 * width / 2 + 9 * width * width / 4 + 9 * width * width / 2);
    side /= 2;
    double in = width;
    for (std::size_t stage = 0; stage < v.resnetLayers.size(); ++stage) {
        const double planes = width * static_cast<double>(1U << stage);
        for (int block = 0; block < v.resnetLayers[stage]; ++block) {
            sum += side * side * (in * planes + 9 * planes * planes);
            if (block == 0 && stage > 0)
                side /= 2; // Pooled between the second and the third convolution.
            sum += side * side * (4 * planes * planes + (block == 0 ? 4 * planes * in : 0));
            in = 4 * planes;
        }
    }
    return 2 * (sum + (side * side + 2) * 2 * in * in + in * config.dimension);
}

struct Named {
    const char *name;
    ModelConfig config;
    double
        referenceBatch8;  ///< Seconds a picture of the reference's Python (golden/reference.md, section 11).
    double referenceText; ///< Seconds of one text of 52 tokens, the same.
};

std::vector<Named> models(bool huge)
{
    ModelConfig rn50;
    rn50.vision = {224, 64, 12, 32, 16, {3, 4, 6, 3}};
    rn50.text.layers = 3;
    rn50.dimension = 1024;
    std::vector<Named> all{{"RN50", rn50, 0.71 / 8, 0.026}, {"ViT-B/16", {}, 2.1 / 8, 0.106}};
    if (huge) {
        ModelConfig vitL;
        vitL.vision = {224, 1024, 24, 16, 14, {}};
        vitL.dimension = 768;
        all.push_back({"ViT-L/14", vitL, 0, 0}); // Not among the reference's recorded times.
        vitL.vision.imageSize = 336;
        all.push_back({"ViT-L/14@336px", vitL, 0, 0});
        ModelConfig vitH;
        vitH.vision = {224, 1280, 32, 16, 14, {}};
        vitH.text = {21128, 1024, 24, 16, 4096, 512, 2, 0.1, 0.1};
        vitH.dimension = 1024;
        all.push_back({"ViT-H/14", vitH, 19.0 / 8, 0.37});
    }
    return all;
}

class Report
{
public:
    explicit Report(bool json) : m_json(json) {}

    /// `share`: of the limit that was measured in this run, 0 to 1.
    void row(const std::string &what, double milliseconds, double share, const std::string &of,
             double timesReference)
    {
        if (m_json)
            std::printf(
                "{\"what\":\"%s\",\"ms\":%.2f,\"share\":%.3f,\"of\":\"%s\",\"times_reference\":%.2f}\n",
                what.c_str(), milliseconds, share, of.c_str(), timesReference);
        else
            std::printf(
                "%-42s %9.1f ms   %3.0f %% of %-14s %s\n", what.c_str(), milliseconds, 100 * share,
                of.c_str(),
                timesReference > 0
                    ? (std::to_string(timesReference).substr(0, 4) + " x the reference's speed").c_str()
                    : "");
        std::fflush(stdout);
    }

    /// `expected` bytes should be measured at most, and half of them at least.
    void memory(const std::string &what, double measured, double expected)
    {
        std::printf(m_json ? "{\"what\":\"%s\",\"mib\":%.1f,\"expected_mib\":%.1f}\n"
                           : "%-42s %9.1f MiB of %9.1f MiB expected\n",
                    what.c_str(), measured / (1 << 20), expected / (1 << 20));
        std::fflush(stdout);
    }

    /// All in bytes. @param peak  at the highest; what was there before is not counted, as in `held`
    /// @param used  of the whole process, after it has embedded
    void loading(const std::string &what, double file, double peak, double held, double used)
    {
        constexpr double kMiB = 1 << 20;
        std::printf(m_json ? "{\"what\":\"%s\",\"file_mib\":%.1f,\"peak_mib\":%.1f,\"held_mib\":%.1f,"
                             "\"peak_of_file\":%.2f,\"peak_of_held\":%.2f,\"used_mib\":%.1f}\n"
                           : "%-32s file %7.1f MiB, peak %7.1f, held %7.1f: %.2f x the file, %.2f x held; "
                             "in use %7.1f\n",
                    what.c_str(), file / kMiB, peak / kMiB, held / kMiB, peak / file, peak / held,
                    used / kMiB);
        std::fflush(stdout);
    }

private:
    bool m_json;
};

std::unique_ptr<ClipModule> randomModule(const ModelConfig &config)
{
    auto module = std::make_unique<ClipModule>(config);
    const torch::NoGradGuard noGrad;
    for (torch::Tensor &parameter : module->parameters())
        parameter.uniform_(-0.02, 0.02);
    clip::detail::roundAsReference(*module); // As all released weights are.
    module->eval();
    return module;
}

/// A model's folder with its weights in fp16 or fp32, for as long as this lives.
class ModelFolder
{
public:
    ModelFolder(ClipModule &module, bool half)
        : m_path(std::filesystem::temp_directory_path() / ("bench_towers-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(m_path);
        std::ofstream vocabulary(m_path / "vocab.txt");
        vocabulary << "[PAD]\n";
        for (int i = 1; i < 100; ++i)
            vocabulary << "[unused" << i << "]\n";
        vocabulary << "[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
        if (!clip::detail::saveModel(m_path, module, half))
            std::abort();
    }
    ~ModelFolder() { std::filesystem::remove_all(m_path); }
    ModelFolder(const ModelFolder &) = delete;
    ModelFolder &operator=(const ModelFolder &) = delete;

    const std::filesystem::path &path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

double weightsFileBytes(const std::filesystem::path &folder)
{
    return static_cast<double>(std::filesystem::file_size(folder / "model.safetensors"));
}

/// From the page cache to the first answer: a compact copy as a second start finds it.
void measureLoading(const Named &model, ClipModule &module, Report &report)
{
    const ModelFolder folder(module, true);
    const double read = readRate(torch::kCPU) * 1e9;
    const double seconds = fastest(torch::kCPU, [&] {
        if (!clip::Model::load(folder.path(), {.device = "cpu"}))
            std::abort();
    });
    report.row(std::string(model.name) + " loading", 1000 * seconds,
               weightsFileBytes(folder.path()) / read / seconds, "reading it", 0);
}

/// In a process that has loaded nothing yet.
void measureLoadingOnce(const std::filesystem::path &folder, const std::string &name,
                        clip::Precision precision, Report &report)
{
    const std::filesystem::path copies = folder / "copies"; // Made of fp32 files only.
    torch::rand({1});                                       // What libtorch needs once is not the model's.
    const double before = statusBytes("RssAnon:");
    std::optional<clip::Model> model;
    const double peak = peakBytes([&] {
        auto loaded =
            clip::Model::load(folder, {.device = "cpu", .precision = precision, .compactCopies = copies});
        if (!loaded)
            std::abort();
        model.emplace(*std::move(loaded));
    });
    std::filesystem::remove_all(copies); // Each process is the first.
    ::malloc_trim(0);
    const double held = statusBytes("RssAnon:") - before;
    constexpr int kBatch = 8;
    const auto side = static_cast<std::size_t>(model->info().imageSize);
    const std::vector<std::uint8_t> rgb(kBatch * 3 * side * side, 77);
    const std::vector<std::string> texts{"[unused1]"};
    if (!model->encodeImages(rgb, kBatch) || !model->encodeTexts(texts))
        std::abort();
    report.loading(name + ", " + std::string(clip::nameOf(precision)), weightsFileBytes(folder), peak, held,
                   statusBytes("VmRSS:"));
}

/// @param self  how this program was called
void measureLoadingMemory(const Named &model, const std::string &self, bool json)
{
    for (const bool half : {true, false}) {
        const ModelFolder folder(*randomModule(model.config), half);
        for (const char *precision : {"float32", "bfloat16"}) {
            const std::string command = "'" + self + "' --load '" + folder.path().string() + "' '" +
                                        model.name + (half ? "" : " at first") + "' " + precision +
                                        (json ? " --json" : "");
            if (std::system(command.c_str()) != 0)
                std::abort();
        }
    }
}

/// How long a load goes on after it was stopped, at the worst of many moments.
void measureStopping(const Named &model, const std::string &device, Report &report)
{
    using Clock = std::chrono::steady_clock;
    const auto milliseconds = [](Clock::duration time) {
        return std::chrono::duration<double, std::milli>(time).count();
    };
    const auto begin = Clock::now();
    static_cast<void>(std::make_unique<ClipModule>(model.config));
    report.row(std::string(model.name) + " making the module", milliseconds(Clock::now() - begin), 0,
               "nothing", 0);
    for (const bool half : {true, false}) {
        const ModelFolder folder(*randomModule(model.config), half);
        const std::filesystem::path copies = folder.path() / "copies";
        /// @return whether it was stopped, how long it took, and how much of that after `until`
        const auto load = [&](Clock::duration until) {
            std::filesystem::remove_all(copies);
            std::stop_source source;
            std::binary_semaphore done(0);
            bool isLoaded = false;
            Clock::time_point end;
            const auto start = Clock::now();
            {
                const std::jthread loading([&] {
                    auto loaded = clip::Model::load(
                        folder.path(),
                        {.device = device, .compactCopies = copies, .stop = source.get_token()});
                    end = Clock::now(); // Of a load that was stopped, all has been freed.
                    isLoaded = loaded.has_value();
                    done.release();
                });
                static_cast<void>(done.try_acquire_until(start + until));
                source.request_stop();
            }
            return std::tuple(!isLoaded, end - start, end - start - until);
        };
        load(std::chrono::minutes(5)); // Into the page cache.
        const auto whole = std::get<1>(load(std::chrono::minutes(5)));
        constexpr int kMoments = 24;
        Clock::duration worst{};
        int moment = 0;
        int stopped = 0;
        for (int i = 0; i < kMoments; ++i) {
            const auto [was, took, after] = load(whole * i / kMoments);
            stopped += was ? 1 : 0;
            if (was && after > worst) {
                worst = after;
                moment = i;
            }
        }
        const std::string what = std::string(model.name) + (half ? "" : " at first");
        report.row(what + ", whole load", milliseconds(whole), 0, "nothing", 0);
        report.row(what + ", stopped " + std::to_string(stopped) + " times, worst at " +
                       std::to_string(100 * moment / kMoments) + " %",
                   milliseconds(worst), 0, "nothing", 0);
    }
}

void measureMemory(const Named &model, Report &report)
{
    const c10::InferenceMode inference;
    const clip::MemoryPlan plan(model.config, clip::Precision::Float32, "cpu");
    const std::string name = model.name;
    std::unique_ptr<ClipModule> module;
    // Not packed: so it is for a moment at the first load, and for good where the processor cannot.
    const double weights = peakBytes([&] { module = randomModule(model.config); });
    const auto side = model.config.vision.imageSize;
    for (const int batch : {1, 8, 32}) {
        const double pictures = peakBytes([&] {
            module->imageFeatures(torch::rand({batch, 3, side, side}));
        });
        report.memory(name + " with pictures, batch " + std::to_string(batch), weights + pictures,
                      static_cast<double>(plan.weights() + plan.pictures(batch)));
    }
    for (const int batch : {1, 8, 32}) {
        const double texts = peakBytes([&] {
            module->textFeatures(torch::randint(1, 1000, {batch, model.config.contextLength}, torch::kLong));
        });
        report.memory(name + " with texts, batch " + std::to_string(batch), weights + texts,
                      static_cast<double>(plan.weights() + plan.texts(batch)));
    }
}

void measure(const Named &model, const std::string &deviceName, Report &report)
{
    const torch::Device device(deviceName);
    if (device.is_cpu())
        measureLoading(model, *randomModule(model.config), report);
    std::vector<torch::ScalarType> types{torch::kFloat};
    if (!device.is_cpu() || clip::cpuHasBFloat16())
        types.push_back(torch::kBFloat16);
    for (const torch::ScalarType type : types) {
        const auto module = randomModule(model.config);
        const c10::InferenceMode inference;
        module->place(device, type);
        const std::string suffix = type == torch::kFloat ? ", float32" : ", bfloat16";
        const double rate = gemmRate(device, type);
        const auto side = model.config.vision.imageSize;
        const bool isGpuRate = !device.is_cpu() && type != torch::kFloat;
        for (const int batch : isGpuRate ? std::vector{1, 8, 32, 64, 128, 256} : std::vector{1, 8}) {
            const torch::Tensor pixels =
                torch::rand({batch, 3, side, side}, torch::TensorOptions(device).dtype(type));
            const double seconds = fastest(device, [&] { module->imageFeatures(pixels); }) / batch;
            report.row(std::string(model.name) + " picture, batch " + std::to_string(batch) + suffix,
                       1000 * seconds, imageOperations(model.config) / seconds / 1e9 / rate, "matrix rate",
                       batch == 8 ? model.referenceBatch8 / seconds : 0);
        }
        const torch::Tensor ids =
            torch::randint(1, 1000, {1, kQueryTokens}, torch::TensorOptions(device).dtype(torch::kLong));
        const double seconds = fastest(device, [&] { module->textFeatures(ids); });
        const clip::TextConfig &text = model.config.text;
        const double weights =
            static_cast<double>(text.layers) * (4.0 * text.hidden + 2.0 * text.intermediate) * text.hidden +
            static_cast<double>(text.hidden) * model.config.dimension;
        const bool isPacked = device.is_cpu() && clip::detail::PackedWeights::isSupported();
        const double bytes =
            weights * static_cast<double>(isPacked ? sizeof(c10::Half) : c10::elementSize(type));
        report.row(std::string(model.name) + " query of 10 tokens" + suffix, 1000 * seconds,
                   bytes / 1e9 / readRate(device) / seconds, "memory rate", model.referenceText / seconds);
    }
}

} // namespace

int main(int argc, char **argv)
{
    clip::detail::useAllProcessors();
    clip::detail::computeFloat32Exactly();
    std::string device = "cpu";
    bool huge = false;
    bool json = false;
    bool memory = false;
    bool loading = false;
    bool stopping = false;
    std::vector<std::string> load; // Folder, name and precision, in a process of --loading.
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        huge = huge || option == "--huge";
        json = json || option == "--json";
        memory = memory || option == "--memory";
        loading = loading || option == "--loading";
        stopping = stopping || option == "--stopping";
        if (option == "--load" && i + 3 < argc) {
            load.assign(argv + i + 1, argv + i + 4);
            i += 3;
        }
        if (option == "--device" && i + 1 < argc)
            device = argv[++i];
    }
    const auto found = clip::resolvedDevice(device);
    if (!found) {
        std::fprintf(stderr, "%s\n", found.error().message.c_str());
        return 2;
    }
    Report report(json);
    if (!load.empty()) {
        measureLoadingOnce(load[0], load[1], *clip::precisionOf(load[2]), report);
        return 0;
    }
    for (const Named &model : models(huge)) {
        if (memory)
            measureMemory(model, report);
        else if (stopping)
            measureStopping(model, *found, report);
        else if (loading)
            measureLoadingMemory(model, argv[0], json);
        else
            measure(model, *found, report);
    }
    return 0;
}
