// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>
#include <utility>

namespace yingxun {

/// An open file of the system, closed when the object goes. Mind what closing does: it drops the fcntl()
/// locks that this process has on the file by any other descriptor, as SQLite has on its databases.
class FileDescriptor
{
public:
    FileDescriptor() = default; ///< Of no file.
    /// Takes over what open() and the like gave, or their -1.
    explicit FileDescriptor(int number) : m_number(number) {}
    FileDescriptor(FileDescriptor &&other) noexcept : m_number(std::exchange(other.m_number, kNone)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    ~FileDescriptor() { close(); }

    explicit operator bool() const noexcept { return m_number != kNone; }
    int get() const noexcept { return m_number; }
    void close() noexcept
    {
        if (m_number != kNone)
            ::close(std::exchange(m_number, kNone));
    }

private:
    static constexpr int kNone = -1;

    int m_number = kNone;
};

} // namespace yingxun
