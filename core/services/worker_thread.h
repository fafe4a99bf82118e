// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace yingxun::services {

/// A thread that runs functions one after another. The destructor asks the running function to stop by its
/// token, drops of those that have not begun what may be dropped, and waits. Threads: post() from any.
class WorkerThread
{
public:
    using Task = std::function<void(const std::stop_token &)>;
    /// What becomes of a function that has not begun when the thread ends.
    enum class AtEnd { Dropped, Run };

    WorkerThread() : m_thread([this](const std::stop_token &stop) { work(stop); }) {}

    void post(Task task, AtEnd atEnd = AtEnd::Dropped)
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back({std::move(task), atEnd});
        m_changed.notify_all();
    }

private:
    struct Posted {
        Task task;
        AtEnd atEnd;
    };

    void work(const std::stop_token &stop)
    {
        for (;;) {
            Posted next;
            {
                std::unique_lock lock(m_mutex);
                if (!m_changed.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                    return;
                next = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            if (next.atEnd == AtEnd::Run || !stop.stop_requested())
                next.task(stop);
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Posted> m_tasks;
    std::jthread m_thread; // Last: stopped and joined before the rest goes.
};

} // namespace yingxun::services
