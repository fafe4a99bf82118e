// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/batches.h"

#include "core/clip/model.h"
#include "core/clip/pixels.h"
#include "core/clip/tokenizer.h"
#include "core/train/augmentation.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>

namespace yingxun::train {
namespace {

constexpr std::size_t kPreparedAhead = 3; // Batches; enough to hide the decoding behind a step.

/// One picture of one data set.
struct Sample {
    std::uint32_t set = 0;
    std::uint32_t image = 0;
};

} // namespace

Batch Batch::to(const torch::Device &device) const
{
    const auto moved = [&device](const torch::Tensor &tensor) {
        return tensor.defined() ? tensor.to(device) : tensor;
    };
    return {moved(pixels), moved(ids), moved(positives), moved(compared), moved(teacher)};
}

struct BatchSource::Impl {
    Impl(std::vector<WeightedDataset> sets, const clip::Tokenizer &words, PictureTools pictureTools,
         BatchOptions batchOptions, std::int64_t firstBatch)
        : data(std::move(sets)), tools(std::move(pictureTools)), options(batchOptions), batch(firstBatch)
    {
        for (std::uint32_t set = 0; set < data.size(); ++set) {
            std::vector<std::vector<std::int64_t>> setTokens;
            for (const std::string &text : data[set].data->texts())
                setTokens.push_back(words.encode(clip::cleanedText(text), options.contextLength));
            tokens.push_back(std::move(setTokens));
            numbers.push_back(numbered(data[set].data->texts()));
            for (std::uint32_t image = 0; image < data[set].data->imageCount(); ++image) {
                if (data[set].data->textsOf(image).empty())
                    continue; // A picture without a text has nothing to teach.
                for (int i = 0; i < data[set].repeat; ++i)
                    samples.push_back({set, image});
            }
            pictures.emplace_back(data[set].data->imageCount());
        }
        perEpoch = static_cast<std::int64_t>(samples.size()) / options.batchSize;
        worker = std::jthread([this](const std::stop_token &stop) { work(stop); });
    }

    std::vector<std::uint32_t> numbered(const std::vector<std::string> &texts);
    /// The numbers of all texts that fit a picture, ascending.
    std::vector<std::uint32_t> fitting(const Sample &sample) const;
    void work(const std::stop_token &stop);
    Result<Batch> prepare();
    const Picture *picture(const Sample &sample, Picture &buffer);
    void shuffleFor(std::int64_t epoch);

    std::vector<WeightedDataset> data;
    PictureTools tools;
    BatchOptions options;
    std::vector<std::vector<std::vector<std::int64_t>>> tokens; // [set][text] -> ids
    std::unordered_map<std::string, std::uint32_t> distinct;    // Text -> its number over all data sets.
    std::vector<std::vector<std::uint32_t>> numbers;            // [set][text] -> number
    std::vector<Sample> samples;                                // In the order of the current epoch.
    std::vector<std::vector<Picture>> pictures;                 // [set][image], empty until decoded.
    std::int64_t pictureBytes = 0;
    std::int64_t perEpoch = 0;
    std::int64_t batch; // Next to prepare, counted over the whole run.
    std::int64_t shuffledEpoch = -1;
    std::atomic<std::int64_t> unreadable = 0;

    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<Result<Batch>> ready;
    std::jthread worker; // Last: stopped and joined before the rest goes.
};

std::vector<std::uint32_t> BatchSource::Impl::numbered(const std::vector<std::string> &texts)
{
    std::vector<std::uint32_t> out;
    out.reserve(texts.size());
    for (const std::string &text : texts)
        out.push_back(distinct.try_emplace(text, static_cast<std::uint32_t>(distinct.size())).first->second);
    return out;
}

std::vector<std::uint32_t> BatchSource::Impl::fitting(const Sample &sample) const
{
    std::vector<std::uint32_t> out;
    for (const std::uint32_t text : data[sample.set].data->textsOf(sample.image))
        out.push_back(numbers[sample.set][text]);
    std::sort(out.begin(), out.end());
    return out;
}

void BatchSource::Impl::work(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        Result<Batch> prepared = prepare();
        std::unique_lock lock(mutex);
        changed.wait(lock, stop, [this] { return ready.size() < kPreparedAhead; });
        ready.push_back(std::move(prepared));
        changed.notify_all();
    }
}

void BatchSource::Impl::shuffleFor(std::int64_t epoch)
{
    if (epoch == shuffledEpoch)
        return;
    // From the sorted order each time, so that a resumed run sees the batches it would have seen.
    std::sort(samples.begin(), samples.end(), [](const Sample &a, const Sample &b) {
        return a.set != b.set ? a.set < b.set : a.image < b.image;
    });
    std::mt19937_64 random(options.seed + static_cast<std::uint64_t>(epoch));
    std::shuffle(samples.begin(), samples.end(), random);
    shuffledEpoch = epoch;
}

const Picture *BatchSource::Impl::picture(const Sample &sample, Picture &buffer)
{
    Picture &kept = pictures[sample.set][sample.image];
    if (!kept.rgb.empty())
        return &kept;
    auto file = data[sample.set].data->imageFile(sample.image);
    auto decoded = file ? tools.decode(*file) : Result<Picture>(file.propagate());
    if (!decoded) {
        ++unreadable;
        return nullptr;
    }
    const auto bytes = static_cast<std::int64_t>(decoded->rgb.size());
    Picture &target = pictureBytes + bytes <= options.pictureMemory ? kept : buffer;
    if (&target == &kept)
        pictureBytes += bytes;
    target = *std::move(decoded);
    return &target;
}

Result<Batch> BatchSource::Impl::prepare()
{
    const std::int64_t number = batch++;
    shuffleFor(perEpoch > 0 ? number / perEpoch : 0);
    std::mt19937_64 random(options.seed * 1'000'003U + static_cast<std::uint64_t>(number));
    const auto first = static_cast<std::size_t>(perEpoch > 0 ? number % perEpoch : 0) *
                       static_cast<std::size_t>(options.batchSize);
    const std::size_t last = std::min(samples.size(), first + static_cast<std::size_t>(options.batchSize));
    const auto values =
        std::size_t{3} * static_cast<std::size_t>(options.side) * static_cast<std::size_t>(options.side);

    struct Text {
        std::uint32_t set;
        std::uint32_t text;
    };
    std::vector<Sample> shown;
    std::vector<std::vector<std::uint32_t>> fittingShown;
    std::vector<bool> isCoarse;
    std::vector<Text> texts;
    std::vector<float> pixels;
    pixels.reserve((last - first) * values);
    for (std::size_t i = first; i < last; ++i) {
        const Sample &sample = samples[i];
        Picture buffer;
        const Picture *source = picture(sample, buffer);
        if (source == nullptr)
            continue;
        const auto view =
            options.augment
                ? randomView(*source, {options.side, options.smallestCrop, options.degrade}, tools, random)
                : Result<View>(View{tools.squash(*source, options.side)});
        if (!view)
            return view.propagate();
        pixels.resize(pixels.size() + values);
        clip::normalisePixels(view->picture.rgb, options.side, std::span(pixels).last(values));
        isCoarse.push_back(view->isCoarse);
        const auto own = data[sample.set].data->textsOf(sample.image);
        shown.push_back(sample);
        fittingShown.push_back(fitting(sample));
        texts.push_back({sample.set, own[random() % own.size()]});
    }
    if (shown.empty())
        return fail(ErrorCode::CorruptData, "no picture of a whole batch could be decoded");
    for (int i = 0; i < options.extraTexts; ++i) {
        const auto set = static_cast<std::uint32_t>(random() % data.size());
        texts.push_back({set, static_cast<std::uint32_t>(random() % data[set].data->texts().size())});
    }

    const auto count = static_cast<std::int64_t>(shown.size());
    const auto textCount = static_cast<std::int64_t>(texts.size());
    Batch out;
    out.pixels = torch::from_blob(pixels.data(), {count, 3, options.side, options.side}).clone();
    out.ids = torch::zeros({textCount, options.contextLength}, torch::kLong);
    out.positives = torch::zeros({count, textCount}, torch::kBool);
    std::int64_t longest = 2;
    auto ids = out.ids.accessor<std::int64_t, 2>();
    auto positives = out.positives.accessor<bool, 2>();
    const torch::Tensor mayCompare = torch::ones({count, textCount}, torch::kBool);
    auto compared = mayCompare.accessor<bool, 2>();
    for (std::int64_t t = 0; t < textCount; ++t) {
        const Text &text = texts[static_cast<std::size_t>(t)];
        const auto &row = tokens[text.set][text.text];
        const std::uint32_t textNumber = numbers[text.set][text.text];
        for (std::int64_t k = 0; k < options.contextLength; ++k) {
            ids[t][k] = row[static_cast<std::size_t>(k)];
            if (ids[t][k] != 0)
                longest = std::max(longest, k + 1);
        }
        for (std::int64_t i = 0; i < count; ++i) {
            const Sample &sample = shown[static_cast<std::size_t>(i)];
            // Data sets share words: a dog of the one is no counterexample for 「狗」 of the other.
            const auto &fits = fittingShown[static_cast<std::size_t>(i)];
            const bool isPositive = std::binary_search(fits.begin(), fits.end(), textNumber);
            positives[i][t] = isPositive;
            compared[i][t] = isPositive || sample.set == text.set || isCoarse[static_cast<std::size_t>(i)];
        }
    }
    if (options.augment && options.degrade)
        out.compared = mayCompare;
    out.ids = out.ids.slice(1, 0, longest).contiguous(); // Padding beyond the longest text changes nothing.
    return out;
}

BatchSource::BatchSource(std::vector<WeightedDataset> data, const clip::Tokenizer &tokenizer,
                         PictureTools tools, BatchOptions options, std::int64_t firstBatch)
    : m_impl(std::make_unique<Impl>(std::move(data), tokenizer, std::move(tools), options, firstBatch))
{
}

BatchSource::~BatchSource() = default;

std::int64_t BatchSource::batchesPerEpoch() const noexcept
{
    return m_impl->perEpoch;
}

std::int64_t BatchSource::unreadable() const noexcept
{
    return m_impl->unreadable;
}

Result<Batch> BatchSource::next()
{
    std::unique_lock lock(m_impl->mutex);
    m_impl->changed.wait(lock, [this] { return !m_impl->ready.empty(); });
    Result<Batch> batch = std::move(m_impl->ready.front());
    m_impl->ready.pop_front();
    m_impl->changed.notify_all();
    return batch;
}

} // namespace yingxun::train
