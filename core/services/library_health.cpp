// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/library_health.h"

#include "core/base/path_within.h"
#include "core/services/path_text.h"

#include <algorithm>

namespace yingxun::services {
namespace {

using State = LibraryHealth::State;

State stateOf(const Folder &folder, const QList<Problem> &unseen, const HealthFacts &facts)
{
    const QString path = textOfPath(folder.path);
    const bool isUnreadable = std::any_of(unseen.begin(), unseen.end(), [&](const Problem &problem) {
        return isWithin(problem.path, folder.path);
    });
    if (facts.away.contains(folder.id))
        return State::Away;
    if (isUnreadable)
        return State::Unreadable;
    if (!facts.looked.contains(path))
        return State::NotLookedThrough;
    if (facts.polled.contains(path))
        return State::Polled;
    return facts.watched.contains(path) ? State::Live : State::NotLookedThrough;
}

State stateOf(ingest::LibraryAccess access)
{
    switch (access) {
    case ingest::LibraryAccess::Writer:
        break;
    case ingest::LibraryAccess::OtherWrites:
        return State::OtherWrites;
    case ingest::LibraryAccess::WriteProtected:
        return State::WriteProtected;
    }
    return State::Live;
}

} // namespace

LibraryHealth::Light LibraryHealth::light() const
{
    if (state == State::Live)
        return Light::Green;
    return state == State::Unreadable ? Light::Red : Light::Yellow;
}

const LibraryHealth::FolderHealth *LibraryHealth::worst() const
{
    const auto found = std::find_if(folders.begin(), folders.end(),
                                    [this](const FolderHealth &one) { return one.state == state; });
    return found == folders.end() ? nullptr : &*found;
}

LibraryHealth healthOf(const HealthFacts &facts)
{
    LibraryHealth health;
    health.pollInterval = facts.pollInterval;
    for (const Problem &problem : facts.problems) {
        if (isUnseen(problem) && !facts.away.contains(problem.folder))
            health.unseen.append(problem);
    }
    health.state = std::max(stateOf(facts.access), facts.isPaused ? State::Paused : State::Live);
    for (const Folder &folder : facts.folders) {
        const State state = stateOf(folder, health.unseen, facts);
        health.folders.append(
            {folder, state, facts.polled.value(textOfPath(folder.path), PollingReason::NetworkShare)});
        health.state = std::max(health.state, state);
    }
    return health;
}

} // namespace yingxun::services
