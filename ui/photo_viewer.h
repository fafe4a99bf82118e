// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QPixmap>
#include <QWidget>

namespace yingxun::services {
class ThumbnailSource;
}

namespace yingxun::ui {

class PhotoListModel;

/// One photo, large: fitted or zoomed, moved with the mouse, next and previous by arrow keys. Shows the
/// thumbnail until the picture itself has come. Of a video its poster; Enter or a double click plays it. The
/// key I shows and hides what the file says of itself.
///
/// It holds on to the photo, not to its row: when the list changes it goes on from where the photo now is,
/// and says so when the photo is no longer there.
class PhotoViewer : public QWidget
{
    Q_OBJECT
public:
    PhotoViewer(services::ThumbnailSource *source, PhotoListModel *model, QWidget *parent = nullptr);

    void open(const Photo &photo);
    const Photo &photo() const { return m_photo; }
    bool isListed() const { return m_listed; } ///< False: the photo left the list after it was opened.
    int row() const { return m_row; }          ///< Where the photo is in the list, or was before it left it.
    double zoom() const;                       ///< Screen pixels per picture pixel.
    void zoomBy(double factor, const QPointF &around);
    void fit();
    /// What the file says, when it has been asked for by opened().
    void showMetadata(PhotoId photo, const Metadata &metadata);
    QString info() const; ///< What is shown of it, a line each; empty while it is hidden.
    void step(int rows);  ///< To the photo so many rows on from where this one now is; stays at the ends.

    /// Goes on to the next photo, or the one before at the end, if it shows this one, which is about to leave
    /// the list; closes where there is no other.
    void leave(PhotoId photo);

Q_SIGNALS:
    void opened(const yingxun::Photo &photo); ///< Another photo, or the list has changed around it.
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void load();
    void onListChanged();
    QString caption() const;
    QRectF pictureRect() const;
    double fittingZoom() const;
    QSizeF pictureSize() const; ///< Of the photo itself, whatever has been loaded of it.
    void paintCaption(QPainter &painter) const;
    void paintInfo(QPainter &painter) const;
    void paintMessage(QPainter &painter) const; ///< What cannot be done, or what can.
    bool isVideo() const { return m_photo.kind == MediaKind::Video; }
    void play(); ///< In the system's player.

    services::ThumbnailSource *m_source;
    PhotoListModel *m_model;
    int m_row = -1;
    bool m_listed = false;
    Photo m_photo;
    QPixmap m_pixmap;
    QStringList m_metadataLines;
    bool m_showsInfo = false; ///< Goes on from photo to photo.
    bool m_loaded = false;
    bool m_broken = false;
    bool m_unplayable = false; ///< The system has no player.
    double m_zoom = 0;         ///< 0: fitted.
    QPointF m_centre;          ///< Of the view, in picture pixels.
    QPointF m_grabbed;
};

} // namespace yingxun::ui
