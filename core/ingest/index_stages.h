// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"
#include "core/ingest/batch_size.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/index_pipeline.h"
#include "core/ingest/moved_files.h"
#include "core/ingest/passed_over.h"
#include "core/media/media.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
}

namespace yingxun::ingest {

/// A file that has to be opened.
struct IndexTask {
    FoundFile file;
    FolderId folder;
};

/// What opening it gave.
struct IndexItem {
    IndexTask task;
    Photo photo;                        ///< Complete but for the id.
    std::vector<std::byte> thumbnail;   ///< JPEG; empty when the catalogue has it already.
    std::optional<Measure> measure;     ///< Unset when the catalogue has it already.
    std::optional<Metadata> metadata;   ///< The same.
    std::optional<Sidecar> sidecar;     ///< Of task.file.sidecar; unset where that cannot be read now.
    std::vector<std::uint8_t> pixels;   ///< [S, S, 3]; empty when the embedding is stored already.
    std::optional<Film> film;           ///< Unset when the catalogue has it, and all of it, already.
    std::vector<media::Moment> moments; ///< Of the film, one a time.
    std::optional<Error> error;         ///< Set: only task counts.
    bool isChanged = false;             ///< Since it was found: what was made of it may be of a part.
};

/// Reads and hashes one file, and has `reader` make what is missing of it; of a video of its poster, and of
/// its moments what they are searched by. Throws
/// nothing: a lack of memory is the item's error. `catalogue` belongs to the calling thread. When stopped it
/// may give Cancelled.
IndexItem openPhoto(IndexTask task, int imageSize, const vectors::EmbeddingStore &store,
                    db::Catalogue &catalogue, media::Reader &reader, const std::stop_token &stop = {});

/// Whether a film is as good as these readers make it, given its embeddings and thumbnails.
bool isWorthNoSecondLook(const Film &film);

/// When a file that failed so is worth another try.
Retry retryAfter(ErrorCode code);

/// All that reads a photo here, the model included; see Problem::readers.
std::string readersWith(const vectors::Encoder &encoder);

/// What a walk over the scopes found out.
struct WalkOutcome {
    std::unordered_set<std::string> seen;
    std::vector<IndexScope> complete;           ///< Scopes in which what was not seen is really gone …
    std::unordered_set<std::string> absent;     ///< … but for what is at or below these,
    std::unordered_set<std::string> folders;    ///< and what is another folder's than the scope's.
    std::vector<Problem> problems;              ///< What could not be looked into.
    std::vector<std::string> formerMountPoints; ///< Ordinary directories by now.
    std::vector<IndexScope> growing;            ///< Files that may not be whole.
    bool missedSome = false; ///< Of what was to be walked, a part is on a disk that is away or fails.
};

/// What the catalogue knew of some scopes when a run began, for telling what needs opening and what has
/// vanished.
class KnownFiles
{
public:
    static Result<KnownFiles> load(db::Catalogue &catalogue, const std::vector<IndexScope> &scopes,
                                   std::string readers, ProblemFiles problems);

    /// Known in this folder with the same size and time, and either embedded with all its moments, measured
    /// and with its metadata and that of the same sidecar, or a problem that would only come again.
    bool isSettled(const FoundFile &file, FolderId folder, const vectors::EmbeddingStore &store) const;
    /// Known with the same size and time, whatever is to be done with it.
    bool isListed(const FoundFile &file) const;
    /// Photos and problems within a scope that the walk has not seen, and that it would have seen.
    void collectVanished(const IndexScope &scope, const WalkOutcome &walk, std::vector<PhotoId> &photos,
                         std::vector<std::string> &problems) const;
    /// Whether photos are known at or below a path; those of `among` only where it is given.
    bool holdsWithin(const std::string &path, const std::unordered_set<std::string> *among = nullptr) const;
    /// Directories on which a volume was mounted.
    const std::vector<db::MountPoint> &mountPoints() const { return m_mountPoints; }

private:
    Result<void> loadFilms(db::Catalogue &catalogue);
    bool hasMoments(const Photo &photo, const vectors::EmbeddingStore &store) const;

    std::map<std::string, Photo> m_photos;
    std::map<std::string, Problem> m_problems;
    /// Measured, with metadata, and with a thumbnail. In a library of an earlier version they come later.
    std::unordered_set<ContentHash> m_complete;
    std::unordered_map<ContentHash, Film> m_films;           // With all thumbnails.
    std::unordered_map<std::string, SidecarFile> m_sidecars; // As last read, by their photos' paths.
    std::vector<db::MountPoint> m_mountPoints;
    std::string m_readers;
    ProblemFiles m_which = ProblemFiles::WhenDue;
};

/// Who takes what a walk finds.
struct WalkTakers {
    std::function<bool(IndexTask)> file;                    ///< Not settled. False: the run was stopped.
    std::function<void(const std::string &)> newMountPoint; ///< Before the files in it.
};

/// Walks the scopes and hands on what is not settled.
WalkOutcome walkScopes(const std::vector<IndexScope> &scopes, const std::vector<Folder> &folders,
                       const Exclusions &exclusions, PassedOver &passedOver, const KnownFiles &known,
                       const vectors::EmbeddingStore &store, IndexCounts &counts, PauseGate &gate,
                       const WalkTakers &takers, const std::stop_token &stop);

/// Embeds what has pixels and stores a batch: embeddings first, so that a catalogued photo always has one.
/// A picture that the encoder cannot embed becomes a problem. Says to `size` how long it took. Stopped
/// between the moments of a film, it stores none of the batch. Errors: as IndexPipeline::run; Cancelled.
Result<void> storeBatch(std::vector<IndexItem> &items, vectors::Encoder &encoder,
                        vectors::EmbeddingStore &store, db::Catalogue &catalogue, MovedFiles &movedFiles,
                        IndexCounts &counts, BatchSize &size, const std::stop_token &stop = {});

} // namespace yingxun::ingest
