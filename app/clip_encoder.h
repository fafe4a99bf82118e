// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/model.h"
#include "core/vectors/encoder.h"

#include <stop_token>

namespace yingxun::app {

/// Shows a CLIP model to the other rooms, which do not know libtorch. Once `stop` is set, what takes long
/// ends with Cancelled.
class ClipEncoder : public vectors::Encoder
{
public:
    explicit ClipEncoder(clip::Model model, std::stop_token stop = {})
        : m_model(std::move(model)), m_stop(std::move(stop))
    {
    }

    std::string identity() const override { return m_model.info().identity; }
    Result<std::string> formerIdentity() const override { return m_model.formerIdentity(m_stop); }
    std::string name() const override { return m_model.info().name; }
    std::string device() const override { return m_model.info().device; }
    std::string precision() const override { return std::string(nameOf(m_model.info().precision)); }
    int imageSize() const override { return m_model.info().imageSize; }
    int dimension() const override { return m_model.info().dimension; }
    float logitScale() const override { return m_model.info().logitScale; }
    Result<Embeddings> encodeImages(std::span<const std::uint8_t> rgb, int count) override;
    bool knows(const std::string &text) const override { return m_model.knows(text); }
    Result<Embeddings> encodeTexts(std::span<const std::string> texts) override;
    void freeDeviceMemory() override { m_model.freeDeviceMemory(); }
    const clip::Model &model() const { return m_model; }

private:
    clip::Model m_model;
    std::stop_token m_stop;
};

} // namespace yingxun::app
