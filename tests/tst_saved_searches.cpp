// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/services/librarian.h"
#include "library.h"
#include "ui/search_name_dialog.h"
#include "ui/search_panel.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;
using services::Librarian;

class tst_SavedSearches : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areKeptByName();
    void needAFreeNameAndALine();
    void areInTheBackups();
    void areToldAtEachChange();
    void areAskedByKeyAndClick();
    void areKeptUnderTheNameThatIsGiven();
    void takeNoNameThatIsEmptyOrTaken();
    void areRenamedAndRemovedByKey();
    void pointOutTheOneThatIsAsked();

private:
    static db::Catalogue open(const Library &library);
    static QStringList shown(db::Catalogue &catalogue);
    static void inNameDialog(const std::function<void(ui::SearchNameDialog &, QLineEdit &)> &act);
};

namespace {

/// A panel over a library with two searches in it.
struct Shown {
    Shown() : librarian(library.data()), panel(&librarian)
    {
        librarian.addSearch(u"海"_s, u"海边 -人"_s);
        librarian.addSearch(u"旧"_s, u"日期:<2000"_s);
        holder.resize(300, 300);
        panel.setParent(&holder);
        holder.show();
    }
    QListWidget *list() const { return panel.findChild<QListWidget *>(u"searchList"_s); }
    QStringList names() const
    {
        QStringList names;
        for (int i = 0; i < list()->count(); ++i)
            names.append(list()->item(i)->text());
        return names;
    }

    Library library;
    Librarian librarian;
    QWidget holder; // Before its child, which goes first.
    ui::SearchPanel panel;
};

} // namespace

db::Catalogue tst_SavedSearches::open(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue)
        qFatal("%s", catalogue.error().message.c_str());
    return *std::move(catalogue);
}

QStringList tst_SavedSearches::shown(db::Catalogue &catalogue)
{
    QStringList lines;
    const auto searches = catalogue.searches();
    for (const SavedSearch &search : *searches)
        lines.append(QString::fromStdString(search.name + "=" + search.line));
    return lines;
}

void tst_SavedSearches::inNameDialog(const std::function<void(ui::SearchNameDialog &, QLineEdit &)> &act)
{
    QTimer::singleShot(0, qApp, [act] {
        auto *dialog = qobject_cast<ui::SearchNameDialog *>(QApplication::activeModalWidget());
        QVERIFY(dialog != nullptr);
        act(*dialog, *dialog->findChild<QLineEdit *>(u"searchName"_s));
        if (dialog->isVisible()) // It was not accepted.
            dialog->reject();
    });
}

void tst_SavedSearches::areKeptByName()
{
    const Library library;
    SavedSearchId sea;
    {
        auto catalogue = open(library);
        QVERIFY(catalogue.addSearch("b", "label:\"New York\" 'x'"));
        sea = *catalogue.addSearch("\u3000a ", " 海边 -人 ");
        QCOMPARE(shown(catalogue), QStringList({u"a=海边 -人"_s, u"b=label:\"New York\" 'x'"_s}));
        QVERIFY(catalogue.renameSearch(sea, "海 "));
    }
    auto catalogue = open(library);
    QCOMPARE(shown(catalogue), QStringList({u"b=label:\"New York\" 'x'"_s, u"海=海边 -人"_s}));
    QVERIFY(catalogue.renameSearch(sea, "海")); // Its own name is not taken.
    QVERIFY(catalogue.removeSearch(sea));
    QCOMPARE(shown(catalogue).size(), 1);
    QVERIFY(catalogue.addSearch("海", "海边")->value > sea.value); // No id of an earlier one again.
}

void tst_SavedSearches::needAFreeNameAndALine()
{
    const Library library;
    auto catalogue = open(library);
    const SavedSearchId first = *catalogue.addSearch("a", "x");
    const SavedSearchId second = *catalogue.addSearch("b", "x"); // A line may have two names.
    for (const auto &[name, line] : {std::pair("", "y"), {" \u3000", "y"}, {"c", " "}, {" a", "y"}}) {
        const auto added = catalogue.addSearch(name, line);
        QVERIFY(!added);
        QCOMPARE(added.error().code, ErrorCode::InvalidArgument);
    }
    for (const char *name : {"a", " "}) {
        const auto renamed = catalogue.renameSearch(second, name);
        QVERIFY(!renamed);
        QCOMPARE(renamed.error().code, ErrorCode::InvalidArgument);
    }
    QCOMPARE(shown(catalogue), QStringList({u"a=x"_s, u"b=x"_s}));
    QVERIFY(catalogue.removeSearch(first));
    const auto gone = catalogue.renameSearch(first, "c");
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
}

void tst_SavedSearches::areInTheBackups()
{
    const Library library;
    QVERIFY(open(library).addSearch("海", "海边"));
    QVERIFY(*db::backUp(library.data(), "2024-05-01"));
    {
        auto catalogue = open(library);
        QVERIFY(catalogue.removeSearch(catalogue.searches()->front().id));
    }
    const auto copies = db::backupCopies(library.data());
    QVERIFY(db::restoreCopy(library.data(), copies->front().file));
    auto catalogue = open(library);
    QCOMPARE(shown(catalogue), QStringList(u"海=海边"_s));
}

void tst_SavedSearches::areToldAtEachChange()
{
    const Library library;
    Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &Librarian::searchesLoaded);
    QSignalSpy failed(&librarian, &Librarian::failed);
    const auto latest = [&loaded] { return loaded.last().first().value<QList<SavedSearch>>(); };
    librarian.loadSearches();
    QVERIFY(loaded.wait());
    QVERIFY(latest().isEmpty());
    librarian.addSearch(u"海"_s, u"海边"_s);
    QVERIFY(loaded.wait());
    QCOMPARE(latest().size(), 1);
    const SavedSearchId id = latest().first().id;
    librarian.addSearch(u"海"_s, u"山"_s);
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().code, ErrorCode::InvalidArgument);
    librarian.renameSearch(id, u"岸"_s);
    QVERIFY(loaded.wait());
    QCOMPARE(latest().first().name, std::string("岸"));
    librarian.removeSearch(id);
    QVERIFY(loaded.wait());
    QVERIFY(latest().isEmpty());
    QCOMPARE(failed.size(), 1);
}

void tst_SavedSearches::areAskedByKeyAndClick()
{
    Shown shown;
    QVERIFY(shown.panel.isHidden()); // While there are none.
    QTRY_COMPARE(shown.names(), QStringList({u"旧"_s, u"海"_s}));
    QVERIFY(shown.panel.isVisible());
    QCOMPARE(shown.list()->accessibleName(), u"Saved searches"_s);
    QSignalSpy chosen(&shown.panel, &ui::SearchPanel::searchChosen);
    QTest::mouseClick(shown.list()->viewport(), Qt::LeftButton, {},
                      shown.list()->visualItemRect(shown.list()->item(1)).center());
    QTRY_VERIFY(!chosen.isEmpty());
    QCOMPARE(chosen.last().first().toString(), u"海边 -人"_s);
    QTest::keyClick(shown.list(), Qt::Key_Up);
    QTest::keyClick(shown.list(), Qt::Key_Return);
    QCOMPARE(chosen.last().first().toString(), u"日期:<2000"_s);
}

void tst_SavedSearches::areKeptUnderTheNameThatIsGiven()
{
    Shown shown;
    QTRY_COMPARE(shown.names().size(), 2);
    QSignalSpy refused(&shown.panel, &ui::SearchPanel::refused);
    inNameDialog([](ui::SearchNameDialog &dialog, QLineEdit &name) {
        QCOMPARE(name.text(), u"雪 评分:5"_s); // Proposed.
        QTest::keyClick(&dialog, Qt::Key_Return);
    });
    shown.panel.save(u" 雪 评分:5 "_s);
    QTRY_VERIFY(shown.names().contains(u"雪 评分:5"_s));
    QVERIFY(refused.isEmpty());

    inNameDialog([](ui::SearchNameDialog &, QLineEdit &) {}); // Given up.
    shown.panel.save(u"山"_s);
    shown.panel.save(u"  "_s);
    QCOMPARE(refused.size(), 1);
    shown.panel.save(u"海边 -人"_s);
    QCOMPARE(refused.size(), 2);
    QVERIFY(refused.last().first().toString().contains(u"“海”"_s)); // Under which name it is saved.
    QCOMPARE(shown.names().size(), 3);
}

void tst_SavedSearches::takeNoNameThatIsEmptyOrTaken()
{
    Shown shown;
    QTRY_COMPARE(shown.names().size(), 2);
    inNameDialog([](ui::SearchNameDialog &dialog, QLineEdit &name) {
        const auto *reason = dialog.findChild<QLabel *>(u"searchNameReason"_s);
        const auto *accept = dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        QVERIFY(accept->isEnabled() && reason->text().isEmpty());
        name.setText(u" "_s);
        QVERIFY(!accept->isEnabled() && reason->text().contains(u"needs a name"_s));
        name.setText(u" 海 "_s);
        QVERIFY(!accept->isEnabled() && reason->text().contains(u"Another"_s));
        name.setText(u"山"_s);
        QVERIFY(accept->isEnabled());
        dialog.accept();
    });
    shown.panel.save(u"雪山"_s);
    QTRY_VERIFY(shown.names().contains(u"山"_s));
}

void tst_SavedSearches::areRenamedAndRemovedByKey()
{
    Shown shown;
    QTRY_COMPARE(shown.names().size(), 2);
    shown.list()->setFocus();
    shown.list()->setCurrentRow(0);
    inNameDialog([](ui::SearchNameDialog &dialog, QLineEdit &name) {
        QCOMPARE(name.text(), u"旧"_s);
        QVERIFY(dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->isEnabled());
        name.setText(u"古"_s);
        dialog.accept();
    });
    QTest::keyClick(shown.list(), Qt::Key_F2);
    QTRY_COMPARE(shown.names(), QStringList({u"古"_s, u"海"_s}));

    const auto answer = [](QMessageBox::StandardButton button) {
        QTimer::singleShot(0, qApp, [button] {
            auto *question = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
            QVERIFY(question != nullptr && question->text().contains(u"“海”"_s));
            question->button(button)->click();
        });
    };
    const auto isListActive = [&shown] { // Keys are for the widget with the focus; a dialog had it.
        shown.holder.activateWindow();
        return shown.list()->hasFocus();
    };
    QTRY_VERIFY(isListActive());
    shown.list()->setCurrentRow(1);
    answer(QMessageBox::No);
    QTest::keyClick(shown.list(), Qt::Key_Delete);
    QSignalSpy loaded(&shown.librarian, &Librarian::searchesLoaded);
    shown.librarian.loadSearches();
    QVERIFY(loaded.wait());
    QCOMPARE(shown.names().size(), 2);
    QTRY_VERIFY(isListActive());
    shown.list()->setCurrentRow(1);
    answer(QMessageBox::Yes);
    QTest::keyClick(shown.list(), Qt::Key_Delete);
    QTRY_COMPARE(shown.names(), QStringList(u"古"_s));
}

void tst_SavedSearches::pointOutTheOneThatIsAsked()
{
    Shown shown;
    shown.panel.setAsked(u"海边 -人 "_s); // Before they are read.
    QTRY_COMPARE(shown.list()->currentRow(), 1);
    shown.panel.setAsked(u"海边 -"_s);
    QCOMPARE(shown.list()->currentRow(), -1);
    shown.panel.setAsked(u"日期:<2000"_s);
    QCOMPARE(shown.list()->currentRow(), 0);
}

QTEST_MAIN(tst_SavedSearches)
#include "tst_saved_searches.moc"
