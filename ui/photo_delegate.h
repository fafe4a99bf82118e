// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace yingxun::ui {

/// Paints one cell of the grid: the thumbnail in the middle of a square, the name below, the score in a
/// corner, and a play sign on videos.
class PhotoDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setSide(int pixels) { m_side = pixels; } ///< Of the square, device-independent pixels.
    int side() const { return m_side; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// The smallest cell; in a wider one the square is in the middle.
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintPicture(QPainter *painter, const QRect &square, const QStyleOptionViewItem &option,
                      const QModelIndex &index) const;

    int m_side = 168;
};

} // namespace yingxun::ui
