// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/mount_table.h"

#include "core/base/path_within.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace yingxun::ingest {
namespace {

bool isOctal(char c)
{
    return c >= '0' && c <= '7';
}

/// Blanks and the like are written as a backslash and three octal digits.
std::string unescaped(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && isOctal(text[i + 1]) && isOctal(text[i + 2]) &&
            isOctal(text[i + 3])) {
            plain +=
                static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// udev writes them so in the names of its links: a backslash, x and two hexadecimal digits.
std::string withoutUdevEscapes(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digits = text.substr(i, 4);
        if (digits.size() == 4 && digits.starts_with("\\x") &&
            digits.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos) {
            plain += static_cast<char>(std::stoi(std::string(digits.substr(2)), nullptr, 16));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// By the device that each link in a folder of /dev/disk leads to.
std::map<std::string, std::string> namesIn(const std::filesystem::path &folder)
{
    std::map<std::string, std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code broken;
        const auto device = std::filesystem::canonical(entry->path(), broken);
        if (!broken)
            names[device.string()] = withoutUdevEscapes(entry->path().filename().string());
    }
    return names;
}

std::string nameOf(const std::string &device, const std::map<std::string, std::string> &names)
{
    auto found = names.find(device);
    if (found == names.end()) { // Such as /dev/mapper/home, itself a link.
        std::error_code error;
        found = names.find(std::filesystem::canonical(device, error).string());
    }
    return found != names.end() ? found->second : std::string();
}

/// What tells a file system from others wherever it is mounted; nothing for those that only this system has.
std::string identityOf(const std::string &type, const std::string &source, const DiskNames &names)
{
    if (source.starts_with("/dev/")) {
        const std::string uuid = nameOf(source, names.uuids);
        return uuid.empty() ? std::string() : "uuid:" + uuid;
    }
    constexpr std::array kShared{"nfs", "nfs4", "cifs", "smb3", "smbfs", "zfs", "virtiofs", "9p", "ceph"};
    const bool isShared = std::find(kShared.begin(), kShared.end(), type) != kShared.end();
    if (!isShared && !type.starts_with("fuse."))
        return {};
    return (type == "nfs4" ? "nfs" : type) + ':' + source; // The same share by another protocol's version.
}

std::string joined(const std::string &top, std::string_view rest)
{
    if (rest.empty())
        return top;
    return (top == "/" ? std::string() : top) + std::string(rest);
}

/// What follows `top` in a path within it; empty or beginning with a slash.
std::string_view below(const std::string &path, const std::string &top)
{
    const std::string_view rest = std::string_view(path).substr(top == "/" ? 0 : top.size());
    return rest == "/" ? std::string_view() : rest;
}

} // namespace

MountTable MountTable::now()
{
    std::ifstream file("/proc/self/mountinfo");
    std::ostringstream text;
    text << file.rdbuf();
    return MountTable(text.str(), {namesIn("/dev/disk/by-uuid"), namesIn("/dev/disk/by-label")});
}

MountTable::MountTable(std::string_view mountInfo, const DiskNames &names)
{
    std::istringstream lines{std::string(mountInfo)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string id, parent, device, root, point, word;
        fields >> id >> parent >> device >> root >> point;
        while (fields >> word && word != "-") {
        }
        std::string type, source;
        if (!(fields >> type >> source))
            continue;
        source = unescaped(source);
        m_mounts.push_back({unescaped(point), unescaped(root), identityOf(type, source, names),
                            nameOf(source, names.labels)});
    }
}

std::optional<VolumePlace> MountTable::placeOf(const std::string &path) const
{
    const Mount *innermost = nullptr;
    for (const Mount &mount : m_mounts) {
        if (isWithin(path, mount.point) &&
            (innermost == nullptr || mount.point.size() >= innermost->point.size()))
            innermost = &mount;
    }
    if (innermost == nullptr || innermost->volume.empty())
        return std::nullopt;
    return VolumePlace{innermost->volume, innermost->label,
                       joined(innermost->root, below(path, innermost->point))};
}

std::vector<std::string> MountTable::pathsOf(const VolumePlace &place) const
{
    std::vector<std::string> paths;
    for (const Mount &mount : m_mounts) {
        if (mount.volume != place.volume || place.volume.empty() || !isWithin(place.path, mount.root))
            continue;
        std::string path = joined(mount.point, below(place.path, mount.root));
        const auto there = placeOf(path); // Something else may cover it.
        if (there && there->volume == place.volume && there->path == place.path)
            paths.push_back(std::move(path));
    }
    return paths;
}

} // namespace yingxun::ingest
