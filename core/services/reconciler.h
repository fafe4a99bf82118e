// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace yingxun::services {

class Indexer;

/// Two clocks, of which one stands still while the machine sleeps.
struct SystemTimes {
    std::chrono::milliseconds awake{0};
    std::chrono::milliseconds total{0};

    static SystemTimes now();
};

/// Has the whole library looked through now and then, for what watching has missed: when that was last done
/// long ago, and within seconds of the machine's waking up. Never while a run goes on. Lives on the indexer's
/// thread.
class Reconciler : public QObject
{
    Q_OBJECT
public:
    using Clock = std::function<SystemTimes()>;

    static constexpr std::chrono::milliseconds kInterval = std::chrono::hours(6);

    /// @param interval  since the last time that all was looked through; the first one: from now on.
    explicit Reconciler(Indexer *indexer, std::chrono::milliseconds interval = kInterval,
                        Clock clock = &SystemTimes::now, QObject *parent = nullptr);

    void check(); ///< Every few seconds by itself.

private:
    Indexer *m_indexer;
    std::chrono::milliseconds m_interval;
    Clock m_clock;
    SystemTimes m_before;               ///< As it was last checked.
    std::chrono::milliseconds m_looked; ///< When all was looked through, or was to be; of the total time.
    bool m_hasSlept = false;            ///< And nobody has looked since.
    QTimer m_timer;
};

} // namespace yingxun::services
