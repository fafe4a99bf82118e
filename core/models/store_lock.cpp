// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/store_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>

namespace yingxun::models {

Result<StoreLock> StoreLock::take(const std::filesystem::path &folder)
{
    const auto path = folder / ".lock";
    StoreLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.m_file)
        return fail(ErrorCode::Io, folder.string() + " cannot be written: " + std::strerror(errno));
    if (::flock(lock.m_file.get(), LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (errno == EWOULDBLOCK)
        return fail(ErrorCode::Io, "another program is adding or removing a model in " + folder.string() +
                                       ": wait until it is done, then try again");
    return fail(ErrorCode::Io, path.string() + " cannot be locked: " + std::strerror(errno));
}

} // namespace yingxun::models
