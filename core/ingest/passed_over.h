// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/ingest/file_walk.h"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_set>

namespace yingxun::ingest {

/// Whether a file begins as a picture that this build reads does; looks at its first bytes. Nothing: it
/// cannot be opened now.
std::optional<bool> beginsAsPicture(const std::string &path);

/// Remembers files whose names say nothing and that have been found to hold no picture, so that each is
/// opened once: until its size or time changes, or the readers of the program do. Losing the memory costs
/// time, nothing else. Belongs to one thread.
class PassedOver
{
public:
    /// What `file` keeps of earlier runs; nothing when it is missing or damaged.
    static PassedOver load(std::filesystem::path file);

    /// Whether a file holds a picture; opened unless it is remembered.
    bool isPicture(const FoundFile &file);
    void save() const; ///< If there is something new. A failure is not worth telling.

private:
    explicit PassedOver(std::filesystem::path file) : m_file(std::move(file)) {}

    std::filesystem::path m_file;
    std::unordered_set<ContentHash> m_known; ///< Of path, size and time.
    std::unordered_set<ContentHash> m_new;
};

} // namespace yingxun::ingest
