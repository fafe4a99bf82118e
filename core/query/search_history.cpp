// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/search_history.h"

#include "core/base/atomic_file.h"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>

namespace yingxun::query {

Result<std::vector<std::string>> SearchHistory::lines() const
{
    std::vector<std::string> lines;
    std::error_code error;
    if (!std::filesystem::exists(m_file, error) && !error)
        return lines;
    std::ifstream in(m_file, std::ios::binary);
    for (std::string line; lines.size() < kMost && std::getline(in, line);)
        lines.push_back(line);
    if (!in.is_open() || in.bad())
        return fail(ErrorCode::Io, m_file.string() + " cannot be read");
    return lines;
}

Result<void> SearchHistory::note(std::string line) const
{
    std::replace(line.begin(), line.end(), '\n', ' '); // It stands between two.
    if (line.find_first_not_of(" \t\r") == std::string::npos)
        return {};
    auto kept = lines();
    if (!kept)
        return kept.propagate();
    if (!kept->empty() && kept->front() == line)
        return {};
    std::erase(*kept, line);
    kept->insert(kept->begin(), std::move(line));
    kept->resize(std::min(kept->size(), kMost));
    std::string text;
    for (const std::string &one : *kept)
        text += one + '\n';
    auto file = AtomicFile::create(m_file, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(text)));
    return file->commit();
}

Result<void> SearchHistory::clear() const
{
    std::error_code error;
    std::filesystem::remove(m_file, error);
    if (error)
        return fail(ErrorCode::Io, m_file.string() + " cannot be removed: " + error.message());
    return {};
}

} // namespace yingxun::query
