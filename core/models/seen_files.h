// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace yingxun::models {

/// The files of one installed model that were found to be what model.json says, each by its size and time of
/// change then; kept beside them.
class SeenFiles
{
public:
    /// What is remembered in a model's folder; nothing, where there is no such note or a damaged one.
    static SeenFiles of(const std::filesystem::path &folder);

    /// A file as it is now: its size and time of change. Empty: it cannot be looked at.
    static std::string stateOf(const std::filesystem::path &file);

    bool contains(const std::string &name, const std::string &state) const;
    void insert(const std::string &name, const std::string &state) { m_states[name] = state; }
    /// Replaces the note atomically. Where it cannot be written, files are hashed again the next time.
    void save() const;

private:
    explicit SeenFiles(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    std::filesystem::path m_folder;
    std::map<std::string, std::string> m_states; ///< By name.
};

} // namespace yingxun::models
