// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/failing_vfs.h"

#include <sqlite3.h>

namespace yingxun::test {
namespace {

/// In front of SQLite's own file, which lies behind it in the same block of memory.
struct File {
    sqlite3_file base;
    sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

sqlite3_file *realOf(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file)->real();
}

sqlite3_vfs *realOf(sqlite3_vfs *vfs)
{
    return static_cast<sqlite3_vfs *>(vfs->pAppData);
}

/// The code of a failing call, SQLITE_OK for one that is to go through.
int failure(int ioError)
{
    if (g_sqliteFaults.next() == Faults::Turn::Succeed)
        return SQLITE_OK;
    return g_sqliteFaults.fault() == Fault::Once ? ioError : SQLITE_FULL;
}

int closeFile(sqlite3_file *file)
{
    return realOf(file)->pMethods->xClose(realOf(file));
}

int read(sqlite3_file *file, void *to, int bytes, sqlite3_int64 offset)
{
    return realOf(file)->pMethods->xRead(realOf(file), to, bytes, offset);
}

int write(sqlite3_file *file, const void *from, int bytes, sqlite3_int64 offset)
{
    sqlite3_file *real = realOf(file);
    switch (g_sqliteFaults.next()) {
    case Faults::Turn::Succeed:
        return real->pMethods->xWrite(real, from, bytes, offset);
    case Faults::Turn::WriteHalf:
        real->pMethods->xWrite(real, from, bytes / 2, offset);
        return SQLITE_FULL;
    case Faults::Turn::Fail:
        break;
    }
    return g_sqliteFaults.fault() == Fault::Once ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

int truncate(sqlite3_file *file, sqlite3_int64 size)
{
    const int code = failure(SQLITE_IOERR_TRUNCATE);
    return code != SQLITE_OK ? code : realOf(file)->pMethods->xTruncate(realOf(file), size);
}

int sync(sqlite3_file *, int)
{
    return failure(SQLITE_IOERR_FSYNC); // No test cuts the power: what was written is there.
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    return realOf(file)->pMethods->xFileSize(realOf(file), size);
}

int lock(sqlite3_file *file, int level)
{
    return realOf(file)->pMethods->xLock(realOf(file), level);
}

int unlock(sqlite3_file *file, int level)
{
    return realOf(file)->pMethods->xUnlock(realOf(file), level);
}

int checkReservedLock(sqlite3_file *file, int *isLocked)
{
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), isLocked);
}

int fileControl(sqlite3_file *file, int operation, void *argument)
{
    return realOf(file)->pMethods->xFileControl(realOf(file), operation, argument);
}

int sectorSize(sqlite3_file *file)
{
    return realOf(file)->pMethods->xSectorSize(realOf(file));
}

int deviceCharacteristics(sqlite3_file *file)
{
    return realOf(file)->pMethods->xDeviceCharacteristics(realOf(file));
}

int mapShared(sqlite3_file *file, int region, int bytes, int extend, void volatile **memory)
{
    const int code = extend != 0 ? failure(SQLITE_IOERR_SHMSIZE) : SQLITE_OK;
    return code != SQLITE_OK ? code
                             : realOf(file)->pMethods->xShmMap(realOf(file), region, bytes, extend, memory);
}

int lockShared(sqlite3_file *file, int offset, int count, int flags)
{
    return realOf(file)->pMethods->xShmLock(realOf(file), offset, count, flags);
}

void barrier(sqlite3_file *file)
{
    realOf(file)->pMethods->xShmBarrier(realOf(file));
}

int unmapShared(sqlite3_file *file, int doDelete)
{
    return realOf(file)->pMethods->xShmUnmap(realOf(file), doDelete);
}

// Version 2: with shared memory, as WAL needs it, and without mapped reading, which would write past us.
constexpr sqlite3_io_methods kMethods = {2,
                                         closeFile,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         fileSize,
                                         lock,
                                         unlock,
                                         checkReservedLock,
                                         fileControl,
                                         sectorSize,
                                         deviceCharacteristics,
                                         mapShared,
                                         lockShared,
                                         barrier,
                                         unmapShared,
                                         nullptr,
                                         nullptr};

int openFile(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    file->pMethods = nullptr; // Then SQLite does not close it.
    if ((flags & SQLITE_OPEN_READWRITE) != 0 && failure(SQLITE_CANTOPEN) != SQLITE_OK)
        return SQLITE_CANTOPEN;
    const int code = realOf(vfs)->xOpen(realOf(vfs), name, realOf(file), flags, outFlags);
    if (realOf(file)->pMethods != nullptr)
        file->pMethods = &kMethods;
    return code;
}

int deleteFile(sqlite3_vfs *vfs, const char *name, int syncDirectory)
{
    const int code = failure(SQLITE_IOERR_DELETE);
    return code != SQLITE_OK ? code : realOf(vfs)->xDelete(realOf(vfs), name, syncDirectory);
}

} // namespace

void useFailingVfs()
{
    sqlite3_vfs *const real = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs;
    vfs = *real; // All that only asks is the same function.
    vfs.zName = "failing";
    vfs.pNext = nullptr;
    vfs.pAppData = real;
    vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    vfs.xOpen = openFile;
    vfs.xDelete = deleteFile;
    sqlite3_vfs_register(&vfs, 1);
}

} // namespace yingxun::test
