// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>

#include <cstdint>

namespace yingxun::models {

/// The rate of something that arrives in pieces, smoothed so that a time left does not jump about.
class RateMeter
{
public:
    void start() { m_clock.start(); }

    /// @return whether the rate is new: some five times a second.
    bool add(std::int64_t bytes)
    {
        m_bytes += bytes;
        if (m_clock.elapsed() < kIntervalMs)
            return false;
        const double rate = 1000.0 * static_cast<double>(m_bytes) / static_cast<double>(m_clock.restart());
        m_rate = m_rate > 0 ? m_rate + kNewWeight * (rate - m_rate) : rate;
        m_bytes = 0;
        return true;
    }
    double perSecond() const { return m_rate; }
    /// -1: not known yet.
    double secondsFor(std::int64_t bytes) const
    {
        return m_rate > 0 ? static_cast<double>(bytes) / m_rate : -1;
    }

private:
    static constexpr qint64 kIntervalMs = 200;
    static constexpr double kNewWeight = 0.3;

    QElapsedTimer m_clock;
    std::int64_t m_bytes = 0;
    double m_rate = 0;
};

} // namespace yingxun::models
