// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace yingxun::vectors {

/// The two towers as everybody else sees them. app/ plugs in clip::Model, tests a fake; so that nothing
/// below app/ links libtorch. Threads: all functions may be called from any thread.
class Encoder
{
public:
    virtual ~Encoder() = default;

    virtual std::string identity() const = 0; ///< Keys embeddings; 32 hex digits for a real model.
    /// What identity() was when earlier versions stored embeddings; empty: the same, or not known. Reads the
    /// model's files: takes seconds.
    virtual Result<std::string> formerIdentity() const { return std::string(); }
    virtual std::string name() const = 0;   ///< For display.
    virtual std::string device() const = 0; ///< "cpu", "cuda:0"…; changes when its memory does not suffice.
    virtual std::string precision() const = 0; ///< "float32"…; changes with the device.
    virtual int imageSize() const = 0;         ///< S, pixels.
    virtual int dimension() const = 0;         ///< D.
    virtual float logitScale() const = 0;      ///< exp(logit_scale).

    /// rgb [N, S, S, 3] -> [N, D] unit rows.
    virtual Result<Embeddings> encodeImages(std::span<const std::uint8_t> rgb, int count) = 0;
    /// Whether the vocabulary has anything of a UTF-8 text: without, its embedding says nothing.
    virtual bool knows(const std::string &text) const = 0;
    /// UTF-8 texts -> [N, D] unit rows.
    virtual Result<Embeddings> encodeTexts(std::span<const std::string> texts) = 0;

    /// Gives a device's memory back until the model is used again. On a CPU there is nothing to give.
    virtual void freeDeviceMemory() {}
};

} // namespace yingxun::vectors
