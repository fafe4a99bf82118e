// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace yingxun::services {

/// Why a file was not moved to the trash, or not back; it is where it was.
enum class TrashTrouble {
    Away,       ///< Its folder is not there now: an unplugged disk, say.
    Gone,       ///< It is not there any more.
    Changed,    ///< It is not the file that the library knows.
    Name,       ///< Its name is not UTF-8, which no trash keeps.
    ReadOnly,   ///< Its directory cannot be written.
    NoTrash,    ///< The system has no trash for its disk, or refuses.
    NotInTrash, ///< The trash was emptied, or has another file there now.
    Taken,      ///< Another file is at its place by now.
    NotBack,    ///< The system refuses to put it back.
};

/// A file that goes to the trash and back.
struct TrashedFile {
    std::string path;    ///< Where it was, and belongs.
    std::string inTrash; ///< Empty: it is there.
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeNs = 0; ///< By both it is known again in the trash.
};

/// Into the system's trash, or nowhere. @return why not.
std::optional<TrashTrouble> moveToTrash(TrashedFile &file);

/// Out of it again, never over another file; the directory is made again where it has gone. Does nothing to
/// a file that is not in the trash. @return why not.
std::optional<TrashTrouble> putBack(TrashedFile &file);

} // namespace yingxun::services
