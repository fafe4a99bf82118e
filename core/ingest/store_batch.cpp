// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/moment_key.h"
#include "core/ingest/index_stages.h"
#include "core/ingest/picture_batch.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <chrono>
#include <span>

namespace yingxun::ingest {
namespace {

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

/// Embeds and stores what has pixels; what cannot be embedded gets its error, and a moment that cannot is
/// left out.
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
        const auto hasFailed = [&](std::int64_t timeMs) {
            return failed.contains(momentKey(item.photo.hash, timeMs));
        };
        std::erase_if(item.moments, [&](const media::Moment &moment) { return hasFailed(moment.timeMs); });
        if (item.film)
            std::erase_if(item.film->timesMs, hasFailed);
        if (!item.error && !item.pixels.empty())
            whole.insert(item.photo.hash);
    }
    counts.embedded += std::ssize(whole);
    return {};
}

} // namespace

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
        if (const auto now = examine(item.photo.path); !now && now.error().code == ErrorCode::NotFound)
            continue; // It has been deleted since; listed again, it would hand on labels when it vanishes.
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
