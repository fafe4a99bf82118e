// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/index_stages.h"

#include "core/base/guarded.h"
#include "core/base/moment_key.h"
#include "core/image/decode.h"
#include "core/image/format.h"
#include "core/image/metadata.h"
#include "core/image/moments.h"
#include "core/ingest/picture_batch.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <chrono>
#include <span>

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

/// What is to be embedded, and by what it is kept.
struct Pictures {
    std::vector<ContentHash> keys;
    std::vector<std::span<const std::uint8_t>> pixels;
};

Pictures picturesOf(const std::vector<IndexItem> &items, const vectors::EmbeddingStore &store)
{
    Pictures pictures;
    std::unordered_set<ContentHash> taken; // Copies in one batch are embedded once.
    const auto take = [&](const ContentHash &key, const std::vector<std::uint8_t> &pixels) {
        if (pixels.empty() || !taken.insert(key).second)
            return;
        pictures.keys.push_back(key);
        pictures.pixels.emplace_back(pixels);
    };
    for (const IndexItem &item : items) {
        if (item.error)
            continue;
        take(item.photo.hash, item.pixels);
        for (const media::Moment &moment : item.moments) {
            const ContentHash key = momentKey(item.photo.hash, moment.timeMs);
            if (!store.contains(key)) // One of them may be missing where a run broke off.
                take(key, moment.towerInput);
        }
    }
    return pictures;
}

using FailedPictures = std::unordered_map<ContentHash, Error>;

/// Embeds and stores some pictures, and adds those that cannot be embedded to `failed`.
Result<void> embedSome(std::span<const ContentHash> keys,
                       std::span<const std::span<const std::uint8_t>> pictures, vectors::Encoder &encoder,
                       vectors::EmbeddingStore &store, BatchSize &size, FailedPictures &failed)
{
    std::vector<std::uint8_t> pixels;
    for (const auto &picture : pictures)
        pixels.insert(pixels.end(), picture.begin(), picture.end());
    const auto begin = std::chrono::steady_clock::now();
    auto batch = embedPictures(encoder, pixels, static_cast<int>(keys.size()));
    if (!batch)
        return batch.propagate();
    size.took(static_cast<int>(keys.size()), std::chrono::steady_clock::now() - begin);
    std::vector<ContentHash> embedded;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (batch->errors[i])
            failed.emplace(keys[i], *batch->errors[i]);
        else
            embedded.push_back(keys[i]);
    }
    return embedded.empty() ? Result<void>() : store.append(embedded, batch->embeddings);
}

/// Embeds and stores what has pixels; what cannot be embedded, or of which a moment cannot, gets its error.
Result<void> embedBatch(std::vector<IndexItem> &items, vectors::Encoder &encoder,
                        vectors::EmbeddingStore &store, IndexCounts &counts, BatchSize &size,
                        const std::stop_token &stop)
{
    const Pictures pictures = picturesOf(items, store);
    FailedPictures failed;
    for (std::size_t done = 0; done < pictures.keys.size();) {
        if (done > 0 && stop.stop_requested()) // A film may have many times what is embedded at once.
            return fail(ErrorCode::Cancelled, "Stopped between two pictures of a video.");
        const std::size_t count =
            std::min(pictures.keys.size() - done, static_cast<std::size_t>(size.pictures()));
        auto some = embedSome(std::span(pictures.keys).subspan(done, count),
                              std::span(pictures.pixels).subspan(done, count), encoder, store, size, failed);
        if (!some)
            return some;
        done += count;
    }
    std::unordered_set<ContentHash> whole; // Photos, and videos by their posters; copies once.
    for (IndexItem &item : items) {
        if (item.error)
            continue;
        if (const auto found = failed.find(item.photo.hash); found != failed.end())
            item.error = found->second;
        for (const media::Moment &moment : item.moments) {
            const auto found = failed.find(momentKey(item.photo.hash, moment.timeMs));
            if (found != failed.end())
                item.error = found->second;
        }
        if (!item.error && !item.pixels.empty())
            whole.insert(item.photo.hash);
    }
    counts.embedded += std::ssize(whole);
    return {};
}

/// Whether all that its moments are found and shown by is there.
bool isWhole(const std::optional<Film> &film, const vectors::EmbeddingStore &store, db::Catalogue &catalogue)
{
    return film && std::all_of(film->timesMs.begin(), film->timesMs.end(), [&](std::int64_t timeMs) {
               const ContentHash key = momentKey(film->content, timeMs);
               const auto shown = catalogue.hasThumbnail(key);
               return store.contains(key) && shown && *shown;
           });
}

/// What lies beside a photo. One that cannot be understood says nothing; one that cannot be read now is
/// tried again, as it is not noted.
std::optional<Sidecar> readSidecar(const FoundFile &photo, media::Reader &reader, const std::stop_token &stop)
{
    if (!photo.sidecar)
        return std::nullopt;
    const auto packet = media::MediaFile::open(photo.sidecar->path);
    if (!packet && retryAfter(packet.error().code) == Retry::EachRun)
        return std::nullopt;
    Sidecar sidecar{photo.path, *photo.sidecar, {}};
    if (packet && packet->bytes().size() <= image::kLargestSidecar) {
        media::Wants wants;
        wants.isSidecar = true;
        if (auto said = reader.read(*packet, wants, stop))
            sidecar.metadata = std::move(said->metadata);
        else if (retryAfter(said.error().code) == Retry::EachRun)
            return std::nullopt;
    }
    return sidecar;
}

/// When a photo was taken: what lies beside it counts first, as people put times right there.
std::optional<std::int64_t> capturedMs(const std::optional<Sidecar> &sidecar, const Metadata &file,
                                       const std::optional<std::int64_t> &decoded)
{
    if (sidecar && sidecar->metadata.captureTimeMs)
        return sidecar->metadata.captureTimeMs;
    return file.captureTimeMs ? file.captureTimeMs : decoded;
}

/// openPhoto, but may throw.
Result<void> fillItem(IndexItem &item, int imageSize, const vectors::EmbeddingStore &store,
                      db::Catalogue &catalogue, media::Reader &reader, const std::stop_token &stop)
{
    const auto file = media::MediaFile::open(item.task.file.path);
    if (!file)
        return file.propagate();
    const auto content = file->content(stop);
    if (!content)
        return content.propagate();
    Photo &photo = item.photo;
    photo.folder = item.task.folder;
    photo.path = item.task.file.path;
    photo.sizeBytes = item.task.file.sizeBytes;
    photo.mtimeMs = item.task.file.mtimeMs;
    photo.hash = *content;
    photo.kind = file->kind();

    const auto hasThumbnail = catalogue.hasThumbnail(photo.hash);
    const auto hasMeasure = catalogue.hasMeasure(photo.hash);
    const auto hasMetadata = catalogue.hasMetadata(photo.hash);
    media::Wants wants;
    wants.thumbnail = !hasThumbnail || !*hasThumbnail;
    wants.measures = !hasMeasure || !*hasMeasure;
    wants.metadata = !hasMetadata || !*hasMetadata;
    wants.towerSide = store.contains(photo.hash) ? 0 : imageSize;
    // By its name as well, as that is what hasMoments() goes by.
    if (photo.kind == MediaKind::Video || image::mayMove(image::formatOf(file->bytes())) ||
        image::mayMove(image::formatOfEnding(photo.path))) {
        const auto film = catalogue.film(photo.hash);
        if (!film)
            return film.propagate();
        wants.momentSide = isWhole(*film, store, catalogue) ? 0 : imageSize;
    }
    item.sidecar = readSidecar(item.task.file, reader, stop);
    Photo alone; // What the file says, without the sidecar that lay beside it, or beside a copy, before.
    alone.hash = photo.hash;
    if (!wants.thumbnail && !wants.measures && !wants.metadata && wants.towerSide == 0 &&
        wants.momentSide == 0) {
        // A copy or a moved file: its size is known as well.
        if (const auto same = catalogue.firstWithContent(photo.hash); same && *same) {
            photo.width = (*same)->width;
            photo.height = (*same)->height;
            const auto said = catalogue.metadataOf(alone);
            if (!said)
                return said.propagate();
            photo.captureTimeMs = capturedMs(item.sidecar, *said, std::nullopt);
            return {};
        }
    }
    auto made = reader.read(*file, wants, stop);
    if (!made)
        return made.propagate();
    photo.width = made->info.width;
    photo.height = made->info.height;
    item.thumbnail = std::move(made->thumbnail);
    if (made->measures)
        item.measure = Measure{photo.hash, made->measures->sharpness, made->measures->perceptualHash};
    const auto said =
        wants.metadata ? Result<Metadata>(std::move(made->metadata)) : catalogue.metadataOf(alone);
    if (!said)
        return said.propagate();
    photo.captureTimeMs = capturedMs(item.sidecar, *said, made->info.captureTimeMs);
    if (wants.metadata)
        item.metadata = *said;
    item.pixels = std::move(made->towerInput);
    if (wants.momentSide > 0) {
        item.moments = std::move(made->moments);
        item.film = Film{photo.hash, {}};
        for (const media::Moment &moment : item.moments)
            item.film->timesMs.push_back(moment.timeMs);
    }
    return {};
}

} // namespace

IndexItem openPhoto(IndexTask task, int imageSize, const vectors::EmbeddingStore &store,
                    db::Catalogue &catalogue, media::Reader &reader, const std::stop_token &stop)
{
    IndexItem item;
    item.task = std::move(task);
    const auto opened = guarded("Opening " + item.task.file.path,
                                [&] { return fillItem(item, imageSize, store, catalogue, reader, stop); });
    if (!opened) {
        item.error = opened.error();
        item.thumbnail.clear();
        item.measure.reset();
        item.metadata.reset();
        item.sidecar.reset();
        item.pixels.clear();
        item.film.reset();
        item.moments.clear();
    }
    const auto now = examine(item.task.file.path);
    item.isChanged =
        now && (now->sizeBytes != item.task.file.sizeBytes || now->mtimeMs != item.task.file.mtimeMs);
    return item;
}

Retry retryAfter(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound: // It vanished while the walk went on; perhaps the disk is coming back.
    case ErrorCode::Io:
    case ErrorCode::OutOfMemory:
    case ErrorCode::Cancelled:
    case ErrorCode::ReadOnly:
        return Retry::EachRun;
    case ErrorCode::Unsupported:
    case ErrorCode::TooLarge: // The limit is the build's.
    case ErrorCode::Internal:
        return Retry::WithNewReaders;
    case ErrorCode::InvalidArgument:
    case ErrorCode::CorruptData:
    case ErrorCode::Truncated:
        break;
    }
    return Retry::WhenFileChanges;
}

std::string readersWith(const vectors::Encoder &encoder)
{
    return image::readersVersion() + " model " + encoder.identity();
}

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

/// All, as there are few of them beside the photos.
Result<void> KnownFiles::loadFilms(db::Catalogue &catalogue)
{
    std::vector<ContentHash> keys;
    const auto read = catalogue.forEachFilm(0, [&](Film film) {
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
    // By its name, as its bytes are not at hand; one that is called otherwise was looked at when it came.
    if (photo.kind != MediaKind::Video && !image::mayMove(image::formatOfEnding(photo.path)))
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

Result<void> storeBatch(std::vector<IndexItem> &items, vectors::Encoder &encoder,
                        vectors::EmbeddingStore &store, db::Catalogue &catalogue, MovedFiles &movedFiles,
                        IndexCounts &counts, BatchSize &size, const std::stop_token &stop)
{
    if (auto embedded = embedBatch(items, encoder, store, counts, size, stop); !embedded)
        return embedded;
    std::vector<Photo> photos;
    std::vector<Thumbnail> thumbnails;
    std::vector<Measure> measures;
    std::vector<ContentMetadata> metadata;
    std::vector<Film> films;
    std::vector<Sidecar> sidecars;
    std::vector<std::string> withoutSidecar;
    for (IndexItem &item : items) {
        if (item.error) {
            ++counts.failed;
            const FoundFile &file = item.task.file;
            if (auto listed = catalogue.putProblem({file.path, item.task.folder, file.sizeBytes, file.mtimeMs,
                                                    static_cast<int>(item.error->code), item.error->message,
                                                    retryAfter(item.error->code), readersWith(encoder)});
                !listed)
                return listed;
            continue;
        }
        auto moved = movedFiles.follow(item.photo, catalogue);
        if (!moved)
            return moved.propagate();
        if (!item.thumbnail.empty())
            thumbnails.push_back({item.photo.hash, std::move(item.thumbnail)});
        if (item.measure)
            measures.push_back(*item.measure);
        for (media::Moment &moment : item.moments)
            thumbnails.push_back({momentKey(item.photo.hash, moment.timeMs), std::move(moment.thumbnail)});
        if (item.film)
            films.push_back(*std::move(item.film));
        if (item.metadata)
            metadata.push_back({item.photo.hash, *std::move(item.metadata)});
        if (item.sidecar)
            sidecars.push_back(*std::move(item.sidecar));
        else if (!item.task.file.sidecar)
            withoutSidecar.push_back(item.photo.path);
        photos.push_back(std::move(item.photo));
    }
    // Photos first: Catalogue::purge() of another process then finds them, and leaves the rest of the batch
    // alone. Metadata and measures last: without them a photo is not settled, so what breaks off in between
    // is made up for.
    if (!photos.empty()) {
        if (auto stored = catalogue.putPhotos(photos); !stored)
            return stored;
    }
    if (!thumbnails.empty()) {
        if (auto stored = catalogue.putThumbnails(thumbnails); !stored)
            return stored;
    }
    if (!films.empty()) {
        if (auto stored = catalogue.putFilms(films); !stored)
            return stored;
    }
    if (auto stored = catalogue.putSidecars(sidecars); !stored)
        return stored;
    if (auto stored = catalogue.removeSidecars(withoutSidecar); !stored)
        return stored;
    if (!metadata.empty()) {
        if (auto stored = catalogue.putMetadata(metadata); !stored)
            return stored;
    }
    if (!measures.empty()) {
        if (auto stored = catalogue.putMeasures(measures); !stored)
            return stored;
    }
    counts.done += static_cast<std::int64_t>(items.size());
    return {};
}

} // namespace yingxun::ingest
