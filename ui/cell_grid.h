// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

namespace yingxun::ui {

/// A list as rows of equal cells, which the delegate paints. Where a cell lies is reckoned, never stored: of
/// a million items it costs as little as of ten, where QListView lays out all of them at each change. Of
/// QListView it keeps what screen readers are told, which Qt has for its own views only.
class CellGrid : public QListView
{
    Q_OBJECT
public:
    explicit CellGrid(QWidget *parent = nullptr);

    QRect visualRect(const QModelIndex &index) const override;
    QModelIndex indexAt(const QPoint &point) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    void doItemsLayout() override { QAbstractItemView::doItemsLayout(); } // Not QListView's.
    /// Nothing: names are not what photos are found by, and a million of them are not gone through at a key.
    void keyboardSearch(const QString &) override {}

    /// How far the view has come: a row, and how many pixels of it are above the top.
    struct Anchor {
        int row = 0;
        int pixels = 0;
    };
    Anchor anchor() const;
    void scrollTo(Anchor anchor);

    /// From a row on, items stand apart, below a line with a heading; no heading: nowhere. For the items that
    /// there are now, so that it is to be said again with each new list.
    void divideAt(int row, const QString &heading);

protected:
    /// Cells are widened so that as many as fit fill the line. What was on top stays there.
    void setSmallestCell(const QSize &size);
    int cellWidth() const { return m_cell.width(); }

    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    /// From the cell at the rectangle's first corner to the one at its last, in reading order.
    void setSelection(const QRect &corners, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Position {
        int line = 0;
        int column = 0;
    };

    int count() const { return model() != nullptr ? model()->rowCount() : 0; }
    bool isDivided() const { return !m_heading.isEmpty() && m_divider < count(); }
    int linesOf(int items) const { return (items + m_columns - 1) / m_columns; }
    int linesAbove() const { return linesOf(m_divider); } ///< The divider; only where there is one.
    int headingHeight() const;
    int lines() const;
    int topOf(int line) const; ///< From the top of the first one; of the one behind the last, their height.
    int lineAt(int y) const;   ///< The inverse; a heading belongs to the line below it. Not negative.
    Position positionOf(int row) const;
    int rowAt(Position position) const; ///< In a short line its last; below the last line the last of all.
    int rowNear(const QPoint &point) const; ///< In the viewport; -1 of an empty list.
    QRect cell(int row) const;              ///< In the viewport.
    void paintHeading(QPainter &painter) const;
    void layOut();

    QSize m_smallest{1, 1};
    QSize m_cell{1, 1};
    int m_columns = 1;
    Anchor m_top; ///< Where somebody scrolled to, however often the columns change meanwhile.
    bool m_isLayingOut = false;
    int m_divider = 0; ///< Where there is a heading.
    QString m_heading;
};

} // namespace yingxun::ui
