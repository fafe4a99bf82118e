// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/private_files.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/stat.h>

namespace yingxun {
namespace fs = std::filesystem;
namespace {

constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;

void close(const fs::path &path, fs::perms now)
{
    std::error_code error; // What is write-protected is left as it is.
    if ((now & kOthers) != fs::perms::none && (now & fs::perms::owner_write) != fs::perms::none)
        fs::permissions(path, kOthers, fs::perm_options::remove, error);
}

} // namespace

std::error_code makePrivateDirectory(const fs::path &directory)
{
    std::error_code error;
    const fs::path parent = directory.parent_path();
    if (!parent.empty() && parent != directory && !fs::exists(parent, error)) {
        if (error = makePrivateDirectory(parent); error)
            return error;
    }
    if (::mkdir(directory.c_str(), S_IRWXU) == 0)
        return {};
    const int reason = errno;
    const fs::file_status status = fs::status(directory, error);
    if (!fs::is_directory(status))
        return {reason, std::generic_category()};
    close(directory, status.permissions());
    return {};
}

void makePrivateFile(const fs::path &file)
{
    static_cast<void>(::mknod(file.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0) == 0);
}

void closeToOthers(const fs::path &directory, std::span<const std::string_view> beginnings)
{
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const bool isMeant = std::any_of(beginnings.begin(), beginnings.end(),
                                         [&name](std::string_view start) { return name.starts_with(start); });
        std::error_code gone;
        const fs::file_status status = entry->symlink_status(gone);
        if (isMeant && !gone && fs::is_regular_file(status))
            close(entry->path(), status.permissions());
    }
}

} // namespace yingxun
