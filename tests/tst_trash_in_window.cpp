// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "own_trash.h"
#include "program.h"
#include "ui/label_list.h"
#include "ui/photo_list_model.h"
#include "ui/photo_viewer.h"
#include "ui/trash_question.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

/// How a person moves photos to the trash, and changes his mind.
class tst_TrashInWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksAndTakesBack();
    void leavesTheSearchFieldItsKey();
    void goesOnInTheLargeView();
    void saysWhatStaysAndWhy();

private:
    static bool isActive(Program &program);
    static void press(Program &program, const QKeySequence &keys);
    static QString press(Program &program, const std::function<void(ui::TrashQuestion *)> &answer);
};

/// A dialog was, perhaps.
bool tst_TrashInWindow::isActive(Program &program)
{
    program.window.activateWindow();
    return QTest::qWaitForWindowActive(&program.window);
}

void tst_TrashInWindow::press(Program &program, const QKeySequence &keys)
{
    if (isActive(program))
        QTest::keySequence(&program.window, keys);
}

/// Presses Delete where the focus is, and answers what is asked. @return the question; empty: none.
QString tst_TrashInWindow::press(Program &program, const std::function<void(ui::TrashQuestion *)> &answer)
{
    QString asked;
    if (!isActive(program))
        return u"the window is not active"_s;
    QTimer::singleShot(0, &program.window, [&] {
        if (auto *question = program.window.findChild<ui::TrashQuestion *>()) {
            asked = question->text() + u'\n' + question->informativeText();
            answer(question);
        }
    });
    QTest::keyClick(program.window.focusWidget(), Qt::Key_Delete);
    QCoreApplication::processEvents();
    return asked;
}

void tst_TrashInWindow::asksAndTakesBack()
{
    const OwnTrash own;
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red, 1) && library.paint(u"a.dng"_s, Qt::red, 2));
    QVERIFY(library.paint(u"b.png"_s, Qt::blue) && library.paint(u"c.png"_s, Qt::green));
    Program program(library);
    program.librarian.addFolder(library.folder());
    QTRY_COMPARE(program.rows(), 3);
    program.grid()->setFocus();
    program.grid()->selectAll();

    const QString asked = press(program, [](ui::TrashQuestion *question) {
        QTest::keyClick(question, Qt::Key_Return); // Out of habit.
    });
    QVERIFY2(asked.contains(u"Move 3 photo"_s) && asked.contains(u"1 file"_s), qPrintable(asked));
    press(program, [](ui::TrashQuestion *question) { QTest::keyClick(question, Qt::Key_Escape); });
    QTest::qWait(100);
    QCOMPARE(program.rows(), 3);
    QVERIFY(own.files().isEmpty());

    press(program, u"Ctrl+4"_s);
    {
        auto catalogue = db::Catalogue::open(library.data());
        const auto contents = catalogue->contents();
        QVERIFY(catalogue->assignLabel(*catalogue->addLabel("all"), *contents));
    }
    program.librarian.loadLabels();
    const auto labelled = [&program] {
        const auto *labels = program.window.findChild<ui::LabelList *>();
        return labels->count() == 1 ? labels->item(0)->text() : QString();
    };
    QTRY_COMPARE(labelled(), u"all  (3)"_s);
    const auto sure = [](ui::TrashQuestion *question) {
        question->findChild<QPushButton *>(u"moveToTrashButton"_s)->click();
    };
    press(program, sure);
    QTRY_COMPARE(program.rows(), 0);
    QCOMPARE(own.files().size(), 4);
    QTRY_COMPARE(labelled(), u"all  (0)"_s);
    press(program, QKeySequence::Undo);
    QTRY_COMPARE(program.rows(), 3);
    QTRY_COMPARE(labelled(), u"all  (3)"_s);
    QVERIFY(own.files().isEmpty());
    for (int row = 0; row < 3; ++row)
        QTRY_COMPARE(program.grid()->model()->index(row, 0).data(ui::PhotoListModel::StarsRole).toInt(), 4);
    press(program, QKeySequence::Redo);
    QTRY_COMPARE(program.rows(), 0);
    QCOMPARE(own.files().size(), 4);
    press(program, QKeySequence::Undo);
    QTRY_COMPARE(program.rows(), 3);
    press(program, QKeySequence::Undo); // The stars, of what came back.
    QTRY_COMPARE(program.grid()->model()->index(0, 0).data(ui::PhotoListModel::StarsRole).toInt(), 0);
}

void tst_TrashInWindow::leavesTheSearchFieldItsKey()
{
    const OwnTrash own;
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    Program program(library);
    program.librarian.addFolder(library.folder());
    QTRY_COMPARE(program.rows(), 1);
    program.grid()->selectAll();
    for (QWidget *other : program.window.findChildren<QWidget *>()) {
        if (other->focusPolicy() == Qt::NoFocus || !other->isVisible() || other == program.grid() ||
            program.grid()->isAncestorOf(other))
            continue;
        other->setFocus();
        if (program.window.focusWidget() == other)
            QCOMPARE(press(program, [](ui::TrashQuestion *question) { question->reject(); }), QString());
    }
    program.grid()->setFocus();
    QVERIFY(!press(program, [](ui::TrashQuestion *question) { question->reject(); }).isEmpty());
}

void tst_TrashInWindow::goesOnInTheLargeView()
{
    const OwnTrash own;
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red) && library.paint(u"b.png"_s, Qt::blue));
    Program program(library);
    program.librarian.addFolder(library.folder());
    QTRY_COMPARE(program.rows(), 2);
    Q_EMIT program.grid()->opened(0);
    auto *viewer = program.window.findChild<ui::PhotoViewer *>(u"photoViewer"_s);
    const QString other = program.name(1);
    const auto sure = [](ui::TrashQuestion *question) {
        question->findChild<QPushButton *>(u"moveToTrashButton"_s)->click();
    };
    QVERIFY(press(program, sure).contains(u"Move 1 photo"_s));
    QTRY_COMPARE(program.rows(), 1);
    QCOMPARE(program.name(0), other);
    QVERIFY(viewer->isVisible() && viewer->isListed());
    QVERIFY(viewer->photo().path.ends_with(other.toStdString()));
    press(program, sure);
    QTRY_COMPARE(program.rows(), 0);
    QVERIFY(!viewer->isVisible());
}

void tst_TrashInWindow::saysWhatStaysAndWhy()
{
    const OwnTrash own;
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red) && library.paint(u"b.png"_s, Qt::blue));
    QFile file(own.path());
    QVERIFY(file.open(QIODevice::WriteOnly)); // No directory: it takes nothing.
    Program program(library);
    program.librarian.addFolder(library.folder());
    QTRY_COMPARE(program.rows(), 2);
    program.grid()->setFocus();
    program.grid()->selectAll();
    press(program, [](ui::TrashQuestion *question) {
        question->findChild<QPushButton *>(u"moveToTrashButton"_s)->click();
    });
    const auto said = [&] {
        QString all;
        for (const QLabel *label : program.window.findChildren<QLabel *>())
            all += label->text() + u'\n';
        return all;
    };
    QTRY_VERIFY(said().contains(u".png was not moved to the trash: "_s));
    QVERIFY2(said().contains(u"for 1 more file"_s), qPrintable(said()));
    QVERIFY(said().contains(library.folder()));
    QCOMPARE(program.rows(), 2);
}

QTEST_MAIN(tst_TrashInWindow)
#include "tst_trash_in_window.moc"
