// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace yingxun::db {

namespace {

constexpr off_t kOpeningByte = 0; ///< Exclusively, while a catalogue is being opened.
constexpr off_t kOpenByte = 1;    ///< Shared, as long as it is open.

/// Locks belong to the open file, not to the process: threads exclude each other too.
bool setLock(int file, int command, short type, off_t byte)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    int result = 0;
    do {
        result = ::fcntl(file, command, &lock);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

} // namespace

Result<CatalogueLock> CatalogueLock::begin(const std::filesystem::path &file)
{
    CatalogueLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
    if (!lock.m_file || !setLock(lock.m_file.get(), F_OFD_SETLKW, F_WRLCK, kOpeningByte) ||
        !setLock(lock.m_file.get(), F_OFD_SETLKW, F_RDLCK, kOpenByte))
        return fail(ErrorCode::Io, file.string() + " cannot be locked: " + std::strerror(errno));
    return lock;
}

CatalogueLock CatalogueLock::beginReading(const std::filesystem::path &file)
{
    // Where there is no such file, or no locks, as on a read-only medium, there is nobody to tell either.
    CatalogueLock lock(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (lock.m_file && setLock(lock.m_file.get(), F_OFD_SETLKW, F_RDLCK, kOpeningByte))
        setLock(lock.m_file.get(), F_OFD_SETLKW, F_RDLCK, kOpenByte);
    return lock;
}

bool CatalogueLock::isAlone() const
{
    // Nobody can join meanwhile: they would wait for the opening byte.
    return setLock(m_file.get(), F_OFD_SETLK, F_WRLCK, kOpenByte) &&
           setLock(m_file.get(), F_OFD_SETLK, F_RDLCK, kOpenByte);
}

void CatalogueLock::finishOpening()
{
    setLock(m_file.get(), F_OFD_SETLK, F_UNLCK, kOpeningByte);
}

} // namespace yingxun::db
