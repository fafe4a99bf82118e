// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/removal_brake.h"

#include <algorithm>
#include <utility>

namespace yingxun::ingest {
namespace {

constexpr std::int64_t kFew = 20;
constexpr std::int64_t kMany = 1000;
constexpr std::int64_t kOneIn = 20;
constexpr auto kTogether = std::chrono::minutes(10);

} // namespace

std::int64_t RemovalBrake::mostOf(std::int64_t photos)
{
    return std::clamp(photos / kOneIn, kFew, kMany);
}

bool RemovalBrake::lets(std::int64_t go, std::int64_t photos, Clock::time_point now)
{
    if (go <= std::exchange(m_confirmed, 0))
        return true;
    if (now - m_since > kTogether) {
        m_gone = 0;
        m_since = now;
    }
    if (m_gone + go > mostOf(photos + m_gone))
        return false;
    m_gone += go;
    return true;
}

} // namespace yingxun::ingest
