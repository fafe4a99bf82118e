// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QPair>
#include <QPixmap>
#include <QStyledItemDelegate>

namespace yingxun::ui {

/// Paints one photo: the thumbnail, centred and rounded, its name, and its score where there is one.
/// No I/O; every picture is scaled once a size and then only copied.
class PhotoDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit PhotoDelegate(QObject *parent = nullptr);

    void setThumbnailSide(int side); ///< Logical pixels.
    int thumbnailSide() const { return m_side; }
    QSize cellSize() const; ///< Smallest cell that fits, logical pixels.

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintPicture(QPainter *painter, const QRect &area, const QStyleOptionViewItem &option,
                      const QModelIndex &index) const;
    QPixmap scaled(const QPixmap &thumbnail, qreal pixelRatio) const;

    int m_side = 168;
    mutable QCache<qint64, QPixmap> m_scaled; ///< By the thumbnail's cache key, for one side and ratio.
    mutable qreal m_scaledRatio = 0;
};

} // namespace yingxun::ui
