// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode_budget.h"

#include <algorithm>
#include <string>
#include <unistd.h>
#include <utility>

namespace yingxun::image {

namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

std::uint64_t halfOfTheMemory()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long pageBytes = ::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || pageBytes <= 0)
        return 0;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(pageBytes) / 2;
}

} // namespace

DecodeBudget &DecodeBudget::ofProcess()
{
    static DecodeBudget budget(std::clamp(halfOfTheMemory(), 512 * kMegabyte, 4096 * kMegabyte));
    return budget;
}

DecodeBudget::Lease::Lease(Lease &&other) noexcept
    : m_budget(std::exchange(other.m_budget, nullptr)), m_bytes(std::exchange(other.m_bytes, 0)),
      m_thread(other.m_thread)
{
}

DecodeBudget::Lease &DecodeBudget::Lease::operator=(Lease &&other) noexcept
{
    if (this != &other) {
        release();
        m_budget = std::exchange(other.m_budget, nullptr);
        m_bytes = std::exchange(other.m_bytes, 0);
        m_thread = other.m_thread;
    }
    return *this;
}

void DecodeBudget::Lease::shrinkTo(std::uint64_t bytes)
{
    if (m_budget == nullptr || bytes >= m_bytes)
        return;
    const std::scoped_lock lock(m_budget->m_mutex);
    m_budget->m_used -= m_bytes - bytes;
    m_bytes = bytes;
    m_budget->m_changed.notify_all();
}

void DecodeBudget::Lease::release()
{
    if (m_budget == nullptr)
        return;
    {
        const std::scoped_lock lock(m_budget->m_mutex);
        m_budget->m_used -= m_bytes;
        const auto holder = m_budget->m_holders.find(m_thread);
        if (--holder->second == 0)
            m_budget->m_holders.erase(holder);
        m_budget->m_changed.notify_all();
    }
    m_budget = nullptr;
    m_bytes = 0;
}

Result<DecodeBudget::Lease> DecodeBudget::acquire(std::uint64_t bytes, const std::stop_token &stop)
{
    if (bytes > m_capacity)
        return fail(ErrorCode::TooLarge, "Decoding the picture takes " + std::to_string(bytes / kMegabyte) +
                                             " MB of memory; the limit for all decoding is " +
                                             std::to_string(m_capacity / kMegabyte) + " MB.");
    if (m_ask && !m_ask(bytes))
        return fail(ErrorCode::OutOfMemory, "There is no memory for decoding the picture.");
    Lease lease;
    lease.m_bytes = bytes;
    lease.m_thread = std::this_thread::get_id();
    std::unique_lock lock(m_mutex);
    if (!m_holders.contains(lease.m_thread)) {
        const std::uint64_t ticket = m_nextTicket++;
        m_waiting.insert(ticket);
        const bool isServed = m_changed.wait(
            lock, stop, [&] { return ticket == *m_waiting.begin() && m_used <= m_capacity - bytes; });
        m_waiting.erase(ticket);
        m_changed.notify_all();
        if (!isServed)
            return fail(ErrorCode::Cancelled, "Decoding was stopped.");
    }
    ++m_holders[lease.m_thread];
    m_used += bytes;
    lease.m_budget = this;
    return lease;
}

} // namespace yingxun::image
