// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/reconciler.h"

#include "core/services/indexer.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace yingxun::services {
namespace {

constexpr std::chrono::milliseconds kCheckEvery = std::chrono::seconds(5);
constexpr std::chrono::milliseconds kSleep = std::chrono::seconds(1); // Less is between two readings.

std::chrono::milliseconds timeOf(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(time.tv_sec) +
                                                                 std::chrono::nanoseconds(time.tv_nsec));
}

} // namespace

SystemTimes SystemTimes::now()
{
#ifdef CLOCK_BOOTTIME
    return {timeOf(CLOCK_MONOTONIC), timeOf(CLOCK_BOOTTIME)};
#else // Elsewhere than Linux: sleep goes unnoticed.
    return {timeOf(CLOCK_MONOTONIC), timeOf(CLOCK_MONOTONIC)};
#endif
}

Reconciler::Reconciler(Indexer *indexer, std::chrono::milliseconds interval, Clock clock, QObject *parent)
    : QObject(parent), m_indexer(indexer), m_interval(interval), m_clock(std::move(clock)),
      m_before(m_clock()), m_looked(m_before.total)
{
    connect(indexer, &Indexer::lookedThrough, this, [this](const QStringList &, bool all) {
        if (all)
            m_looked = m_clock().total;
    });
    connect(&m_timer, &QTimer::timeout, this, &Reconciler::check);
    m_timer.start(std::min(m_interval, kCheckEvery));
}

void Reconciler::check()
{
    const SystemTimes now = m_clock();
    const SystemTimes before = std::exchange(m_before, now);
    m_hasSlept |= (now.total - now.awake) - (before.total - before.awake) >= kSleep;
    if (!m_hasSlept && now.total - m_looked < m_interval)
        return;
    if (m_indexer->progress().state != IndexProgress::State::Idle)
        return; // The next check comes soon.
    m_hasSlept = false;
    m_looked = now.total; // Whatever becomes of it: it is not tried again and again.
    m_indexer->start();
}

} // namespace yingxun::services
