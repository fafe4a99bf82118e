// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/embeddings.h"
#include "core/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
class RowSet;
} // namespace yingxun::vectors

namespace yingxun::query {

/// How much of each label there is in each content.
struct LabelShares {
    std::vector<ContentHash> contents;
    /// [label][content], 0..1: the softmax over all labels with the model's logit scale, and with
    /// backgrounds, so that a single label does not read 100 %.
    std::vector<std::vector<float>> ofLabels;
};

/// Makes classifiers of one encoder for zero-shot labelling. Rows of labels asked for before are remembered.
class ZeroShot
{
public:
    explicit ZeroShot(std::shared_ptr<vectors::Encoder> encoder) : m_encoder(std::move(encoder)) {}

    /// Rows [labels + backgrounds, D]: each label in Chinese prompt templates, averaged and normalised; then
    /// texts that say only "a photo", so that a label competes with something even when it is the only one.
    /// Errors: the encoder's.
    Result<Embeddings> classifier(std::span<const std::string> labels);

    /// Of all that a store holds, or of the rows that `among` names each time that it is asked; a label that
    /// comes twice counts once. Errors: the encoder's and the store's.
    Result<LabelShares> shares(const std::vector<std::string> &labels, const vectors::EmbeddingStore &store,
                               const std::function<const vectors::RowSet *()> &among, int threads);

private:
    Result<LabelShares> sharesOnce(std::span<const std::string> labels, const vectors::EmbeddingStore &store,
                                   const std::function<const vectors::RowSet *()> &among, int threads);
    Result<std::vector<float>> rowOf(const std::string &label);

    std::shared_ptr<vectors::Encoder> m_encoder;
    std::unordered_map<std::string, std::vector<float>> m_rows;
    std::optional<Embeddings> m_backgrounds;
};

} // namespace yingxun::query
