// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QListView>
#include <QTimer>

namespace yingxun::ui {

class PhotoDelegate;
class PhotoListModel;

/// The thumbnails of a listing. A wrapped list of equal cells: of Qt's layouts the one that stays fast with
/// a hundred thousand rows.
class PhotoGrid : public QListView
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
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    void fitColumns(); ///< Cells as wide as fills the rows.

    PhotoListModel *m_model;
    PhotoDelegate *m_delegate;
    QTimer m_scrolled;
    QList<PhotoId> m_selected;
    PhotoId m_top;
    PhotoId m_current;
};

} // namespace yingxun::ui
