// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace yingxun::test {

/// How a disk fails.
enum class Fault {
    Once,  ///< One call fails with an I/O error; the next one succeeds.
    Full,  ///< From one call on there is no room left, for whatever changes the disk.
    Short, ///< The same, but of the bytes of the first call half are written.
};

/// Counts the calls that change the disk, and lets the Nth one fail. One thread.
class Faults
{
public:
    /// What a call is to do.
    enum class Turn { Succeed, Fail, WriteHalf };

    void arm(int call, Fault fault)
    {
        m_call = call;
        m_fault = fault;
        m_seen = 0;
        m_isArmed = true;
    }
    void disarm() { m_isArmed = false; }
    bool hasStruck() const { return m_seen >= m_call; } ///< Since the latest arm().
    Fault fault() const { return m_fault; }

    Turn next()
    {
        if (!m_isArmed || ++m_seen < m_call)
            return Turn::Succeed;
        if (m_seen > m_call)
            return m_fault == Fault::Once ? Turn::Succeed : Turn::Fail;
        return m_fault == Fault::Short ? Turn::WriteHalf : Turn::Fail;
    }

private:
    bool m_isArmed = false;
    int m_call = 0;
    int m_seen = 0;
    Fault m_fault = Fault::Once;
};

} // namespace yingxun::test
