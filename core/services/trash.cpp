// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/trash.h"

#include "core/base/companions.h"
#include "core/base/guarded.h"
#include "core/db/catalogue.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/folder_places.h"
#include "core/services/handoff.h"
#include "core/services/path_text.h"
#include "core/services/worker_thread.h"

#include <QElapsedTimer>

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yingxun::services {
namespace {

constexpr qint64 kTellEveryMs = 500;

/// What belongs together.
struct Bundle {
    std::vector<Photo> photos;      ///< As they were; the one that is shown first.
    std::vector<TrashedFile> files; ///< Theirs in the same order, then sidecars; none before the first time.

    bool isAway() const { return !files.empty() && !files.front().inTrash.empty(); }
};

/// What one call has done so far, told step by step.
class Report
{
public:
    explicit Report(Trash *owner) : m_owner(owner) { m_told.start(); }

    void changed(const std::vector<Photo> &photos)
    {
        for (const Photo &photo : photos)
            m_changed.append(textOfPath(photo.path));
        if (m_told.elapsed() >= kTellEveryMs)
            tellChanged();
    }
    void stayed(const std::string &path, TrashTrouble trouble) { m_stayed.append({path, trouble}); }
    void end()
    {
        tellChanged();
        if (!m_stayed.isEmpty())
            runOnThreadOf(m_owner, [owner = m_owner, files = m_stayed] { Q_EMIT owner->stayed(files); });
    }

private:
    void tellChanged()
    {
        m_told.restart();
        if (m_changed.isEmpty())
            return;
        runOnThreadOf(m_owner, [owner = m_owner, paths = std::exchange(m_changed, {})] {
            Q_EMIT owner->changed(paths);
        });
    }

    Trash *m_owner;
    QElapsedTimer m_told;
    QStringList m_changed;
    QList<StayedFile> m_stayed;
};

/// Whether a file lies beside a photo that has its name but for the ending, and is none of the bundle nor a
/// sidecar: "a.xmp" is its own as well.
bool hasStranger(const Bundle &bundle, const std::filesystem::path &photo)
{
    const std::string name = photo.filename().string();
    const std::string_view stem = companionStem(name);
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(photo.parent_path(), error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string beside = entry->path().filename().string();
        if (companionStem(beside) != stem || beside.ends_with(".xmp") || beside.ends_with(".XMP"))
            continue;
        if (std::none_of(bundle.photos.begin(), bundle.photos.end(),
                         [&](const Photo &own) { return own.path == entry->path().string(); }))
            return true;
    }
    return false;
}

bool holds(const std::vector<TrashedFile> &files, const std::string &path)
{
    return std::any_of(files.begin(), files.end(),
                       [&path](const TrashedFile &file) { return file.path == path; });
}

/// Adds the sidecars that are there and nobody else's.
void addSidecars(Bundle &bundle)
{
    for (const Photo &photo : bundle.photos) {
        if (!holds(bundle.files, photo.path))
            continue;
        for (const std::string &sidecar : ingest::sidecarNames(photo.path)) {
            std::error_code error;
            if (holds(bundle.files, sidecar) || !std::filesystem::is_regular_file(sidecar, error))
                continue;
            if (sidecar.starts_with(photo.path) || !hasStranger(bundle, photo.path))
                bundle.files.push_back({sidecar, {}});
        }
    }
}

/// All or none; the first `photos` are none of the sidecars.
void moveAll(std::vector<TrashedFile> &files, std::size_t photos, Report &report)
{
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto trouble = moveToTrash(files[i]);
        // Where the case of letters means nothing, a.XMP has gone with a.xmp.
        if (!trouble || (i >= photos && *trouble == TrashTrouble::Gone))
            continue;
        report.stayed(files[i].path, *trouble);
        for (TrashedFile &moved : files) {
            if (const auto second = putBack(moved))
                report.stayed(moved.path, *second);
        }
        return;
    }
}

} // namespace

struct Trash::Impl {
    using Work = std::function<Result<void>(Report &)>;

    void post(Trash *owner, Work work);
    Result<void> open();
    Result<void> send(Bundle &bundle, Report &report);
    Result<std::optional<TrashTrouble>> check(Photo &photo);
    Result<void> fetch(Bundle &bundle, Report &report);

    std::filesystem::path dataDirectory;
    std::int64_t latestChange = 0;                             // Used on the owner's thread only.
    std::unordered_map<ChangeId, std::vector<Bundle>> changes; // Used on the thread only, as the next.
    std::unique_ptr<db::Catalogue> catalogue;
    std::unordered_map<FolderId, bool> isHere; // As one call has found them.
    WorkerThread thread;                       // Last: joined before the rest goes.
};

void Trash::Impl::post(Trash *owner, Work work)
{
    thread.post(
        [this, owner, work = std::move(work)](const std::stop_token &) {
            Report report(owner);
            Result<void> result = guarded("Moving photos to or from the trash", [&]() -> Result<void> {
                if (auto opened = open(); !opened)
                    return opened;
                return work(report);
            });
            report.end();
            if (!result)
                runOnThreadOf(owner, [owner, error = result.error()] { Q_EMIT owner->failed(error); });
            runOnThreadOf(owner, [owner] { Q_EMIT owner->finished(); });
        },
        WorkerThread::AtEnd::Run);
}

/// On the thread, as a connection stays with its own. Looks anew which folders are there.
Result<void> Trash::Impl::open()
{
    if (!catalogue) {
        auto opened = db::Catalogue::open(dataDirectory);
        if (!opened)
            return opened.propagate();
        catalogue = std::make_unique<db::Catalogue>(*std::move(opened));
    }
    if (catalogue->isReadOnly()) // Before anything is moved that could not be taken out of it.
        return fail(ErrorCode::ReadOnly, "nothing was moved, as the library cannot be changed");
    const auto folders = catalogue->folders();
    if (!folders)
        return folders.propagate();
    const auto mounts = ingest::MountTable::now();
    isHere.clear();
    for (const Folder &folder : *folders)
        isHere[folder.id] = ingest::isHere(folder, mounts);
    return {};
}

/// Whether a photo is what the library knows, which `photo` becomes; it has what a person saw.
Result<std::optional<TrashTrouble>> Trash::Impl::check(Photo &photo)
{
    const auto now = catalogue->photoAt(photo.path);
    if (!now)
        return now.propagate();
    if (*now && (*now)->hash == photo.hash)
        photo = **now;
    if (!isHere[photo.folder])
        return std::optional(TrashTrouble::Away);
    const auto file = ingest::examine(photo.path);
    if (!file)
        return std::optional(TrashTrouble::Gone);
    const bool same = file->sizeBytes == photo.sizeBytes && file->mtimeMs == photo.mtimeMs;
    return same ? std::nullopt : std::optional(TrashTrouble::Changed);
}

/// Moves all of it or nothing, and takes it out of the library at once: what is missing there for longer
/// might be asked about, see ingest::RemovalBrake.
Result<void> Trash::Impl::send(Bundle &bundle, Report &report)
{
    if (bundle.isAway())
        return {};
    std::vector<TrashedFile> left; // In the trash, as their places were taken.
    for (TrashedFile &file : std::exchange(bundle.files, {})) {
        if (!file.inTrash.empty())
            left.push_back(std::move(file));
    }
    std::vector<Photo> going;
    for (Photo &photo : bundle.photos) {
        if (holds(left, photo.path))
            continue;
        const auto trouble = check(photo);
        if (!trouble)
            return trouble.propagate();
        if (*trouble) {
            report.stayed(photo.path, **trouble);
            bundle.files = std::move(left);
            return {};
        }
        going.push_back(photo);
        bundle.files.push_back({photo.path, {}});
    }
    addSidecars(bundle);
    moveAll(bundle.files, going.size(), report);
    const bool isAway = bundle.isAway();
    bundle.files.insert(bundle.files.end(), left.begin(), left.end());
    if (!isAway)
        return {};
    report.changed(bundle.photos);
    return catalogue->discardPhotos(going);
}

/// Puts back what can be; the photo that is shown first, without which the others stay.
Result<void> Trash::Impl::fetch(Bundle &bundle, Report &report)
{
    std::vector<std::string> back;
    for (TrashedFile &file : bundle.files) {
        if (file.inTrash.empty())
            continue;
        if (const auto trouble = services::putBack(file)) {
            report.stayed(file.path, *trouble);
            if (bundle.isAway())
                return {};
        } else {
            back.push_back(file.path);
        }
    }
    std::vector<Photo> photos = bundle.photos;
    std::erase_if(photos, [&back](const Photo &photo) {
        return std::find(back.begin(), back.end(), photo.path) == back.end();
    });
    report.changed(photos);
    return catalogue->putPhotos(photos);
}

Trash::Trash(std::filesystem::path dataDirectory, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->dataDirectory = std::move(dataDirectory);
}

Trash::~Trash() = default;

ChangeId Trash::moveAway(const QList<TrashItem> &items)
{
    const ChangeId change{++m_impl->latestChange};
    m_impl->post(this, [this, items, change](Report &report) -> Result<void> {
        std::vector<Bundle> &bundles = m_impl->changes[change];
        for (const TrashItem &item : items) {
            Bundle bundle;
            for (const PhotoId id : QList<PhotoId>{item.photo} + item.companions) {
                auto photo = m_impl->catalogue->photo(id);
                if (!photo)
                    return photo.propagate();
                if (*photo)
                    bundle.photos.push_back(**std::move(photo));
                else if (id == item.photo)
                    break; // It has left the library meanwhile.
            }
            if (bundle.photos.empty())
                continue;
            bundles.push_back(std::move(bundle));
            if (auto sent = m_impl->send(bundles.back(), report); !sent)
                return sent;
        }
        return {};
    });
    return change;
}

void Trash::putBack(ChangeId change)
{
    m_impl->post(this, [this, change](Report &report) -> Result<void> {
        for (Bundle &bundle : m_impl->changes[change]) {
            if (auto fetched = m_impl->fetch(bundle, report); !fetched)
                return fetched;
        }
        return {};
    });
}

void Trash::moveAgain(ChangeId change)
{
    m_impl->post(this, [this, change](Report &report) -> Result<void> {
        for (Bundle &bundle : m_impl->changes[change]) {
            if (auto sent = m_impl->send(bundle, report); !sent)
                return sent;
        }
        return {};
    });
}

void Trash::forget(ChangeId change)
{
    m_impl->thread.post([this, change](const std::stop_token &) { m_impl->changes.erase(change); });
}

} // namespace yingxun::services
