// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trash_files.h"

#include "core/base/private_files.h"
#include "core/services/path_text.h"

#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace yingxun::services {
namespace {

struct FileState {
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeNs = 0;
};

/// Of the entry itself, links not followed; none where there is none.
std::optional<FileState> stateOf(const std::string &path)
{
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    struct stat status {
    };
    if (::lstat(path.c_str(), &status) != 0)
        return std::nullopt;
    return FileState{status.st_size, status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec};
}

/// @return an errno: EEXIST where something is at `to`.
int moveToFreePlace(const std::string &from, const std::string &to)
{
#ifdef RENAME_NOREPLACE
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
#endif
    // Of file systems that cannot do it in one step many can do this, which replaces nothing either.
    if (::link(from.c_str(), to.c_str()) != 0)
        return errno;
    return ::unlink(from.c_str()) == 0 ? 0 : errno;
}

/// The note beside a file in the trash of where it came from.
std::filesystem::path infoOf(const std::filesystem::path &inTrash)
{
    return inTrash.parent_path().parent_path() / "info" / (inTrash.filename().string() + ".trashinfo");
}

/// Whether that is where the system's trash keeps a file: Qt 6.4 takes the current directory for one when it
/// cannot make the real one.
bool isInTrash(const std::filesystem::path &file)
{
    const std::filesystem::path trash = file.parent_path().parent_path();
    const std::string name = trash.filename().string();
    return file.is_absolute() &&
           (name == "Trash" || name.starts_with(".Trash-") || trash.parent_path().filename() == ".Trash");
}

/// In a new home directory there may be none above the trash yet, and Qt 6.4 makes none. For its owner alone,
/// as the XDG Base Directory Specification has it.
void makePlaceForTrash()
{
    const auto data = pathOfText(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation));
    std::error_code error; // What cannot be made shows when the file is moved.
    if (!std::filesystem::exists(data, error) && !error)
        static_cast<void>(makePrivateDirectory(data));
}

} // namespace

std::optional<TrashTrouble> moveToTrash(TrashedFile &file)
{
    const QByteArray bytes(file.path.data(), qsizetype(file.path.size()));
    const QString name = QFile::decodeName(bytes);
    if (QFile::encodeName(name) != bytes) // Qt would look for another file, which may even be there.
        return TrashTrouble::Name;
    const auto state = stateOf(file.path);
    if (!state)
        return TrashTrouble::Gone;
    const std::string directory = file.path.substr(0, file.path.rfind('/') + 1);
    if (::access(directory.c_str(), W_OK | X_OK) != 0)
        return TrashTrouble::ReadOnly;
    file.sizeBytes = state->sizeBytes;
    file.mtimeNs = state->mtimeNs;
    makePlaceForTrash();
    QString inTrash;
    if (!QFile::moveToTrash(name, &inTrash))
        return stateOf(file.path) ? TrashTrouble::NoTrash : TrashTrouble::Gone;
    file.inTrash = QFile::encodeName(inTrash).toStdString();
    if (isInTrash(file.inTrash))
        return std::nullopt;
    const auto lost = putBack(file);
    return lost ? lost : TrashTrouble::NoTrash;
}

std::optional<TrashTrouble> putBack(TrashedFile &file)
{
    if (file.inTrash.empty())
        return std::nullopt;
    const auto state = stateOf(file.inTrash);
    if (!state || state->sizeBytes != file.sizeBytes || state->mtimeNs != file.mtimeNs)
        return TrashTrouble::NotInTrash;
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(file.path).parent_path(), error);
    if (error)
        return TrashTrouble::NotBack;
    if (const int refused = moveToFreePlace(file.inTrash, file.path); refused != 0)
        return refused == EEXIST ? TrashTrouble::Taken : TrashTrouble::NotBack;
    std::filesystem::remove(infoOf(file.inTrash), error); // One that is left speaks of nothing.
    file.inTrash.clear();
    return std::nullopt;
}

} // namespace yingxun::services
