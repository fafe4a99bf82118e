// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace yingxun::query {

/// The lines that were asked last, in a file of their own: in user.db each day of searching would make a
/// copy that pushes out one of labels, and what was cleared would live on in the copies; cache.db may be
/// deleted at any time. It is for nobody else on the computer.
///
/// Each call reads the file anew, for another window may have written it. Errors of all functions: Io.
class SearchHistory
{
public:
    static constexpr std::size_t kMost = 50;

    explicit SearchHistory(std::filesystem::path file) : m_file(std::move(file)) {}

    Result<std::vector<std::string>> lines() const; ///< Newest first, each once.
    /// Puts a line first, where it may have stood further down; a blank one is not kept.
    Result<void> note(std::string line) const;
    Result<void> clear() const; ///< Leaves nothing behind.

private:
    std::filesystem::path m_file;
};

} // namespace yingxun::query
