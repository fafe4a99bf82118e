// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/centroids.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace yingxun::vectors {
namespace {

constexpr int kRounds = 10; // Later ones move next to nothing.
constexpr std::size_t kRowsBetweenLooks = 1024;

/// False: it has no direction.
bool normalise(std::span<float> vector)
{
    double squares = 0;
    for (const float x : vector)
        squares += static_cast<double>(x) * x;
    if (!(squares > 0) || !std::isfinite(squares))
        return false;
    const auto scale = static_cast<float>(1 / std::sqrt(squares));
    for (float &x : vector)
        x *= scale;
    return true;
}

} // namespace

void Centroids::add(std::span<const float> centroid)
{
    for (const float x : centroid) {
        const std::uint16_t half = halfFromFloat(x);
        const auto *bytes = reinterpret_cast<const std::byte *>(&half);
        m_halves.insert(m_halves.end(), bytes, bytes + sizeof half);
    }
}

std::size_t Centroids::nearestTo(std::span<const float> row) const
{
    m_scores.resize(count());
    m_dot({m_halves.data(), 2 * m_length, count(), m_length}, row.data(), m_scores.data());
    return static_cast<std::size_t>(std::max_element(m_scores.begin(), m_scores.end()) - m_scores.begin());
}

Centroids Centroids::ofSample(std::span<const float> sample, std::size_t length, std::size_t most,
                              const std::stop_token &stop)
{
    const std::size_t rows = sample.size() / length;
    const std::size_t count = std::min(most, rows);
    const auto rowOf = [&](std::size_t i) { return sample.subspan(i * length, length); };
    Centroids centroids(length);
    for (std::size_t i = 0; i < count; ++i)
        centroids.add(rowOf(i * rows / count));
    for (int round = 0; round < kRounds && !stop.stop_requested(); ++round) {
        std::vector<float> sums(count * length);
        for (std::size_t i = 0; i < rows; ++i) {
            if (i % kRowsBetweenLooks == 0 && stop.stop_requested())
                return centroids;
            float *sum = sums.data() + centroids.nearestTo(rowOf(i)) * length;
            for (std::size_t k = 0; k < length; ++k)
                sum[k] += rowOf(i)[k];
        }
        Centroids moved(length);
        for (std::size_t i = 0; i < count; ++i) {
            const std::span sum(sums.data() + i * length, length);
            // One that no row is near to begins again somewhere else.
            moved.add(normalise(sum) ? std::span<const float>(sum)
                                     : rowOf((i * 7919 + static_cast<std::size_t>(round)) % rows));
        }
        centroids = std::move(moved);
    }
    return centroids;
}

} // namespace yingxun::vectors
