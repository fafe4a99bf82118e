// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace yingxun::ingest {

/// How many pictures go through the tower at a time: as many as keep within kPatience, since whoever stops a
/// run or quits waits for the batch under way; at least one, at most what fills any device. Found by
/// measuring.
class BatchSize
{
public:
    static constexpr std::chrono::milliseconds kPatience{120};
    static constexpr int kMost = 32;

    int pictures() const { return m_pictures; }

    /// At most twice as many the next time: the first batches also pay for what is made ready once.
    void took(int pictures, std::chrono::nanoseconds time)
    {
        const auto within = kPatience * pictures / std::max(time, std::chrono::nanoseconds(1));
        m_pictures = static_cast<int>(std::clamp<std::int64_t>(within, 1, std::min(kMost, 2 * m_pictures)));
    }

private:
    int m_pictures = 4;
};

} // namespace yingxun::ingest
