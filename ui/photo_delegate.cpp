// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_delegate.h"

#include "ui/photo_list_model.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace yingxun::ui {
namespace {

constexpr int kMargin = 8;
constexpr int kRadius = 6;
constexpr int kNameGap = 4;
constexpr int kBadgeInset = 6;
constexpr double kAwayOpacity = 0.35;

int nameHeight(const QStyleOptionViewItem &option)
{
    return option.fontMetrics.height() + kNameGap;
}

void paintBadge(QPainter *painter, const QRect &square, Qt::Corner corner, const QString &text)
{
    const QFontMetrics metrics = painter->fontMetrics();
    QRect badge(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 4);
    if (corner == Qt::TopLeftCorner || corner == Qt::TopRightCorner)
        badge.moveTop(square.top() + kBadgeInset);
    else
        badge.moveBottom(square.bottom() - kBadgeInset);
    if (corner == Qt::BottomRightCorner || corner == Qt::TopRightCorner)
        badge.moveRight(square.right() - kBadgeInset);
    else
        badge.moveLeft(square.left() + kBadgeInset);
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor(0, 0, 0, 150));
    painter->drawRoundedRect(badge, badge.height() / 2.0, badge.height() / 2.0);
    painter->setPen(Qt::white);
    painter->drawText(badge, Qt::AlignCenter, text);
}

constexpr int kPlaySide = 26;

/// A play sign, at the top right where no score or star is.
void paintPlaySign(QPainter *painter, const QRect &place)
{
    const QRectF disc(place.right() - kPlaySide - kBadgeInset, place.top() + kBadgeInset, kPlaySide,
                      kPlaySide);
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor(0, 0, 0, 150));
    painter->drawEllipse(disc);
    const QPointF middle = disc.center();
    painter->setBrush(Qt::white);
    painter->drawPolygon(
        QPolygonF({middle + QPointF(-4, -7), middle + QPointF(8, 0), middle + QPointF(-4, 7)}));
}

} // namespace

void PhotoDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    painter->save();
    painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRect square(option.rect.left() + (option.rect.width() - m_side) / 2, option.rect.top() + kMargin,
                       m_side, m_side);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor highlight = option.palette.color(QPalette::Highlight);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        QColor glow = highlight;
        glow.setAlpha(selected ? 70 : 25);
        painter->setPen(Qt::NoPen);
        painter->setBrush(glow);
        painter->drawRoundedRect(option.rect.adjusted(2, 2, -2, -2), kRadius + 2, kRadius + 2);
    }
    paintPicture(painter, square, option, index);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(highlight, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), kRadius + 2, kRadius + 2);
    }
    const QRect name(square.left(), square.bottom() + kNameGap, m_side, option.fontMetrics.height());
    painter->setPen(option.palette.color(QPalette::Text));
    // Where Chinese comes from another font, a line is taller than the font's own.
    painter->drawText(name, Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextDontClip,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, m_side));
    painter->restore();
}

void PhotoDelegate::paintPicture(QPainter *painter, const QRect &square, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const auto pixmap = index.data(Qt::DecorationRole).value<QPixmap>();
    if (pixmap.isNull()) {
        QColor empty = option.palette.color(QPalette::Text);
        empty.setAlpha(18);
        painter->setPen(Qt::NoPen);
        painter->setBrush(empty);
        painter->drawRoundedRect(square, kRadius, kRadius);
        if (index.data(PhotoListModel::BrokenRole).toBool()) {
            painter->setPen(option.palette.color(QPalette::PlaceholderText));
            painter->drawText(square, Qt::AlignCenter | Qt::TextWordWrap, tr("Cannot be read"));
        }
        return;
    }
    const QSize size = pixmap.size().scaled(square.size(), Qt::KeepAspectRatio);
    QRect place(QPoint(0, 0), size);
    place.moveCenter(square.center());
    QPainterPath rounded;
    rounded.addRoundedRect(place, kRadius, kRadius);
    painter->setClipPath(rounded);
    painter->setOpacity(index.data(PhotoListModel::AwayRole).toBool() ? kAwayOpacity : 1);
    painter->drawPixmap(place, pixmap);
    painter->setOpacity(1);
    painter->setClipping(false);
    const bool isVideo = index.data(PhotoListModel::VideoRole).toBool();
    if (isVideo)
        paintPlaySign(painter, place);
    const QString mark = index.data(PhotoListModel::MarkRole).toString();
    if (!mark.isEmpty())
        paintBadge(painter, place.adjusted(0, isVideo ? kPlaySide + kBadgeInset : 0, 0, 0),
                   Qt::TopRightCorner, mark);
    const QString score = index.data(PhotoListModel::ScoreTextRole).toString();
    if (!score.isEmpty())
        paintBadge(painter, place, Qt::BottomRightCorner, score);
    const QString moment = index.data(PhotoListModel::MomentTextRole).toString();
    if (!moment.isEmpty())
        paintBadge(painter, place, Qt::TopLeftCorner, moment);
    const QString companions = index.data(PhotoListModel::CompanionsRole).toString();
    if (!companions.isEmpty())
        paintBadge(painter, place, Qt::TopLeftCorner, companions);
    const int stars = index.data(PhotoListModel::StarsRole).toInt();
    if (stars > 0)
        paintBadge(painter, place, Qt::BottomLeftCorner, QString(stars, QChar(u'★')));
}

QSize PhotoDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {m_side + 2 * kMargin, m_side + 2 * kMargin + nameHeight(option)};
}

} // namespace yingxun::ui
