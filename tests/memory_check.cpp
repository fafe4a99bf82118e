// SPDX-License-Identifier: GPL-3.0-or-later
// What the towers do with little memory.
#include "core/clip/detail/row_batches.h"
#include "core/clip/model.h"
#include "tests/support/counting_allocator.h"

#include <cmath>
#include <span>
#include <string>
#include <vector>

using namespace yingxun;
using clip::Model;
using test::CountingAllocator;

namespace {

constexpr int kRows = 7;
constexpr int kFitting = 2; // So many rows are to fit into memory, and not one more.

Model starter()
{
    return *Model::load(YINGXUN_SOURCE_DIR "/resources/models/starter",
                        {.device = "cpu", .precision = clip::Precision::Float32});
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

} // namespace

int main()
{
    const CountingAllocator allocator;
    embedsPicturesWithMemoryForTwo();
    embedsTextsWithMemoryForTwo();
    passesOtherErrorsOn();
    return checkSummary();
}
