// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "library.h"
#include "ui/missing_line.h"

#include <QLabel>
#include <QToolButton>

using namespace yingxun;
using test::Library;
using namespace Qt::StringLiterals;

class tst_MissingLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksBeforeManyPhotosGo_data();
    void asksBeforeManyPhotosGo();
};

void tst_MissingLine::asksBeforeManyPhotosGo_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<int>("left");
    QTest::newRow("removed") << u"removeMissingButton"_s << 1;
    QTest::newRow("kept") << u"keepMissingButton"_s << 31;
}

void tst_MissingLine::asksBeforeManyPhotosGo()
{
    QFETCH(const QString, button);
    QFETCH(const int, left);
    constexpr int kPhotos = 31;
    const Library library;
    for (int i = 0; i < kPhotos; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::blue, i));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue && catalogue->addFolder(library.folder().toStdString()));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    ui::MissingLine line(&indexer);
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QVERIFY(line.isHidden());

    for (int i = 1; i < kPhotos; ++i) // One stays: an empty folder is an absent disk.
        QVERIFY(QFile::remove(library.path(u"%1.png"_s.arg(i))));
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QVERIFY(!line.isHidden());
    QVERIFY(line.findChild<QLabel *>(u"missingText"_s)->text().contains(u"30"_s));

    QSignalSpy finished(&indexer, &services::Indexer::finished);
    line.findChild<QToolButton *>(button)->click();
    QVERIFY(line.isHidden());
    if (left != kPhotos)
        QVERIFY(!finished.isEmpty() || finished.wait());
    QCOMPARE(*catalogue->photoCount(), left);
    QVERIFY(line.isHidden());
}

QTEST_MAIN(tst_MissingLine)
#include "tst_missing_line.moc"
