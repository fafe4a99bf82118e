// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model_source.h"

#include <stop_token>
#include <string>

/// Identities name the spaces that embeddings lie in: two of one space can be compared, others never. A space
/// is made by a model's weights, vocabulary and configuration, by kPreprocessingVersion, and by the numbers
/// that a library stores, which the ending of its file (.f16) and the version of that format stand for.
/// All are 32 hex digits.
namespace yingxun::clip {

/// Stands for all that happens between a file that has been decoded and the image tower: how small a version
/// of a picture may be decoded, its orientation and profile, what is put behind transparency, which frame of
/// a video is taken, resizing, mean and deviation. To be raised with every change after which one and the
/// same picture gets another embedding, beyond rounding; all libraries are then embedded anew. Not for what
/// reads more files than before, and not for the texts of queries, whose embeddings nobody stores.
constexpr int kPreprocessingVersion = 1;

/// Of the bytes of the weights' file; the same weights in another form (safetensors, pickle) have another
/// one. Reads the whole file. Errors: Io, Cancelled.
Result<std::string> weightsHash(const ModelSource &source, const std::stop_token &stop = {});

/// The identity of a model whose weights' hash is known. What a configuration says counts, not how: its
/// layout, what is left to defaults, what this program does not know and what only training uses do not.
/// Errors: Io (the vocabulary).
Result<std::string> identityOf(const ModelSource &source, const std::string &weightsHash,
                               int preprocessing = kPreprocessingVersion);

/// The same, after reading all weights. Errors: Io, Cancelled.
Result<std::string> identityOf(const ModelSource &source, const std::stop_token &stop = {});

/// What identityOf() was while it counted the bytes of config.json: libraries of that time are keyed by it.
/// Reads all weights. Errors: Io, Cancelled.
Result<std::string> formerIdentityOf(const ModelSource &source, const std::stop_token &stop = {});

/// Of a model whose weights are not rounded, though they could be: rounded, it gives other embeddings.
std::string exactIdentity(const std::string &rounded);

} // namespace yingxun::clip
