// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cell_grid.h"

#include <QCursor>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace yingxun::ui {

CellGrid::CellGrid(QWidget *parent) : QListView(parent)
{
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAttribute(Qt::WA_Hover);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // Its coming and going would change the columns.
}

void CellGrid::setSmallestCell(const QSize &size)
{
    m_smallest = size;
    layOut();
}

void CellGrid::layOut()
{
    m_isLayingOut = true;
    m_columns = std::max(1, viewport()->width() / m_smallest.width());
    m_cell = {std::max(m_smallest.width(), viewport()->width() / m_columns), m_smallest.height()};
    updateGeometries();
    scrollTo(m_top);
    m_isLayingOut = false;
    viewport()->update();
}

void CellGrid::divideAt(int row, const QString &heading)
{
    if (row == m_divider && heading == m_heading)
        return;
    m_divider = row;
    m_heading = heading;
    layOut();
}

int CellGrid::headingHeight() const
{
    return fontMetrics().height() * 2;
}

int CellGrid::lines() const
{
    return isDivided() ? linesAbove() + linesOf(count() - m_divider) : linesOf(count());
}

int CellGrid::topOf(int line) const
{
    return line * m_cell.height() + (isDivided() && line >= linesAbove() ? headingHeight() : 0);
}

int CellGrid::lineAt(int y) const
{
    const int line = std::max(0, y) / m_cell.height();
    if (!isDivided() || line < linesAbove())
        return line;
    return std::max(linesAbove(), (y - headingHeight()) / m_cell.height());
}

CellGrid::Position CellGrid::positionOf(int row) const
{
    if (!isDivided() || row < m_divider)
        return {row / m_columns, row % m_columns};
    return {linesAbove() + (row - m_divider) / m_columns, (row - m_divider) % m_columns};
}

int CellGrid::rowAt(Position position) const
{
    if (!isDivided())
        return std::min(position.line * m_columns + position.column, count() - 1);
    if (position.line < linesAbove())
        return std::min(position.line * m_columns + position.column, m_divider - 1);
    return std::min(m_divider + (position.line - linesAbove()) * m_columns + position.column, count() - 1);
}

CellGrid::Anchor CellGrid::anchor() const
{
    const int line = lineAt(verticalOffset());
    // At a heading, so much less than none is above the top.
    return {std::max(0, rowAt({line, 0})), verticalOffset() - topOf(line)};
}

void CellGrid::scrollTo(Anchor anchor)
{
    executeDelayedItemsLayout(); // Else the list ends where it ended before it changed.
    const bool isBegin = anchor.row == 0 && anchor.pixels == 0; // A heading may stand before it.
    verticalScrollBar()->setValue(
        isBegin ? 0 : topOf(positionOf(anchor.row).line) + std::min(anchor.pixels, m_cell.height()));
}

int CellGrid::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QRect CellGrid::cell(int row) const
{
    const Position position = positionOf(row);
    return {position.column * m_cell.width(), topOf(position.line) - verticalOffset(), m_cell.width(),
            m_cell.height()};
}

QRect CellGrid::visualRect(const QModelIndex &index) const
{
    return index.isValid() ? cell(index.row()) : QRect();
}

int CellGrid::rowNear(const QPoint &point) const
{
    const int column = std::clamp(point.x() / m_cell.width(), 0, m_columns - 1);
    return rowAt({lineAt(point.y() + verticalOffset()), column});
}

QModelIndex CellGrid::indexAt(const QPoint &point) const
{
    const int row = rowNear(point);
    return row >= 0 && cell(row).contains(point) ? model()->index(row, 0) : QModelIndex();
}

void CellGrid::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    executeDelayedItemsLayout();
    const QRect wanted = cell(index.row());
    const int top = wanted.top() + verticalOffset();
    const int bottom = top - viewport()->height() + wanted.height(); // With its lower edge at the view's.
    QScrollBar *bar = verticalScrollBar();
    switch (hint) {
    case EnsureVisible:
        if (wanted.top() < 0)
            bar->setValue(top);
        else if (wanted.bottom() >= viewport()->height())
            bar->setValue(std::min(top, bottom));
        break;
    case PositionAtTop:
        bar->setValue(top);
        break;
    case PositionAtBottom:
        bar->setValue(bottom);
        break;
    case PositionAtCenter:
        bar->setValue((top + bottom) / 2);
        break;
    }
}

QModelIndex CellGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int last = count() - 1;
    if (last < 0)
        return {};
    if (!currentIndex().isValid())
        return model()->index(0, 0);
    const int row = currentIndex().row();
    const int page = std::max(1, viewport()->height() / m_cell.height());
    const Position at = positionOf(row);
    // Below, where a line is short, its last cell; in the last line, nowhere.
    const auto down = [&](int lines) {
        return at.line == positionOf(last).line ? row : rowAt({at.line + lines, at.column});
    };
    // Above, the first line in the same column.
    const auto up = [&](int lines) { return rowAt({std::max(0, at.line - lines), at.column}); };
    switch (action) {
    case MoveUp:
        return model()->index(up(1), 0);
    case MoveDown:
        return model()->index(down(1), 0);
    case MovePageUp:
        return model()->index(up(page), 0);
    case MovePageDown:
        return model()->index(down(page), 0);
    case MoveHome:
        return model()->index(0, 0);
    case MoveEnd:
        return model()->index(last, 0);
    case MoveLeft:
    case MovePrevious:
        return model()->index(std::max(0, row - 1), 0);
    case MoveRight:
    case MoveNext:
        return model()->index(std::min(last, row + 1), 0);
    }
    return currentIndex();
}

void CellGrid::setSelection(const QRect &corners, QItemSelectionModel::SelectionFlags command)
{
    const int first = rowNear(corners.topLeft());
    const int last = rowNear(corners.bottomRight());
    if (first < 0 || last < 0)
        return;
    selectionModel()->select(
        QItemSelection(model()->index(std::min(first, last), 0), model()->index(std::max(first, last), 0)),
        command);
}

QRegion CellGrid::visualRegionForSelection(const QItemSelection &selection) const
{
    const int firstSeen = rowNear({0, 0});
    const int lastSeen = rowNear({viewport()->width(), viewport()->height()});
    QRegion region;
    for (const QItemSelectionRange &range : selection) {
        for (int row = std::max(range.top(), firstSeen); row <= std::min(range.bottom(), lastSeen); ++row)
            region += cell(row);
    }
    return region;
}

void CellGrid::updateGeometries()
{
    const int height = viewport()->height();
    verticalScrollBar()->setPageStep(height);
    verticalScrollBar()->setRange(0, std::max(0, topOf(lines()) - height));
    QAbstractItemView::updateGeometries();
}

void CellGrid::scrollContentsBy(int dx, int dy)
{
    if (!m_isLayingOut)
        m_top = anchor();
    scrollDirtyRegion(dx, dy);
    viewport()->scroll(dx, dy);
}

void CellGrid::resizeEvent(QResizeEvent *event)
{
    layOut();
    QAbstractItemView::resizeEvent(event);
}

void CellGrid::paintHeading(QPainter &painter) const
{
    constexpr int kMargin = 12;
    const QRect strip(kMargin, topOf(linesAbove()) - headingHeight() - verticalOffset(),
                      viewport()->width() - 2 * kMargin, headingHeight());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    QRect text;
    painter.drawText(strip, Qt::AlignLeft | Qt::AlignVCenter, m_heading, &text);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(text.right() + kMargin, strip.center().y(), strip.right(), strip.center().y());
}

void CellGrid::paintEvent(QPaintEvent *event)
{
    const int last = rowNear(event->rect().bottomRight());
    if (last < 0)
        return;
    QPainter painter(viewport());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State state = option.state & ~(QStyle::State_MouseOver | QStyle::State_HasFocus);
    const QModelIndex hovered =
        viewport()->underMouse() ? indexAt(viewport()->mapFromGlobal(QCursor::pos())) : QModelIndex();
    if (isDivided())
        paintHeading(painter);
    for (int row = rowNear(event->rect().topLeft()); row <= last; ++row) {
        const QModelIndex index = model()->index(row, 0);
        option.rect = cell(row);
        if (!event->region().intersects(option.rect))
            continue;
        option.state = state;
        option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
        option.state.setFlag(QStyle::State_HasFocus, index == currentIndex() && hasFocus());
        option.state.setFlag(QStyle::State_MouseOver, index == hovered);
        itemDelegateForIndex(index)->paint(&painter, option, index);
    }
}

} // namespace yingxun::ui
