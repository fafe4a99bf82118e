// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/compact_copy.h"

#include "core/clip/fingerprint.h"

#include <cstdint>
#include <span>
#include <vector>

namespace yingxun::clip {
namespace {

/// Bytes a weight from which on a file is not yet compact: a little more than fp16 has.
constexpr double kLargeWeight = 2.5;
constexpr const char *kEnding = ".safetensors";

/// Path, size and time of change, a line each.
std::string stateOf(const std::filesystem::path &file)
{
    std::error_code ignored;
    const std::uintmax_t size = std::filesystem::file_size(file, ignored);
    const auto changed = std::filesystem::last_write_time(file, ignored).time_since_epoch().count();
    return std::filesystem::absolute(file, ignored).string() + '\n' + std::to_string(size) + '\n' +
           std::to_string(changed) + '\n';
}

} // namespace

CompactCopy::CompactCopy(const std::filesystem::path &folder, const ModelSource &source)
    : m_source(stateOf(source.weights.path()))
{
    std::error_code ignored;
    const auto size = static_cast<double>(std::filesystem::file_size(source.weights.path(), ignored));
    const std::string which = m_source + configJson(source.config);
    Fingerprint fingerprint;
    fingerprint.add(std::as_bytes(std::span(which)));
    m_path = folder / (fingerprint.hex() + kEnding);
    m_worthwhile = size > kLargeWeight * static_cast<double>(weightCount(source.config));
}

std::optional<CompactCopy::Opened> CompactCopy::open() const
{
    auto weights = Checkpoint::open(m_path);
    if (!weights)
        return std::nullopt;
    std::string hash = weights->metadata(kWeights);
    if (hash.empty()) // Also of a copy that says whose it is in the former way.
        return std::nullopt;
    return Opened{*std::move(weights), std::move(hash)};
}

void CompactCopy::removeOthersOutdated() const
{
    std::error_code error;
    std::vector<std::filesystem::path> outdated;
    for (std::filesystem::directory_iterator entry(m_path.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != kEnding || entry->path() == m_path)
            continue;
        const auto copy = Checkpoint::open(entry->path());
        const std::string source = copy ? copy->metadata(kSource) : std::string();
        if (source.empty() || stateOf(source.substr(0, source.find('\n'))) != source)
            outdated.push_back(entry->path());
    }
    for (const std::filesystem::path &path : outdated)
        std::filesystem::remove(path, error);
}

} // namespace yingxun::clip
