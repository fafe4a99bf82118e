// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model_source.h"

#include <filesystem>
#include <optional>
#include <string>

namespace yingxun::clip {

/// The copy of a model's weights that is made at its first use: a safetensors file with the reference's
/// mixture of fp16 and fp32, half as large as the published file and quick to map. It belongs to the file
/// that it was made of, by path, size and time of change; another or a damaged copy is not used.
class CompactCopy
{
public:
    /// @param folder  where such copies lie; need not exist
    CompactCopy(const std::filesystem::path &folder, const ModelSource &source);

    /// Whether the published weights are larger than the copy would be.
    bool isWorthwhile() const noexcept { return m_worthwhile; }

    struct Opened {
        Checkpoint weights;
        std::string identity; ///< Of the model that it was made of.
    };
    /// Nothing: there is no usable copy yet.
    std::optional<Opened> open() const;

    const std::filesystem::path &path() const noexcept { return m_path; } ///< Where it lies, or will lie.

    /// The key under which the copy's metadata holds the identity.
    static constexpr const char *kIdentity = "yingxun_identity";

private:
    std::filesystem::path m_path;
    bool m_worthwhile = false;
};

} // namespace yingxun::clip
