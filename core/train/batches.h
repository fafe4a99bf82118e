// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/train/dataset.h"

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace yingxun::clip {
class Tokenizer;
}

namespace yingxun::train {

/// What one optimizer step looks at.
struct Batch {
    torch::Tensor pixels; ///< [N, 3, S, S] float32, normalised.
    torch::Tensor ids;    ///< [T, L] int64, T >= N; row i < N is a text of image i; L is the longest, at most
                          ///< the context length.
    torch::Tensor positives; ///< [N, T] bool: the text fits the image.
    /// [N, T] bool: the loss may compare the two; undefined: all. Where views are degraded, those that keep
    /// detail are compared with texts of their own data set only, so that nothing is gained by recognising
    /// it.
    torch::Tensor compared;
    torch::Tensor teacher; ///< [N, any] the teacher's image features; undefined: there is none.

    Batch to(const torch::Device &device) const; ///< Copies what is not there yet.
};

struct BatchOptions {
    int batchSize = 64;
    int side = 224; ///< S, pixels.
    int contextLength = 52;
    int extraTexts = 0;        ///< Further texts of the data set in each batch, mostly negatives.
    bool augment = true;       ///< Random resized crop, horizontal flip, colour jitter.
    double smallestCrop = 0.5; ///< Least share of the area that a crop keeps.
    bool degrade = false;      ///< Take detail from augmented pictures at random; see randomView().
    std::uint64_t seed = 123;
    std::int64_t pictureMemory = std::int64_t{6} << 30; ///< Decoded pictures kept in memory, bytes.
};

/// Data sets, each with how many times its pictures are shown in an epoch.
struct WeightedDataset {
    const Dataset *data = nullptr; ///< Not owned; outlives the source.
    int repeat = 1;
};

/// Draws batches in a fixed pseudo-random order and prepares them ahead on a thread of its own: each
/// picture `repeat` times an epoch, each time with one of its texts; a batch left over at the end of an epoch
/// is dropped. A picture that cannot be decoded is left out and counted.
class BatchSource
{
public:
    /// Starts preparing at batch `firstBatch` of the whole run (for resuming).
    BatchSource(std::vector<WeightedDataset> data, const clip::Tokenizer &tokenizer, PictureTools tools,
                BatchOptions options, std::int64_t firstBatch = 0);
    ~BatchSource();
    BatchSource(const BatchSource &) = delete;
    BatchSource &operator=(const BatchSource &) = delete;

    std::int64_t batchesPerEpoch() const noexcept;
    /// The next batch, on the CPU; blocks until it is ready. Errors: CorruptData (no picture could be read).
    Result<Batch> next();
    std::int64_t unreadable() const noexcept; ///< Pictures that could not be decoded so far.

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::train
