// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

namespace yingxun::image {

/// Memory that all threads together may use for decoding. A few bytes of a file can declare a picture of
/// gigabytes; several threads that meet such files at once must not exhaust the machine.
///
/// Whoever decodes takes what it will hold before it allocates, in one piece, and waits while others hold
/// too much; first come, first served. Any thread.
class DecodeBudget
{
public:
    /// @param ask  told of each share before it is given, and may wait; false: it is refused. For a process
    /// that shares its memory with others.
    explicit DecodeBudget(std::uint64_t capacity, std::function<bool(std::uint64_t)> ask = {})
        : m_capacity(capacity), m_ask(std::move(ask))
    {
    }
    DecodeBudget(const DecodeBudget &) = delete;
    DecodeBudget &operator=(const DecodeBudget &) = delete;

    /// Half of the machine's memory, at least 512 MB and at most 4 GB.
    static DecodeBudget &ofProcess();

    /// A share; given back when the object goes. The budget must outlive it.
    class Lease
    {
    public:
        Lease() = default;
        Lease(Lease &&other) noexcept;
        Lease &operator=(Lease &&other) noexcept;
        ~Lease() { release(); }

        void shrinkTo(std::uint64_t bytes); ///< Gives back all but this; does nothing if it is no less.
        void release();
        std::uint64_t bytes() const { return m_bytes; }

    private:
        friend class DecodeBudget;

        DecodeBudget *m_budget = nullptr;
        std::uint64_t m_bytes = 0;
        std::thread::id m_thread; ///< That took it.
    };

    /// Waits until `bytes` are free. A thread that holds a share already gets the next one at once: if it
    /// waited, what it holds might be what others wait for. Errors: TooLarge (more than there ever is),
    /// Cancelled (stopped while it waited).
    Result<Lease> acquire(std::uint64_t bytes, const std::stop_token &stop = {});
    std::uint64_t capacity() const { return m_capacity; }

private:
    const std::uint64_t m_capacity;
    const std::function<bool(std::uint64_t)> m_ask;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::uint64_t m_used = 0;
    std::uint64_t m_nextTicket = 0;
    std::set<std::uint64_t> m_waiting;        ///< Tickets; the lowest is served next.
    std::map<std::thread::id, int> m_holders; ///< Shares by the thread that took them.
};

} // namespace yingxun::image
