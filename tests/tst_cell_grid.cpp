// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cell_grid.h"

#include <QAbstractListModel>
#include <QAccessible>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStyledItemDelegate>
#include <QTest>

using namespace yingxun;

namespace {

class Numbers : public QAbstractListModel
{
public:
    explicit Numbers(int count) : m_count(count) {}
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_count; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++asked;
        return role == Qt::DisplayRole ? QVariant(QString::number(index.row())) : QVariant();
    }
    void setCount(int count)
    {
        beginResetModel();
        m_count = count;
        endResetModel();
    }
    mutable int asked = 0;

private:
    int m_count;
};

class Painted : public QStyledItemDelegate
{
public:
    void paint(QPainter *, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        cells.insert(index.row(), option.rect);
        if (option.state.testFlag(QStyle::State_Selected))
            selected.append(index.row());
    }
    mutable QMap<int, QRect> cells;
    mutable QList<int> selected;
};

/// A view of 4 columns and 3 lines and a half of cells, 110 x 100, that could be as narrow as 100.
class Grid : public ui::CellGrid
{
public:
    explicit Grid(Numbers *numbers)
    {
        setModel(numbers);
        setItemDelegate(&painted);
        setFrameShape(QFrame::NoFrame);
        setSelectionMode(ExtendedSelection);
        setSmallestCell({100, 100});
        setViewportWidth(440);
        show();
    }
    void setViewportWidth(int width) { resize(width + verticalScrollBar()->sizeHint().width(), 350); }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(this, Qt::Key(key), modifiers);
    }
    void click(int row, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(viewport(), Qt::LeftButton, modifiers, visualRect(model()->index(row, 0)).center());
    }
    int current() const { return currentIndex().row(); }
    QList<int> selected() const
    {
        QList<int> rows;
        for (const QModelIndex &index : selectionModel()->selectedIndexes())
            rows.append(index.row());
        std::sort(rows.begin(), rows.end());
        return rows;
    }
    int columns() const { return viewport()->width() / cellWidth(); }

    Painted painted;
};

} // namespace

class tst_CellGrid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void laysOutEqualCellsThatFillTheLine();
    void paintsOnlyWhatIsInSight();
    void goesByKeys();
    void selectsByMouseAndKeys();
    void keepsWhatIsOnTopWhenTheColumnsChange();
    void scrollsToWhatIsAskedFor();
    void standsApartBelowADivider();
    void isNothingWithoutItems();
    void isReadAloud();
};

void tst_CellGrid::laysOutEqualCellsThatFillTheLine()
{
    Numbers numbers(10);
    Grid grid(&numbers);
    QCOMPARE(grid.viewport()->width(), 440);
    QCOMPARE(grid.columns(), 4);
    QCOMPARE(grid.visualRect(numbers.index(0)), QRect(0, 0, 110, 100));
    QCOMPARE(grid.visualRect(numbers.index(5)), QRect(110, 100, 110, 100));
    QCOMPARE(grid.visualRect(numbers.index(9)), QRect(110, 200, 110, 100));
    for (int row = 0; row < 10; ++row) {
        const QRect cell = grid.visualRect(numbers.index(row));
        for (const QPoint &corner : {cell.topLeft(), cell.bottomRight(), cell.center()})
            QCOMPARE(grid.indexAt(corner).row(), row);
    }
    QVERIFY(!grid.indexAt({230, 250}).isValid()); // Behind the last.
    QVERIFY(!grid.indexAt({10, 320}).isValid());  // Below it.
    QCOMPARE(grid.verticalScrollBar()->maximum(), 0);
    numbers.setCount(17);
    QTRY_COMPARE(grid.verticalScrollBar()->maximum(), 150); // Five lines, of which 350 pixels are in sight.
}

void tst_CellGrid::paintsOnlyWhatIsInSight()
{
    Numbers numbers(1'000'000);
    Grid grid(&numbers);
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    QTRY_COMPARE(grid.painted.cells.size(), 16);
    QVERIFY(numbers.asked < 1000);
    grid.painted.cells.clear();
    grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
    QTRY_VERIFY(grid.painted.cells.contains(999'999));
    QVERIFY(grid.painted.cells.firstKey() >= 999'984);
    for (auto it = grid.painted.cells.cbegin(); it != grid.painted.cells.cend(); ++it)
        QCOMPARE(it.value(), grid.visualRect(numbers.index(it.key())));
    QCOMPARE(grid.visualRect(numbers.index(999'999)).bottom(), grid.viewport()->height() - 1);
    numbers.asked = 0;
    numbers.setCount(999'999);
    grid.viewport()->repaint();
    QVERIFY(numbers.asked < 1000);
}

void tst_CellGrid::goesByKeys()
{
    Numbers numbers(50);
    Grid grid(&numbers);
    const auto goes = [&](int from, int key) {
        grid.setCurrentIndex(numbers.index(from));
        grid.press(key);
        return grid.current();
    };
    QCOMPARE(goes(5, Qt::Key_Right), 6);
    QCOMPARE(goes(7, Qt::Key_Right), 8); // On into the next line.
    QCOMPARE(goes(49, Qt::Key_Right), 49);
    QCOMPARE(goes(5, Qt::Key_Left), 4);
    QCOMPARE(goes(0, Qt::Key_Left), 0);
    QCOMPARE(goes(5, Qt::Key_Down), 9);
    QCOMPARE(goes(47, Qt::Key_Down), 49); // The last line is short.
    QCOMPARE(goes(48, Qt::Key_Down), 48);
    QCOMPARE(goes(5, Qt::Key_Up), 1);
    QCOMPARE(goes(2, Qt::Key_Up), 2);
    QCOMPARE(goes(5, Qt::Key_PageDown), 17);
    QCOMPARE(goes(46, Qt::Key_PageDown), 49);
    QCOMPARE(goes(17, Qt::Key_PageUp), 5);
    QCOMPARE(goes(6, Qt::Key_PageUp), 2);
    QCOMPARE(goes(30, Qt::Key_Home), 0);
    QCOMPARE(goes(30, Qt::Key_End), 49);
    QVERIFY(grid.viewport()->rect().contains(grid.visualRect(numbers.index(49)))); // It has scrolled there.
}

void tst_CellGrid::selectsByMouseAndKeys()
{
    Numbers numbers(50);
    Grid grid(&numbers);
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    grid.click(5);
    QCOMPARE(grid.selected(), QList<int>({5}));
    QCOMPARE(grid.current(), 5);
    grid.click(9, Qt::ShiftModifier);
    QCOMPARE(grid.selected(), QList<int>({5, 6, 7, 8, 9})); // Reading on, not the rectangle between.
    grid.click(2, Qt::ShiftModifier);
    QCOMPARE(grid.selected(), QList<int>({2, 3, 4, 5}));
    grid.click(10, Qt::ControlModifier);
    QCOMPARE(grid.selected(), QList<int>({2, 3, 4, 5, 10}));
    grid.click(3, Qt::ControlModifier);
    QCOMPARE(grid.selected(), QList<int>({2, 4, 5, 10}));
    grid.press(Qt::Key_Home);
    QCOMPARE(grid.selected(), QList<int>({0}));
    grid.press(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(grid.selected(), QList<int>({0, 1, 2, 3, 4}));
    grid.press(Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(grid.selected(), QList<int>({0, 1, 2, 3}));
    grid.painted.selected.clear();
    grid.viewport()->repaint();
    QCOMPARE(grid.painted.selected, QList<int>({0, 1, 2, 3}));
    grid.press(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(grid.selected().size(), 50);
    QCOMPARE(grid.selectionModel()->selection().size(), 1);
    // From an empty place, by dragging.
    numbers.setCount(6);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, {300, 150});
    QVERIFY(grid.selected().isEmpty());
}

void tst_CellGrid::keepsWhatIsOnTopWhenTheColumnsChange()
{
    Numbers numbers(1000);
    Grid grid(&numbers);
    grid.scrollTo(ui::CellGrid::Anchor{403, 0});
    QCOMPARE(grid.anchor().row, 400); // Its line.
    for (int width = 440; width >= 200; width -= 10)
        grid.setViewportWidth(width);
    QCOMPARE(grid.columns(), 2);
    for (int width = 200; width <= 730; width += 10)
        grid.setViewportWidth(width);
    QCOMPARE(grid.columns(), 7);
    const int top = grid.anchor().row;
    QVERIFY2(top <= 400 && 400 < top + 7, qPrintable(QString::number(top)));
    // A list that has become shorter ends at its end.
    numbers.setCount(10);
    QTRY_COMPARE(grid.verticalScrollBar()->value(), grid.verticalScrollBar()->maximum());
    QVERIFY(grid.visualRect(numbers.index(9)).bottom() < grid.viewport()->height());
}

void tst_CellGrid::scrollsToWhatIsAskedFor()
{
    Numbers numbers(1000);
    Grid grid(&numbers);
    const auto top = [&](int row, QAbstractItemView::ScrollHint hint) {
        grid.scrollTo(numbers.index(row), hint);
        return grid.visualRect(numbers.index(row)).top();
    };
    QCOMPARE(top(5, QAbstractItemView::EnsureVisible), 100); // It was in sight.
    QCOMPARE(top(400, QAbstractItemView::EnsureVisible), 250);
    QCOMPARE(top(400, QAbstractItemView::PositionAtTop), 0);
    QCOMPARE(top(400, QAbstractItemView::PositionAtBottom), 250);
    QCOMPARE(top(400, QAbstractItemView::PositionAtCenter), 125);
    QCOMPARE(top(300, QAbstractItemView::EnsureVisible), 0);
    QCOMPARE(top(1, QAbstractItemView::PositionAtBottom), 0); // No further.
    // Of a list that has just become longer, before the view has been laid out again.
    numbers.setCount(2000);
    QCOMPARE(top(1900, QAbstractItemView::PositionAtTop), 0);
    numbers.setCount(3000);
    grid.scrollTo(ui::CellGrid::Anchor{2800, 30});
    QCOMPARE(grid.visualRect(numbers.index(2800)).top(), -30);
}

void tst_CellGrid::standsApartBelowADivider()
{
    Numbers numbers(50);
    Grid grid(&numbers);
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    grid.divideAt(6, QStringLiteral("Possibly related"));
    const int strip = grid.visualRect(numbers.index(6)).top() - 200;
    QVERIFY(strip > 10);
    QCOMPARE(grid.visualRect(numbers.index(5)), QRect(110, 100, 110, 100));
    QCOMPARE(grid.visualRect(numbers.index(6)), QRect(0, 200 + strip, 110, 100));
    QCOMPARE(grid.visualRect(numbers.index(11)), QRect(110, 300 + strip, 110, 100));
    for (int row = 0; row < 50; ++row) {
        const QRect cell = grid.visualRect(numbers.index(row));
        for (const QPoint &corner : {cell.topLeft(), cell.bottomRight()})
            QCOMPARE(grid.indexAt(corner).row(), row);
    }
    QVERIFY(!grid.indexAt({230, 150}).isValid());    // Behind the last above it.
    QVERIFY(!grid.indexAt({10, 200 + 5}).isValid()); // In the heading.
    QCOMPARE(grid.verticalScrollBar()->maximum(), 13 * 100 + strip - 350);
    const auto goes = [&](int from, int key) {
        grid.setCurrentIndex(numbers.index(from));
        grid.press(key);
        return grid.current();
    };
    QCOMPARE(goes(1, Qt::Key_Down), 5);
    QCOMPARE(goes(3, Qt::Key_Down), 5); // The line above the divider is short.
    QCOMPARE(goes(5, Qt::Key_Down), 7);
    QCOMPARE(goes(7, Qt::Key_Up), 5);
    QCOMPARE(goes(9, Qt::Key_Up), 5);
    QCOMPARE(goes(5, Qt::Key_Right), 6);
    QCOMPARE(goes(4, Qt::Key_PageDown), 14);
    QCOMPARE(goes(49, Qt::Key_End), 49);
    QVERIFY(grid.viewport()->rect().contains(grid.visualRect(numbers.index(49))));
    for (const int offset : {0, 130, 199, 200, 205, 230, 777}) { // What is on top stays there.
        grid.verticalScrollBar()->setValue(offset);
        const auto top = grid.anchor();
        grid.verticalScrollBar()->setValue(0);
        grid.scrollTo(top);
        QCOMPARE(grid.verticalScrollBar()->value(), offset);
    }
    grid.verticalScrollBar()->setValue(0);
    const QImage divided = grid.viewport()->grab().toImage();
    grid.divideAt(6, QString());
    QCOMPARE(grid.visualRect(numbers.index(6)), QRect(220, 100, 110, 100));
    QCOMPARE(grid.verticalScrollBar()->maximum(), 13 * 100 - 350);
    QVERIFY(grid.viewport()->grab().toImage() != divided); // The heading was painted: cells are not, here.
    grid.divideAt(50, QStringLiteral("Possibly related")); // Nothing is below: no heading either.
    QCOMPARE(grid.verticalScrollBar()->maximum(), 13 * 100 - 350);
    grid.divideAt(0, QStringLiteral("Possibly related")); // All of it is.
    QCOMPARE(grid.visualRect(numbers.index(0)), QRect(0, strip, 110, 100));
}

void tst_CellGrid::isNothingWithoutItems()
{
    Numbers numbers(0);
    Grid grid(&numbers);
    QVERIFY(!grid.indexAt({5, 5}).isValid());
    grid.press(Qt::Key_Down);
    grid.press(Qt::Key_A, Qt::ControlModifier);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, {5, 5});
    QVERIFY(grid.selected().isEmpty());
    QCOMPARE(grid.current(), -1);
    QCOMPARE(grid.verticalScrollBar()->maximum(), 0);
}

void tst_CellGrid::isReadAloud()
{
    Numbers numbers(12);
    Grid grid(&numbers);
    grid.setAccessibleName(QStringLiteral("Numbers"));
    QAccessibleInterface *view = QAccessible::queryAccessibleInterface(&grid);
    QVERIFY(view != nullptr);
    QCOMPARE(view->childCount(), 12);
    QCOMPARE(view->child(7)->text(QAccessible::Name), QStringLiteral("7"));
    const QRect cell = grid.visualRect(numbers.index(7));
    QCOMPARE(view->child(7)->rect(), QRect(grid.viewport()->mapToGlobal(cell.topLeft()), cell.size()));
}

QTEST_MAIN(tst_CellGrid)
#include "tst_cell_grid.moc"
