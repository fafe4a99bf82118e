// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/thumbnail_loader.h"

#include "core/base/guarded.h"
#include "core/db/catalogue.h"
#include "core/image/decode.h"
#include "core/image/format.h"
#include "core/media/media.h"
#include "core/services/handoff.h"
#include "core/services/worker_thread.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace yingxun::services {
namespace {

constexpr int kThreads = 2;

QImage toImage(const image::RgbImage &picture)
{
    if (picture.isNull())
        return {};
    const QImage borrowed(picture.pixels.data(), picture.width, picture.height, qsizetype{picture.width} * 3,
                          QImage::Format_RGB888);
    return borrowed.convertToFormat(QImage::Format_RGB32); // Also what widgets paint fastest.
}

/// The picture itself, or a video's poster, at most `side` on its longer side; 0: full size.
Result<QImage> fromFile(const std::string &path, int side, media::Reader &reader, const std::stop_token &stop)
{
    const auto file = media::MediaFile::open(path);
    if (!file)
        return file.propagate();
    media::Wants wants;
    wants.shownSide = side;
    const auto made = reader.read(*file, wants, stop);
    if (!made)
        return made.propagate();
    return toImage(made->shown);
}

/// Null when the picture cannot be made, for lack of memory too.
template<typename Make>
QImage imageOrNull(const Make &make)
{
    auto image = guarded("Showing a photo", make);
    return image ? *std::move(image) : QImage();
}

Result<QImage> thumbnailOf(const Photo &photo, db::Catalogue *catalogue, media::Reader &reader,
                           const std::stop_token &stop)
{
    if (catalogue != nullptr) {
        const auto jpeg = catalogue->thumbnail(photo.hash);
        if (jpeg && image::formatOf(*jpeg) == image::Format::Jpeg) {
            if (const auto decoded = image::decode(*jpeg)) // Here: this program wrote it.
                return toImage(decoded->image);
        }
    }
    return fromFile(photo.path, media::kThumbnailSide, reader, stop);
}

} // namespace

struct ThumbnailLoader::Impl {
    using Wanted = std::pair<PhotoId, ContentHash>; // A file that was edited has another content.

    void work(ThumbnailLoader *owner, const std::stop_token &stop);

    std::filesystem::path dataDirectory;
    std::shared_ptr<media::Reader> reader;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<Photo> waiting; // The newest last.
    std::set<Wanted> known;     // Waiting or being loaded.
    std::atomic<quint64> latestLarge = 0;
    WorkerThread large;
    std::vector<std::jthread> threads; // Last: joined before the rest goes.
};

void ThumbnailLoader::Impl::work(ThumbnailLoader *owner, const std::stop_token &stop)
{
    std::optional<db::Catalogue> catalogue;
    for (;;) {
        Photo photo;
        {
            std::unique_lock lock(mutex);
            if (!changed.wait(lock, stop, [this] { return !waiting.empty(); }) || stop.stop_requested())
                return;
            photo = std::move(waiting.back());
            waiting.pop_back();
        }
        if (!catalogue) { // Here: a connection stays with its thread.
            if (auto opened = db::Catalogue::open(dataDirectory))
                catalogue = *std::move(opened);
        }
        const QImage image =
            imageOrNull([&] { return thumbnailOf(photo, catalogue ? &*catalogue : nullptr, *reader, stop); });
        {
            const std::scoped_lock lock(mutex);
            known.erase({photo.id, photo.hash});
        }
        runOnThreadOf(owner, [owner, id = photo.id, content = photo.hash, image] {
            Q_EMIT owner->ready(id, content, image);
        });
    }
}

ThumbnailLoader::ThumbnailLoader(std::filesystem::path dataDirectory, std::shared_ptr<media::Reader> reader,
                                 QObject *parent)
    : ThumbnailSource(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->dataDirectory = std::move(dataDirectory);
    m_impl->reader = std::move(reader);
    for (int i = 0; i < kThreads; ++i)
        m_impl->threads.emplace_back([this](const std::stop_token &stop) { m_impl->work(this, stop); });
}

ThumbnailLoader::~ThumbnailLoader() = default;

void ThumbnailLoader::request(const Photo &photo)
{
    const std::scoped_lock lock(m_impl->mutex);
    if (m_impl->known.contains({photo.id, photo.hash}))
        return;
    m_impl->known.insert({photo.id, photo.hash});
    m_impl->waiting.push_back(photo);
    m_impl->changed.notify_one();
}

void ThumbnailLoader::forgetPending()
{
    const std::scoped_lock lock(m_impl->mutex);
    for (const Photo &photo : m_impl->waiting)
        m_impl->known.erase({photo.id, photo.hash});
    m_impl->waiting.clear();
}

void ThumbnailLoader::requestLarge(const Photo &photo, int side)
{
    const quint64 generation = ++m_impl->latestLarge;
    m_impl->large.post([this, photo, side, generation](const std::stop_token &stop) {
        if (generation != m_impl->latestLarge)
            return;
        const QImage image = imageOrNull([&] { return fromFile(photo.path, side, *m_impl->reader, stop); });
        runOnThreadOf(this, [this, id = photo.id, image, generation] {
            if (generation == m_impl->latestLarge)
                Q_EMIT largeReady(id, image);
        });
    });
}

} // namespace yingxun::services
