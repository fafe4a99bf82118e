// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/evaluation.h"

#include <algorithm>
#include <numeric>

namespace yingxun::train {
namespace {

constexpr std::size_t kBatch = 64;
constexpr int kDeepest = 10; // Recall is asked up to here.

/// Row indices of `candidates` by falling cosine with `query`, the first `limit`; ties by index.
std::vector<std::uint32_t> best(std::span<const float> query, const Embeddings &candidates, int limit)
{
    std::vector<float> scores(static_cast<std::size_t>(candidates.count));
    for (int i = 0; i < candidates.count; ++i) {
        const auto row = candidates.row(i);
        scores[static_cast<std::size_t>(i)] = std::inner_product(row.begin(), row.end(), query.begin(), 0.0F);
    }
    std::vector<std::uint32_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto end = order.begin() + std::min<std::ptrdiff_t>(limit, std::ssize(order));
    std::partial_sort(order.begin(), end, order.end(), [&scores](std::uint32_t a, std::uint32_t b) {
        const float left = scores[a];
        const float right = scores[b];
        return left != right ? left > right : a < b;
    });
    order.erase(end, order.end());
    return order;
}

/// Counts at which rank the first right answer comes.
class RecallCounter
{
public:
    void add(const std::vector<std::uint32_t> &ranked, const std::vector<std::uint32_t> &right)
    {
        ++m_queries;
        const auto hit =
            std::find_first_of(ranked.begin(), ranked.end(), right.begin(), right.end()) - ranked.begin();
        if (hit == std::ssize(ranked))
            return;
        m_at1 += hit < 1;
        m_at5 += hit < 5;
        m_at10 += hit < kDeepest;
    }
    RecallScores scores() const
    {
        const double percent = m_queries > 0 ? 100.0 / static_cast<double>(m_queries) : 0;
        return {static_cast<double>(m_at1) * percent, static_cast<double>(m_at5) * percent,
                static_cast<double>(m_at10) * percent, m_queries};
    }

private:
    std::int64_t m_queries = 0;
    std::int64_t m_at1 = 0;
    std::int64_t m_at5 = 0;
    std::int64_t m_at10 = 0;
};

void append(Embeddings &all, const Embeddings &more)
{
    all.values.insert(all.values.end(), more.values.begin(), more.values.end());
    all.count += more.count;
    all.dimension = more.dimension;
}

} // namespace

RetrievalScores retrievalScores(const Embeddings &images, const Embeddings &texts,
                                std::span<const ImagesOfText> imagesOfTexts)
{
    RecallCounter textToImage;
    std::vector<std::vector<std::uint32_t>> textsOfImage(static_cast<std::size_t>(images.count));
    for (int t = 0; t < texts.count; ++t) {
        const ImagesOfText &right = imagesOfTexts[static_cast<std::size_t>(t)];
        if (!right)
            continue;
        textToImage.add(best(texts.row(t), images, kDeepest), *right);
        for (const std::uint32_t image : *right)
            textsOfImage[image].push_back(static_cast<std::uint32_t>(t));
    }
    RecallCounter imageToText;
    for (int i = 0; i < images.count; ++i) {
        const auto &right = textsOfImage[static_cast<std::size_t>(i)];
        if (!right.empty())
            imageToText.add(best(images.row(i), texts, kDeepest), right);
    }
    return {textToImage.scores(), imageToText.scores()};
}

Result<Embeddings> embedTexts(const clip::Model &model, std::span<const std::string> texts)
{
    Embeddings all;
    for (std::size_t first = 0; first < texts.size(); first += kBatch) {
        auto part = model.encodeTexts(texts.subspan(first, std::min(kBatch, texts.size() - first)));
        if (!part)
            return part;
        append(all, *part);
    }
    return all;
}

Result<Embeddings> embedImages(const clip::Model &model, const Dataset &data, const PictureTools &tools)
{
    const int side = model.info().imageSize;
    Embeddings all;
    for (std::size_t first = 0; first < data.imageCount(); first += kBatch) {
        const std::size_t last = std::min(data.imageCount(), first + kBatch);
        std::vector<std::uint8_t> rgb;
        for (std::size_t i = first; i < last; ++i) {
            auto file = data.imageFile(i);
            if (!file)
                return file.propagate();
            auto picture = tools.decode(*file);
            if (!picture) {
                return fail(ErrorCode::CorruptData,
                            "image " + std::to_string(data.imageId(i)) + ": " + picture.error().message);
            }
            const Picture square = tools.squash(*picture, side);
            rgb.insert(rgb.end(), square.rgb.begin(), square.rgb.end());
        }
        auto part = model.encodeImages(rgb, static_cast<int>(last - first));
        if (!part)
            return part;
        append(all, *part);
    }
    return all;
}

Result<RetrievalScores> evaluateRetrieval(const clip::Model &model, const Dataset &data,
                                          const PictureTools &tools)
{
    auto images = embedImages(model, data, tools);
    if (!images)
        return images.propagate();
    auto texts = embedTexts(model, data.texts());
    if (!texts)
        return texts.propagate();
    std::vector<ImagesOfText> imagesOfTexts(data.texts().size(), std::vector<std::uint32_t>());
    for (std::size_t i = 0; i < data.imageCount(); ++i) {
        for (const std::uint32_t text : data.textsOf(i))
            imagesOfTexts[text]->push_back(static_cast<std::uint32_t>(i));
    }
    return retrievalScores(*images, *texts, imagesOfTexts);
}

} // namespace yingxun::train
