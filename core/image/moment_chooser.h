// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/rgb_image.h"

#include <cstdint>
#include <vector>

namespace yingxun::image {

/// Chooses from the pictures of a film those that show something new, so that a still scene is kept once and
/// a cut is not missed. Belongs to one thread.
class MomentChooser
{
public:
    static constexpr int kMost = 32; ///< Of one film.

    /// @param poster  what stands for the film already
    /// @param durationMs  of the film, as it says; 0: it does not. What is chosen is spread over it.
    MomentChooser(const RgbImage &poster, std::int64_t durationMs);

    /// Whether a picture is to be kept; they come in the order of their times.
    bool isNew(const RgbImage &picture, std::int64_t timeMs);
    bool isFull() const { return m_kept == kMost; }

private:
    using Outline = std::vector<std::uint8_t>; ///< The picture, reduced to a few RGB pixels.
    static Outline outlineOf(const RgbImage &picture);
    static double difference(const Outline &a, const Outline &b); ///< Mean, 0 to 255.

    Outline m_latest; ///< Of those that are kept.
    std::int64_t m_latestMs = 0;
    std::int64_t m_gapMs = 0; ///< The least between two.
    int m_kept = 0;
};

} // namespace yingxun::image
