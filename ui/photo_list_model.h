// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/photo_collection.h"

#include <QAbstractListModel>
#include <QCache>
#include <QHash>
#include <QImage>
#include <QList>
#include <QPixmap>

#include <optional>

namespace yingxun::jobs {
class ThumbnailSource;
}

namespace yingxun::ui {

/// What a grid shows: some photos of a list, in some order.
struct Listing {
    enum class Score { None, Similarity, Probability };

    jobs::Photos photos; ///< Null only where there are no rows.
    QList<int> order;    ///< Rows: indices into `photos`.
    QList<float> scores; ///< Empty, or one a row.
    Score kind = Score::None;
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
    };

    /// `thumbnails` is borrowed and outlives the model.
    PhotoListModel(jobs::ThumbnailSource *thumbnails, int cacheKiB, QObject *parent = nullptr);

    void show(Listing listing);
    void setRatings(const QHash<ContentHash, int> &ratings); ///< Stars by content.
    int stars(const Photo &photo) const { return m_ratings.value(photo.hash); }
    const Photo &photo(int row) const { return m_listing.photos->at(m_listing.order.at(row)); }
    PhotoId id(int row) const { return photo(row).id; }
    /// Where a photo now is: itself, else the first with its content; -1 where there is neither.
    int rowOf(const Photo &photo) const;
    /// The thumbnail if it is there already.
    QPixmap cachedThumbnail(const Photo &photo) const;
    /// Drops what was asked for and has not come: those cells were scrolled away.
    void forgetPending();

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DecorationRole: QPixmap, or nothing while it is under way.
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

private:
    void onThumbnailReady(PhotoId photo, const QImage &image);
    QVariant thumbnail(int row) const;
    QString scoreText(int row) const;
    QString toolTip(const Photo &photo) const;

    jobs::ThumbnailSource *m_source;
    Listing m_listing;
    QHash<ContentHash, int> m_ratings;
    mutable QHash<PhotoId, int> m_asked; ///< Photo -> row, for those under way.
    /// By content, so that a changed file gets a new picture. A null pixmap: cannot be read.
    mutable QCache<QByteArray, QPixmap> m_thumbnails;
};

} // namespace yingxun::ui
