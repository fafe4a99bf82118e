// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps a tower from learning which data set a picture comes from: coarse views, and a loss that does
// not compare across data sets what could be told apart.
#include "core/clip/tokenizer.h"
#include "core/train/augmentation.h"
#include "core/train/batches.h"
#include "core/train/loss.h"
#include "core/train/quality_probe.h"
#include "tests/support/golden.h"

#include <cmath>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace yingxun;

namespace {

constexpr int kViews = 2000;

/// Nearest neighbour and a compression that only counts.
train::PictureTools toolsFor(std::set<int> &sides, int &compressed)
{
    train::PictureTools tools;
    tools.squash = [&sides](const train::Picture &picture, int side) {
        train::Picture out{side, side, {}};
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const auto from = static_cast<std::size_t>(y * picture.height / side * picture.width +
                                                           x * picture.width / side) *
                                  3;
                out.rgb.insert(out.rgb.end(),
                               {picture.rgb[from], picture.rgb[from + 1], picture.rgb[from + 2]});
            }
        }
        sides.insert(side);
        return out;
    };
    tools.compress = [&compressed](const train::Picture &picture, int quality) {
        CHECK(quality >= 15 && quality <= 95);
        ++compressed;
        return picture;
    };
    return tools;
}

void viewsLoseDetail()
{
    std::set<int> sides;
    int compressed = 0;
    const train::PictureTools tools = toolsFor(sides, compressed);
    train::Picture picture{200, 150, {}};
    picture.rgb.resize(std::size_t{200} * 150 * 3, 128);
    std::mt19937_64 random(7);
    int coarse = 0;
    for (int i = 0; i < kViews; ++i) {
        const auto view = train::randomView(picture, {16, 0.5, true}, tools, random);
        if (!CHECK(view))
            return;
        CHECK(view->picture.width == 16 && view->picture.height == 16);
        coarse += view->isCoarse ? 1 : 0;
    }
    // log(48 / 24) / log(128 / 24) of the sides lie below 48.
    CHECK(std::abs(coarse / double{kViews} - std::log(2.0) / std::log(128.0 / 24)) < 0.04);
    CHECK(compressed > kViews / 2 && compressed < kViews);
    CHECK(*sides.rbegin() == 128);

    const int before = compressed;
    CHECK(!train::randomView(picture, {16, 0.5, false}, tools, random)->isCoarse);
    CHECK_EQ(compressed, before);
}

/// Eight pictures and the text that fits them all.
/// Eight pictures that one text fits.
train::Dataset smallSet(const std::filesystem::path &prefix, const std::string &text)
{
    std::ofstream images(prefix.string() + "_imgs.tsv");
    for (int i = 1; i <= 8; ++i)
        images << i << "\tAAAA\n";
    std::ofstream(prefix.string() + "_texts.jsonl")
        << R"({"text_id":1,"text":")" << text << R"(","image_ids":[1,2,3,4,5,6,7,8]})" << '\n';
    images.close();
    return *train::Dataset::open(prefix);
}

/// A picture is compared with texts of another data set only if it is coarse, without degradation always; a
/// text that both data sets have fits the pictures of both.
void batchesKeepSetsApart()
{
    const std::filesystem::path directory =
        std::filesystem::temp_directory_path() / ("degradation_check-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "vocab.txt") << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n红\n绿\n";
    const auto tokenizer = clip::Tokenizer::load(directory / "vocab.txt");
    const train::Dataset first = smallSet(directory / "first", "红");
    const train::Dataset second = smallSet(directory / "second", "绿");
    const train::Dataset third = smallSet(directory / "third", "红");
    std::set<int> sides;
    int compressed = 0;
    train::PictureTools tools = toolsFor(sides, compressed);
    tools.decode = [](std::span<const std::byte>) -> Result<train::Picture> {
        return train::Picture{64, 64, std::vector<std::uint8_t>(64 * 64 * 3, 100)};
    };
    train::BatchOptions options;
    options.batchSize = 16;
    options.side = 16;
    options.degrade = true;
    int coarse = 0;
    int fine = 0;
    {
        train::BatchSource source({{&first, 1}, {&second, 1}}, *tokenizer, tools, options, 0);
        for (int i = 0; i < 20; ++i) {
            const auto batch = source.next();
            if (!CHECK(batch && batch->compared.defined()))
                break;
            // Every text fits all pictures of its own set and none of the other's.
            CHECK(batch->compared.logical_or(batch->positives.logical_not()).all().item<bool>());
            const torch::Tensor others = batch->positives.logical_not();
            for (std::int64_t row = 0; row < batch->compared.size(0); ++row) {
                const torch::Tensor of = batch->compared[row].masked_select(others[row]);
                CHECK(of.all().item<bool>() || !of.any().item<bool>());
                (of.all().item<bool>() ? coarse : fine) += 1;
            }
        }
    }
    CHECK(coarse > 60 && fine > 60); // Of 320; two in five are coarse.
    {
        train::BatchSource source({{&first, 1}, {&third, 1}}, *tokenizer, tools, options, 0);
        const auto shared = source.next();
        CHECK(shared && shared->positives.all().item<bool>() && shared->compared.all().item<bool>());
    }
    options.degrade = false;
    train::BatchSource source({{&first, 1}, {&second, 1}}, *tokenizer, tools, options, 0);
    const auto plain = source.next();
    CHECK(plain && !plain->compared.defined());
    std::filesystem::remove_all(directory);
}

torch::Tensor unitRows(std::int64_t count, std::int64_t dimension)
{
    const torch::Tensor rows = torch::randn({count, dimension});
    return rows / rows.norm(2, 1, /*keepdim=*/true);
}

/// Pairs of two data sets that may not be compared cost what two batches of their own cost.
void setsApartAreTwoBatches()
{
    torch::manual_seed(3);
    const torch::Tensor images = unitRows(8, 16);
    const torch::Tensor texts = unitRows(8, 16);
    const torch::Tensor scale = torch::tensor(20.0F);
    torch::Tensor compared = torch::zeros({8, 8}, torch::kBool);
    compared.slice(0, 0, 4).slice(1, 0, 4).fill_(true);
    compared.slice(0, 4, 8).slice(1, 4, 8).fill_(true);
    const torch::Tensor positives = torch::eye(8, torch::kBool);
    const auto half = [&](int begin) {
        return train::contrastiveLoss(images.slice(0, begin, begin + 4), texts.slice(0, begin, begin + 4),
                                      scale);
    };
    const auto together = train::contrastiveLoss(images, texts, scale, positives, compared).item<double>();
    CHECK(std::abs(together - ((half(0) + half(4)) / 2).item<double>()) < 1e-5);
    CHECK(together < train::contrastiveLoss(images, texts, scale, positives).item<double>() - 1e-3);
}

Embeddings embeddingsOf(const torch::Tensor &rows)
{
    const torch::Tensor flat = rows.contiguous();
    const auto *first = flat.data_ptr<float>();
    return {std::vector<float>(first, first + flat.numel()), static_cast<int>(rows.size(0)),
            static_cast<int>(rows.size(1))};
}

/// A tower that sees the quality is found out; one that does not is at chance.
void probeTellsWhatTheTowerSees()
{
    torch::manual_seed(5);
    const torch::Tensor clean = unitRows(600, 16);
    const torch::Tensor noise = 0.05 * torch::randn({600, 16});
    const train::QualityProbe blind = train::probeQuality(embeddingsOf(clean), embeddingsOf(clean + noise));
    CHECK(blind.accuracy > 0.4 && blind.accuracy < 0.6);
    CHECK(blind.ownCosine > 0.9 && blind.otherCosine < 0.2);
    CHECK_EQ(blind.pictures, 600);
    torch::Tensor marked = clean + noise;
    marked.select(1, 3) += 1;
    CHECK(train::probeQuality(embeddingsOf(clean), embeddingsOf(marked)).accuracy > 0.9);
}

} // namespace

int main()
{
    probeTellsWhatTheTowerSees();
    viewsLoseDetail();
    batchesKeepSetsApart();
    setsApartAreTwoBatches();
    return checkSummary();
}
