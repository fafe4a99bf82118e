// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/moment_key.h"
#include "core/image/format.h"
#include "core/image/moments.h"
#include "core/ingest/index_stages.h"
#include "core/vectors/embedding_store.h"

#include <algorithm>

namespace yingxun::ingest {
namespace {

std::string prefixOf(const std::string &top)
{
    return top.ends_with('/') ? top : top + '/';
}

/// Calls visit for the entry of `top` itself and for all below it.
template<typename Map, typename Visit>
void forEachWithin(const Map &map, const std::string &top, Visit visit)
{
    if (const auto exact = map.find(top); exact != map.end())
        visit(*exact);
    const std::string prefix = prefixOf(top);
    for (auto it = map.lower_bound(prefix); it != map.end() && it->first.starts_with(prefix); ++it)
        visit(*it);
}

/// By its name, as its bytes are not at hand; one that is called otherwise is looked at when it comes.
bool isLookedAtForMoments(const Photo &photo)
{
    return photo.kind == MediaKind::Video || image::mayMove(image::formatOfEnding(photo.path));
}

} // namespace

Result<KnownFiles> KnownFiles::load(db::Catalogue &catalogue, const std::vector<IndexScope> &scopes,
                                    std::string readers, ProblemFiles problemFiles)
{
    KnownFiles known;
    known.m_readers = std::move(readers);
    known.m_which = problemFiles;
    for (const IndexScope &scope : scopes) {
        auto photos = catalogue.photosWithin(scope.path);
        auto problems = catalogue.problemsWithin(scope.path);
        auto complete = catalogue.completeWithin(scope.path);
        if (!photos || !problems || !complete)
            return photos ? (problems ? complete.propagate() : problems.propagate()) : photos.propagate();
        for (Photo &photo : *photos) {
            std::string path = photo.path;
            known.m_photos.emplace(std::move(path), std::move(photo));
        }
        // Thumbnails lie in a file of their own, which may be lost by itself.
        auto bare = catalogue.withoutThumbnail(*complete);
        if (!bare)
            return bare.propagate();
        for (Problem &problem : *problems) {
            std::string path = problem.path;
            known.m_problems.emplace(std::move(path), std::move(problem));
        }
        auto sidecars = catalogue.sidecarsWithin(scope.path);
        if (!sidecars)
            return sidecars.propagate();
        known.m_sidecars.merge(*sidecars);
        known.m_complete.insert(complete->begin(), complete->end());
        for (const ContentHash &content : *bare)
            known.m_complete.erase(content);
    }
    if (auto loaded = known.loadFilms(catalogue); !loaded)
        return loaded.propagate();
    auto mountPoints = catalogue.mountPoints();
    if (!mountPoints)
        return mountPoints.propagate();
    known.m_mountPoints = *std::move(mountPoints);
    return known;
}

/// Of the photos that are loaded.
Result<void> KnownFiles::loadFilms(db::Catalogue &catalogue)
{
    std::unordered_set<ContentHash> mayMove;
    for (const auto &[path, photo] : m_photos) {
        if (isLookedAtForMoments(photo))
            mayMove.insert(photo.hash);
    }
    std::vector<ContentHash> keys;
    const auto read = catalogue.forEachFilm(0, [&](Film film) {
        if (!mayMove.contains(film.content) || !isWorthNoSecondLook(film))
            return;
        for (const std::int64_t timeMs : film.timesMs)
            keys.push_back(momentKey(film.content, timeMs));
        m_films.emplace(film.content, std::move(film));
    });
    if (!read)
        return read.propagate();
    const auto bare = catalogue.withoutThumbnail(keys);
    if (!bare)
        return bare.propagate();
    const std::unordered_set<ContentHash> missing(bare->begin(), bare->end());
    std::erase_if(m_films, [&](const auto &entry) {
        return std::any_of(
            entry.second.timesMs.begin(), entry.second.timesMs.end(),
            [&](std::int64_t timeMs) { return missing.contains(momentKey(entry.first, timeMs)); });
    });
    return {};
}

bool KnownFiles::hasMoments(const Photo &photo, const vectors::EmbeddingStore &store) const
{
    if (!isLookedAtForMoments(photo))
        return true;
    const auto film = m_films.find(photo.hash);
    return film != m_films.end() &&
           std::all_of(film->second.timesMs.begin(), film->second.timesMs.end(),
                       [&](std::int64_t timeMs) { return store.contains(momentKey(photo.hash, timeMs)); });
}

bool KnownFiles::isSettled(const FoundFile &file, FolderId folder, const vectors::EmbeddingStore &store) const
{
    const auto same = [&file, folder](const auto &known) {
        return known.sizeBytes == file.sizeBytes && known.mtimeMs == file.mtimeMs && known.folder == folder;
    };
    // The problem first: a photo that another model could embed may be one as well.
    if (const auto problem = m_problems.find(file.path);
        problem != m_problems.end() && same(problem->second)) {
        if (m_which == ProblemFiles::All)
            return false;
        switch (problem->second.retry) {
        case Retry::EachRun:
            return false;
        case Retry::WithNewReaders:
            return problem->second.readers == m_readers;
        case Retry::WhenFileChanges:
            return true;
        }
    }
    const auto photo = m_photos.find(file.path);
    const auto sidecar = m_sidecars.find(file.path);
    const bool sameSidecar =
        sidecar == m_sidecars.end() ? !file.sidecar : file.sidecar && *file.sidecar == sidecar->second;
    return photo != m_photos.end() && same(photo->second) && sameSidecar &&
           store.contains(photo->second.hash) && m_complete.contains(photo->second.hash) &&
           hasMoments(photo->second, store);
}

bool KnownFiles::isListed(const FoundFile &file) const
{
    const auto lists = [&file](const auto &map) {
        const auto known = map.find(file.path);
        return known != map.end() && known->second.sizeBytes == file.sizeBytes &&
               known->second.mtimeMs == file.mtimeMs;
    };
    return lists(m_photos) || lists(m_problems);
}

void KnownFiles::collectVanished(const IndexScope &scope, const WalkOutcome &walk,
                                 std::vector<PhotoId> &photos, std::vector<std::string> &problems) const
{
    const auto isGone = [&](std::string path) {
        if (walk.seen.contains(path))
            return false;
        for (; !path.empty(); path.resize(path.find_last_of('/'))) {
            if (walk.absent.contains(path))
                return false;
            if (walk.folders.contains(path)) // The innermost one; the walk of an outer one passes it over.
                return path == scope.folder.path;
        }
        return true; // The folder is the root directory.
    };
    forEachWithin(m_photos, scope.path, [&](const auto &entry) {
        if (isGone(entry.first))
            photos.push_back(entry.second.id);
    });
    forEachWithin(m_problems, scope.path, [&](const auto &entry) {
        if (isGone(entry.first))
            problems.push_back(entry.first);
    });
}

bool KnownFiles::holdsWithin(const std::string &path, const std::unordered_set<std::string> *among) const
{
    bool holds = false;
    forEachWithin(m_photos, path, [&](const auto &entry) {
        holds = holds || among == nullptr || among->contains(entry.first);
    });
    return holds;
}

} // namespace yingxun::ingest
