// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"
#include "core/library/place.h"
#include "core/query/feedback.h"
#include "core/query/photo_set.h"
#include "core/query/query_text.h"
#include "core/query/syntax.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace yingxun::media {
class Reader;
}

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
} // namespace yingxun::vectors

namespace yingxun::services {

/// Ranked contents with their scores.
struct SearchResult {
    QList<ContentHash> contents; ///< Best first.
    QList<float> scores;         ///< Cosine for a search; probability 0..1 for labels. Same length.
    /// Of a search, as many: ms, what of a video fits best; -1: the whole, or a photo.
    QList<qint64> moments = {};
    /// Of a search for one description: that each shows it, see query::Calibration. Same length; empty for
    /// others, and in the moments until calibrated().
    QList<float> relevances = {};
    /// Of a search for several terms: these as typed, and what each gives to each score, see
    /// query::contributions(). Same length; of what has left the store meanwhile, nothing.
    QStringList parts = {};
    QList<QList<float>> partScores = {};
    query::QueryProblem problem = query::QueryProblem::None; ///< Why there are none.
    QString problemText; ///< Of a search: the description or word that the problem is about.
    std::optional<query::SyntaxError> error = {}; ///< What is wrong with the line: nothing was looked for.
    query::SharedPhotoSet photos = {}; ///< What a filter lets through: contents may have copies elsewhere.
    /// Of filters without a description: the photos of the place, newest first, in place of contents.
    std::shared_ptr<const std::vector<library::Row>> byTime = {};
};

/// Turns queries into ranked contents on a thread of its own; the latest request wins, and nothing is
/// heard of an overtaken one. Without a model it waits for one, and then answers the latest. Text embeddings
/// are cached, so that a repeated query costs one scan.
class Searcher : public QObject
{
    Q_OBJECT
public:
    /// Nulls: without a model, until setModel().
    Searcher(std::shared_ptr<vectors::Encoder> encoder, std::shared_ptr<vectors::EmbeddingStore> store,
             QObject *parent = nullptr);
    ~Searcher() override;

    /// Answers with another model from the next request on; those before are still answered by the old one,
    /// which is then let go.
    void setModel(std::shared_ptr<vectors::Encoder> encoder, std::shared_ptr<vectors::EmbeddingStore> store);

    /// What is looked at from the next request on: by searches the photos of the place, by labels all of its
    /// library. Embeddings of what has left the library stay in the store. Until told, everything stored;
    /// what is stored later comes in when told again.
    void setPlace(const library::SharedPlace &place);

    /// Where the catalogue is that filters are looked up in. Until told, they fail.
    void setData(std::filesystem::path dataDirectory);

    /// What decodes the pictures that query lines name; in this process until told.
    void setReader(std::shared_ptr<media::Reader> reader);

    /// A query line, see query::parse(); without a description it waits for no model. With feedback its
    /// meaning is refined, see query::refined(); photos that have no embedding any more say nothing. -> found
    void searchText(const QString &typed, int limit, const query::Feedback &feedback = {});
    void searchLike(const ContentHash &content, int limit); ///< -> found; the photo itself comes first.
    static constexpr float kLeastShare = 0.01F; ///< Contents that have less of a label are not named for it.
    /// Zero-shot: for each content the softmax over all `labels` (with the model's logit scale, and one
    /// background class so that a single label does not read 100 %). Labels are texts as in searchText; one
    /// without an answer has no contents and takes nothing from the others. -> classified
    void classify(const QStringList &labels);
    void cancelSearch(); ///< Nothing more is heard of searches so far; labels go on.

Q_SIGNALS:
    void found(const yingxun::services::SearchResult &result);
    /// One result per label, in the order asked, contents in falling probability.
    void classified(const QStringList &labels, const QList<yingxun::services::SearchResult> &results);
    void calibrated(); ///< From now on searches have relevances; those before had none.
    void failed(const yingxun::Error &error);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

Q_DECLARE_METATYPE(yingxun::services::SearchResult)
