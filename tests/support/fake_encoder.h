// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/neutral_texts.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>

namespace yingxun::test {

/// An encoder whose space is colour: a picture's embedding is its mean red, green and blue, a text's the
/// colours it names (红, 绿, 蓝); of all characters it does not know 犇. So the right order of any search is
/// known without a model.
class FakeEncoder : public vectors::Encoder
{
public:
    std::string identity() const override { return std::string(31, '0') + model.load(); }
    Result<std::string> formerIdentity() const override
    {
        ++formerCalls;
        return former;
    }
    std::string name() const override { return "colours"; }
    std::string device() const override { return runsOn; }
    std::string precision() const override { return computesIn; }
    int imageSize() const override { return kSide; }
    int dimension() const override { return 3; }
    float logitScale() const override { return 20; }

    Result<Embeddings> encodeImages(std::span<const std::uint8_t> rgb, int count) override
    {
        if (mostPictures > 0 && count > mostPictures)
            return fail(ErrorCode::OutOfMemory, "the fake device is small");
        if (gone)
            throw std::runtime_error("the fake device is gone");
        ++imageCalls;
        pictures += count;
        latestBatch = count;
        std::this_thread::sleep_for(std::chrono::milliseconds(msAPicture * count));
        Embeddings out;
        const std::size_t bytes = rgb.size() / static_cast<std::size_t>(count);
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            std::array<float, 3> sum{0.01F, 0.01F, 0.01F};
            for (std::size_t k = 0; k < bytes; ++k)
                sum[k % 3] += static_cast<float>(rgb[i * bytes + k]);
            if (const bool blue = sum[2] > 10 * (sum[0] + sum[1]); blue && blueFails != BlueFails::No) {
                if (blueFails == BlueFails::Throwing)
                    throw std::runtime_error("the fake device knows no blue");
                if (blueFails == BlueFails::OutOfMemory)
                    return fail(ErrorCode::OutOfMemory, "the fake device has no memory for blue");
                sum[0] = std::numeric_limits<float>::quiet_NaN();
            }
            append(out, sum);
        }
        return out;
    }

    bool knows(const std::string &text) const override
    {
        const std::string unknown = "犇";
        for (std::size_t at = 0; at < text.size();) {
            if (text.compare(at, unknown.size(), unknown) == 0)
                at += unknown.size();
            else if (text[at] == ' ')
                ++at;
            else
                return true;
        }
        return false;
    }

    Result<Embeddings> encodeTexts(std::span<const std::string> texts) override
    {
        ++(std::ranges::count(query::kNeutralTexts, texts.front()) == 0 ? textCalls : neutralCalls);
        if (holdTexts)
            released.acquire();
        Embeddings out;
        for (const std::string &text : texts) {
            std::array<float, 3> colour{0.1F, 0.1F, 0.1F};
            const std::array<const char *, 3> names{"红", "绿", "蓝"};
            for (std::size_t i = 0; i < names.size(); ++i)
                colour[i] += text.find(names[i]) != std::string::npos ? 10.0F : 0.0F;
            append(out, colour);
        }
        return out;
    }

    /// What blue pictures do to the batch they are in.
    enum class BlueFails { No, NotANumber, Throwing, OutOfMemory };

    static constexpr int kSide = 16;
    std::atomic<char> model = '1'; ///< The last digit of the identity.
    std::string former;            ///< Identity; set before it is used.
    mutable std::atomic<int> formerCalls = 0;
    std::string runsOn = "cpu"; ///< Set before it is used.
    std::string computesIn = "float32";
    std::atomic<int> imageCalls = 0;
    std::atomic<int> textCalls = 0;    ///< But for those of calibrating: …
    std::atomic<int> neutralCalls = 0; ///< … these.
    std::atomic<int> pictures = 0;
    std::atomic<int> latestBatch = 0; ///< Pictures.
    std::atomic<int> msAPicture = 0;
    std::atomic<int> mostPictures = 0; ///< > 0: a larger batch is out of memory.
    std::atomic<BlueFails> blueFails = BlueFails::No;
    std::atomic<bool> gone = false;      ///< encodeImages throws whatever it is given.
    std::atomic<bool> holdTexts = false; ///< encodeTexts waits for `released`.
    std::counting_semaphore<> released{0};

private:
    static void append(Embeddings &out, const std::array<float, 3> &values)
    {
        const float norm = std::sqrt(values[0] * values[0] + values[1] * values[1] + values[2] * values[2]);
        for (const float value : values)
            out.values.push_back(value / norm);
        out.dimension = 3;
        ++out.count;
    }
};

} // namespace yingxun::test
