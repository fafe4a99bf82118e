// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yingxun::jobs {

class Encoder;

/// Makes classifiers of one encoder for zero-shot labelling. Rows of labels asked for before are remembered.
class ZeroShot
{
public:
    explicit ZeroShot(std::shared_ptr<Encoder> encoder) : m_encoder(std::move(encoder)) {}

    /// Rows [labels + backgrounds, D]: each label in Chinese prompt templates, averaged and normalised; then
    /// texts that say only "a photo", so that a label competes with something even when it is the only one.
    /// Errors: the encoder's.
    Result<Embeddings> classifier(std::span<const std::string> labels);

private:
    Result<std::vector<float>> rowOf(const std::string &label);

    std::shared_ptr<Encoder> m_encoder;
    std::unordered_map<std::string, std::vector<float>> m_rows;
    std::optional<Embeddings> m_backgrounds;
};

} // namespace yingxun::jobs
