// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The file of “export” and “import”; its format is in the README.
namespace yingxun::app::cli {

constexpr const char *kFormatKey = "yingxun_export"; ///< Of the first line; its value is the version.
constexpr int kFormatVersion = 1;

/// What such a file holds, line by line.
struct HandMade {
    struct Marked {
        ContentHash content;
        std::vector<std::string> labels;
        int stars = 0; ///< 0: none.
        std::vector<std::string> paths;
    };
    std::vector<Marked> contents;
    std::vector<std::string> labels; ///< Those that nothing carries, too.
    std::vector<std::string> folders;
    std::vector<std::pair<std::string, std::string>> searches; ///< Names and lines.
    std::optional<std::vector<std::string>> exclusions;
    std::vector<std::size_t> unread; ///< Numbers, from 1, of lines that are damaged or say something unknown.
};

/// Errors: Unsupported (of another program, or a newer Yingxun), InvalidArgument (a label without a name, or
/// two saved searches of one name: part of the file cannot be taken as it was meant).
Result<HandMade> readHandMade(std::string_view text);

} // namespace yingxun::app::cli
