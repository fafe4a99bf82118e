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

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr int kSmallest = 96;
constexpr int kLargest = 320;
constexpr int kWheelStep = 16;
constexpr int kSettledMs =
    120; // After so long without scrolling, what is out of sight is not loaded any more.
constexpr int kDragSide = 96;

} // namespace

PhotoGrid::PhotoGrid(PhotoListModel *model, QWidget *parent)
    : CellGrid(parent), m_model(model), m_delegate(new PhotoDelegate(this))
{
    setObjectName(u"photoGrid"_s);
    setAccessibleName(tr("Photos"));
    setModel(model);
    setItemDelegate(m_delegate);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalScrollBar()->setSingleStep(40);

    fitCells();

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
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            photos.append(m_model->id(row));
    }
    return photos;
}

void PhotoGrid::setThumbnailSide(int pixels)
{
    const int side = std::clamp(pixels, kSmallest, kLargest);
    if (side == m_delegate->side())
        return;
    m_delegate->setSide(side);
    fitCells();
    Q_EMIT thumbnailSideChanged(side);
}

void PhotoGrid::fitCells()
{
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    setSmallestCell(m_delegate->sizeHint(option, {}));
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
    const Anchor top = anchor();
    const bool isAtBeginning = verticalOffset() == 0 || top.row >= m_model->rowCount();
    m_top = isAtBeginning ? PhotoId() : m_model->id(top.row);
    m_topPixels = top.pixels;
}

void PhotoGrid::restorePlace(bool keep)
{
    if (!keep) {
        scrollToTop();
        return;
    }
    QItemSelection selection; // Of runs, not rows: the selection model compares each range with each.
    const std::vector<int> rows = m_model->rowsOf(m_selected);
    for (auto begin = rows.begin(); begin != rows.end();) {
        auto end = begin + 1;
        while (end != rows.end() && *end == *(end - 1) + 1)
            ++end;
        selection.select(m_model->index(*begin), m_model->index(*(end - 1)));
        begin = end;
    }
    if (const int row = m_model->rowOf(m_current); row >= 0)
        selectionModel()->setCurrentIndex(m_model->index(row), QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!m_top) // Making an item current has scrolled to it.
        scrollToTop();
    else if (const int row = m_model->rowOf(m_top); row >= 0)
        scrollTo(Anchor{row, m_topPixels});
}

void PhotoGrid::changeEvent(QEvent *event)
{
    CellGrid::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitCells();
}

void PhotoGrid::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() != Qt::ControlModifier) {
        CellGrid::wheelEvent(event);
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
        CellGrid::keyPressEvent(event);
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
