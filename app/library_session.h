// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/startup.h"
#include "core/base/result.h"
#include "core/db/catalogue.h"
#include "core/ingest/index_pipeline.h"
#include "core/library/library_index.h"
#include "core/query/relevance.h"
#include "core/services/picture_meanings.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"
#include "core/vectors/model_with_embeddings.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace yingxun::app {

/// A library opened for use: its directory, a model, and that model's embeddings.
struct LibrarySession {
    std::filesystem::path data;
    std::shared_ptr<vectors::Encoder> encoder;
    std::shared_ptr<vectors::EmbeddingStore> store;
    std::shared_ptr<query::Calibrator> calibrator;       ///< Of the encoder.
    std::shared_ptr<services::PictureMeanings> pictures; ///< Of the encoder and the store.

    /// An empty directory: the default of startup.h. Errors: those of the model and of the store,
    /// Cancelled.
    static Result<LibrarySession> open(const QString &dataDirectory, const ModelWish &model,
                                       const std::stop_token &stop);
};

/// Copies what people made when the newest copy is not of today. Errors: as db::backUp.
Result<void> backUp(const LibrarySession &session);

/// Adds folders to a catalogue by their real paths. Errors: NotFound (no such folder).
Result<void> addFolders(db::Catalogue &catalogue, const QStringList &folders);

/// What somebody who indexes asks for besides.
struct IndexWish {
    ingest::ProblemFiles problems = ingest::ProblemFiles::WhenDue;
    bool removesMissing = false; ///< However much has gone from the disk; see ingest::RemovalBrake.
};

/// Indexes all folders of the catalogue on the calling thread; `onProgress` is called after each batch and
/// once at the end. Warnings go to standard error. Errors: as IndexPipeline::run.
Result<void> indexAll(const LibrarySession &session, const IndexWish &wish, ingest::IndexCounts &counts,
                      const std::function<void(const ingest::IndexCounts &)> &onProgress,
                      const std::stop_token &stop);

/// What is searched for in the place of what was typed, see query::queryText().
/// Errors: InvalidArgument, a sentence for people: nothing is left to search for, or nothing that the model
/// knows.
Result<std::string> searchedText(const LibrarySession &session, const QString &typed);

/// A photo that a query found.
struct FoundPhoto {
    Photo photo;
    std::size_t rank = 0;                      ///< From 1, among all that fits, whether given back or not.
    std::optional<float> score = {};           ///< Cosine; none where there was nothing to compare with.
    std::optional<std::int64_t> momentMs = {}; ///< What of a video fits best; none: the whole, or a photo.
    std::optional<float> relevance = {};       ///< See query::Calibration; of one description only.
    /// What each term of several gives to the score, see query::contributions().
    std::vector<std::pair<QString, float>> parts = {};
};

/// What a catalogue held at one moment.
class KnownPhotos
{
public:
    static Result<KnownPhotos> of(db::Catalogue &catalogue); ///< As it is now. Errors: the catalogue's.

    bool contains(PhotoId photo, const ContentHash &content) const; ///< It neither came later nor was edited.

private:
    explicit KnownPhotos(std::shared_ptr<const library::LibraryIndex> index) : m_index(std::move(index)) {}

    std::shared_ptr<const library::LibraryIndex> m_index;
};

/// The best photos of the catalogue for a query line (see query::parse()), or for a picture file, indexed or
/// not; copies of one content follow each other. A line without a meaning: the newest first.
/// @param limit  so many of the best; of the newest of a line without a meaning so many are given back
/// @param known  these are left out, though they count among the best; null: all are given back
/// Errors: InvalidArgument (what is wrong with the line or the file, or that it has no answer: for people).
Result<std::vector<FoundPhoto>> searchText(const LibrarySession &session, db::Catalogue &catalogue,
                                           const QString &typed, int limit,
                                           const KnownPhotos *known = nullptr);
Result<std::vector<FoundPhoto>> searchLike(const LibrarySession &session, db::Catalogue &catalogue,
                                           const std::filesystem::path &photo, int limit,
                                           const KnownPhotos *known = nullptr);

/// Set by Ctrl+C and SIGTERM from the first call on.
std::stop_token interruption();

} // namespace yingxun::app
