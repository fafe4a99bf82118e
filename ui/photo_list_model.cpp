// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_list_model.h"

#include "core/base/moment_key.h"
#include "core/services/moment_text.h"
#include "core/services/path_text.h"
#include "core/services/thumbnail_source.h"
#include "ui/photo_mime.h"
#include "ui/photo_paths.h"

#include <QLocale>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

QByteArray cacheKey(const ContentHash &hash)
{
    return QByteArray(reinterpret_cast<const char *>(hash.bytes.data()), qsizetype(hash.bytes.size()));
}

int costKiB(const QPixmap &pixmap)
{
    return std::max(1, pixmap.width() * pixmap.height() * pixmap.depth() / 8 / 1024);
}

} // namespace

PhotoListModel::PhotoListModel(services::ThumbnailSource *thumbnails, int cacheKiB, QObject *parent)
    : QAbstractListModel(parent), m_source(thumbnails), m_thumbnails(cacheKiB)
{
    connect(m_source, &services::ThumbnailSource::ready, this, &PhotoListModel::onThumbnailReady);
}

void PhotoListModel::show(Listing listing)
{
    beginResetModel();
    m_asked.clear(); // The rows are new; whoever still waits for a thumbnail is painted again and asks.
    m_listing = std::move(listing);
    endResetModel();
}

QList<services::TrashItem> PhotoListModel::trashItems(const QList<PhotoId> &photos) const
{
    QList<services::TrashItem> items;
    for (const PhotoId photo : photos) {
        const auto row = m_listing.library ? m_listing.library->rowOf(photo) : std::nullopt;
        if (!row)
            continue;
        services::TrashItem item{photo, {}};
        for (const library::Row companion : m_listing.library->companionsOf(*row))
            item.companions.append(m_listing.library->id(companion));
        items.append(item);
    }
    return items;
}

QPixmap PhotoListModel::cachedThumbnail(const Photo &photo) const
{
    const QPixmap *pixmap = m_thumbnails.object(cacheKey(photo.hash));
    return pixmap ? *pixmap : QPixmap();
}

int PhotoListModel::rowOf(library::Row photo) const
{
    const auto found = std::find(m_listing.photos->begin(), m_listing.photos->end(), photo);
    return found == m_listing.photos->end() ? -1 : int(found - m_listing.photos->begin());
}

int PhotoListModel::rowOf(PhotoId photo) const
{
    const auto inLibrary = m_listing.library ? m_listing.library->rowOf(photo) : std::nullopt;
    return inLibrary ? rowOf(*inLibrary) : -1;
}

std::vector<int> PhotoListModel::rowsOf(const QList<PhotoId> &photos) const
{
    std::vector<int> rows;
    if (photos.isEmpty() || !m_listing.library)
        return rows;
    std::vector<bool> wanted(m_listing.library->rowEnd());
    for (const PhotoId photo : photos) {
        if (const auto inLibrary = m_listing.library->rowOf(photo))
            wanted[*inLibrary] = true;
    }
    for (int row = 0; row < rowCount(); ++row) {
        if (wanted[this->inLibrary(row)])
            rows.push_back(row);
    }
    return rows;
}

int PhotoListModel::rowOf(const Photo &wanted) const
{
    if (!m_listing.library)
        return -1;
    if (const int row = rowOf(wanted.id); row >= 0)
        return row;
    QList<PhotoId> copies;
    m_listing.library->forEachWith(wanted.hash,
                                   [&](library::Row copy) { copies.append(m_listing.library->id(copy)); });
    const std::vector<int> rows = rowsOf(copies);
    return rows.empty() ? -1 : rows.front();
}

void PhotoListModel::forgetPending()
{
    if (m_asked.isEmpty())
        return;
    m_source->forgetPending();
    m_asked.clear();
}

void PhotoListModel::setRatings(const QHash<ContentHash, int> &ratings)
{
    if (m_ratings == ratings)
        return;
    m_ratings = ratings;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {StarsRole});
}

void PhotoListModel::setMarks(const query::Feedback &feedback)
{
    m_marks = feedback;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {MarkRole});
}

void PhotoListModel::setAway(const QList<FolderId> &folders)
{
    if (m_away == folders)
        return;
    m_away = folders;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {AwayRole, Qt::ToolTipRole});
}

int PhotoListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_listing.photos->size());
}

QVariant PhotoListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return shownName(photo(index.row()));
    case Qt::DecorationRole:
        return thumbnail(index.row());
    case Qt::ToolTipRole:
        return toolTip(index.row());
    case PhotoIdRole:
        return qint64{id(index.row()).value};
    case StarsRole:
        return m_ratings.value(content(index.row()));
    case ScoreTextRole:
        return scoreText(index.row());
    case BrokenRole: {
        const QPixmap *pixmap = m_thumbnails.object(cacheKey(shownKey(index.row())));
        return pixmap && pixmap->isNull();
    }
    case VideoRole:
        return m_listing.library->kind(inLibrary(index.row())) == MediaKind::Video;
    case MomentTextRole:
        return momentMs(index.row()) < 0 ? QString() : services::timeText(momentMs(index.row()));
    case MarkRole:
        if (m_marks.more.contains(shownKey(index.row())))
            return u"▲"_s;
        return m_marks.less.contains(shownKey(index.row())) ? u"▼"_s : QString();
    case CompanionsRole:
        return companions(index.row());
    case AwayRole:
        return m_away.contains(m_listing.library->folder(inLibrary(index.row())));
    default:
        return {};
    }
}

ContentHash PhotoListModel::shownKey(int row) const
{
    return momentMs(row) < 0 ? content(row) : momentKey(content(row), momentMs(row));
}

QVariant PhotoListModel::thumbnail(int row) const
{
    if (const QPixmap *pixmap = m_thumbnails.object(cacheKey(shownKey(row))))
        return *pixmap;
    if (!m_asked.contains(id(row))) {
        m_asked.insert(id(row), row);
        Photo wanted = photo(row);
        wanted.hash = shownKey(row); // Kept by it; where it is not, the poster is made anew.
        m_source->request(wanted);
    }
    return {};
}

QString PhotoListModel::scoreText(int row) const
{
    if (m_listing.kind == Listing::Score::None || row >= m_listing.scores.size())
        return {};
    const double score = double(m_listing.scores.at(row));
    if (m_listing.kind == Listing::Score::Probability)
        return tr("%1%").arg(QLocale().toString(score * 100.0, 'f', 0));
    return QLocale().toString(score, 'f', 2);
}

/// Why it is where it is, as far as that is known.
QString PhotoListModel::explanation(int row) const
{
    const QLocale locale;
    if (row < m_listing.relevances.size()) {
        return tr("Similarity %1, relevance %2%")
            .arg(scoreText(row), locale.toString(double(m_listing.relevances.at(row)) * 100.0, 'f', 0));
    }
    QStringList all;
    const QList<float> scores = m_listing.partScores.value(row);
    for (qsizetype i = 0; i < scores.size(); ++i) {
        const QString score = locale.toString(double(scores.at(i)), 'f', 2);
        all.append(tr("%1: %2").arg(m_listing.parts.at(i), score));
    }
    return all.isEmpty() ? QString() : tr("Similarity %1, of it %2").arg(scoreText(row), all.join(tr("; ")));
}

QString PhotoListModel::companions(int row) const
{
    QStringList all;
    for (const library::Row companion : m_listing.library->companionsOf(inLibrary(row)))
        all.append(m_listing.library->kind(companion) == MediaKind::Video ? tr("Live") : tr("RAW"));
    all.removeDuplicates();
    return all.join(u' ');
}

QString PhotoListModel::toolTip(int row) const
{
    const Photo photo = this->photo(row);
    const QLocale locale;
    const QString text = photo.kind == MediaKind::Video ? tr("%1\nVideo, %2 × %3 pixels, %4\n%5")
                                                        : tr("%1\n%2 × %3 pixels, %4\n%5");
    QString shown = text.arg(shownPath(photo.path), QString::number(photo.width),
                             QString::number(photo.height), locale.formattedDataSize(photo.sizeBytes),
                             locale.toString(shownTime(photo), QLocale::ShortFormat));
    if (momentMs(row) >= 0)
        shown = tr("%1\nFits at %2").arg(shown, services::timeText(momentMs(row)));
    if (const QString why = explanation(row); !why.isEmpty())
        shown += u'\n' + why;
    for (const library::Row companion : m_listing.library->companionsOf(inLibrary(row)))
        shown = tr("%1\nTogether with %2").arg(shown, shownName(m_listing.library->photo(companion)));
    return m_away.contains(photo.folder) ? tr("%1\nIts disk is not connected").arg(shown) : shown;
}

Qt::ItemFlags PhotoListModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList PhotoListModel::mimeTypes() const
{
    return {photoMimeType(), u"text/uri-list"_s};
}

QMimeData *PhotoListModel::mimeData(const QModelIndexList &indexes) const
{
    QList<PhotoId> photos;
    QList<QUrl> urls;
    for (const QModelIndex &index : indexes) {
        photos.append(id(index.row()));
        urls.append(services::urlOfPath(photo(index.row()).path));
        for (const library::Row companion : m_listing.library->companionsOf(inLibrary(index.row())))
            urls.append(services::urlOfPath(m_listing.library->photo(companion).path));
    }
    auto *mime = new QMimeData;
    mime->setUrls(urls);
    putPhotoIds(*mime, photos);
    return mime;
}

void PhotoListModel::onThumbnailReady(PhotoId photo, const ContentHash &shown, const QImage &image)
{
    const auto asked = m_asked.constFind(photo);
    if (asked == m_asked.cend() || shownKey(*asked) != shown)
        return; // The list changed while the picture was being decoded.
    const int row = *asked;
    m_asked.erase(asked);

    auto *pixmap = new QPixmap(QPixmap::fromImage(image));
    m_thumbnails.insert(cacheKey(shown), pixmap, costKiB(*pixmap)); // Takes ownership.
    Q_EMIT dataChanged(index(row), index(row), {Qt::DecorationRole, BrokenRole});
}

} // namespace yingxun::ui
