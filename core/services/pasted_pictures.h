// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

class QImage;

namespace yingxun::services {

/// The pictures that were pasted into query lines, in a folder of their own: a line names them by their
/// files. They are for nobody else on the computer. Threads: all calls for one folder on one.
class PastedPictures
{
public:
    explicit PastedPictures(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// @return where it is kept, under the name of its content: the same one once
    /// Errors: Io; Unsupported (no picture).
    Result<std::filesystem::path> keep(const QImage &picture) const;

    /// Deletes those that none of these lines names. Errors: Io, after the others have been tried.
    Result<void> forgetAllBut(const std::vector<std::string> &lines) const;

private:
    std::filesystem::path m_folder;
};

} // namespace yingxun::services
