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
        std::string weightsHash; ///< See weightsHash(), of the published file.
    };
    /// Nothing: there is no usable copy yet.
    std::optional<Opened> open() const;

    const std::filesystem::path &path() const noexcept { return m_path; } ///< Where it lies, or will lie.

    /// Removes the copies in this one's folder whose published files are gone or have changed.
    void removeOthersOutdated() const;

    // Keys of the copy's metadata: the hash of the published file, and what the file name is made of.
    static constexpr const char *kWeights = "yingxun_weights";
    static constexpr const char *kSource = "yingxun_source";
    /// The published file, and as what it was seen: path, size and time of change, a line each.
    const std::string &sourceState() const noexcept { return m_source; }

private:
    std::filesystem::path m_path;
    std::string m_source;
    bool m_worthwhile = false;
};

} // namespace yingxun::clip
