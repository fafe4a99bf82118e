// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace yingxun::ingest {

/// Photos that have gone from the disk leave the library, but not very many at once: that is a disk that came
/// up half, a wrong mount or a slip of the hand more often than a wish. What goes in many small steps within
/// minutes counts together. Belongs to one thread at a time.
class RemovalBrake
{
public:
    using Clock = std::chrono::steady_clock;

    /// How many may go unasked from a library of so many photos: 5 %, at most 1,000, and 20 in any case, so
    /// that a small library does not ask about everything.
    static std::int64_t mostOf(std::int64_t photos);

    /// Whether so many photos may go now, of a library that still lists `photos` (these included). Then they
    /// count as gone.
    bool lets(std::int64_t go, std::int64_t photos, Clock::time_point now = Clock::now());

    /// So many may go the next time it is asked: somebody has confirmed them.
    void confirm(std::int64_t photos) { m_confirmed = photos; }

private:
    std::int64_t m_confirmed = 0;
    std::int64_t m_gone = 0;
    Clock::time_point m_since; ///< When the first of them went.
};

} // namespace yingxun::ingest
