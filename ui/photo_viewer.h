// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QPixmap>
#include <QWidget>

namespace yingxun::jobs {
class ThumbnailSource;
}

namespace yingxun::ui {

class PhotoListModel;

/// One photo, large: fitted or zoomed, moved with the mouse, next and previous by arrow keys. Shows the
/// thumbnail until the picture itself has come.
class PhotoViewer : public QWidget
{
    Q_OBJECT
public:
    PhotoViewer(jobs::ThumbnailSource *source, PhotoListModel *model, QWidget *parent = nullptr);

    void open(int row);
    int row() const { return m_row; }
    double zoom() const; ///< Screen pixels per picture pixel.
    void zoomBy(double factor, const QPointF &around);
    void fit();
    void step(int rows); ///< To the photo so many rows on; stays at the ends.

Q_SIGNALS:
    void closed();
    void rowChanged(int row);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QRectF pictureRect() const;
    double fittingZoom() const;
    QSizeF pictureSize() const; ///< Of the photo itself, whatever has been loaded of it.
    void paintCaption(QPainter &painter) const;

    jobs::ThumbnailSource *m_source;
    PhotoListModel *m_model;
    int m_row = -1;
    Photo m_photo;
    QPixmap m_pixmap;
    bool m_loaded = false;
    bool m_broken = false;
    double m_zoom = 0; ///< 0: fitted.
    QPointF m_centre;  ///< Of the view, in picture pixels.
    QPointF m_grabbed;
};

} // namespace yingxun::ui
