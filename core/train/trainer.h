// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/train/dataset.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::train {

/// One data set of a run: `<prefix>_imgs.tsv` and `<prefix>_texts.jsonl`.
struct TrainData {
    std::filesystem::path prefix;
    int repeat = 1; ///< Times that each picture is shown in an epoch.
};

/// What the towers compute in. Weights, their updates and the loss are float32 in any case.
enum class Precision { Float32, BFloat16 };

/// A training run. Rates, betas, decay and clamp as the reference's defaults.
struct TrainOptions {
    /// What to start from, in any form that clip::openModel reads; `fromScratch`: a folder with config.json
    /// and vocab.txt.
    std::filesystem::path model;
    std::filesystem::path
        output; ///< Receives config.json, model.safetensors, vocab.txt and checkpoint.safetensors.
    std::vector<TrainData> data;
    bool fromScratch = false;
    bool freezeImageTower = false; ///< Stage 1 of the paper (arXiv 2211.01335); stage 2 trains both.
    bool augment = true;
    double smallestCrop = 0.5;
    bool degrade = false;        ///< Take detail from augmented pictures at random; see randomView().
    std::string device = "auto"; ///< See clip::resolvedDevice(). A run may go on upon another.
    Precision precision = Precision::Float32;
    int imageSize = 0; ///< 0: the model's own; else the position grid is resized.
    int epochs = 1;
    std::int64_t maximumSteps = 0; ///< 0: epochs decide.
    int batchSize = 64;            ///< Pairs of one step.
    int accumulation =
        1; ///< Parts in which a batch goes through the towers, with cached features; saves memory.
    int extraTexts = 0;
    double maskRatio = 0;   ///< Share of a picture's patches that are left out (FLIP, arXiv 2212.00794).
    bool recompute = false; ///< Gradient checkpointing: less memory, a third more time.
    std::filesystem::path teacher; ///< A model whose image features are imitated too; empty: none.
    double distillation = 0.5;     ///< Weight of that.
    double learningRate = 5e-4;
    double beta1 = 0.9;
    double beta2 = 0.98;
    double epsilon = 1e-6;
    double weightDecay = 0.2;
    std::int64_t warmup = 500;
    std::int64_t checkpointEvery = 200; ///< Steps; also at the end of an epoch and when stopped.
    bool halfOutput = false;            ///< Write the finished model as fp16.
    std::uint64_t seed = 123;
};

/// Heard after every step.
struct TrainProgress {
    std::int64_t step = 0;
    std::int64_t totalSteps = 0;
    double epoch = 0;
    double loss = 0;          ///< Of this step.
    double imageAccuracy = 0; ///< Share of the batch's images whose best text is one of theirs.
    double logitScale = 0;    ///< exp(logit_scale), after the clamp.
    double learningRate = 0;
    double imagesPerSecond = 0; ///< Since the run began or was resumed.
    double secondsLeft = 0;
};

/// What a finished or stopped run left behind.
struct TrainReport {
    std::int64_t steps = 0;
    bool stopped = false;        ///< By the stop token; running again goes on from the checkpoint.
    std::int64_t unreadable = 0; ///< Pictures that could not be decoded.
    double lastLoss = 0;
};

/// Trains a model with the symmetric contrastive loss. Goes on from output/checkpoint.safetensors where
/// there is one of the same run; a checkpoint is replaced atomically, so that kill -9 costs at most
/// checkpointEvery steps. Blocks; call it off the GUI thread.
/// Errors: NotFound, CorruptData, InvalidArgument (options that contradict, a device that is not there), Io,
/// Unsupported (bfloat16 on a device where libtorch lacks it), OutOfMemory, Internal.
Result<TrainReport> train(const TrainOptions &options, const PictureTools &tools,
                          const std::function<void(const TrainProgress &)> &onProgress,
                          const std::stop_token &stop = {});

} // namespace yingxun::train
