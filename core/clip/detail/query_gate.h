// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

namespace yingxun::clip::detail {

/// Lets a typed query go ahead of indexing: while one runs, the image tower pauses between two blocks, so
/// that the query has the device for itself after at most one block.
class QueryGate
{
public:
    /// A query, as long as it runs.
    class Query
    {
    public:
        explicit Query(QueryGate &gate) : m_gate(gate)
        {
            const std::scoped_lock lock(m_gate.m_mutex);
            ++m_gate.m_running;
        }
        ~Query()
        {
            const std::scoped_lock lock(m_gate.m_mutex);
            if (--m_gate.m_running == 0)
                m_gate.m_free.notify_all();
        }
        Query(const Query &) = delete;
        Query &operator=(const Query &) = delete;

    private:
        QueryGate &m_gate;
    };

    /// Returns when no query runs.
    void waitForQueries()
    {
        std::unique_lock lock(m_mutex);
        m_free.wait(lock, [this] { return m_running == 0; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_free;
    int m_running = 0;
};

} // namespace yingxun::clip::detail
