// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/softmax.h"
#include "core/clip/model.h"
#include "core/train/evaluation.h"
#include "core/train/features.h"
#include "core/train/zero_shot.h"
#include "tests/support/golden.h"

#include <cmath>
#include <unistd.h>

using namespace yingxun;
namespace fs = std::filesystem;

namespace {

constexpr float kReferenceScale = 100;

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

void checkScores(const train::RecallScores &scores, const fs::path &expected)
{
    const Json whole = storedJson(expected);
    const Json &json = member(whole, "scoreJson");
    CHECK(isNear(scores.r1, number(json, "r1"), 1e-9));
    CHECK(isNear(scores.r5, number(json, "r5"), 1e-9));
    CHECK(isNear(scores.r10, number(json, "r10"), 1e-9));
    CHECK(isNear(scores.mean(), number(json, "mean_recall"), 1e-9));
}

void countsRetrievalAsTheReferenceDoes(const fs::path &golden)
{
    const auto scores = train::scoreFeatures(golden / "test");
    if (!CHECK(scores.has_value())) {
        std::printf("%s\n", scores.error().message.c_str());
        return;
    }
    checkScores(scores->textToImage, golden / "expected_t2i.json");
    checkScores(scores->imageToText, golden / "expected_i2t.json");
    CHECK_EQ(scores->textToImage.queries, 60);
    CHECK_EQ(scores->imageToText.queries, 37); // Three images have no text.
}

void countsTiesMissesAndWhatDoesNotAsk()
{
    // Images 0 and 1 are the same picture, image 2 another without a text.
    const Embeddings images{{1, 0, 1, 0, 0, 1}, 3, 2};
    const Embeddings texts{{1, 0, 1, 0, 0, 1, 1, 0}, 4, 2};
    const std::vector<train::ImagesOfText> of{
        std::vector<std::uint32_t>{0}, // Found first.
        std::vector<std::uint32_t>{1}, // Its equal comes before it.
        std::vector<std::uint32_t>{},  // A miss.
        std::nullopt,                  // Nobody annotated it.
    };
    const train::RetrievalScores scores = train::retrievalScores(images, texts, of);
    CHECK_EQ(scores.textToImage.queries, 3);
    CHECK(isNear(scores.textToImage.r1, 100.0 / 3, 1e-9));
    CHECK(isNear(scores.textToImage.r5, 200.0 / 3, 1e-9));
    CHECK_EQ(scores.imageToText.queries, 2);
    CHECK(isNear(scores.imageToText.r1, 50, 1e-9)); // Texts 0 and 1 are equal, too: image 1 finds 0 first.
    CHECK(isNear(scores.imageToText.r5, 100, 1e-9));
}

void explainsBrokenFeatures()
{
    const fs::path folder = fs::temp_directory_path() / ("evaluation_check-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    const auto errorOf = [&folder](const std::string &text) {
        std::ofstream(folder / "f.jsonl") << text;
        const auto read = train::readFeatures(folder / "f.jsonl", "image_id");
        return read ? std::string() : read.error().message;
    };
    CHECK_EQ(errorOf("{\"image_id\":1,\"feature\":[1,0]}\n{\"image_id\":2,\"feature\":[0,1e-3]}\n"), "");
    CHECK(errorOf("{\"image_id\":1,\"feature\":[1]}\n{\"image_id\":1,\"feature\":[1]}\n").find("line 2") !=
          std::string::npos);
    CHECK(errorOf("{\"image_id\":1,\"feature\":[1]}\n{\"image_id\":2,\"feature\":[1,2]}\n").find("line 2") !=
          std::string::npos);
    CHECK(errorOf("{\"text_id\":1,\"feature\":[1]}\n").find("image_id") != std::string::npos);
    CHECK(errorOf("{\"image_id\":1,\"feature\":[\"1\"]}\n").find("line 1") != std::string::npos);
    CHECK(errorOf("{\"image_id\":1,").find("line 1") != std::string::npos);
    fs::remove_all(folder);
}

void countsClasses()
{
    train::ZeroShotTally tally(7);
    tally.add(std::vector<float>{9, 8, 7, 6, 5, 4, 3}, 0);
    tally.add(std::vector<float>{9, 8, 7, 6, 5, 4, 3}, 0);
    tally.add(std::vector<float>{9, 9, 7, 6, 5, 4, 3}, 1); // Of equal ones the first wins.
    tally.add(std::vector<float>{9, 8, 7, 6, 5, 4, 3}, 5); // The sixth.
    const train::ZeroShotScores scores = tally.scores();
    CHECK_EQ(scores.pictures, 4);
    CHECK(isNear(scores.top1, 50, 1e-9));
    CHECK(isNear(scores.top5, 75, 1e-9));
    CHECK(isNear(scores.meanPerClass, 100.0 / 3, 1e-9)); // Of three classes that have pictures.
}

/// The 8-bit pictures that the reference normalised.
std::vector<std::uint8_t> picturesOf(const torch::Tensor &pixelValues)
{
    const torch::Tensor mean = torch::tensor({0.48145466, 0.4578275, 0.40821073}).view({1, 3, 1, 1});
    const torch::Tensor deviation = torch::tensor({0.26862954, 0.26130258, 0.27577711}).view({1, 3, 1, 1});
    const torch::Tensor bytes =
        ((pixelValues * deviation + mean) * 255).round().to(torch::kByte).permute({0, 2, 3, 1}).contiguous();
    const auto *begin = bytes.data_ptr<std::uint8_t>();
    return {begin, begin + bytes.numel()};
}

/// The sentences that the reference made the prompts of one label from.
std::vector<std::string> templatesOf(const Json &prompts, const std::string &label)
{
    std::vector<std::string> templates;
    for (const Json &prompt : *prompts.asArray()) {
        std::string text(prompt.asString().value_or(""));
        const auto at = text.find(label);
        if (CHECK(at != std::string::npos))
            templates.push_back(text.replace(at, label.size(), "{}"));
    }
    return templates;
}

void sortsAsTheReferenceDoes(const fs::path &golden)
{
    const auto model = clip::Model::load(golden / "tiny/tiny_vit/hf",
                                         {.device = "cpu", .precision = clip::Precision::Float32});
    const auto expected = clip::TensorFile::open(golden / "zeroshot/expected.safetensors");
    if (!CHECK(model && expected))
        return;
    const Json prompts = storedJson(golden / "zeroshot/prompts.json");
    std::vector<train::NamedClass> classes;
    for (const Json &label : *member(prompts, "labels").asArray()) {
        const std::string name(label.asString().value_or(""));
        classes.push_back({name, {name}});
    }
    const torch::Tensor targets = stored(*expected, "targets");
    const torch::Tensor pixels = stored(*expected, "pixel_values");
    const auto images = model->encodeImages(picturesOf(pixels), static_cast<int>(pixels.size(0)));
    if (!CHECK(images.has_value()))
        return;
    constexpr std::size_t kDistinct = 2; // A label that no sentence contains by itself.
    const std::vector<std::pair<std::string, std::size_t>> sets{
        {"openai", 183}, {"country211", 4}, {"single", 1}};
    for (const auto &[set, count] : sets) {
        const Json &record = member(member(prompts, "sets"), set);
        const Json &texts = (*member(record, "prompts_per_label").asArray())[kDistinct];
        const auto templates = templatesOf(texts, classes[kDistinct].key);
        CHECK_EQ(templates.size(), count);
        const auto rows = train::classifier(*model, classes, templates);
        if (!CHECK(rows.has_value()))
            continue;
        const torch::Tensor classifier = torch::tensor(rows->values).view({rows->count, rows->dimension});
        compare(set + " classifier", classifier.t(), stored(*expected, set + ".classifier"), 1e-5);
        std::vector<float> probabilities;
        train::ZeroShotTally tally(rows->count);
        for (int i = 0; i < images->count; ++i) {
            const auto cosines = train::cosines(images->row(i), *rows);
            tally.add(cosines, static_cast<std::size_t>(targets[i].item<std::int64_t>()));
            const auto shares = softmax(cosines, kReferenceScale);
            probabilities.insert(probabilities.end(), shares.begin(), shares.end());
        }
        compare(set + " probabilities", torch::tensor(probabilities).view({images->count, rows->count}),
                stored(*expected, set + ".probs"), 1e-5);
        CHECK(isNear(tally.scores().top1, 100 * number(record, "top1"), 1e-9));
    }
}

} // namespace

int main()
{
    countsTiesMissesAndWhatDoesNotAsk();
    explainsBrokenFeatures();
    countsClasses();
    const fs::path golden = YINGXUN_SHARED_DIR "/golden";
    if (fs::exists(golden)) {
        countsRetrievalAsTheReferenceDoes(golden / "retrieval");
        sortsAsTheReferenceDoes(golden);
    } else {
        withoutShared("the comparison with the reference needs golden/retrieval and golden/zeroshot");
    }
    return checkSummary();
}
