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

/// A thread that runs functions one after another. The destructor drops what has not begun, asks the
/// running function to stop by its token, and waits for it. Threads: post() from any.
class WorkerThread
{
public:
    using Task = std::function<void(const std::stop_token &)>;

    WorkerThread() : m_thread([this](const std::stop_token &stop) { work(stop); }) {}

    void post(Task task)
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
        m_changed.notify_all();
    }

private:
    void work(const std::stop_token &stop)
    {
        for (;;) {
            Task task;
            {
                std::unique_lock lock(m_mutex);
                if (!m_changed.wait(lock, stop, [this] { return !m_tasks.empty(); }) || stop.stop_requested())
                    return;
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            task(stop);
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Task> m_tasks;
    std::jthread m_thread; // Last: stopped and joined before the rest goes.
};

} // namespace yingxun::services
