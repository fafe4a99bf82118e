// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index.h"
#include "core/query/feedback.h"
#include "core/services/trash.h"

#include <QAbstractListModel>
#include <QCache>
#include <QHash>
#include <QImage>
#include <QList>
#include <QPixmap>

#include <memory>
#include <vector>

namespace yingxun::services {
class ThumbnailSource;
}

namespace yingxun::ui {

/// What a grid shows: some photos of the library, in some order.
struct Listing {
    enum class Score { None, Similarity, Probability };

    library::Snapshot library; ///< Null only where there are no photos.
    std::shared_ptr<const std::vector<library::Row>> photos = std::make_shared<std::vector<library::Row>>();
    QList<float> scores;            ///< Empty, or one a photo.
    QList<qint64> moments;          ///< The same: the time of a video at which it fits, ms; -1: as a whole.
    QList<float> relevances;        ///< The same: that it shows what was asked for, 0..1.
    QStringList parts;              ///< What was asked for, where it is several things; else empty.
    QList<QList<float>> partScores; ///< One a photo: what each of them gives to its score.
    Score kind = Score::None;
    int matching =
        -1; ///< So many, the first ones, are known to match what was asked for; -1: nothing is known.
};

/// The rows of a listing, with thumbnails that are asked for when a view paints them and kept in a
/// cache bounded by bytes. data() does no I/O.
class PhotoListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        PhotoIdRole = Qt::UserRole, ///< qint64
        StarsRole,                  ///< int, 0 where there is no rating.
        ScoreTextRole,              ///< QString, empty where there is no score.
        BrokenRole,                 ///< bool: the picture cannot be read.
        VideoRole,                  ///< bool: a video, shown by its poster.
        AwayRole,                   ///< bool: its folder is not there now.
        MomentTextRole,             ///< QString: the time of a video that is shown; empty: its poster.
        MarkRole,                   ///< QString: ▲ wanted more of, ▼ less; empty: not marked.
        CompanionsRole,             ///< QString: what goes with it, such as "RAW"; empty: nothing.
    };

    /// `thumbnails` is borrowed and outlives the model.
    PhotoListModel(services::ThumbnailSource *thumbnails, int cacheKiB, QObject *parent = nullptr);

    void show(Listing listing);
    void setRatings(const QHash<ContentHash, int> &ratings); ///< Stars by content.
    void setMarks(const query::Feedback &feedback);
    void setAway(const QList<FolderId> &folders); ///< Those that are not there now.
    int stars(const Photo &photo) const { return m_ratings.value(photo.hash); }
    Photo photo(int row) const { return m_listing.library->photo(inLibrary(row)); }
    PhotoId id(int row) const { return m_listing.library->id(inLibrary(row)); }
    /// By which thumbnail and embedding of what is shown are kept: the content, or of a video the moment.
    ContentHash shownKey(int row) const;
    /// Those that are in the library, each with what goes along.
    QList<services::TrashItem> trashItems(const QList<PhotoId> &photos) const;
    int matching() const { return m_listing.matching; }          ///< See Listing.
    int rowOf(PhotoId photo) const;                              ///< -1: it is not among the rows.
    std::vector<int> rowsOf(const QList<PhotoId> &photos) const; ///< Of those that are, rising.
    /// Where a photo now is: itself, else the first with its content; -1 where there is neither.
    int rowOf(const Photo &photo) const;
    /// The thumbnail if it is there already.
    QPixmap cachedThumbnail(const Photo &photo) const;
    /// Drops what was asked for and has not come: those cells were scrolled away.
    void forgetPending();

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DecorationRole: QPixmap, or nothing while it is under way; of a video found by one of its moments,
    /// that one.
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

private:
    library::Row inLibrary(int row) const { return (*m_listing.photos)[static_cast<std::size_t>(row)]; }
    const ContentHash &content(int row) const { return m_listing.library->content(inLibrary(row)); }
    qint64 momentMs(int row) const { return m_listing.moments.value(row, -1); }
    int rowOf(library::Row photo) const;
    void onThumbnailReady(PhotoId photo, const ContentHash &content, const QImage &image);
    QVariant thumbnail(int row) const;
    QString scoreText(int row) const;
    QString explanation(int row) const;
    QString companions(int row) const;
    QString toolTip(int row) const;

    services::ThumbnailSource *m_source;
    Listing m_listing;
    QHash<ContentHash, int> m_ratings;
    query::Feedback m_marks;
    QList<FolderId> m_away;
    mutable QHash<PhotoId, int> m_asked; ///< Photo -> row, for those under way.
    /// By content or moment, so that a changed file gets a new picture. A null pixmap: cannot be read.
    mutable QCache<QByteArray, QPixmap> m_thumbnails;
};

} // namespace yingxun::ui
