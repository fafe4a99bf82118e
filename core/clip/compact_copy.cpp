// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/compact_copy.h"

#include "core/clip/fingerprint.h"

#include <cstdint>
#include <span>

namespace yingxun::clip {
namespace {

/// Bytes a weight from which on a file is not yet compact: a little more than fp16 has.
constexpr double kLargeWeight = 2.5;

} // namespace

CompactCopy::CompactCopy(const std::filesystem::path &folder, const ModelSource &source)
{
    std::error_code ignored;
    const std::filesystem::path &weights = source.weights.path();
    const std::uintmax_t size = std::filesystem::file_size(weights, ignored);
    const auto changed = std::filesystem::last_write_time(weights, ignored).time_since_epoch().count();
    const std::string which = std::filesystem::absolute(weights, ignored).string() + '\n' +
                              std::to_string(size) + '\n' + std::to_string(changed) + '\n' +
                              configJson(source.config);
    Fingerprint fingerprint;
    fingerprint.add(std::as_bytes(std::span(which)));
    m_path = folder / (fingerprint.hex() + ".safetensors");
    m_worthwhile = static_cast<double>(size) > kLargeWeight * static_cast<double>(weightCount(source.config));
}

std::optional<CompactCopy::Opened> CompactCopy::open() const
{
    auto weights = Checkpoint::open(m_path);
    if (!weights)
        return std::nullopt;
    std::string identity = weights->metadata(kIdentity);
    if (identity.empty())
        return std::nullopt;
    return Opened{*std::move(weights), std::move(identity)};
}

} // namespace yingxun::clip
