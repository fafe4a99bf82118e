// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/vectors/dot.h"

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

namespace yingxun::vectors {

/// Unit vectors in half precision, each as long as a padded row. Threads: one at a time.
class Centroids
{
public:
    explicit Centroids(std::size_t length) : m_length(length) {}

    /// Spherical k-means (Dhillon and Modha, 2001) of `sample`, rows one after another, each of `length`
    /// floats: at most `most` of them, fewer where there are fewer rows. What is asked to stop ends with
    /// what it has.
    static Centroids ofSample(std::span<const float> sample, std::size_t length, std::size_t most,
                              const std::stop_token &stop);

    std::size_t count() const { return m_halves.size() / (2 * m_length); }
    std::span<const std::byte> bytes() const { return m_halves; } ///< [count, length], IEEE half precision
    /// Which one has the highest cosine with `row`; the first of equal ones. There must be one.
    std::size_t nearestTo(std::span<const float> row) const;
    void add(std::span<const float> centroid); ///< A unit vector of that length.

private:
    std::size_t m_length;
    std::vector<std::byte> m_halves;
    mutable std::vector<float> m_scores; // Room for those of nearestTo(): it is asked millions of times.
    DotKernel m_dot = dotKernel(fastestDot());
};

} // namespace yingxun::vectors
