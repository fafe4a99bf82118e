// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health_light.h"

#include "ui/health_text.h"

#include <QPainter>
#include <QTextDocument>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

using services::LibraryHealth;
using Light = LibraryHealth::Light;

constexpr int kSide = 16;

/// A disc with a tick, a triangle with an exclamation mark, or a square with a cross: who sees no colours
/// tells them apart as well. Each colour stands out from light and from dark windows.
QIcon iconOf(Light light, qreal ratio)
{
    QPixmap pixmap(QSize(kSide, kSide) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const auto mark = [&painter] { painter.setPen(QPen(Qt::white, 2, Qt::SolidLine, Qt::RoundCap)); };
    switch (light) {
    case Light::Green:
        painter.setBrush(QColor(0x3a, 0x91, 0x40));
        painter.drawEllipse(1, 1, 14, 14);
        mark();
        painter.drawPolyline(QPolygonF({{4.5, 8.5}, {7, 11}, {11.5, 5.5}}));
        break;
    case Light::Yellow:
        painter.setBrush(QColor(0xb9, 0x77, 0x0e));
        painter.drawPolygon(QPolygonF({{8, 0.5}, {16, 15}, {0, 15}}));
        mark();
        painter.drawLine(QPointF(8, 6), QPointF(8, 9.5));
        painter.drawPoint(QPointF(8, 12.8));
        break;
    case Light::Red:
        painter.setBrush(QColor(0xd6, 0x45, 0x45));
        painter.drawRect(1, 1, 14, 14);
        mark();
        painter.drawLine(QPointF(5, 5), QPointF(11, 11));
        painter.drawLine(QPointF(11, 5), QPointF(5, 11));
        break;
    }
    return pixmap;
}

} // namespace

HealthLight::HealthLight(QWidget *parent) : QToolButton(parent)
{
    setObjectName(u"healthLight"_s);
    setAutoRaise(true);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setFocusPolicy(Qt::TabFocus);
    hide();
    connect(this, &QToolButton::clicked, this, &HealthLight::open);
}

void HealthLight::setHealth(const LibraryHealth &health)
{
    m_health = health;
    const QString summary = healthSummary(health);
    const QString details = healthDetails(health);
    setIcon(iconOf(health.light(), devicePixelRatioF()));
    setText(summary);
    setToolTip(Qt::convertFromPlainText(details, Qt::WhiteSpaceNormal)); // Wrapped, and no path is markup.
    setAccessibleName(tr("Whether the library is current: %1").arg(summary));
    setAccessibleDescription(details);
    setVisible(!health.folders.isEmpty());
}

void HealthLight::open()
{
    const LibraryHealth::FolderHealth *worst = m_health.worst();
    if (m_health.light() == Light::Red)
        Q_EMIT problemsWanted();
    else if (m_health.light() == Light::Yellow && worst != nullptr)
        Q_EMIT folderWanted(worst->folder.id);
    else
        QToolTip::showText(mapToGlobal(QPoint()), toolTip(), this);
}

} // namespace yingxun::ui
