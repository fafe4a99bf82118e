// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/ingest/exclusions.h"
#include "core/ingest/removal_brake.h"
#include "library.h"

#include <QFile>

#include <array>

using namespace yingxun;
using test::Library;
using namespace std::chrono_literals;

class tst_RemovalBrake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void letsFewGo_data();
    void letsFewGo();
    void countsSmallStepsTogether();
    void keepsManyUntilSomebodyDecides();
    void forgetsThemWhenTheyCameBack();
    void asksNothingOfWhatWasMovedOrExcluded();

private:
    static constexpr int kPhotos = 60;
    static constexpr int kMany = 21; // One more than may go of so few.

    /// Indexed: "some" holds kMany of them, "others" the rest.
    static bool fill(const Library &library, services::Indexer &indexer);
    static int listed(const Library &library);
    static bool remove(const Library &library, int count);
};

bool tst_RemovalBrake::fill(const Library &library, services::Indexer &indexer)
{
    for (int i = 0; i < kPhotos; ++i) {
        const QString directory = i < kMany ? QStringLiteral("some") : QStringLiteral("others");
        if (!library.paint(QStringLiteral("%1/%2.png").arg(directory).arg(i), Qt::darkGreen, i))
            return false;
    }
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue || !catalogue->addFolder(library.folder().toStdString()))
        return false;
    const auto done = Library::finish(indexer, [&] { indexer.start(); });
    return done && done->embedded == kPhotos && listed(library) == kPhotos;
}

int tst_RemovalBrake::listed(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    const auto count = catalogue ? catalogue->photoCount() : catalogue.propagate();
    return count ? int(*count) : -1;
}

bool tst_RemovalBrake::remove(const Library &library, int count)
{
    for (int i = 0; i < count; ++i) {
        if (!QFile::remove(library.path(QStringLiteral("some/%1.png").arg(i))))
            return false;
    }
    return true;
}

void tst_RemovalBrake::letsFewGo_data()
{
    QTest::addColumn<qint64>("photos");
    QTest::addColumn<qint64>("most");
    QTest::newRow("a few in any case") << qint64(10) << qint64(20);
    QTest::newRow("one in twenty") << qint64(10'000) << qint64(500);
    QTest::newRow("a thousand at most") << qint64(1'000'000) << qint64(1000);
}

void tst_RemovalBrake::letsFewGo()
{
    QFETCH(const qint64, photos);
    QFETCH(const qint64, most);
    QVERIFY(ingest::RemovalBrake().lets(most, photos));
    QVERIFY(!ingest::RemovalBrake().lets(most + 1, photos));
}

void tst_RemovalBrake::countsSmallStepsTogether()
{
    ingest::RemovalBrake brake;
    const auto now = ingest::RemovalBrake::Clock::now();
    QVERIFY(brake.lets(600, 100'000, now));
    QVERIFY(!brake.lets(600, 99'400, now + 1min));
    QVERIFY(brake.lets(400, 99'400, now + 2min));
    QVERIFY(brake.lets(600, 99'000, now + 11min));
}

void tst_RemovalBrake::keepsManyUntilSomebodyDecides()
{
    const Library library;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QSignalSpy missing(&indexer, &services::Indexer::missingChanged);
    QVERIFY(fill(library, indexer));
    QVERIFY(missing.isEmpty());
    QVERIFY(remove(library, kMany));
    const auto told =
        Library::finish(indexer, [&] { indexer.update({library.path(QStringLiteral("some"))}); });
    QVERIFY(told);
    QCOMPARE(told->missing, kMany);
    QCOMPARE(missing.size(), 1);
    QCOMPARE(missing.last().first().toLongLong(), qint64(kMany));
    QCOMPARE(listed(library), kPhotos);

    // A run over a part where nothing is missing takes nothing back.
    QVERIFY(Library::finish(indexer, [&] { indexer.update({library.path(QStringLiteral("others"))}); }));
    QCOMPARE(missing.size(), 1);

    // More than was confirmed has gone meanwhile.
    QVERIFY(QFile::remove(library.path(QStringLiteral("others/%1.png").arg(kPhotos - 1))));
    QVERIFY(Library::finish(indexer, [&] { indexer.removeMissing(); }));
    QCOMPARE(listed(library), kPhotos);
    QCOMPARE(missing.last().first().toLongLong(), qint64(kMany + 1));

    QVERIFY(Library::finish(indexer, [&] { indexer.removeMissing(); }));
    QCOMPARE(listed(library), kPhotos - kMany - 1);
    QCOMPARE(missing.last().first().toLongLong(), qint64(0));
}

void tst_RemovalBrake::forgetsThemWhenTheyCameBack()
{
    const Library library;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QSignalSpy missing(&indexer, &services::Indexer::missingChanged);
    QVERIFY(fill(library, indexer));
    QVERIFY(QDir().rename(library.path(QStringLiteral("some")), library.path(QStringLiteral("../away"))));
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(missing.size(), 1);
    QVERIFY(QDir().rename(library.path(QStringLiteral("../away")), library.path(QStringLiteral("some"))));
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(missing.last().first().toLongLong(), qint64(0));
    QCOMPARE(listed(library), kPhotos);
}

void tst_RemovalBrake::asksNothingOfWhatWasMovedOrExcluded()
{
    const Library library;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QSignalSpy missing(&indexer, &services::Indexer::missingChanged);
    QVERIFY(fill(library, indexer));
    QVERIFY(QDir().rename(library.path(QStringLiteral("some")), library.path(QStringLiteral("same"))));
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(listed(library), kPhotos);
    {
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(catalogue && ingest::storeExclusions(*catalogue, {"same"}));
    }
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(listed(library), kPhotos - kMany);
    QVERIFY(missing.isEmpty());
}

QTEST_GUILESS_MAIN(tst_RemovalBrake)
#include "tst_removal_brake.moc"
