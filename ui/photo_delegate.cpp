// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_delegate.h"

#include "ui/icons.h"
#include "ui/photo_list_model.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace yingxun::ui {
namespace {

constexpr int kMargin = 8;   // Around the picture, inside the cell.
constexpr int kGap = 6;      // Between the picture and its name.
constexpr int kRounding = 6; // Of the picture's corners.
constexpr int kScaledCacheKiB = 96 * 1024;

} // namespace

PhotoDelegate::PhotoDelegate(QObject *parent) : QStyledItemDelegate(parent), m_scaled(kScaledCacheKiB) {}

void PhotoDelegate::setThumbnailSide(int side)
{
    m_side = side;
    m_scaled.clear();
}

QSize PhotoDelegate::cellSize() const
{
    const int line = QApplication::fontMetrics().height();
    return {m_side + 2 * kMargin, m_side + 2 * kMargin + kGap + line};
}

QSize PhotoDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return cellSize();
}

void PhotoDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    const QRect cell = option.rect.adjusted(2, 2, -2, -2);
    painter->save();
    painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);

    QColor fill = option.palette.color(QPalette::Highlight);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        fill.setAlphaF(selected ? 0.30F : 0.10F);
        painter->setPen(Qt::NoPen);
        painter->setBrush(fill);
        painter->drawRoundedRect(cell, kRounding + 3, kRounding + 3);
    }
    if (selected || focused) {
        painter->setPen(QPen(option.palette.color(QPalette::Highlight), focused ? 2 : 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), kRounding + 2, kRounding + 2);
    }

    const int line = option.fontMetrics.height();
    const QRect picture(option.rect.left() + kMargin, option.rect.top() + kMargin,
                        option.rect.width() - 2 * kMargin, m_side);
    paintPicture(painter, picture, option, index);

    QRect text(picture.left(), picture.bottom() + 1 + kGap, picture.width(), line);
    const QString score = index.data(PhotoListModel::ScoreTextRole).toString();
    QColor ink = option.palette.color(QPalette::Text);
    ink.setAlphaF(0.6F);
    painter->setPen(ink);
    if (!score.isEmpty()) {
        painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, score);
        text.setRight(text.right() - option.fontMetrics.horizontalAdvance(score) - kGap);
    }
    ink.setAlphaF(0.85F);
    painter->setPen(ink);
    const QString name = index.data(Qt::DisplayRole).toString();
    painter->drawText(text, (score.isEmpty() ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(name, Qt::ElideMiddle, text.width()));
    painter->restore();
}

void PhotoDelegate::paintPicture(QPainter *painter, const QRect &area, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const auto thumbnail = index.data(Qt::DecorationRole).value<QPixmap>();
    QColor frame = option.palette.color(QPalette::Text);
    if (thumbnail.isNull()) {
        frame.setAlphaF(0.06F);
        const int side = std::min(area.width(), area.height()) * 9 / 10;
        QRect box(0, 0, side, side * 3 / 4);
        box.moveCenter(area.center());
        painter->setPen(Qt::NoPen);
        painter->setBrush(frame);
        painter->drawRoundedRect(box, kRounding, kRounding);
        if (index.data(PhotoListModel::BrokenRole).toBool()) {
            QRect sign(0, 0, side / 4, side / 4);
            sign.moveCenter(area.center());
            painter->setOpacity(0.5);
            glyphIcon(Glyph::Warning).paint(painter, sign);
            painter->setOpacity(1);
        }
        return;
    }
    const qreal ratio = painter->device()->devicePixelRatioF();
    const QPixmap picture = scaled(thumbnail, ratio);
    QRectF target(QPointF(), picture.deviceIndependentSize());
    target.moveCenter(QRectF(area).center());
    target.moveTopLeft(target.topLeft().toPoint()); // On whole pixels: copied, not resampled.
    painter->drawPixmap(target.topLeft(), picture);
    frame.setAlphaF(0.14F);
    painter->setPen(QPen(frame, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(target.adjusted(0.5, 0.5, -0.5, -0.5), kRounding, kRounding);
}

QPixmap PhotoDelegate::scaled(const QPixmap &thumbnail, qreal pixelRatio) const
{
    if (!qFuzzyCompare(m_scaledRatio, pixelRatio)) {
        m_scaled.clear();
        m_scaledRatio = pixelRatio;
    }
    if (const QPixmap *known = m_scaled.object(thumbnail.cacheKey()))
        return *known;

    const int side = qRound(m_side * pixelRatio);
    const QSize size = thumbnail.size().scaled(side, side, Qt::KeepAspectRatio).expandedTo({1, 1});
    QPixmap rounded(size);
    rounded.fill(Qt::transparent);
    {
        QPainter painter(&rounded);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(thumbnail.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        painter.drawRoundedRect(rounded.rect(), kRounding * pixelRatio, kRounding * pixelRatio);
    }
    rounded.setDevicePixelRatio(pixelRatio);
    m_scaled.insert(thumbnail.cacheKey(), new QPixmap(rounded),
                    std::max(1, size.width() * size.height() * 4 / 1024)); // Takes ownership.
    return rounded;
}

} // namespace yingxun::ui
