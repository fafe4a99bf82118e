// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_viewer.h"

#include "core/services/metadata_text.h"
#include "core/services/path_text.h"
#include "core/services/thumbnail_source.h"
#include "ui/photo_list_model.h"
#include "ui/photo_paths.h"

#include <QDesktopServices>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QUrl>
#include <QWheelEvent>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr double kStep = 1.25;
constexpr double kLargestZoom = 16;
constexpr int kMargin = 10;
constexpr int kLargestSide = 8192; // Pixels; what graphics memory and patience allow.

} // namespace

PhotoViewer::PhotoViewer(services::ThumbnailSource *source, PhotoListModel *model, QWidget *parent)
    : QWidget(parent), m_source(source), m_model(model)
{
    setObjectName(u"photoViewer"_s);
    setAccessibleName(tr("Large view"));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(source, &services::ThumbnailSource::largeReady, this, [this](PhotoId photo, const QImage &image) {
        if (photo != m_photo.id)
            return;
        m_loaded = true;
        m_broken = image.isNull();
        if (!image.isNull())
            m_pixmap = QPixmap::fromImage(image);
        update();
    });
    connect(model, &QAbstractItemModel::modelReset, this, &PhotoViewer::onListChanged);
    connect(model, &QAbstractItemModel::dataChanged, this, qOverload<>(&QWidget::update)); // Stars.
}

void PhotoViewer::open(const Photo &photo)
{
    m_photo = photo;
    m_row = m_model->rowOf(photo);
    m_listed = m_row >= 0;
    load();
}

void PhotoViewer::load()
{
    m_pixmap = m_model->cachedThumbnail(m_photo);
    m_loaded = false;
    m_broken = false;
    m_unplayable = false;
    m_metadataLines.clear();
    fit();
    m_source->requestLarge(m_photo, kLargestSide);
    Q_EMIT opened(m_photo);
}

void PhotoViewer::onListChanged()
{
    if (!m_photo.id)
        return; // Nothing has been opened yet.
    const int row = m_model->rowOf(m_photo);
    m_listed = row >= 0;
    if (m_listed) {
        const ContentHash shown = m_photo.hash;
        m_row = row;
        m_photo = m_model->photo(row); // Moved or edited, perhaps.
        if (m_photo.hash != shown)
            load();
        else
            Q_EMIT opened(m_photo); // A sidecar may have changed.
    }
    update();
}

void PhotoViewer::step(int rows)
{
    if (m_model->rowCount() == 0)
        return;
    // Where a photo has left the list, the one after it has moved up.
    const int from = !m_listed && rows > 0 ? m_row - 1 : m_row;
    const int wanted = std::clamp(from + rows, 0, m_model->rowCount() - 1);
    if (wanted != m_row || !m_listed)
        open(m_model->photo(wanted));
}

void PhotoViewer::leave(PhotoId photo)
{
    if (m_photo.id != photo)
        return;
    step(1);
    if (m_photo.id == photo)
        step(-1);
    if (m_photo.id == photo)
        Q_EMIT closed();
}

void PhotoViewer::showMetadata(PhotoId photo, const Metadata &metadata)
{
    if (photo != m_photo.id)
        return;
    m_metadataLines = services::metadataLines(metadata);
    update();
}

QString PhotoViewer::info() const
{
    if (!m_showsInfo)
        return {};
    return m_metadataLines.isEmpty() ? tr("This photo says nothing of how it was taken.")
                                     : m_metadataLines.join(u'\n');
}

QSizeF PhotoViewer::pictureSize() const
{
    if (m_loaded && !m_pixmap.isNull())
        return m_pixmap.size();
    return m_photo.width > 0 && m_photo.height > 0 ? QSizeF(m_photo.width, m_photo.height)
                                                   : QSizeF(m_pixmap.size());
}

double PhotoViewer::fittingZoom() const
{
    const QSizeF size = pictureSize();
    if (size.isEmpty())
        return 1;
    return std::min({1.0, width() / size.width(), height() / size.height()});
}

double PhotoViewer::zoom() const
{
    return m_zoom > 0 ? m_zoom : fittingZoom();
}

void PhotoViewer::fit()
{
    m_zoom = 0;
    const QSizeF size = pictureSize();
    m_centre = QPointF(size.width() / 2, size.height() / 2);
    update();
}

void PhotoViewer::zoomBy(double factor, const QPointF &around)
{
    const double before = zoom();
    const double wanted = std::min(before * factor, kLargestZoom);
    if (wanted <= fittingZoom()) {
        fit();
        return;
    }
    // What lies under the pointer stays there.
    const QPointF offset = around - QPointF(width() / 2.0, height() / 2.0);
    m_centre += offset / before - offset / wanted;
    m_zoom = wanted;
    update();
}

QRectF PhotoViewer::pictureRect() const
{
    const QSizeF size = pictureSize() * zoom();
    return {QPointF(width() / 2.0, height() / 2.0) - m_centre * zoom(), size};
}

void PhotoViewer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), QColor(24, 24, 26)); // Dark in any palette: colours are judged best on it.
    painter.setRenderHint(QPainter::SmoothPixmapTransform, zoom() < 4);
    if (!m_pixmap.isNull())
        painter.drawPixmap(pictureRect(), m_pixmap, m_pixmap.rect());
    paintInfo(painter);
    paintMessage(painter);
    paintCaption(painter);
}

QString PhotoViewer::caption() const
{
    if (!m_listed)
        return tr("%1 is no longer among these photos.").arg(shownName(m_photo));
    const QLocale locale;
    return tr("%1   %2 × %3   %4   %5%   %6 of %7")
        .arg(shownName(m_photo), QString::number(m_photo.width), QString::number(m_photo.height),
             locale.toString(shownTime(m_photo), QLocale::ShortFormat), locale.toString(zoom() * 100, 'f', 0),
             locale.toString(m_row + 1), locale.toString(m_model->rowCount()));
}

void PhotoViewer::paintInfo(QPainter &painter) const
{
    const QString text = info();
    if (text.isEmpty())
        return;
    // At most half of the view, so that the picture stays the main thing.
    const QRect room(kMargin * 2, kMargin * 2, width() / 2, height() / 2);
    constexpr int kFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
    const QRect lines = painter.fontMetrics().boundingRect(room, kFlags, text) & room;
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 150));
    painter.drawRoundedRect(lines.adjusted(-kMargin, -kMargin, kMargin, kMargin), 8, 8);
    painter.setPen(Qt::white);
    painter.drawText(lines, kFlags, text);
}

void PhotoViewer::paintMessage(QPainter &painter) const
{
    QString text;
    if (m_unplayable)
        text = tr("No program on this computer plays this video.");
    else if (m_broken)
        text = tr("This photo cannot be read.");
    else if (isVideo())
        text = tr("▶  Play the video: Enter or double click");
    if (text.isEmpty())
        return;
    QRect box = painter.fontMetrics().boundingRect(text).adjusted(-16, -8, 16, 8);
    box.moveCenter(rect().center());
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 150));
    painter.drawRoundedRect(box, 8, 8);
    painter.setPen(Qt::white);
    painter.drawText(box, Qt::AlignCenter, text);
}

void PhotoViewer::play()
{
    m_unplayable = !QDesktopServices::openUrl(services::urlOfPath(m_photo.path));
    update();
}

void PhotoViewer::paintCaption(QPainter &painter) const
{
    const QRect line(0, height() - painter.fontMetrics().height() - 16, width(),
                     painter.fontMetrics().height() + 16);
    painter.fillRect(line, QColor(0, 0, 0, 140));
    painter.setPen(Qt::white);
    const QString stars(m_model->stars(m_photo), QChar(u'★'));
    const int starsWidth = stars.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(stars) + kMargin;
    painter.drawText(line.adjusted(kMargin, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, stars);
    const QRect rest = line.adjusted(starsWidth + kMargin, 0, -starsWidth - kMargin, 0); // Still centred.
    painter.drawText(rest, Qt::AlignCenter,
                     painter.fontMetrics().elidedText(caption(), Qt::ElideMiddle, rest.width()));
}

void PhotoViewer::keyPressEvent(QKeyEvent *event)
{
    const QPointF middle(width() / 2.0, height() / 2.0);
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down:
    case Qt::Key_Space:
    case Qt::Key_PageDown:
        step(1);
        break;
    case Qt::Key_Left:
    case Qt::Key_Up:
    case Qt::Key_Backspace:
    case Qt::Key_PageUp:
        step(-1);
        break;
    case Qt::Key_Home:
        step(-m_row);
        break;
    case Qt::Key_End:
        step(m_model->rowCount());
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(kStep, middle);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / kStep, middle);
        break;
    case Qt::Key_0:
        fit();
        break;
    case Qt::Key_1:
        zoomBy(1 / zoom(), middle);
        break;
    case Qt::Key_I:
        m_showsInfo = !m_showsInfo;
        update();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isVideo()) {
            play();
            break;
        }
        [[fallthrough]];
    case Qt::Key_Escape:
        Q_EMIT closed();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void PhotoViewer::wheelEvent(QWheelEvent *event)
{
    zoomBy(event->angleDelta().y() > 0 ? kStep : 1 / kStep, event->position());
    event->accept();
}

void PhotoViewer::mousePressEvent(QMouseEvent *event)
{
    m_grabbed = event->position();
}

void PhotoViewer::mouseMoveEvent(QMouseEvent *event)
{
    if (!event->buttons().testFlag(Qt::LeftButton) || m_zoom <= 0)
        return;
    m_centre -= (event->position() - m_grabbed) / zoom();
    m_grabbed = event->position();
    update();
}

void PhotoViewer::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (isVideo())
        play();
    else if (m_zoom > 0)
        fit();
    else
        zoomBy(1 / zoom(), event->position()); // To picture pixel = screen pixel.
}

void PhotoViewer::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    update();
}

} // namespace yingxun::ui
