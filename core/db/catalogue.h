// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yingxun::db {

/// A directory of the library on which a volume was mounted, or a link to one on another volume.
struct MountPoint {
    std::string directory;
    bool isLink = false;
};

/// Told of a photo, and of the time by which it is shown: local, without zone, ms; when it was captured, else
/// last changed.
using PhotoVisit = std::function<void(const Photo &photo, std::int64_t shownAtMs)>;

using EquipmentTest = std::function<bool(const Equipment &)>;

/// What has become of the photos since a moment.
struct PhotoChanges {
    std::int64_t moment = 0;   ///< Up to when.
    bool reachesBack = true;   ///< False: too much has changed since then. All must be read again.
    std::vector<PhotoId> gone; ///< Those removed, and those that came and went.
};

/// One thread's connection to the catalogue of a data directory.
///
/// SQLite databases in WAL mode: user.db (folders, labels, ratings, saved searches,
/// exclusions; synchronous=FULL) holds what
/// people made, cache.db (photos, measures, metadata, problems; synchronous=NORMAL) and thumbs.db what can be
/// derived again and may be deleted at any time. Thumbnails are apart because they are large: between them,
/// the rows of the photos would lie scattered over gigabytes.
///
/// Threads: belongs to the thread that opened it; open one per thread. Every multi-row write is one
/// transaction. Errors of all functions: Io (SQLite refused; message says why), CorruptData.
class Catalogue
{
public:
    /// Creates the directory, the databases and the schema where missing; migrates older ones.
    /// Errors: Io, CorruptData (user.db is damaged; a damaged cache.db is set aside and rebuilt),
    /// Unsupported (written by a newer Yingxun).
    /// A directory that cannot be written is opened for reading, see openReadOnly().
    static Result<Catalogue> open(const std::filesystem::path &dataDirectory);
    /// Changes nothing on disk; every function that would fails with ReadOnly.
    /// Errors: NotFound (no library there), Unsupported (of another version of Yingxun), Io, CorruptData.
    static Result<Catalogue> openReadOnly(const std::filesystem::path &dataDirectory);
    Catalogue(Catalogue &&) noexcept;
    Catalogue &operator=(Catalogue &&) noexcept;
    ~Catalogue();

    bool isReadOnly() const noexcept;
    /// Another number once another connection has changed photos, measures or problems.
    Result<std::int64_t> revision();

    // Folders
    /// Photos and problems belong to the innermost folder that they lie in: those of a folder around it that
    /// lie in this one are its own from now on. @return the existing id when it is there already.
    Result<FolderId> addFolder(const std::string &path);
    /// Its photos and problems go to the folder around it; without one their rows are forgotten, while labels
    /// stay with the contents.
    Result<void> removeFolder(FolderId folder);
    /// Does the same with rows of folders that are not in the list: it was restored, or a removal broke off.
    Result<void> settleOrphans();
    Result<std::vector<Folder>> folders(); ///< By path: a folder before those inside it.
    Result<void> setFolderPlace(FolderId folder, const VolumePlace &place);
    /// It is at another path now, with all that is in it: its photos keep their ids. What folders around hold
    /// of that path is the same files, and forgotten. Errors: InvalidArgument (another folder is there).
    Result<void> moveFolder(FolderId folder, const std::string &path);

    // Directories on which a volume was mounted: when none is, their photos are absent, not gone
    Result<std::vector<MountPoint>> mountPoints();
    Result<void> addMountPoint(const MountPoint &point);
    Result<void> removeMountPoint(const std::string &directory);

    // Photos
    /// Upsert by path; photo.id is ignored. Clears the path's problem. Where the path has a new content,
    /// labels and stars go on to it: see succession.h. Photos of a folder removed meanwhile are passed over;
    /// the same for moves and problems.
    Result<void> putPhotos(std::span<const Photo> photos);
    Result<void> removePhotos(std::span<const PhotoId> photos);
    /// The same of photos that a person wants to be rid of: what comes to their paths later is no version of
    /// them, also where they have been removed already. What else is at their paths by now stays.
    Result<void> discardPhotos(std::span<const Photo> photos);
    /// Same content under a new path: keeps the id. Errors: NotFound.
    Result<void> movePhoto(PhotoId photo, FolderId folder, const std::string &path, std::int64_t mtimeMs);
    /// Of the raw files and films that go with a picture, see core/base/companions.h: of several pictures of
    /// one name with the first.
    Result<std::vector<ContentHash>> companionContents(const Photo &picture);
    Result<std::vector<Photo>> photos(
        std::optional<FolderId> folder = {}); ///< Newest capture time (else local mtime) first, then by path.
    Result<void> forEachPhoto(const PhotoVisit &visit); ///< All, by id.
    Result<std::int64_t> photoMoment();                 ///< Of now, for photoChanges().
    /// Visits, by id, those added or changed since a moment.
    /// Whatever changes them is noticed, in other programs as well.
    Result<PhotoChanges> photoChanges(std::int64_t since, const PhotoVisit &visit);
    Result<std::optional<Photo>> photo(PhotoId id);
    Result<std::optional<Photo>> photoAt(const std::string &path);
    Result<std::vector<Photo>> somePhotosOf(FolderId folder, int atMost);
    Result<std::vector<Photo>> photosWithin(const std::string &path); ///< At a path or below it, by path.
    Result<std::vector<ContentHash>> contents();                      ///< Of all photos, each once.
    /// Copies included; up to an id.
    Result<std::vector<Photo>> photosWithContent(const ContentHash &content,
                                                 PhotoId upTo = {std::numeric_limits<std::int64_t>::max()});
    Result<std::optional<Photo>> firstWithContent(const ContentHash &content);
    Result<std::int64_t> photoCount();
    Result<PhotoId>
    latestPhoto(); ///< Of the highest id, below all that come later; none in an empty library.

    // Thumbnails: JPEG bytes by content
    Result<void> putThumbnail(const ContentHash &content, std::span<const std::byte> jpeg);
    Result<void> putThumbnails(std::span<const Thumbnail> thumbnails); ///< In one transaction.
    /// Empty when there is none, or its end was lost: then it is forgotten, unless the library is only read,
    /// and the next run makes it again.
    Result<std::vector<std::byte>> thumbnail(const ContentHash &content);
    Result<bool> hasThumbnail(const ContentHash &content);
    /// Those of the contents that have none.
    Result<std::vector<ContentHash>> withoutThumbnail(std::span<const ContentHash> contents);

    // Measures, by content
    Result<void> putMeasures(std::span<const Measure> measures); ///< In one transaction.
    Result<bool> hasMeasure(const ContentHash &content);
    Result<std::vector<Measure>> measures(); ///< All, in no order.

    // Films, by content
    Result<void> putFilms(std::span<const Film> films);           ///< In one transaction.
    Result<std::optional<Film>> film(const ContentHash &content); ///< None: not looked at yet.
    /// Visits those of a number above `since`, in the order in which they were put. @return the highest.
    Result<std::int64_t> forEachFilm(std::int64_t since, const std::function<void(Film)> &visit);

    // Metadata: what a file says of itself by content, as it is the same in each copy; what a sidecar says by
    // the photo's path, as it belongs to the file that it lies beside, and changes while the photo does not.
    // It goes when the photo leaves the path
    Result<void>
    putMetadata(std::span<const ContentMetadata> metadata);           ///< In one transaction; the next too.
    Result<void> putSidecars(std::span<const Sidecar> sidecars);      ///< Passes over those of no photo.
    Result<void> removeSidecars(std::span<const std::string> photos); ///< By the photos' paths.
    Result<bool> hasMetadata(const ContentHash &content);
    Result<Metadata> metadataOf(const Photo &photo); ///< The sidecar's first.
    /// By the paths of their photos, at or below a path.
    Result<std::unordered_map<std::string, SidecarFile>> sidecarsWithin(const std::string &path);

    // Photos by their metadata: what files say in a time that does not grow with the library; what sidecars
    // say, which counts first, in one that grows with the sidecars
    Result<std::vector<Equipment>> equipment(EquipmentKind kind); ///< Of files and sidecars, each once.
    Result<std::vector<ContentHash>> contentsBy(EquipmentKind kind, const EquipmentTest &fits);
    /// Photos of which a sidecar names some, completed by what the file says.
    Result<void> forEachBeside(EquipmentKind kind,
                               const std::function<void(PhotoId, const Equipment &)> &visit);
    Result<std::vector<ContentHash>> contentsWithPlace(); ///< Where they were taken is known from the file.
    Result<std::vector<PhotoId>> photosWithPlaceBeside(); ///< From the sidecar.

    /// Contents of photos at or below a path that are measured and have their metadata; copies as often as
    /// there are.
    Result<std::vector<ContentHash>> completeWithin(const std::string &path);

    // What is kept of contents that no photo has any more, see ingest::sweepUnused()
    Result<std::vector<ContentHash>> derivedContents(); ///< With something of these, each once.
    Result<std::vector<Unused>> unused();
    Result<void> putUnused(std::span<const Unused> contents); ///< In one transaction; so the next two.
    Result<void> removeUnused(std::span<const ContentHash> contents);
    /// Deletes thumbnails, measures, metadata and films, except of contents that a photo has.
    Result<Purged> purge(std::span<const ContentHash> contents);
    Result<std::optional<std::int64_t>> sweptAt(); ///< When all was last looked through.
    Result<void> setSweptAt(std::int64_t timeMs);
    /// Whether a run has looked through all folders since cache.db was made. Until then a content without a
    /// photo may be one that has only not been found again.
    Result<bool> isSeenWhole();
    Result<void> setSeenWhole();

    // Problems, of files and of directories
    Result<void> putProblem(const Problem &problem);             ///< Replaces the path's earlier one.
    Result<void> putProblems(std::span<const Problem> problems); ///< In one transaction; so the next.
    Result<void> removeProblems(std::span<const std::string> paths);
    Result<std::vector<Problem>> problems(); ///< By path.
    Result<std::vector<Problem>> problemsWithin(const std::string &path);

    // Patterns of names that are not indexed; none stored: the defaults are meant
    Result<std::optional<std::vector<std::string>>> exclusions();
    /// Replaces the list, which may be empty; nullopt: back to the defaults. No pattern holds a line break.
    Result<void> setExclusions(const std::optional<std::vector<std::string>> &patterns);

    // Labels and ratings, by content
    Result<LabelId> addLabel(const std::string &name); ///< The existing id when it is there already. Errors:
                                                       ///< InvalidArgument (empty).
    /// Errors: NotFound (removed meanwhile), InvalidArgument (empty, or another label's name).
    Result<void> renameLabel(LabelId label, const std::string &name);
    Result<void> removeLabel(LabelId label);
    Result<std::vector<Label>> labels(); ///< By name.
    /// All contents or none. @return those that did not carry it before, each once: undoing takes it off
    /// these. Errors: NotFound (the label was removed meanwhile); the same below.
    Result<std::vector<ContentHash>> assignLabel(LabelId label, std::span<const ContentHash> contents);
    /// @return those that carried it.
    Result<std::vector<ContentHash>> unassignLabel(LabelId label, std::span<const ContentHash> contents);
    Result<std::vector<ContentHash>> contentsWithLabel(LabelId label);
    Result<std::vector<Label>> labelsOf(const ContentHash &content);
    /// All or none, each in its turn. @return what they had before, of those that change: setting that
    /// undoes it. Errors: InvalidArgument (not 0 to 5 stars).
    Result<std::vector<Rating>> setRatings(std::span<const Rating> ratings);
    /// Where labels and stars of a content are today: those of the library that came in its place since
    /// then, itself included; itself alone when there are none.
    Result<std::vector<ContentHash>> heirsOf(const ContentHash &content, std::int64_t sinceMs);
    /// All that are rated, 1 to 5 stars.
    Result<std::unordered_map<ContentHash, int>> ratings();

    // Saved searches
    /// Errors: InvalidArgument (no name, no line, or the name of another one).
    Result<SavedSearchId> addSearch(const std::string &name, const std::string &line);
    /// Errors: NotFound (removed meanwhile), InvalidArgument (empty, or the name of another one).
    Result<void> renameSearch(SavedSearchId search, const std::string &name);
    Result<void> removeSearch(SavedSearchId search);
    Result<std::vector<SavedSearch>> searches(); ///< By name.

private:
    struct Impl;
    explicit Catalogue(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::db
