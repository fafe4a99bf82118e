// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/query/search_history.h"
#include "core/services/librarian.h"
#include "library.h"
#include "ui/search_field.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QElapsedTimer>
#include <QLineEdit>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;
using query::SearchHistory;
using services::Librarian;

class tst_SearchHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void beginsWithTheNewestAndHoldsEachOnce();
    void keepsTheLastFifty();
    void isForNobodyElseAndInNoBackup();
    void leavesNothingBehind();
    void saysWhenItCannotBeRead();
    void isToldAtEachChange();
    void takesWhatStoodOrWasConfirmed();
    void takesNothingWrongOrBlank();
    void isClearedAsAWhole();
    void comesWithDownInAnEmptyField();

private:
    static QStringList linesOf(const SearchHistory &history);
};

QStringList tst_SearchHistory::linesOf(const SearchHistory &history)
{
    QStringList all;
    const auto lines = history.lines();
    if (!lines)
        qFatal("%s", lines.error().message.c_str());
    for (const std::string &line : *lines)
        all.append(QString::fromStdString(line));
    return all;
}

void tst_SearchHistory::beginsWithTheNewestAndHoldsEachOnce()
{
    const QTemporaryDir directory;
    const SearchHistory history(directory.filePath(u"h"_s).toStdString());
    QVERIFY(linesOf(history).isEmpty());
    for (const char *line : {"海边", "雪 评分:5", "", "  ", "海边", "海边", "two\nlines"})
        QVERIFY(history.note(line));
    QCOMPARE(linesOf(history), QStringList({u"two lines"_s, u"海边"_s, u"雪 评分:5"_s}));
    const SearchHistory another(directory.filePath(u"h"_s).toStdString()); // As a second window has one.
    QVERIFY(another.note("山"));
    QVERIFY(history.note("雪 评分:5"));
    QCOMPARE(linesOf(history), QStringList({u"雪 评分:5"_s, u"山"_s, u"two lines"_s, u"海边"_s}));
}

void tst_SearchHistory::keepsTheLastFifty()
{
    const QTemporaryDir directory;
    const SearchHistory history(directory.filePath(u"h"_s).toStdString());
    for (int i = 0; i < 60; ++i)
        QVERIFY(history.note(std::to_string(i)));
    const QStringList lines = linesOf(history);
    QCOMPARE(lines.size(), 50);
    QCOMPARE(lines.first(), u"59"_s);
    QCOMPARE(lines.last(), u"10"_s);
    QVERIFY(history.note("10"));
    QCOMPARE(linesOf(history).size(), 50);
    QCOMPARE(linesOf(history).last(), u"11"_s);
}

void tst_SearchHistory::isForNobodyElseAndInNoBackup()
{
    namespace fs = std::filesystem;
    const Library library;
    const fs::path file = library.data() / "search-history";
    {
        Librarian librarian(library.data());
        librarian.addLabel(u"狗"_s);
        librarian.noteSearch(u"secret"_s);
        QSignalSpy kept(&librarian, &Librarian::pastedKept);
        librarian.keepPasted(QImage(8, 8, QImage::Format_RGB32));
        QVERIFY(kept.wait());
    }
    QCOMPARE(fs::status(file).permissions(), fs::perms(0600));
    QVERIFY(*db::backUp(library.data(), "2024-05-01"));
    const auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    for (const auto &entry : fs::recursive_directory_iterator(library.data())) {
        QFile one(QFile::decodeName(entry.path().c_str()));
        if (entry.is_regular_file() && entry.path() != file && one.open(QIODevice::ReadOnly))
            QVERIFY2(!one.readAll().contains("secret"), entry.path().c_str());
    }
    // It is known as a part of the library: the directory is closed with it, and it with the directory.
    fs::permissions(file, fs::perms(0644));
    fs::permissions(library.data(), fs::perms(0755));
    QVERIFY(db::Catalogue::open(library.data()));
    QCOMPARE(fs::status(file).permissions(), fs::perms(0600));
    QCOMPARE(fs::status(library.data()).permissions(), fs::perms(0700));
}

void tst_SearchHistory::leavesNothingBehind()
{
    const QTemporaryDir directory;
    const SearchHistory history(directory.filePath(u"h"_s).toStdString());
    QVERIFY(history.clear()); // Where there is none.
    QVERIFY(history.note("海边"));
    QVERIFY(history.clear());
    QVERIFY(linesOf(history).isEmpty());
    QVERIFY(QDir(directory.path()).isEmpty());
}

void tst_SearchHistory::saysWhenItCannotBeRead()
{
    const QTemporaryDir directory;
    const SearchHistory history(directory.path().toStdString());
    for (const ErrorCode code : {history.lines().error().code, history.note("海边").error().code})
        QCOMPARE(code, ErrorCode::Io);
}

void tst_SearchHistory::isToldAtEachChange()
{
    const Library library;
    {
        Librarian librarian(library.data());
        QSignalSpy loaded(&librarian, &Librarian::historyLoaded);
        librarian.noteSearch(u"海边"_s);
        QVERIFY(loaded.wait());
        librarian.noteSearch(u"雪"_s);
        QVERIFY(loaded.wait());
        QCOMPARE(loaded.last().first().toStringList(), QStringList({u"雪"_s, u"海边"_s}));
        librarian.noteSearch(u"山"_s); // The window is closed at once.
    }
    Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &Librarian::historyLoaded);
    librarian.loadHistory();
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.last().first().toStringList(), QStringList({u"山"_s, u"雪"_s, u"海边"_s}));
    librarian.clearHistory();
    QVERIFY(loaded.wait());
    QVERIFY(loaded.last().first().toStringList().isEmpty());
}

void tst_SearchHistory::takesWhatStoodOrWasConfirmed()
{
    ui::SearchField field;
    auto *line = field.findChild<QLineEdit *>(u"searchField"_s);
    QSignalSpy stood(&field, &ui::SearchField::lineStood);
    QElapsedTimer typed;
    QTest::keyClicks(line, u"do"_s);
    typed.start();
    QTest::keyClicks(line, u"g "_s);
    QVERIFY(stood.wait());
    QVERIFY(typed.elapsed() >= ui::SearchField::kStandMs * 9 / 10); // Qt may be 5 % early.
    QCOMPARE(stood.size(), 1);                                      // Not what was typed on the way.
    QCOMPARE(stood.last().first().toString(), u"dog"_s);
    QTest::keyClicks(line, u"s"_s);
    typed.start();
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(stood.size(), 2); // At once.
    QCOMPARE(stood.last().first().toString(), u"dog s"_s);
    QVERIFY(!stood.wait(ui::SearchField::kStandMs + 500)); // And once.
}

void tst_SearchHistory::takesNothingWrongOrBlank()
{
    ui::SearchField field;
    auto *line = field.findChild<QLineEdit *>(u"searchField"_s);
    QSignalSpy stood(&field, &ui::SearchField::lineStood);
    QTest::keyClicks(line, u"  "_s);
    QTest::keyClick(line, Qt::Key_Return);
    line->setText(u"标签:"_s);
    field.setError(query::SyntaxError{});
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(stood.isEmpty());
    field.setError({}); // Such as a label that has been made since.
    QVERIFY(stood.wait());
    QCOMPARE(stood.last().first().toString(), u"标签:"_s);
}

void tst_SearchHistory::isClearedAsAWhole()
{
    // What stands in the field is noted after it has been cleared no more.
    ui::SearchField field;
    QSignalSpy stood(&field, &ui::SearchField::lineStood);
    QTest::keyClicks(field.findChild<QLineEdit *>(u"searchField"_s), u"dog"_s);
    field.leaveOut();
    QVERIFY(!stood.wait(ui::SearchField::kStandMs + 500));

    // Pasted pictures go, but for those of saved searches.
    const Library library;
    Librarian librarian(library.data());
    QSignalSpy kept(&librarian, &Librarian::pastedKept);
    for (const Qt::GlobalColor colour : {Qt::red, Qt::blue}) {
        QImage pixels(8, 8, QImage::Format_RGB32);
        pixels.fill(colour);
        librarian.keepPasted(pixels);
        QVERIFY(kept.wait());
    }
    const QString red = kept.at(0).first().toString();
    const QString blue = kept.at(1).first().toString();
    librarian.addSearch(u"blue"_s, u"image:"_s + blue);
    librarian.clearHistory(u"狗 image:"_s + red); // It is being looked for.
    QSignalSpy after(&librarian, &Librarian::exclusionsLoaded);
    librarian.loadExclusions();
    QVERIFY(after.wait());
    QVERIFY(QFile::exists(red));
    librarian.clearHistory();
    QTRY_VERIFY(!QFile::exists(red));
    librarian.clearHistory();
    QSignalSpy loaded(&librarian, &Librarian::searchesLoaded);
    librarian.loadSearches();
    QVERIFY(loaded.wait());
    QVERIFY(QFile::exists(blue));
}

void tst_SearchHistory::comesWithDownInAnEmptyField()
{
    ui::SearchField field;
    field.show();
    QVERIFY(QTest::qWaitForWindowExposed(&field));
    auto *line = field.findChild<QLineEdit *>(u"searchField"_s);
    auto *offered = field.findChild<QCompleter *>()->popup();
    QTest::keyClick(line, Qt::Key_Down);
    QVERIFY(!offered->isVisible()); // There is none.
    field.setHistory({u"海边 -人"_s, u"label:dog"_s});
    QTest::keyClick(line, Qt::Key_Down);
    QTRY_VERIFY(offered->isVisible());
    QCOMPARE(offered->model()->rowCount(), 2);
    QTest::keyClick(offered, Qt::Key_Down);
    QTest::keyClick(offered, Qt::Key_Return);
    QTRY_COMPARE(line->text(), u"label:dog"_s);
    QVERIFY(!offered->isVisible());
}

QTEST_MAIN(tst_SearchHistory)
#include "tst_search_history.moc"
