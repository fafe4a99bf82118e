// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/moment_chooser.h"

#include "core/image/resize.h"

#include <algorithm>
#include <cstdlib>

namespace yingxun::image {
namespace {

constexpr std::int64_t kLeastGapMs = 1'000;
constexpr std::int64_t kLongGapMs = 10'000;
// Of videos coded with loss, a scene that stands still differs by 1 or 2, another scene by 30 and more.
constexpr double kOtherScene = 14;
constexpr double kMovedOn = 6; ///< Within one scene, when the latest is long ago.
constexpr double kBlack = 20;  ///< As of posters, see posterOf().

} // namespace

MomentChooser::MomentChooser(const RgbImage &poster, std::int64_t durationMs)
    : m_latest(outlineOf(poster)), m_latestMs(-kLongGapMs), m_gapMs(std::max(kLeastGapMs, durationMs / kMost))
{
}

MomentChooser::Outline MomentChooser::outlineOf(const RgbImage &picture)
{
    constexpr int kWidth = 24;
    constexpr int kHeight = 16;
    return resizeArea(picture, kWidth, kHeight).pixels;
}

double MomentChooser::difference(const Outline &a, const Outline &b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(int{a[i]} - int{b[i]});
    return sum / static_cast<double>(a.size());
}

bool MomentChooser::isNew(const RgbImage &picture, std::int64_t timeMs)
{
    if (isFull() || timeMs - m_latestMs < m_gapMs)
        return false;
    Outline outline = outlineOf(picture);
    const double isBrightest = *std::max_element(outline.begin(), outline.end());
    if (isBrightest < kBlack)
        return false;
    const double enough = timeMs - m_latestMs >= kLongGapMs ? kMovedOn : kOtherScene;
    if (difference(outline, m_latest) < enough)
        return false;
    m_latest = std::move(outline);
    m_latestMs = timeMs;
    ++m_kept;
    return true;
}

} // namespace yingxun::image
