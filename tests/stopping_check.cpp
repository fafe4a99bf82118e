// SPDX-License-Identifier: GPL-3.0-or-later
// Loading a model ends soon after it was stopped, wherever it is, and leaves nothing behind.
#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/save_model.h"
#include "core/clip/detail/stopping.h"
#include "core/clip/identity.h"
#include "core/clip/model.h"
#include "core/clip/model_source.h"
#include "core/clip/zip_archive.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <unistd.h>
#include <vector>

// libtorch's logging has macros of these names.
#undef CHECK
#undef CHECK_EQ
#include "tests/support/check.h"

using namespace yingxun;
using Clock = std::chrono::steady_clock;
using clip::Model;
using clip::detail::ClipModule;

namespace {

constexpr auto kSoon = std::chrono::seconds(1); // 0.2 s is meant; others may use the machine as well.

/// ViT-B/16 with a third of its blocks: loading takes long enough to be stopped in the middle.
clip::ModelConfig config()
{
    clip::ModelConfig config;
    config.vision.layers = 4;
    config.text.layers = 4;
    return config;
}

/// Weights that fp16 does not hold.
std::unique_ptr<ClipModule> randomModule()
{
    auto module = std::make_unique<ClipModule>(config());
    const torch::NoGradGuard noGrad;
    for (torch::Tensor &parameter : module->parameters())
        parameter.uniform_(-0.02, 0.02);
    return module;
}

std::stop_token stoppedToken()
{
    std::stop_source source;
    source.request_stop();
    return source.get_token();
}

template<typename T>
bool isCancelled(const Result<T> &result)
{
    return !result && result.error().code == ErrorCode::Cancelled;
}

/// A copy that had been made when the load was stopped is as good as any.
bool hasOnlyWholeCopies(const std::filesystem::path &folder)
{
    std::error_code none;
    const std::filesystem::directory_iterator files(folder, none);
    return std::all_of(begin(files), end(files),
                       [](const auto &file) { return file.path().extension() == ".safetensors"; });
}

bool isEmpty(const std::filesystem::path &folder)
{
    std::error_code none;
    return !std::filesystem::exists(folder) || std::filesystem::is_empty(folder, none);
}

/// Runs `work` on a thread of its own, and stops it after a while. @return how much longer it took; nothing:
/// it had ended by itself
template<typename Work>
std::optional<Clock::duration> goesOnFor(Clock::duration untilStopped, const Work &work)
{
    std::stop_source source;
    std::binary_semaphore done(0);
    Clock::time_point end;
    const auto start = Clock::now();
    bool isDone = false;
    {
        const std::jthread thread([&] {
            work(source.get_token());
            end = Clock::now();
            done.release();
        });
        isDone = done.try_acquire_until(start + untilStopped);
        source.request_stop();
    }
    return isDone ? std::nullopt : std::optional(end - start - untilStopped);
}

double milliseconds(Clock::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

void slicesAreLookedAtInBetween()
{
    const std::vector<std::byte> bytes(3 * clip::detail::kBytesAtOnce + 1);
    std::size_t seen = 0;
    CHECK(clip::detail::inSlices(bytes, {}, [&](auto slice) { seen += slice.size(); }));
    CHECK_EQ(seen, bytes.size());
    std::stop_source source;
    seen = 0;
    CHECK(!clip::detail::inSlices(bytes, source.get_token(), [&](auto slice) {
        seen += slice.size();
        source.request_stop();
    }));
    CHECK_EQ(seen, clip::detail::kBytesAtOnce);
}

/// Each of them alone would take seconds of a model of gigabytes.
void everyPartCanBeStopped(const std::filesystem::path &folder)
{
    const torch::NoGradGuard noGrad;
    const auto stop = stoppedToken();
    const auto source = clip::openModel(folder);
    if (!CHECK(source.has_value()))
        return;
    CHECK(isCancelled(clip::weightsHash(*source, stop)));
    CHECK(isCancelled(clip::identityOf(*source, stop)));
    CHECK(isCancelled(clip::formerIdentityOf(*source, stop)));
    const std::vector<std::byte> bytes(10);
    CHECK(isCancelled(clip::checkIntact({"record", bytes, 1}, stop)));

    ClipModule module(config());
    CHECK(isCancelled(clip::detail::loadWeights(module, source->weights, {}, stop)));
    CHECK(clip::detail::loadWeights(module, source->weights).has_value());
    CHECK(!clip::detail::roundingChanges(module, stop));
    clip::detail::roundAsReference(module, stop);
    CHECK(clip::detail::roundingChanges(module)); // None was rounded.
    module.place(torch::kCPU, torch::kBFloat16, stop);
    for (const torch::Tensor &parameter : module.parameters())
        CHECK(parameter.scalar_type() == torch::kFloat && parameter.numel() > 0); // Not packed either.

    const std::filesystem::path made = folder / "made";
    std::filesystem::create_directory(made);
    CHECK(isCancelled(clip::detail::saveWeights(made / "weights", module, clip::detail::StoredAs::Reference,
                                                {}, Readers::Owner, stop)));
    CHECK(isEmpty(made));
    std::filesystem::remove(made);
}

/// @param copies  empty: without a compact copy
void loadingEndsAtAnyMoment(const std::filesystem::path &folder, const std::filesystem::path &copies)
{
    const auto loaded = [&](const std::stop_token &stop) {
        return Model::load(folder, {.device = "cpu", .compactCopies = copies, .stop = stop});
    };
    CHECK(isCancelled(loaded(stoppedToken())));
    CHECK(isEmpty(copies));

    int cancelled = 0;
    Clock::duration longest{};
    for (const int moment : {0, 5, 20, 60, 120, 250, 500, 1000, 2000}) {
        std::filesystem::remove_all(copies);
        bool isStopped = false;
        const auto after = goesOnFor(std::chrono::milliseconds(moment), [&](const std::stop_token &stop) {
            isStopped = isCancelled(loaded(stop));
        });
        if (!after) // It takes no longer.
            break;
        CHECK(hasOnlyWholeCopies(copies));
        if (isStopped) {
            ++cancelled;
            longest = std::max(longest, *after);
        }
    }
    std::printf("stopped %d times, went on for at most %.0f ms\n", cancelled, milliseconds(longest));
    CHECK(cancelled >= 3 && longest < kSoon);
    std::filesystem::remove_all(copies);
}

void whatIsAskedOfAModelEnds(const std::filesystem::path &folder)
{
    const auto model = Model::load(folder, {.device = "cpu"});
    if (!CHECK(model.has_value()))
        return;
    CHECK(isCancelled(model->formerIdentity(stoppedToken())));
    constexpr int kPictures = 64; // Seconds.
    const auto side = static_cast<std::size_t>(model->info().imageSize);
    const std::vector<std::uint8_t> rgb(kPictures * 3 * side * side, 77);
    bool isStopped = false;
    const auto after = goesOnFor(std::chrono::milliseconds(5), [&](const std::stop_token &stop) {
        isStopped = isCancelled(model->encodeImages(rgb, kPictures, stop));
    });
    CHECK(isStopped && after);
    CHECK(model->encodeImages(std::span(rgb).first(3 * side * side), 1).has_value()); // It can go on.
}

} // namespace

int main()
{
    const auto folder =
        std::filesystem::temp_directory_path() / ("stopping_check-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "vocab.txt") << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
    CHECK(clip::detail::saveModel(folder, *randomModule(), /*half=*/false).has_value());
    slicesAreLookedAtInBetween();
    everyPartCanBeStopped(folder);
    loadingEndsAtAnyMoment(folder, {});
    loadingEndsAtAnyMoment(folder, folder / "copies");
    whatIsAskedOfAModelEnds(folder);
    std::filesystem::remove_all(folder);
    return checkSummary();
}
