// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

#include <initializer_list>

namespace yingxun::ui {
namespace {

void addLine(QPainterPath &path, std::initializer_list<QPointF> points)
{
    path.moveTo(*points.begin());
    for (const QPointF &point : points)
        path.lineTo(point);
}

/// Drawn on a square of 24 x 24.
QPainterPath outline(Glyph glyph)
{
    QPainterPath path;
    switch (glyph) {
    case Glyph::Add:
        addLine(path, {{12, 5}, {12, 19}});
        addLine(path, {{5, 12}, {19, 12}});
        break;
    case Glyph::Remove:
        addLine(path, {{5, 12}, {19, 12}});
        break;
    case Glyph::Folder:
        addLine(path, {{3, 19}, {3, 5}, {10, 5}, {12, 8}, {21, 8}, {21, 19}, {3, 19}});
        break;
    case Glyph::Photos:
        path.addRoundedRect(3, 4, 18, 16, 2, 2);
        path.addEllipse(QPointF(8.5, 9), 1.7, 1.7);
        addLine(path, {{3, 17.5}, {9, 13}, {12, 15.5}, {16, 11}, {21, 16}});
        break;
    case Glyph::Warning:
        addLine(path, {{12, 4}, {21, 20}, {3, 20}, {12, 4}});
        addLine(path, {{12, 10}, {12, 14.5}});
        addLine(path, {{12, 17}, {12, 17.3}});
        break;
    case Glyph::Label:
        addLine(path, {{3, 12}, {3, 4}, {11, 4}, {21, 14}, {13.5, 21.5}, {3, 12}});
        path.addEllipse(QPointF(7.5, 8.5), 1.3, 1.3);
        break;
    case Glyph::Search:
        path.addEllipse(QPointF(10.5, 10.5), 6.5, 6.5);
        addLine(path, {{15.5, 15.5}, {21, 21}});
        break;
    case Glyph::Pause:
        addLine(path, {{8.5, 6}, {8.5, 18}});
        addLine(path, {{15.5, 6}, {15.5, 18}});
        break;
    case Glyph::Resume:
        addLine(path, {{8, 5}, {19, 12}, {8, 19}, {8, 5}});
        break;
    case Glyph::Cancel:
        path.addRoundedRect(6, 6, 12, 12, 1.5, 1.5);
        break;
    case Glyph::Close:
        addLine(path, {{6, 6}, {18, 18}});
        addLine(path, {{18, 6}, {6, 18}});
        break;
    case Glyph::Fit:
        addLine(path, {{4, 9}, {4, 4}, {9, 4}});
        addLine(path, {{15, 4}, {20, 4}, {20, 9}});
        addLine(path, {{20, 15}, {20, 20}, {15, 20}});
        addLine(path, {{9, 20}, {4, 20}, {4, 15}});
        break;
    case Glyph::Previous:
        addLine(path, {{15, 5}, {8, 12}, {15, 19}});
        break;
    case Glyph::Next:
        addLine(path, {{9, 5}, {16, 12}, {9, 19}});
        break;
    }
    return path;
}

class GlyphEngine : public QIconEngine
{
public:
    explicit GlyphEngine(Glyph glyph) : m_glyph(glyph) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role = mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::WindowText;
        const qreal side = std::min(rect.width(), rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(QRectF(rect).center() - QPointF(side / 2, side / 2));
        painter->scale(side / 24, side / 24);
        painter->setPen(QPen(palette.color(group, role), 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(outline(m_glyph));
        painter->restore();
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new GlyphEngine(*this); }

private:
    Glyph m_glyph;
};

} // namespace

QIcon glyphIcon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph));
}

} // namespace yingxun::ui
