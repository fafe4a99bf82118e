// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/access.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace yingxun::db {
namespace {

bool isForbidden(const std::filesystem::path &path)
{
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 &&
           (errno == EACCES || errno == EROFS || errno == EPERM);
}

} // namespace

Access accessTo(const std::filesystem::path &dataDirectory)
{
    const bool forbidden = isForbidden(dataDirectory) || isForbidden(dataDirectory / "user.db") ||
                           isForbidden(dataDirectory / "cache.db") ||
                           isForbidden(dataDirectory / "thumbs.db");
    return forbidden ? Access::ReadOnly : Access::ReadWrite;
}

Unexpected writeProtected(const std::filesystem::path &dataDirectory)
{
    return fail(ErrorCode::ReadOnly, dataDirectory.string() +
                                         " cannot be written: its photos can be searched, but not indexed, "
                                         "labelled or rated. Make it writable to change them.");
}

} // namespace yingxun::db
