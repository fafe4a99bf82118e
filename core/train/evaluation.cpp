// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace yingxun::train {
namespace {

constexpr std::size_t kBatch = 64;
constexpr int kDeepest = 10; // Recall is asked up to here.

/// Row indices of `candidates` by falling cosine with `query`, the first `limit`; ties by index.
std::vector<int> best(std::span<const float> query, const Embeddings &candidates, int limit)
{
    std::vector<float> scores(static_cast<std::size_t>(candidates.count));
    for (int i = 0; i < candidates.count; ++i) {
        const auto row = candidates.row(i);
        scores[static_cast<std::size_t>(i)] = std::inner_product(row.begin(), row.end(), query.begin(), 0.0F);
    }
    std::vector<int> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    const auto end = order.begin() + std::min<std::ptrdiff_t>(limit, std::ssize(order));
    std::partial_sort(order.begin(), end, order.end(), [&scores](int a, int b) {
        const float left = scores[static_cast<std::size_t>(a)];
        const float right = scores[static_cast<std::size_t>(b)];
        return left != right ? left > right : a < b;
    });
    order.erase(end, order.end());
    return order;
}

/// Counts at which rank the first right answer comes.
class RecallCounter
{
public:
    void add(const std::vector<int> &ranked, const std::function<bool(int)> &isRight)
    {
        ++m_queries;
        const auto hit = std::find_if(ranked.begin(), ranked.end(), isRight) - ranked.begin();
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

std::string filled(std::string pattern, const std::string &name)
{
    if (const auto at = pattern.find("{}"); at != std::string::npos)
        pattern.replace(at, 2, name);
    return pattern;
}

} // namespace

RetrievalScores retrievalScores(const Embeddings &images, const Embeddings &texts, const Dataset &data)
{
    RecallCounter textToImage;
    for (int t = 0; t < texts.count; ++t) {
        textToImage.add(best(texts.row(t), images, kDeepest), [&](int image) {
            return data.fits(static_cast<std::size_t>(image), static_cast<std::uint32_t>(t));
        });
    }
    RecallCounter imageToText;
    for (int i = 0; i < images.count; ++i) {
        if (data.textsOf(static_cast<std::size_t>(i)).empty())
            continue;
        imageToText.add(best(images.row(i), texts, kDeepest), [&](int text) {
            return data.fits(static_cast<std::size_t>(i), static_cast<std::uint32_t>(text));
        });
    }
    return {textToImage.scores(), imageToText.scores()};
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
    return retrievalScores(*images, *texts, data);
}

Result<Embeddings> classifier(const clip::Model &model, std::span<const NamedClass> classes,
                              std::span<const std::string> templates)
{
    Embeddings rows;
    rows.dimension = model.info().dimension;
    for (const NamedClass &one : classes) {
        std::vector<std::string> prompts;
        for (const std::string &name : one.names) {
            for (const std::string &pattern : templates)
                prompts.push_back(filled(pattern, name));
        }
        auto texts = embedTexts(model, prompts);
        if (!texts)
            return texts;
        std::vector<double> sum(static_cast<std::size_t>(rows.dimension), 0.0);
        for (int i = 0; i < texts->count; ++i) {
            const auto row = texts->row(i);
            std::transform(row.begin(), row.end(), sum.begin(), sum.begin(), std::plus<>());
        }
        const double norm = std::sqrt(std::inner_product(sum.begin(), sum.end(), sum.begin(), 0.0));
        for (const double value : sum)
            rows.values.push_back(static_cast<float>(value / norm));
        ++rows.count;
    }
    return rows;
}

Result<ZeroShotScores> evaluateZeroShot(const clip::Model &model, const Dataset &images,
                                        const std::unordered_map<std::int64_t, std::string> &labels,
                                        std::span<const NamedClass> classes,
                                        std::span<const std::string> templates, const PictureTools &tools)
{
    std::unordered_map<std::string, std::string> nameOfKey;
    std::vector<NamedClass> distinct; // One a first name, with all names of the classes that share it.
    std::unordered_map<std::string, std::size_t> byName;
    for (const NamedClass &one : classes) {
        nameOfKey[one.key] = one.names.front();
        const auto [found, isNew] = byName.emplace(one.names.front(), distinct.size());
        if (isNew)
            distinct.push_back({one.names.front(), {}});
        for (const std::string &name : one.names) {
            auto &names = distinct[found->second].names;
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    auto rows = classifier(model, distinct, templates);
    if (!rows)
        return rows.propagate();
    auto embedded = embedImages(model, images, tools);
    if (!embedded)
        return embedded.propagate();
    RecallCounter counter;
    for (int i = 0; i < embedded->count; ++i) {
        const std::int64_t id = images.imageId(static_cast<std::size_t>(i));
        const auto label = labels.find(id);
        const auto truth = label == labels.end() ? nameOfKey.end() : nameOfKey.find(label->second);
        if (truth == nameOfKey.end())
            return fail(ErrorCode::InvalidArgument,
                        "image " + std::to_string(id) + " has no label, or one that no class has");
        const auto right = static_cast<int>(byName[truth->second]);
        counter.add(best(embedded->row(i), *rows, 5), [right](int c) { return c == right; });
    }
    const RecallScores scores = counter.scores();
    return ZeroShotScores{scores.r1, scores.r5, scores.queries};
}

} // namespace yingxun::train
