// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/db/records.h"

#include <QListView>
#include <QSet>

namespace yingxun::ui {

class PhotoDelegate;
class PhotoListModel;

/// The wall of thumbnails: keyboard, selection, drag, size; keeps its place when the same listing
/// comes again with other rows.
class PhotoGrid : public QListView
{
    Q_OBJECT
public:
    static constexpr int kSmallest = 96;
    static constexpr int kLargest = 256;

    /// `model` is borrowed and outlives the grid.
    explicit PhotoGrid(PhotoListModel *model, QWidget *parent = nullptr);

    QList<PhotoId> selectedPhotos() const; ///< In the order of the rows.
    void setThumbnailSide(int side);       ///< Logical pixels, bounded by kSmallest and kLargest.
    int thumbnailSide() const;
    void forgetPlace(); ///< The next listing begins at its top, with nothing selected.

    void reset() override;

Q_SIGNALS:
    void thumbnailSideChanged(int side);
    void opened(int row); ///< Enter, Space or a double click.

protected:
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void startDrag(Qt::DropActions supportedActions) override;

private:
    struct Place {
        QSet<PhotoId> selected;
        PhotoId current;
        PhotoId top;    ///< First visible photo; none at the very beginning.
        int offset = 0; ///< Of its cell above the viewport's top, pixels.
    };
    void rememberPlace();
    void restorePlace();
    void fitCells();

    PhotoListModel *m_model;
    PhotoDelegate *m_delegate;
    Place m_place;
    bool m_keepPlace = false;
};

} // namespace yingxun::ui
