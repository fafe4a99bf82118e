// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/librarian.h"

#include "core/base/guarded.h"
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/ingest/exclusions.h"
#include "core/ingest/folder_places.h"
#include "core/library/hand_change.h"
#include "core/library/label_items.h"
#include "core/library/library_follower.h"
#include "core/query/search_history.h"
#include "core/services/handoff.h"
#include "core/services/metadata_text.h"
#include "core/services/pasted_pictures.h"
#include "core/services/path_text.h"
#include "core/services/worker_thread.h"

#include <QDate>

#include <algorithm>
#include <atomic>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace yingxun::services {
namespace {

template<typename T>
QList<T> toList(const std::vector<T> &values)
{
    return QList<T>(values.begin(), values.end());
}

} // namespace

struct Librarian::Impl {
    using Work = std::function<Result<void>(db::Catalogue &)>;

    /// Runs on the librarian's thread; its failure is told to the owner.
    void post(Librarian *owner, Work work) { thread.post(asTask(owner, std::move(work))); }

    /// The same of what a person has done: it is not lost when the program is closed at once.
    void postChange(Librarian *owner, Work work)
    {
        thread.post(asTask(owner, std::move(work)), WorkerThread::AtEnd::Run);
    }

    WorkerThread::Task asTask(Librarian *owner, Work work)
    {
        return [this, owner, work = std::move(work)](const std::stop_token &) {
            Result<void> result;
            if (!catalogue) { // Opened here: a connection stays with its thread.
                if (auto opened = db::Catalogue::open(dataDirectory))
                    catalogue = std::make_unique<db::Catalogue>(*std::move(opened));
                else
                    result = opened.propagate();
            }
            if (catalogue)
                result = guarded("Using the library", [&] { return work(*catalogue); });
            if (!result)
                runOnThreadOf(owner, [owner, error = result.error()] { Q_EMIT owner->failed(error); });
        };
    }

    Result<void> tellFolders(Librarian *owner, db::Catalogue &opened)
    {
        auto folders = opened.folders();
        if (!folders)
            return folders.propagate();
        runOnThreadOf(owner, [owner, list = toList(*folders)] { Q_EMIT owner->foldersLoaded(list); });
        looking.post([owner, list = *std::move(folders)](const std::stop_token &) {
            const auto mounts = ingest::MountTable::now();
            QList<FolderId> away;
            for (const Folder &folder : list) {
                if (!ingest::isHere(folder, mounts))
                    away.append(folder.id);
            }
            runOnThreadOf(owner, [owner, away] { Q_EMIT owner->foldersAway(away); });
        });
        return {};
    }
    static Result<void> tellExclusions(Librarian *owner, db::Catalogue &catalogue)
    {
        auto exclusions = ingest::loadExclusions(catalogue);
        if (!exclusions)
            return exclusions.propagate();
        QStringList patterns;
        for (const std::string &pattern : exclusions->patterns())
            patterns.append(textOfPath(pattern));
        runOnThreadOf(owner, [owner, patterns] { Q_EMIT owner->exclusionsLoaded(patterns); });
        return {};
    }
    Result<void> tellLabels(Librarian *owner, db::Catalogue &opened)
    {
        auto labels = opened.labels();
        if (!labels)
            return labels.propagate();
        const auto photos = follower.follow(opened); // Labels do not depend on them.
        if (auto done = labelItems.countIn(photos ? *photos : nullptr, opened, *labels); !done)
            return done;
        runOnThreadOf(owner, [owner, list = toList(*labels)] { Q_EMIT owner->labelsLoaded(list); });
        return {};
    }

    static Result<void> tellRatings(Librarian *owner, db::Catalogue &catalogue)
    {
        auto stored = catalogue.ratings();
        if (!stored)
            return stored.propagate();
        Ratings ratings;
        for (const auto &[content, stars] : *stored)
            ratings.insert(content, stars);
        runOnThreadOf(owner, [owner, ratings] { Q_EMIT owner->ratingsLoaded(ratings); });
        return {};
    }

    static Result<void> tellSearches(Librarian *owner, db::Catalogue &catalogue)
    {
        auto searches = catalogue.searches();
        if (!searches)
            return searches.propagate();
        runOnThreadOf(owner, [owner, list = toList(*searches)] { Q_EMIT owner->searchesLoaded(list); });
        return {};
    }

    PastedPictures pasted() const { return PastedPictures(dataDirectory / "pasted"); }
    query::SearchHistory history() const { return query::SearchHistory(dataDirectory / "search-history"); }

    Result<void> tellHistory(Librarian *owner) const
    {
        auto lines = history().lines();
        if (!lines)
            return lines.propagate();
        QStringList list;
        for (const std::string &line : *lines)
            list.append(QString::fromStdString(line));
        runOnThreadOf(owner, [owner, list] { Q_EMIT owner->historyLoaded(list); });
        return {};
    }

    Result<void> tellWhatChanged(Librarian *owner, db::Catalogue &opened, const library::HandChange &change)
    {
        return change.isRating() ? tellRatings(owner, opened) : tellLabels(owner, opened);
    }

    /// Makes a change of the photos' contents and keeps it under the id given back; then calls `told`.
    ChangeId begin(Librarian *owner, const QList<PhotoId> &photos, library::Touched touched,
                   std::function<library::HandChange(std::vector<ContentHash>)> make,
                   std::function<void(const library::HandChange &)> told = {})
    {
        const ChangeId id{++latestChange};
        postChange(owner,
                   [this, owner, id, photos, touched, make = std::move(make),
                    told = std::move(told)](db::Catalogue &opened) -> Result<void> {
                       auto contents = library::contentsOf(opened, photos, touched);
                       if (!contents)
                           return contents.propagate();
                       library::HandChange change = make(*std::move(contents));
                       if (auto done = change.apply(opened); !done)
                           return done;
                       const library::HandChange &kept = changes.emplace(id, std::move(change)).first->second;
                       if (auto done = tellWhatChanged(owner, opened, kept); !done)
                           return done;
                       if (told)
                           told(kept);
                       return {};
                   });
        return id;
    }

    /// Takes a change back, or does it again.
    void turn(Librarian *owner, ChangeId id, Result<void> (library::HandChange::*step)(db::Catalogue &))
    {
        postChange(owner, [this, owner, id, step](db::Catalogue &opened) -> Result<void> {
            const auto change = changes.find(id);
            if (change == changes.end()) // It failed, and changed nothing.
                return {};
            if (auto done = (change->second.*step)(opened); !done)
                return done;
            return tellWhatChanged(owner, opened, change->second);
        });
    }

    Result<library::SharedPlace> placeOf(db::Catalogue &opened, const library::Scope &scope)
    {
        auto photos = follower.follow(opened);
        if (!photos)
            return photos.propagate();
        std::vector<ContentHash> labelled;
        if (scope.label) {
            auto contents = opened.contentsWithLabel(*scope.label);
            if (!contents)
                return contents.propagate();
            labelled = *std::move(contents);
        }
        return std::make_shared<const library::Place>(*std::move(photos), scope, labelled);
    }

    std::filesystem::path dataDirectory;
    std::atomic<quint64> placeGeneration = 0;                  // Only the latest loadPlace is answered.
    std::int64_t latestChange = 0;                             // Used on the owner's thread only.
    std::unordered_map<ChangeId, library::HandChange> changes; // Used on the thread only, as the next.
    std::unique_ptr<db::Catalogue> catalogue;
    library::LibraryFollower follower;
    library::LabelItems labelItems;
    WorkerThread looking; // At the disk: a share that is dead may hold it up for long, and nothing else.
    WorkerThread thread;  // Last: joined before the rest goes.
};

Librarian::Librarian(std::filesystem::path dataDirectory, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->dataDirectory = std::move(dataDirectory);
}

Librarian::~Librarian() = default;

void Librarian::loadPlace(const library::Scope &scope)
{
    const quint64 generation = ++m_impl->placeGeneration;
    m_impl->post(this, [this, scope, generation](db::Catalogue &catalogue) -> Result<void> {
        if (generation != m_impl->placeGeneration)
            return {};
        auto place = m_impl->placeOf(catalogue, scope);
        if (!place)
            return place.propagate();
        runOnThreadOf(this, [this, generation, loaded = *std::move(place)] {
            if (generation == m_impl->placeGeneration)
                Q_EMIT placeLoaded(loaded);
        });
        return {};
    });
}

void Librarian::loadFolders()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) { return m_impl->tellFolders(this, catalogue); });
}

void Librarian::loadLabels()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) { return m_impl->tellLabels(this, catalogue); });
}

void Librarian::loadProblems()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) -> Result<void> {
        auto problems = catalogue.problems();
        if (!problems)
            return problems.propagate();
        runOnThreadOf(this, [this, list = toList(*problems)] { Q_EMIT problemsLoaded(list); });
        return {};
    });
}

void Librarian::loadEquipment()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) -> Result<void> {
        const auto cameras = catalogue.equipment(EquipmentKind::Camera);
        if (!cameras)
            return cameras.propagate();
        const auto lenses = catalogue.equipment(EquipmentKind::Lens);
        if (!lenses)
            return lenses.propagate();
        runOnThreadOf(this,
                      [this, cameraNames = equipmentNames(*cameras), lensNames = equipmentNames(*lenses)] {
                          Q_EMIT equipmentLoaded(cameraNames, lensNames);
                      });
        return {};
    });
}

void Librarian::loadMetadata(const Photo &photo)
{
    m_impl->post(this, [this, photo](db::Catalogue &catalogue) -> Result<void> {
        auto metadata = catalogue.metadataOf(photo);
        if (!metadata)
            return metadata.propagate();
        runOnThreadOf(this, [this, id = photo.id, loaded = *std::move(metadata)] {
            Q_EMIT metadataLoaded(id, loaded);
        });
        return {};
    });
}

void Librarian::addFolder(const QString &path)
{
    m_impl->postChange(this, [this, path](db::Catalogue &catalogue) -> Result<void> {
        std::error_code error;
        const auto folder = std::filesystem::canonical(pathOfText(path), error);
        if (error || !std::filesystem::is_directory(folder, error)) {
            return fail(ErrorCode::NotFound, pathOfText(path) + " is not a folder that can be read");
        }
        auto id = catalogue.addFolder(folder.string());
        if (!id)
            return id.propagate();
        if (auto told = m_impl->tellFolders(this, catalogue); !told)
            return told;
        runOnThreadOf(this, [this, added = *id] { Q_EMIT folderAdded(added); });
        return {};
    });
}

void Librarian::removeFolder(FolderId folder)
{
    m_impl->postChange(this, [this, folder](db::Catalogue &catalogue) -> Result<void> {
        if (auto removed = catalogue.removeFolder(folder); !removed)
            return removed;
        return m_impl->tellFolders(this, catalogue);
    });
}

void Librarian::loadExclusions()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) { return Impl::tellExclusions(this, catalogue); });
}

void Librarian::setExclusions(const QStringList &patterns)
{
    m_impl->postChange(this, [this, patterns](db::Catalogue &catalogue) -> Result<void> {
        std::vector<std::string> list;
        for (const QString &pattern : patterns)
            list.push_back(pathOfText(pattern));
        if (auto stored = ingest::storeExclusions(catalogue, list); !stored)
            return stored;
        if (auto told = Impl::tellExclusions(this, catalogue); !told)
            return told;
        runOnThreadOf(this, [this] { Q_EMIT exclusionsChanged(); });
        return {};
    });
}

void Librarian::addLabel(const QString &name)
{
    m_impl->postChange(this, [this, name](db::Catalogue &catalogue) -> Result<void> {
        if (auto added = catalogue.addLabel(name.toStdString()); !added)
            return added.propagate();
        return m_impl->tellLabels(this, catalogue);
    });
}

void Librarian::renameLabel(LabelId label, const QString &name)
{
    m_impl->postChange(this, [this, label, name](db::Catalogue &catalogue) -> Result<void> {
        if (auto renamed = catalogue.renameLabel(label, name.toStdString()); !renamed)
            return renamed;
        return m_impl->tellLabels(this, catalogue);
    });
}

void Librarian::removeLabel(LabelId label)
{
    m_impl->postChange(this, [this, label](db::Catalogue &catalogue) -> Result<void> {
        if (auto removed = catalogue.removeLabel(label); !removed)
            return removed;
        return m_impl->tellLabels(this, catalogue);
    });
}

void Librarian::loadSearches()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) { return Impl::tellSearches(this, catalogue); });
}

void Librarian::addSearch(const QString &name, const QString &line)
{
    m_impl->postChange(this, [this, name, line](db::Catalogue &catalogue) -> Result<void> {
        if (auto added = catalogue.addSearch(name.toStdString(), line.toStdString()); !added)
            return added.propagate();
        return Impl::tellSearches(this, catalogue);
    });
}

void Librarian::renameSearch(SavedSearchId search, const QString &name)
{
    m_impl->postChange(this, [this, search, name](db::Catalogue &catalogue) -> Result<void> {
        if (auto renamed = catalogue.renameSearch(search, name.toStdString()); !renamed)
            return renamed;
        return Impl::tellSearches(this, catalogue);
    });
}

void Librarian::removeSearch(SavedSearchId search)
{
    m_impl->postChange(this, [this, search](db::Catalogue &catalogue) -> Result<void> {
        if (auto removed = catalogue.removeSearch(search); !removed)
            return removed;
        return Impl::tellSearches(this, catalogue);
    });
}

void Librarian::loadHistory()
{
    m_impl->post(this, [this](db::Catalogue &) { return m_impl->tellHistory(this); });
}

void Librarian::noteSearch(const QString &line)
{
    m_impl->postChange(this, [this, line](db::Catalogue &catalogue) -> Result<void> {
        if (catalogue.isReadOnly())
            return {}; // Nobody asked for it to be kept: there is nothing to complain of.
        if (auto noted = m_impl->history().note(line.toStdString()); !noted)
            return noted;
        return m_impl->tellHistory(this);
    });
}

void Librarian::clearHistory(const QString &standing)
{
    m_impl->postChange(this, [this, standing](db::Catalogue &catalogue) -> Result<void> {
        if (auto cleared = m_impl->history().clear(); !cleared)
            return cleared;
        if (auto told = m_impl->tellHistory(this); !told)
            return told;
        const auto searches = catalogue.searches();
        if (!searches)
            return searches.propagate();
        std::vector<std::string> kept{standing.toStdString()};
        for (const SavedSearch &search : *searches)
            kept.push_back(search.line);
        return m_impl->pasted().forgetAllBut(kept);
    });
}

ChangeId Librarian::assignLabel(LabelId label, const QList<PhotoId> &photos)
{
    return m_impl->begin(
        this, photos, library::Touched::Picture,
        [label](std::vector<ContentHash> contents) {
            return library::HandChange(library::HandChange::LabelStep::Assign, label, std::move(contents));
        },
        [this, label](const library::HandChange &change) {
            runOnThreadOf(this, [this, label, count = static_cast<int>(change.count())] {
                Q_EMIT labelAssigned(label, count);
            });
        });
}

ChangeId Librarian::unassignLabel(LabelId label, const QList<PhotoId> &photos)
{
    return m_impl->begin(
        this, photos, library::Touched::Companions, [label](std::vector<ContentHash> contents) {
            return library::HandChange(library::HandChange::LabelStep::Unassign, label, std::move(contents));
        });
}

ChangeId Librarian::setRating(const QList<PhotoId> &photos, int stars)
{
    return m_impl->begin(
        this, photos, library::Touched::Companions,
        [stars](const std::vector<ContentHash> &contents) { return library::HandChange(stars, contents); });
}

void Librarian::revert(ChangeId change)
{
    m_impl->turn(this, change, &library::HandChange::revert);
}

void Librarian::repeat(ChangeId change)
{
    m_impl->turn(this, change, &library::HandChange::apply);
}

void Librarian::forget(ChangeId change)
{
    m_impl->post(this, [this, change](db::Catalogue &) -> Result<void> {
        m_impl->changes.erase(change);
        return {};
    });
}

void Librarian::backUp()
{
    m_impl->post(this, [this](db::Catalogue &) -> Result<void> {
        const std::string today = QDate::currentDate().toString(Qt::ISODate).toStdString();
        if (auto copied = db::backUp(m_impl->dataDirectory, today); !copied)
            return copied.propagate();
        return {};
    });
}

void Librarian::keepPasted(const QImage &picture)
{
    m_impl->post(this, [this, picture](db::Catalogue &) -> Result<void> {
        const auto path = m_impl->pasted().keep(picture);
        if (!path)
            return path.propagate();
        runOnThreadOf(this, [this, text = textOfPath(path->string())] { Q_EMIT pastedKept(text); });
        return {};
    });
}

void Librarian::loadRatings()
{
    m_impl->post(this, [this](db::Catalogue &catalogue) { return Impl::tellRatings(this, catalogue); });
}

} // namespace yingxun::services
