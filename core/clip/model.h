// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"
#include "core/clip/device.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace yingxun::clip {

/// What a caller needs to know of a loaded model.
struct ModelInfo {
    std::string name; ///< Of the folder or file, for display.
    /// Keys embeddings: see identityOf(), and exactIdentity() where the weights were not rounded as the
    /// reference does though that makes a difference.
    std::string identity;
    int imageSize = 0;                        ///< S, side of the square that the image tower sees, pixels.
    int dimension = 0;                        ///< D, length of one embedding.
    int contextLength = 52;                   ///< Tokens of one text, [CLS] and [SEP] included.
    float logitScale = 0;                     ///< exp(logit_scale): the factor of a cosine before softmax.
    std::string device;                       ///< "cpu", "cuda:0"…
    Precision precision = Precision::Float32; ///< Never Auto.
};

/// How a model is loaded.
struct LoadOptions {
    std::string device = "auto"; ///< See resolvedDevice().
    Precision precision = Precision::Auto;
    /// Rounds weights to fp16 as the reference's load_from_name does, for results that equal its to the last
    /// digits; otherwise they are used as they are in the file.
    bool roundAsReference = false;
    /// Bytes that the model may take of its device's memory, as MemoryPlan estimates them; 0: what there is.
    /// Batches are split to keep to it. A device whose budget the model does not fit into is not used, but
    /// the CPU, in float32 and without a budget; info() says so.
    std::int64_t memoryBudget = 0;
    /// Where compact copies of weights lie, see CompactCopy; empty: none are made or used. Weights of more
    /// than fp16 are then rounded as with roundAsReference, at the first use as at all later ones; the first
    /// use also compares the file with its own checksums.
    std::filesystem::path compactCopies = {};
    /// Looked at some twenty times a second while the model is being loaded; not used afterwards.
    std::stop_token stop = {};
};

/// A Chinese-CLIP model: an image tower and a text tower into one space of unit vectors.
///
/// Needs the C++ standard library and libtorch only; no torch type appears in this header.
/// Threads: all functions may be called from any thread; calls to one tower are serialised inside. Texts go
/// ahead of pictures: while a text is embedded, the image tower pauses after the block that it is in.
///
/// A batch that the device has no memory for is halved until it fits, and later ones are made as small at
/// once. A device whose memory does not suffice even for one picture or text is given up: the model goes on,
/// in float32, on the CPU, and info() says so.
class Model
{
public:
    /// Loads a model in any of its published forms: see openModel().
    ///
    /// Errors: NotFound (a file is missing), CorruptData (a tensor is missing, extra or of another
    /// shape; a broken file), Unsupported (an architecture we do not know, or a file that asks for more than
    /// weights), InvalidArgument (no such device; on a CPU, a memory budget that is too small), OutOfMemory,
    /// Cancelled (nothing is left behind).
    static Result<Model> load(const std::filesystem::path &path, const LoadOptions &options = {});

    Model(Model &&) noexcept;
    Model &operator=(Model &&) noexcept;
    ~Model();

    ModelInfo info() const;

    /// What info().identity was in libraries of earlier versions, see formerIdentityOf(); empty: the files
    /// are no longer those that were loaded. Reads all of them. Errors: those of openModel(), Io, Cancelled.
    Result<std::string> formerIdentity(const std::stop_token &stop = {}) const;

    /// @param rgb  [N, S, S, 3] 8-bit sRGB, N >= 1, already resized (image::preprocess).
    /// @param stop  looked at between two blocks of the tower.
    /// @return [N, D], rows of L2 norm 1.
    /// Errors: InvalidArgument (wrong size), OutOfMemory (even for one picture, on the CPU), Cancelled,
    /// Internal (libtorch threw).
    Result<Embeddings> encodeImages(std::span<const std::uint8_t> rgb, int count,
                                    const std::stop_token &stop = {}) const;

    /// Whether the vocabulary has anything of a UTF-8 text; the embedding of another says nothing.
    bool knows(std::string_view text) const;

    /// @param texts  UTF-8; longer ones are cut to contextLength tokens.
    /// @return [N, D], rows of L2 norm 1.  Errors: as encodeImages.
    Result<Embeddings> encodeTexts(std::span<const std::string> texts) const;

    /// Gives the device's memory back until the model is used again, which then takes some seconds longer.
    /// Nothing to do on a CPU.
    void freeDeviceMemory() const;

private:
    struct Impl;
    explicit Model(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

/// Lower-cases and replaces “ ” by " as the reference's training and evaluation do before they tokenize.
std::string cleanedText(std::string_view utf8);

} // namespace yingxun::clip
