// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/index_stages.h"

#include "core/base/file_descriptor.h"
#include "core/base/guarded.h"
#include "core/base/moment_key.h"
#include "core/image/decode.h"
#include "core/image/format.h"
#include "core/image/metadata.h"
#include "core/image/moments.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yingxun::ingest {
namespace {

/// Whether all that its moments are found and shown by is there.
bool isWhole(const std::optional<Film> &film, const vectors::EmbeddingStore &store, db::Catalogue &catalogue)
{
    return film && isWorthNoSecondLook(*film) &&
           std::all_of(film->timesMs.begin(), film->timesMs.end(), [&](std::int64_t timeMs) {
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
                                       const std::optional<std::int64_t> &otherwise = {})
{
    if (sidecar && sidecar->metadata.captureTimeMs)
        return sidecar->metadata.captureTimeMs;
    return file.captureTimeMs ? file.captureTimeMs : otherwise;
}

/// What cannot be read behind the poster is found by its poster.
/// @param behindPoster  why there are no moments, where there should be some
Result<media::Media> readFile(const media::MediaFile &file, media::Wants wants, media::Reader &reader,
                              const std::stop_token &stop, std::optional<ErrorCode> &behindPoster)
{
    auto made = reader.read(file, wants, stop);
    if (made || wants.momentSide == 0)
        return made;
    const ErrorCode code = made.error().code;
    if (code != ErrorCode::Internal && code != ErrorCode::OutOfMemory && code != ErrorCode::Io)
        return made;
    behindPoster = code;
    wants.momentSide = 0;
    return reader.read(file, wants, stop);
}

/// Up to so many bytes; fewer, or none, where they cannot be read.
std::vector<std::byte> beginningOf(const std::string &path, std::size_t most)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info = {};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return {};
    std::vector<std::byte> bytes(most);
    const ssize_t got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

/// Whether nothing is missing of a photo but whether it moves, and its first bytes say that it does not. A
/// library of an earlier version may hold very many, and to read them whole would take hours.
bool isStill(const Photo &known, const FoundFile &file, const vectors::EmbeddingStore &store,
             db::Catalogue &catalogue)
{
    constexpr std::size_t kMost = 262'144; // In PNG a colour profile may come before what says it.
    if (known.sizeBytes != file.sizeBytes || known.mtimeMs != file.mtimeMs || file.sidecar ||
        known.kind == MediaKind::Video || !image::mayMove(image::formatOfEnding(known.path)) ||
        !store.contains(known.hash))
        return false;
    const auto film = catalogue.film(known.hash);
    const auto thumbnail = catalogue.hasThumbnail(known.hash);
    const auto measure = catalogue.hasMeasure(known.hash);
    const auto metadata = catalogue.hasMetadata(known.hash);
    if (!film || *film || !thumbnail || !*thumbnail || !measure || !*measure || !metadata || !*metadata)
        return false;
    // One that is gone may have given the photo its time.
    const auto beside = catalogue.sidecarsWithin(known.path);
    if (!beside || !beside->empty())
        return false;
    const auto begin = beginningOf(known.path, kMost);
    return !begin.empty() && !image::mayMove(begin);
}

/// openPhoto, but may throw.
Result<void> fillItem(IndexItem &item, int imageSize, const vectors::EmbeddingStore &store,
                      db::Catalogue &catalogue, media::Reader &reader, const std::stop_token &stop)
{
    const auto known = catalogue.photoAt(item.task.file.path);
    if (!known)
        return known.propagate();
    if (*known && (*known)->folder == item.task.folder &&
        isStill(**known, item.task.file, store, catalogue)) {
        item.photo = **known;
        item.film = Film{item.photo.hash, {}, {}};
        return {};
    }
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
    bool hasFilm = false;
    const bool mayMove = photo.kind == MediaKind::Video || image::mayMove(file->bytes());
    // By its name as well, as that is what hasMoments() goes by.
    if (mayMove || image::mayMove(image::formatOfEnding(photo.path))) {
        const auto film = catalogue.film(photo.hash);
        if (!film)
            return film.propagate();
        hasFilm = *film && (*film)->brokenReaders.empty();
        if (const bool isKnown = isWhole(*film, store, catalogue); !isKnown && mayMove)
            wants.momentSide = imageSize;
        else if (!isKnown) // Nothing has to be decoded to know that it has none.
            item.film = Film{photo.hash, {}, {}};
    }
    item.sidecar = readSidecar(item.task.file, reader, stop);
    Photo alone; // What the file says, without the sidecar that lay beside it, or beside a copy, before.
    alone.hash = photo.hash;
    if (!wants.thumbnail && !wants.measures && !wants.metadata && wants.towerSide == 0 &&
        wants.momentSide == 0) {
        // A copy or a moved file: its size is known as well.
        if (const auto same = catalogue.firstWithContent(photo.hash); same && *same) {
            const auto said = catalogue.metadataOf(alone);
            const auto shown = said ? catalogue.metadataOf(**same) : said;
            if (!shown)
                return shown.propagate();
            photo.width = (*same)->width;
            photo.height = (*same)->height;
            photo.captureTimeMs = capturedMs(item.sidecar, *said, (*same)->captureTimeMs);
            // Where only a sidecar gave that one its time, the file is asked.
            if (said->captureTimeMs || !shown->captureTimeMs)
                return {};
            wants.metadata = true;
        }
    }
    std::optional<ErrorCode> behindPoster;
    auto made = readFile(*file, wants, reader, stop, behindPoster);
    if (!made)
        return made.propagate();
    photo.width = made->info.width;
    photo.height = made->info.height;
    item.thumbnail = std::move(made->thumbnail);
    if (made->measures)
        item.measure = Measure{photo.hash, made->measures->sharpness, made->measures->perceptualHash};
    auto said = wants.metadata ? Result<Metadata>(std::move(made->metadata)) : catalogue.metadataOf(alone);
    if (!said)
        return said.propagate();
    if (!said->captureTimeMs) // Of some files the decoder alone knows it.
        said->captureTimeMs = made->info.captureTimeMs;
    photo.captureTimeMs = capturedMs(item.sidecar, *said);
    if (wants.metadata)
        item.metadata = *std::move(said);
    item.pixels = std::move(made->towerInput);
    // A decoder that it breaks it would break at each run; but what was known of it stays. Of what may go
    // better another time nothing is noted, so that the next run tries.
    const bool isGivenUp = behindPoster == ErrorCode::Internal && !hasFilm;
    if (wants.momentSide > 0 && (!behindPoster || isGivenUp)) {
        item.moments = std::move(made->moments);
        item.film = Film{photo.hash, {}, isGivenUp ? image::readersVersion() : std::string()};
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

bool isWorthNoSecondLook(const Film &film)
{
    return film.brokenReaders.empty() || film.brokenReaders == image::readersVersion();
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

} // namespace yingxun::ingest
