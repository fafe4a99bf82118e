// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/failing_calls.h"

#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <unistd.h>

using yingxun::test::Fault;
using yingxun::test::Faults;
using yingxun::test::g_callFaults;

namespace {

/// Calls `real`, or fails as the disk would.
template<typename Real>
auto unlessFailing(Real real) -> decltype(real())
{
    if (g_callFaults.next() == Faults::Turn::Succeed)
        return real();
    errno = g_callFaults.fault() == Fault::Once ? EIO : ENOSPC;
    return -1;
}

/// The same for what writes `bytes`: `real` takes how many.
template<typename Real>
ssize_t unlessFailing(std::size_t bytes, Real real)
{
    switch (g_callFaults.next()) {
    case Faults::Turn::Succeed:
        return real(bytes);
    case Faults::Turn::WriteHalf:
        if (bytes > 8) // Fewer lie in one page, and are written whole or not at all.
            return real(bytes / 2);
        break;
    case Faults::Turn::Fail:
        break;
    }
    errno = g_callFaults.fault() == Fault::Once ? EIO : ENOSPC;
    return -1;
}

} // namespace

// The linker sends a call of X to __wrap_X, and one of __real_X to X.
extern "C" {
int __real_open(const char *path, int flags, ...);
ssize_t __real_write(int file, const void *bytes, size_t count);
ssize_t __real_pwrite(int file, const void *bytes, size_t count, off_t offset);
int __real_ftruncate(int file, off_t size);
int __real_fsync(int file);
int __real_rename(const char *from, const char *to);

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if ((flags & O_ACCMODE) == O_RDONLY)
        return __real_open(path, flags, mode);
    return unlessFailing([=] { return __real_open(path, flags, mode); });
}

ssize_t __wrap_write(int file, const void *bytes, size_t count)
{
    return unlessFailing(count, [=](size_t some) { return __real_write(file, bytes, some); });
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t count, off_t offset)
{
    return unlessFailing(count, [=](size_t some) { return __real_pwrite(file, bytes, some, offset); });
}

int __wrap_ftruncate(int file, off_t size)
{
    return unlessFailing([=] { return __real_ftruncate(file, size); });
}

int __wrap_fsync(int file)
{
    return unlessFailing([=] { return __real_fsync(file); });
}

int __wrap_rename(const char *from, const char *to)
{
    return unlessFailing([=] { return __real_rename(from, to); });
}
}
