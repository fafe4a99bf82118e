// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/packed_weights.h"
#include "core/clip/detail/query_gate.h"
#include "core/clip/detail/threads.h"
#include "core/clip/device.h"
#include "core/clip/model.h"
#include "tests/support/golden.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace yingxun;
using clip::Model;
using clip::Precision;

namespace {

/// The smallest cosine between rows of the same number.
float worstCosine(const Embeddings &a, const Embeddings &b)
{
    float worst = 1;
    for (int row = 0; row < a.count; ++row) {
        float cosine = 0;
        for (int i = 0; i < a.dimension; ++i) {
            const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(a.dimension) +
                            static_cast<std::size_t>(i);
            cosine += a.values[at] * b.values[at];
        }
        worst = std::min(worst, cosine);
    }
    return worst;
}

std::vector<std::uint8_t> pictures(int side, int count)
{
    std::mt19937 random(1);
    std::vector<std::uint8_t> rgb(std::size_t{3} * static_cast<std::size_t>(side * side * count));
    int level = 128;
    for (std::uint8_t &value : rgb) { // A random walk: neither flat nor noise.
        level = std::clamp(level + static_cast<int>(random() % 21) - 10, 0, 255);
        value = static_cast<std::uint8_t>(level);
    }
    return rgb;
}

/// Every precision of every device that is here, against float32 on the CPU.
void checkModel(const std::filesystem::path &folder)
{
    const auto exact = Model::load(folder, {.device = "cpu", .precision = Precision::Float32});
    if (!CHECK(exact.has_value()))
        return;
    const std::vector<std::string> texts{"一只狗", "海边的日落", "a cat on the grass"};
    const auto rgb = pictures(exact->info().imageSize, 4);
    const auto images = exact->encodeImages(rgb, 4);
    const auto words = exact->encodeTexts(texts);
    if (!CHECK(images && words))
        return;
    for (const std::string &device : clip::devices()) {
        for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float16}) {
            if (device == "cpu" && precision == Precision::Float16)
                continue; // Refused: below.
            const auto model = Model::load(folder, {.device = device, .precision = precision});
            if (!CHECK(model.has_value()))
                continue;
            CHECK(model->info().device == device && model->info().precision == precision);
            CHECK(model->info().identity == exact->info().identity);
            for (int i = 0; i < 2; ++i) {
                const auto otherImages = model->encodeImages(rgb, 4);
                const auto otherWords = model->encodeTexts(texts);
                if (!CHECK(otherImages && otherWords))
                    continue;
                const float image = worstCosine(*images, *otherImages);
                const float text = worstCosine(*words, *otherWords);
                CHECK(image >= 0.999F && text >= 0.999F);
                // Texts are computed in float32 there, whatever is asked for: see ClipModule::place().
                if (device == "cpu" && clip::detail::PackedWeights::isSupported())
                    CHECK(otherWords->values == words->values);
                std::printf("%s on %s, %s: cosines %.5f, %.5f\n", folder.filename().c_str(), device.c_str(),
                            std::string(clip::nameOf(precision)).c_str(), static_cast<double>(image),
                            static_cast<double>(text));
                model->freeDeviceMemory(); // And again, back from where it was put.
            }
        }
    }
    CHECK(!Model::load(folder, {.device = "cpu", .precision = Precision::Float16}).has_value());
}

void checkChoices()
{
    CHECK(clip::devices().back() == "cpu");
    CHECK(*clip::resolvedDevice("") == clip::devices().front());
    CHECK(*clip::resolvedDevice("cpu") == "cpu");
    const auto none = clip::resolvedDevice("cuda:99");
    CHECK(!none && none.error().message.find("cpu") != std::string::npos);
    for (const Precision precision :
         {Precision::Auto, Precision::Float32, Precision::BFloat16, Precision::Float16})
        CHECK(*clip::precisionOf(clip::nameOf(precision)) == precision);
    CHECK(!clip::precisionOf("int8").has_value());
    CHECK(*clip::resolvedPrecision(Precision::Auto, "cpu") ==
          (clip::cpuHasBFloat16() ? Precision::BFloat16 : Precision::Float32));
}

/// While a query runs, who waits for queries waits; then goes on.
void checkQueriesGoAhead()
{
    clip::detail::QueryGate gate;
    gate.waitForQueries(); // None: at once.
    std::atomic<bool> queryEnded = false;
    std::atomic<bool> wentOn = false;
    bool waited = false;
    std::thread pictures;
    {
        const clip::detail::QueryGate::Query first(gate);
        const clip::detail::QueryGate::Query second(gate);
        pictures = std::thread([&] {
            gate.waitForQueries();
            waited = queryEnded;
            wentOn = true;
        });
        for (int i = 0; i < 1000 && !wentOn; ++i)
            std::this_thread::yield();
        CHECK(!wentOn);
        queryEnded = true;
    }
    pictures.join();
    CHECK(waited);
}

/// Texts are embedded while pictures are, from several threads, and neither waits for ever.
void checkTogether(const std::filesystem::path &folder)
{
    const auto model = Model::load(folder);
    if (!CHECK(model.has_value()))
        return;
    const auto rgb = pictures(model->info().imageSize, 8);
    const std::vector<std::string> texts{"狗"};
    const auto expected = model->encodeTexts(texts);
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                right += model->encodeImages(rgb, 8).has_value() ? 1 : 0;
        });
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                const auto rows = model->encodeTexts(texts);
                right += rows && worstCosine(*rows, *expected) > 0.9999F ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    CHECK_EQ(right.load(), 40);
}

} // namespace

int main()
{
    clip::detail::useAllProcessors();
    checkChoices();
    checkQueriesGoAhead();
    const std::filesystem::path starter = YINGXUN_SOURCE_DIR "/resources/models/starter";
    checkTogether(starter);
    checkModel(starter);
    const std::filesystem::path tiny = YINGXUN_SHARED_DIR "/golden/tiny/tiny_vit/hf";
    if (std::filesystem::exists(tiny))
        checkModel(tiny);
    else
        withoutShared("a ViT in other precisions needs golden");
    return checkSummary();
}
