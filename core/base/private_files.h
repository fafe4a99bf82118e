// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>

/// What somebody has photos of is for nobody else on the computer: files 0600, directories 0700.
namespace yingxun {

/// Makes the directory, and those above it, where missing. One that is there is closed to others as well.
std::error_code makePrivateDirectory(const std::filesystem::path &directory);

/// Makes an empty file where there is none, without opening it: closing a file drops the locks that SQLite
/// holds on it elsewhere in the process. What fails shows when the file is opened.
void makePrivateFile(const std::filesystem::path &file);

/// Closes to others the regular files in a directory whose names begin with one of these. What belongs to
/// somebody else, or lies where files have no modes, stays as it is.
void closeToOthers(const std::filesystem::path &directory, std::span<const std::string_view> beginnings);

} // namespace yingxun
