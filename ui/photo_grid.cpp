// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_grid.h"

#include "ui/photo_delegate.h"
#include "ui/photo_list_model.h"

#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QSet>
#include <QWheelEvent>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr int kSmallest = 96;
constexpr int kLargest = 320;
constexpr int kWheelStep = 16;
constexpr int kSettledMs =
    120; // After so long without scrolling, what is out of sight is not loaded any more.
constexpr int kDragSide = 96;
constexpr int kLayoutSlack = 4; // QListView wraps a row that fills the width exactly.

} // namespace

PhotoGrid::PhotoGrid(PhotoListModel *model, QWidget *parent)
    : QListView(parent), m_model(model), m_delegate(new PhotoDelegate(this))
{
    setObjectName(u"photoGrid"_s);
    setAccessibleName(tr("Photos"));
    setModel(model);
    setItemDelegate(m_delegate);
    setViewMode(QListView::ListMode);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // Its coming and going would change the columns.
    verticalScrollBar()->setSingleStep(40);

    connect(this, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT opened(index.row()); });
    connect(this, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &at) { Q_EMIT menuWanted(viewport()->mapToGlobal(at)); });
    m_scrolled.setSingleShot(true);
    m_scrolled.setInterval(kSettledMs);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, &m_scrolled, qOverload<>(&QTimer::start));
    connect(&m_scrolled, &QTimer::timeout, this, [this] {
        m_model->forgetPending();
        viewport()->update(); // Whatever is in sight asks again, and comes first.
    });
}

QList<PhotoId> PhotoGrid::selectedPhotos() const
{
    QList<PhotoId> photos;
    for (const QModelIndex &index : selectionModel()->selectedIndexes())
        photos.append(m_model->id(index.row()));
    return photos;
}

void PhotoGrid::setThumbnailSide(int pixels)
{
    const int side = std::clamp(pixels, kSmallest, kLargest);
    if (side == m_delegate->side())
        return;
    m_delegate->setSide(side);
    fitColumns();
    Q_EMIT thumbnailSideChanged(side);
}

void PhotoGrid::fitColumns()
{
    const int width = viewport()->width() - kLayoutSlack;
    const int columns = std::max(1, width / m_delegate->narrowestCell());
    m_delegate->setCellWidth(width / columns);
    scheduleDelayedItemsLayout();
}

int PhotoGrid::thumbnailSide() const
{
    return m_delegate->side();
}

void PhotoGrid::rememberPlace()
{
    m_selected = selectedPhotos();
    const QModelIndex current = currentIndex();
    m_current = current.isValid() ? m_model->id(current.row()) : PhotoId();
    const QModelIndex top = indexAt(QPoint(viewport()->width() / 2, 20));
    m_top = top.isValid() && verticalScrollBar()->value() > 0 ? m_model->id(top.row()) : PhotoId();
}

void PhotoGrid::restorePlace(bool keep)
{
    if (!keep) {
        scrollToTop();
        return;
    }
    const QSet<PhotoId> selected(m_selected.begin(), m_selected.end());
    if (selected.isEmpty() && !m_top && !m_current)
        return;
    QItemSelection selection; // Of runs, not rows: the selection model compares each range with each.
    QModelIndex begin;
    QModelIndex end;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const PhotoId id = m_model->id(row);
        const QModelIndex index = m_model->index(row);
        if (id == m_current)
            selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        if (selected.contains(id)) {
            if (!begin.isValid())
                begin = index;
            end = index;
        } else if (begin.isValid()) {
            selection.select(begin, end);
            begin = {};
        }
        if (id == m_top)
            scrollTo(index, QAbstractItemView::PositionAtTop);
    }
    if (begin.isValid())
        selection.select(begin, end);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!m_top) // Making an item current has scrolled to it.
        scrollToTop();
}

void PhotoGrid::resizeEvent(QResizeEvent *event)
{
    fitColumns();
    QListView::resizeEvent(event);
}

void PhotoGrid::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() != Qt::ControlModifier) {
        QListView::wheelEvent(event);
        return;
    }
    setThumbnailSide(thumbnailSide() + (event->angleDelta().y() > 0 ? kWheelStep : -kWheelStep));
    event->accept();
}

void PhotoGrid::keyPressEvent(QKeyEvent *event)
{
    const bool opens =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (opens && currentIndex().isValid() && event->modifiers() == Qt::NoModifier)
        Q_EMIT opened(currentIndex().row());
    else
        QListView::keyPressEvent(event);
}

void PhotoGrid::startDrag(Qt::DropActions actions)
{
    const QModelIndexList indexes = selectionModel()->selectedIndexes();
    if (indexes.isEmpty())
        return;
    auto *drag = new QDrag(this);
    drag->setMimeData(m_model->mimeData(indexes));
    QPixmap picture = m_model->cachedThumbnail(m_model->photo(indexes.first().row()));
    if (!picture.isNull())
        drag->setPixmap(picture.scaled(kDragSide, kDragSide, Qt::KeepAspectRatio, Qt::SmoothTransformation));
    drag->exec(actions, Qt::CopyAction);
}

} // namespace yingxun::ui
