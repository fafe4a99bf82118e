// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_grid.h"

#include "ui/photo_delegate.h"
#include "ui/photo_list_model.h"

#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

namespace yingxun::ui {

PhotoGrid::PhotoGrid(PhotoListModel *model, QWidget *parent)
    : QListView(parent), m_model(model), m_delegate(new PhotoDelegate(this))
{
    setFrameShape(QFrame::NoFrame);
    setViewMode(QListView::ListMode); // Wrapped list mode lays 100,000 rows out in milliseconds.
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setSelectionRectVisible(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // So that its coming does not change the columns.
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setItemDelegate(m_delegate);
    setModel(model);

    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &PhotoGrid::rememberPlace);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        m_model->forgetPending();
        viewport()->update(); // Cells still in sight ask again when they are painted.
    });
    connect(this, &QListView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT opened(index.row()); });
}

QList<PhotoId> PhotoGrid::selectedPhotos() const
{
    QList<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    QList<PhotoId> photos;
    photos.reserve(rows.size());
    for (const int row : rows)
        photos.append(m_model->id(row));
    return photos;
}

void PhotoGrid::setThumbnailSide(int side)
{
    const int bounded = std::clamp(side, kSmallest, kLargest);
    if (bounded == thumbnailSide())
        return;
    m_delegate->setThumbnailSide(bounded);
    fitCells();
    if (currentIndex().isValid())
        scrollTo(currentIndex());
    Q_EMIT thumbnailSideChanged(bounded);
}

int PhotoGrid::thumbnailSide() const
{
    return m_delegate->thumbnailSide();
}

void PhotoGrid::forgetPlace()
{
    m_keepPlace = false;
}

void PhotoGrid::rememberPlace()
{
    m_place = {};
    if (!m_keepPlace)
        return;
    const QList<PhotoId> selected = selectedPhotos();
    m_place.selected = QSet<PhotoId>(selected.cbegin(), selected.cend());
    if (currentIndex().isValid())
        m_place.current = m_model->id(currentIndex().row());
    if (verticalScrollBar()->value() == 0)
        return; // At the beginning, people want to see what is new there.
    const QModelIndex top = indexAt(QPoint(gridSize().width() / 2, 1));
    if (top.isValid()) {
        m_place.top = m_model->id(top.row());
        m_place.offset = -visualRect(top).top();
    }
}

void PhotoGrid::reset()
{
    QListView::reset();
    restorePlace();
    m_keepPlace = true;
}

void PhotoGrid::restorePlace()
{
    if (!m_place.top && !m_place.current && m_place.selected.isEmpty()) {
        scrollToTop();
        return;
    }
    QItemSelection selection;
    int currentRow = -1;
    int topRow = -1;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const PhotoId id = m_model->id(row);
        if (m_place.selected.contains(id))
            selection.append(QItemSelectionRange(m_model->index(row)));
        if (m_place.current && id == m_place.current)
            currentRow = row;
        if (m_place.top && id == m_place.top)
            topRow = row;
    }
    if (currentRow >= 0) {
        const QSignalBlocker quiet(verticalScrollBar());
        selectionModel()->setCurrentIndex(m_model->index(currentRow), QItemSelectionModel::NoUpdate);
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    executeDelayedItemsLayout();
    if (topRow < 0) {
        scrollToTop();
        return;
    }
    const int y = visualRect(m_model->index(topRow)).top() + verticalOffset();
    verticalScrollBar()->setValue(y + m_place.offset);
}

void PhotoGrid::fitCells()
{
    const QSize smallest = m_delegate->cellSize();
    const int width = viewport()->width() - 1;
    const int columns = std::max(1, width / smallest.width());
    const QSize cell(std::max(smallest.width(), width / columns), smallest.height());
    if (cell != gridSize())
        setGridSize(cell);
    verticalScrollBar()->setSingleStep(cell.height() / 3);
}

void PhotoGrid::resizeEvent(QResizeEvent *event)
{
    fitCells();
    QListView::resizeEvent(event);
}

void PhotoGrid::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        setThumbnailSide(thumbnailSide() + (event->angleDelta().y() > 0 ? 16 : -16));
        event->accept();
        return;
    }
    QListView::wheelEvent(event);
}

void PhotoGrid::keyPressEvent(QKeyEvent *event)
{
    const bool opens = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
                    || event->key() == Qt::Key_Space;
    if (opens && event->modifiers() == Qt::NoModifier && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex().row());
        return;
    }
    QListView::keyPressEvent(event);
}

void PhotoGrid::startDrag(Qt::DropActions supportedActions)
{
    const QModelIndexList indexes = selectedIndexes();
    if (indexes.isEmpty())
        return;
    auto *drag = new QDrag(this);
    drag->setMimeData(m_model->mimeData(indexes));
    const QPixmap first = indexes.first().data(Qt::DecorationRole).value<QPixmap>();
    QPixmap picture(96, 96);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    if (!first.isNull()) {
        QRect box(QPoint(), first.size().scaled(88, 88, Qt::KeepAspectRatio));
        box.moveCenter({44, 50});
        painter.setOpacity(0.85);
        painter.drawPixmap(box, first);
    }
    const QString count = locale().toString(indexes.size());
    QRect badge(0, 0, std::max(22, fontMetrics().horizontalAdvance(count) + 12), 22);
    badge.moveTopRight({95, 0});
    painter.setOpacity(1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().highlight());
    painter.drawRoundedRect(badge, 11, 11);
    painter.setPen(palette().color(QPalette::HighlightedText));
    painter.drawText(badge, Qt::AlignCenter, count);
    painter.end();
    drag->setPixmap(picture);
    drag->setHotSpot({12, 12});
    drag->exec(supportedActions, Qt::CopyAction);
}

} // namespace yingxun::ui
