// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "ui/cell_grid.h"

#include <QTimer>

namespace yingxun::ui {

class PhotoDelegate;
class PhotoListModel;

/// The thumbnails of a listing.
class PhotoGrid : public CellGrid
{
    Q_OBJECT
public:
    explicit PhotoGrid(PhotoListModel *model, QWidget *parent = nullptr);

    QList<PhotoId> selectedPhotos() const;
    int currentRow() const { return currentIndex().row(); }
    void setThumbnailSide(int pixels); ///< Between 96 and 320.
    int thumbnailSide() const;

    /// Remembers what is selected and on top, for a listing that answers the same question again.
    void rememberPlace();
    /// Goes back there; to the top when `keep` is false.
    void restorePlace(bool keep);

Q_SIGNALS:
    void opened(int row); ///< Double click, Return, Space.
    void menuWanted(const QPoint &globalPosition);
    void thumbnailSideChanged(int pixels);

protected:
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    void fitCells();

    PhotoListModel *m_model;
    PhotoDelegate *m_delegate;
    QTimer m_scrolled;
    QList<PhotoId> m_selected;
    PhotoId m_top; ///< None: the view was at its beginning, where new photos are seen to come.
    int m_topPixels = 0;
    PhotoId m_current;
};

} // namespace yingxun::ui
