// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "tests/support/cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace yingxun;
using namespace Qt::StringLiterals;

/// What people made goes into a file and comes back, by the program itself.
class tst_Export : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comesBackIntoAnEmptyLibrary();
    void keepsWhatThereIs();
    void goesByThePathWhereTheContentIsAnother();
    void namesDamagedLinesAndTakesTheOthers();
    void refusesNamesThatCannotBe_data();
    void refusesNamesThatCannotBe();
    void takesNamesAndFoldersAsTheLibraryKnowsThem();
    void refusesAFileOfAnotherProgram_data();
    void refusesAFileOfAnotherProgram();
    void saysWhenAFileCannotBeWrittenOrRead();

private:
    struct Home {
        QTemporaryDir directory;
        QString data = directory.filePath(u"data"_s);
        QString file = directory.filePath(u"made.jsonl"_s);

        test::Answer cli(const QStringList &arguments) const
        {
            return test::runOn(data, QStringLiteral(YINGXUN_CLI), arguments);
        }
        db::Catalogue open() const { return *db::Catalogue::open(data.toStdString()); }
        QByteArray exported() const { return cli({u"export"_s, u"-"_s}).out; }
        bool write(const QByteArray &text) const
        {
            QFile opened(file);
            return opened.open(QIODevice::WriteOnly) && opened.write(text) == text.size();
        }
    };
    static ContentHash content(int number);
    static void fill(const Home &home);
};

ContentHash tst_Export::content(int number)
{
    ContentHash hash;
    hash.bytes.fill(std::uint8_t(number));
    return hash;
}

/// Three photos, of which one has no mark; names of all kinds.
void tst_Export::fill(const Home &home)
{
    auto catalogue = home.open();
    const auto folder = catalogue.addFolder("/photos/\xD5\xD5");
    QVERIFY(folder && catalogue.addFolder("/other"));
    std::vector<Photo> photos(3);
    const std::array<std::string, 3> names{"a \"b\"\n.jpg", "\xD5.jpg", "c.jpg"};
    for (int i = 0; i < 3; ++i) {
        photos[std::size_t(i)].folder = *folder;
        photos[std::size_t(i)].path = "/photos/\xD5\xD5/" + names[std::size_t(i)];
        photos[std::size_t(i)].hash = content(i + 1);
    }
    QVERIFY(catalogue.putPhotos(photos));
    const auto odd = catalogue.addLabel("say \"海\"\nand \\");
    const auto sea = catalogue.addLabel("sea");
    QVERIFY(odd && sea && catalogue.addLabel("nobody's"));
    QVERIFY(catalogue.assignLabel(*odd, std::array{content(1), content(2)}));
    QVERIFY(catalogue.assignLabel(*sea, std::array{content(1), content(9)})); // The last one is not here now.
    QVERIFY(catalogue.setRatings(std::array{Rating{content(2), 5}, Rating{content(9), 1}}));
    QVERIFY(catalogue.setExclusions(std::vector<std::string>{"*.tmp", "\xD5*"}));
    QVERIFY(catalogue.addSearch("say \"海\"", "海边 -人 date:2023"));
}

void tst_Export::comesBackIntoAnEmptyLibrary()
{
    const Home home;
    fill(home);
    const test::Answer written = home.cli({u"export"_s, home.file});
    QVERIFY2(written.code == 0, written.err.constData());
    const QByteArray before = home.exported();
    QFile file(home.file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), before);
    QCOMPARE(before.count('\n'), 11);
    QVERIFY(before.startsWith("{\"yingxun_export\":1}\n"));

    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(home.data + u"/user.db"_s + suffix);
    QVERIFY(home.exported().count('\n') == 1);
    const test::Answer read = home.cli({u"import"_s, home.file, u"--json"_s});
    QVERIFY2(read.code == 0, read.err.constData());
    QCOMPARE(read.number(u"labels"_s), 4);
    QCOMPARE(read.number(u"stars"_s), 2);
    QCOMPARE(read.number(u"folders"_s), 2);
    QCOMPARE(home.exported(), before);
    QCOMPARE(home.cli({u"import"_s, home.file, u"--json"_s}).number(u"labels"_s), 0); // Again: nothing.
    QCOMPARE(home.exported(), before);
}

void tst_Export::keepsWhatThereIs()
{
    const Home home;
    fill(home);
    QCOMPARE(home.cli({u"export"_s, home.file}).code, 0);
    {
        auto catalogue = home.open();
        const auto label = catalogue.addLabel("later");
        QVERIFY(label && catalogue.assignLabel(*label, std::array{content(1)}));
        QVERIFY(catalogue.setRatings(std::array{Rating{content(2), 3}, Rating{content(3), 4}}));
        QVERIFY(catalogue.setExclusions(std::vector<std::string>{"mine"}));
    }
    QCOMPARE(home.cli({u"import"_s, home.file}).code, 0);
    auto catalogue = home.open();
    QCOMPARE(catalogue.labelsOf(content(1))->size(), 3U);
    QCOMPARE(catalogue.ratings()->at(content(2)), 3);
    QCOMPARE(catalogue.ratings()->at(content(3)), 4);
    QVERIFY(**catalogue.exclusions() == (std::vector<std::string>{"mine", "*.tmp", "\xD5*"}));
}

void tst_Export::goesByThePathWhereTheContentIsAnother()
{
    const Home home;
    fill(home);
    QCOMPARE(home.cli({u"export"_s, home.file}).code, 0);
    const Home other; // Where the second photo was edited.
    {
        auto catalogue = other.open();
        Photo photo;
        photo.folder = *catalogue.addFolder("/photos/\xD5\xD5");
        photo.path = "/photos/\xD5\xD5/\xD5.jpg";
        photo.hash = content(7);
        QVERIFY(catalogue.putPhotos(std::array{photo}));
    }
    QCOMPARE(other.cli({u"import"_s, home.file}).code, 0);
    auto catalogue = other.open();
    QCOMPARE(catalogue.ratings()->at(content(7)), 5);
    QCOMPARE(catalogue.labelsOf(content(7))->size(), 1U);
    QCOMPARE(catalogue.ratings()->count(content(2)), 0U);
    QCOMPARE(catalogue.ratings()->at(content(9)), 1); // For when it comes.
}

void tst_Export::namesDamagedLinesAndTakesTheOthers()
{
    const Home home;
    const QByteArray hex = QByteArray::fromStdString(content(1).hex());
    QVERIFY(home.write("{\"yingxun_export\":1}\n{\"content\":\"" + hex +
                       "\",\"labels\":[\"a\"],\"paths\":[]}\n{\"content\":\"" + hex +
                       "\",\"labels\":[\"b\n{\"dreams\":[]}\n{\"content\":\"" + hex +
                       "\",\"labels\":[\"c\"],\"stars\":6,\"paths\":[]}\n{\"label\":\"d\"}\n\n"));
    const test::Answer answer = home.cli({u"import"_s, home.file});
    QCOMPARE(answer.code, 1);
    for (const char *line : {"Line 3 ", "Line 4 ", "Line 5 ", "Line 7 "})
        QVERIFY2(answer.err.contains(line), answer.err.constData());
    QCOMPARE(answer.err.count("Line "), 4);
    auto catalogue = home.open();
    QCOMPARE(catalogue.labels()->size(), 2U); // a and d.
    QCOMPARE(catalogue.labelsOf(content(1))->size(), 1U);
}

void tst_Export::refusesNamesThatCannotBe_data()
{
    QTest::addColumn<QByteArray>("lines"); // The last one is wrong.
    const QByteArray marked =
        "{\"content\":\"" + QByteArray::fromStdString(content(1).hex()) + "\",\"labels\":";
    QTest::newRow("blank label") << QByteArray("{\"label\":\"sea\"}\n{\"label\":\" \u3000\"}\n");
    QTest::newRow("blank label of a photo")
        << "{\"label\":\"sea\"}\n" + marked + "[\"sea\",\"\"],\"paths\":[]}\n";
    QTest::newRow("doubled search") << QByteArray(
        "{\"search\":\"a\",\"line\":\"one\"}\n{\"search\":\"a\",\"line\":\"two\"}\n");
    QTest::newRow("doubled but for blanks")
        << QByteArray("{\"search\":\"a\",\"line\":\"one\"}\n{\"search\":\" a \",\"line\":\"two\"}\n");
}

void tst_Export::refusesNamesThatCannotBe()
{
    QFETCH(const QByteArray, lines);
    const Home home;
    QVERIFY(home.write("{\"yingxun_export\":1}\n{\"folder\":\"/photos\"}\n" + lines));
    const test::Answer answer = home.cli({u"import"_s, home.file});
    QCOMPARE(answer.code, 1);
    QVERIFY2(answer.err.contains("Line 4 "), answer.err.constData());
    QVERIFY2(answer.err.contains("Nothing was changed"), answer.err.constData());
    QCOMPARE(home.exported().count('\n'), 1);
}

void tst_Export::takesNamesAndFoldersAsTheLibraryKnowsThem()
{
    const Home home;
    {
        auto catalogue = home.open();
        QVERIFY(catalogue.addFolder("/photos") && catalogue.addSearch("sea", "mine"));
    }
    QVERIFY(home.write("{\"yingxun_export\":1}\n{\"folder\":\"/photos/\"}\n{\"folder\":\"/other//\"}\n"
                       "{\"search\":\" sea \",\"line\":\"theirs\"}\n{\"search\":\"b\",\"line\":\"two\"}\n"));
    const test::Answer answer = home.cli({u"import"_s, home.file});
    QVERIFY2(answer.code == 0, answer.err.constData());
    auto catalogue = home.open();
    const auto folders = catalogue.folders();
    QCOMPARE(folders->size(), 2U);
    QCOMPARE(folders->front().path, "/other");
    QCOMPARE(folders->back().path, "/photos");
    QCOMPARE(catalogue.searches()->size(), 2U);
    QCOMPARE(catalogue.searches()->back().line, "mine"); // What there is stays.
}

void tst_Export::refusesAFileOfAnotherProgram_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing JSON") << QByteArray("label,photo\nsea,a.jpg\n");
    QTest::newRow("other JSON") << QByteArray("{\"label\":\"sea\"}\n");
    QTest::newRow("newer") << QByteArray("{\"yingxun_export\":2}\n{\"label\":\"sea\"}\n");
    QTest::newRow("empty") << QByteArray();
}

void tst_Export::refusesAFileOfAnotherProgram()
{
    QFETCH(const QByteArray, text);
    const Home home;
    QVERIFY(home.write(text));
    const test::Answer answer = home.cli({u"import"_s, home.file});
    QCOMPARE(answer.code, 1);
    QVERIFY2(answer.err.contains("Nothing was changed"), answer.err.constData());
    QVERIFY(home.open().labels()->empty());
}

void tst_Export::saysWhenAFileCannotBeWrittenOrRead()
{
    const Home home;
    fill(home);
    QCOMPARE(home.cli({u"export"_s, home.directory.filePath(u"nowhere/made.jsonl"_s)}).code, 1);
    QCOMPARE(home.cli({u"export"_s}).code, 2);
    QCOMPARE(home.cli({u"import"_s, home.directory.filePath(u"nothing"_s)}).code, 1);
}

QTEST_MAIN(tst_Export)
#include "tst_export.moc"
