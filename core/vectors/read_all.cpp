// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/read_all.h"

#include <array>
#include <cstddef>
#include <numeric>
#include <thread>
#include <vector>

namespace yingxun::vectors {
namespace {

constexpr std::size_t kFewBytes = 1 << 20;

/// Several sums, so that additions do not wait on each other.
std::uint64_t sumOf(std::span<const std::uint64_t> words)
{
    std::array<std::uint64_t, 8> sums{};
    std::size_t i = 0;
    for (; i + sums.size() <= words.size(); i += sums.size()) {
        for (std::size_t j = 0; j < sums.size(); ++j)
            sums[j] += words[i + j];
    }
    const std::uint64_t rest =
        std::accumulate(words.begin() + static_cast<std::ptrdiff_t>(i), words.end(), std::uint64_t{0});
    return std::accumulate(sums.begin(), sums.end(), rest);
}

} // namespace

std::uint64_t readAll(std::span<const std::uint64_t> words, int threads)
{
    if (words.size_bytes() < kFewBytes)
        return sumOf(words);
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
    {
        std::vector<std::jthread> readers;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const std::size_t first = words.size() * i / sums.size();
            const std::size_t last = words.size() * (i + 1) / sums.size();
            readers.emplace_back(
                [&sums, i, part = words.subspan(first, last - first)] { sums[i] = sumOf(part); });
        }
    }
    return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

} // namespace yingxun::vectors
