// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/model.h"
#include "tests/support/check.h"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

using namespace yingxun;

/// Loads the starter model and embeds with both towers, linked to nothing but libtorch.
int main()
{
    auto model = clip::Model::load(YINGXUN_STARTER, {.device = "cpu", .precision = clip::Precision::Float32});
    CHECK(model.has_value());
    if (!model)
        return 1;
    const clip::ModelInfo &info = model->info();
    CHECK(info.identity.size() == 32);
    CHECK(info.logitScale > 1 && info.logitScale <= 100.1F);

    const auto side = static_cast<std::size_t>(info.imageSize);
    std::vector<std::uint8_t> pixels(2 * side * side * 3);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(i * 37 % 251);
    const auto images = model->encodeImages(pixels, 2);
    CHECK(images.has_value() && images->count == 2 && images->dimension == info.dimension);
    const std::vector<std::string> texts{"一只狗", "雪地里奔跑的狗", ""};
    const auto rows = model->encodeTexts(texts);
    CHECK(rows.has_value() && rows->count == 3);
    for (const auto *embeddings : {&images, &rows}) {
        for (int i = 0; *embeddings && i < (*embeddings)->count; ++i) {
            const auto row = (*embeddings)->row(i);
            const double norm = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
            CHECK(std::abs(norm - 1) < 1e-5);
        }
    }
    // A text alone and in a longer batch embeds alike: padding is masked.
    const auto alone = model->encodeTexts(std::vector<std::string>{texts[0]});
    for (int k = 0; alone && rows && k < info.dimension; ++k)
        CHECK(std::abs(alone->values[static_cast<std::size_t>(k)] -
                       rows->values[static_cast<std::size_t>(k)]) < 1e-5F);

    CHECK(!model->encodeImages(pixels, 3).has_value());
    CHECK(!model->encodeTexts({}).has_value());
    CHECK(!clip::Model::load("/nowhere").has_value());
    return checkSummary();
}
