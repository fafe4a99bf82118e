// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/inputs.h"
#include "core/train/zero_shot.h"

#include <filesystem>

namespace yingxun::app::cli {

/// Pictures sorted into one folder a class.
struct ClassFolders {
    std::vector<std::filesystem::path> folders; ///< By name: the order of the label ids.
    std::vector<train::NamedClass> classes;     ///< One a folder.
};

/// Finds the class folders of `top`: its own, or those of `test` or else `train` in it, as the ELEVATER data
/// sets have it. The names come from `namesFile`, one a line in the order of the folders; from label_cn.txt
/// in `top` or beside it if that is empty. Errors: NotFound (no folder, no file of names), CorruptData (not
/// as many names as folders), Io.
Result<ClassFolders> findClassFolders(const std::filesystem::path &top,
                                      const std::filesystem::path &namesFile);

struct FolderScores {
    train::ZeroShotScores scores;
    std::size_t failed = 0; ///< Pictures that could not be read; they are named on standard error.
};

/// Sorts all pictures of the folders among the classes. Errors: Cancelled, the model's.
Result<FolderScores> folderScores(ClipEncoder &encoder, const ClassFolders &data,
                                  std::span<const std::string> templates, const std::stop_token &stop);

} // namespace yingxun::app::cli
