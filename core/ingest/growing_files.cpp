// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/growing_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string>

namespace yingxun::ingest {

bool mayStillGrow(const FoundFile &file, std::int64_t nowMs)
{
    // Either way: the clock of a file server may run a little ahead of ours.
    return std::abs(nowMs - file.mtimeMs) < kQuiet.count();
}

bool isNamedAsUnfinished(std::string_view path)
{
    constexpr std::array<std::string_view, 2> kBeginnings{".goutputstream-" /* GLib */,
                                                          ".~lock" /* LibreOffice */};
    constexpr std::array<std::string_view, 4> kEndings{
        ".part" /* Firefox, KDE, curl */, ".crdownload" /* Chromium */, ".download" /* Safari, Epiphany */,
        ".tmp" /* .syncthing.x.tmp, ~x.tmp of OneDrive */};
    std::string name(path.substr(path.rfind('/') + 1)); // npos + 1 is 0.
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                       [&name](std::string_view beginning) { return name.starts_with(beginning); }) ||
           std::any_of(kEndings.begin(), kEndings.end(),
                       [&name](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace yingxun::ingest
