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
    int count() const { return model() != nullptr ? model()->rowCount() : 0; }
    int lines() const { return (count() + m_columns - 1) / m_columns; }
    int rowNear(const QPoint &point) const; ///< In the viewport; -1 of an empty list.
    QRect cell(int row) const;              ///< In the viewport.
    void layOut();

    QSize m_smallest{1, 1};
    QSize m_cell{1, 1};
    int m_columns = 1;
    Anchor m_top; ///< Where somebody scrolled to, however often the columns change meanwhile.
    bool m_isLayingOut = false;
};

} // namespace yingxun::ui
