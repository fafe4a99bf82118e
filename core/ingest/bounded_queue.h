// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace yingxun::ingest {

/// A queue between stages that holds its producers back when its consumers fall behind. Threads: any.
template<typename T>
class BoundedQueue
{
public:
    /// @param capacity  how much all items may weigh together; one alone may weigh more
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    /// Waits for room. @return false when stopped: the item was not taken.
    bool push(T item, const std::stop_token &stop, std::size_t weight = 1)
    {
        std::unique_lock lock(m_mutex);
        const auto hasRoom = [&] { return m_items.empty() || m_weight + weight <= m_capacity; };
        if (!m_changed.wait(lock, stop, hasRoom))
            return false;
        m_items.emplace_back(std::move(item), weight);
        m_weight += weight;
        m_changed.notify_all();
        return true;
    }

    /// Waits for an item. @return nothing when stopped, or when closed and empty.
    std::optional<T> pop(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return !m_items.empty() || m_closed; });
        return take(stop);
    }

    /// As pop, but gives up at `deadline`.
    std::optional<T> popUntil(std::chrono::steady_clock::time_point deadline, const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, stop, deadline, [this] { return !m_items.empty() || m_closed; });
        return take(stop);
    }

    /// Nothing will be pushed any more.
    void close()
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
        m_changed.notify_all();
    }

    bool isExhausted() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_closed && m_items.empty();
    }

private:
    std::optional<T> take(const std::stop_token &stop)
    {
        if (m_items.empty() || stop.stop_requested())
            return std::nullopt;
        std::optional<T> item(std::move(m_items.front().first));
        m_weight -= m_items.front().second;
        m_items.pop_front();
        m_changed.notify_all();
        return item;
    }

    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::pair<T, std::size_t>> m_items; ///< With what each weighs.
    std::size_t m_weight = 0;
    bool m_closed = false;
};

} // namespace yingxun::ingest
