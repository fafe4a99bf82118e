// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/place.h"

#include "core/base/path_within.h"

#include <utility>

namespace yingxun::library {
namespace {

constexpr Row kWordRows = 64;

/// For each directory of the index, whether it is one of the scope's.
std::vector<bool> directoriesWithin(const LibraryIndex &library, const std::string &directory)
{
    std::vector<bool> within;
    within.reserve(library.directories().size());
    for (const LibraryIndex::Directory &candidate : library.directories())
        within.push_back(directory.empty() || isWithin(candidate.path, directory));
    return within;
}

} // namespace

Place::Place(Snapshot library, Scope scope, std::span<const ContentHash> labelled)
    : m_library(std::move(library)), m_scope(std::move(scope)), m_byTime(m_library->byTime())
{
    if (isEverything())
        return;
    m_members.resize((m_library->rowEnd() + kWordRows - 1) / kWordRows);
    const std::vector<bool> within = directoriesWithin(*m_library, m_scope.directory);
    const auto enter = [&](Row any) {
        const Row row = m_library->itemOf(any);
        if (within[m_library->directory(row)])
            m_members[row / kWordRows] |= std::uint64_t{1} << (row % kWordRows);
    };
    if (m_scope.label) {
        for (const ContentHash &content : labelled)
            m_library->forEachWith(content, enter);
    } else {
        for (Row row = 0; row < m_library->rowEnd(); ++row) {
            if (m_library->isPhoto(row) && !m_library->isCompanion(row))
                enter(row);
        }
    }
    auto byTime = std::make_shared<std::vector<Row>>();
    for (const Row row : *m_library->byTime()) {
        if (holds(row))
            byTime->push_back(row);
    }
    m_byTime = std::move(byTime);
}

} // namespace yingxun::library
