// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/services/health_monitor.h"
#include "core/services/librarian.h"
#include "library.h"
#include "write_protected.h"

#include <sys/stat.h>
#include <unistd.h>

using namespace yingxun;
using namespace Qt::StringLiterals;
using services::LibraryHealth;
using services::PollingReason;
using test::Library;
using Light = LibraryHealth::Light;
using State = LibraryHealth::State;

/// What is said of how current the library is.
class tst_LibraryHealth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isAsBadAsItsWorstFolder();
    void saysWhoseFaultItIs();
    void isUnreadableOnlyWhereSomethingCannotBeLookedInto();
    void isNotCurrentWhileIndexingCannotGoOn();
    void followsWatchingAndIndexing();
    void isNotCurrentAfterACancelledRun();
    void seesThatADirectoryCannotBeListed();
};

namespace {

Problem unseen(const std::string &path)
{
    Problem problem;
    problem.path = path;
    problem.folder = {1};
    return problem;
}

/// Root may list everything.
void giveToNobody(const QString &top)
{
    if (::geteuid() != 0)
        return;
    ::chown(top.toUtf8(), test::NotRoot::kNobody, test::NotRoot::kNobody);
    for (QDirIterator at(top, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
         at.hasNext();)
        ::chown(at.next().toUtf8(), test::NotRoot::kNobody, test::NotRoot::kNobody);
}

/// Two folders, all well.
services::HealthFacts wellFacts()
{
    services::HealthFacts facts;
    facts.folders = {{{1}, "/a"}, {{2}, "/b"}};
    facts.watched = {u"/a"_s, u"/b"_s};
    facts.looked = facts.watched;
    return facts;
}

} // namespace

void tst_LibraryHealth::isAsBadAsItsWorstFolder()
{
    services::HealthFacts facts = wellFacts();
    QCOMPARE(healthOf(facts).state, State::Live);
    QCOMPARE(healthOf(facts).light(), Light::Green);

    facts.watched.remove(u"/b"_s);
    facts.polled.insert(u"/b"_s, PollingReason::WatchLimit);
    QCOMPARE(healthOf(facts).state, State::Polled);
    facts.away.insert({1});
    QCOMPARE(healthOf(facts).state, State::Away);
    facts.looked.remove(u"/b"_s);
    QCOMPARE(healthOf(facts).state, State::NotLookedThrough);
    QCOMPARE(healthOf(facts).light(), Light::Yellow);
    facts.problems = {unseen("/b/sub")};
    facts.problems.first().folder = {2};
    QCOMPARE(healthOf(facts).state, State::Unreadable);
    QCOMPARE(healthOf(facts).light(), Light::Red);
}

void tst_LibraryHealth::saysWhoseFaultItIs()
{
    services::HealthFacts facts = wellFacts();
    facts.watched.remove(u"/b"_s);
    facts.polled.insert(u"/b"_s, PollingReason::InstanceLimit);
    const LibraryHealth health = healthOf(facts);
    QVERIFY(health.worst() != nullptr);
    QCOMPARE(health.worst()->folder.id, FolderId{2});
    QCOMPARE(health.worst()->reason, PollingReason::InstanceLimit);
    QCOMPARE(health.folders.first().state, State::Live);
    facts.isPaused = true;
    QVERIFY(healthOf(facts).worst() == nullptr); // No folder's.
}

void tst_LibraryHealth::isUnreadableOnlyWhereSomethingCannotBeLookedInto()
{
    services::HealthFacts facts = wellFacts();
    Problem damaged = unseen("/a/damaged.jpg");
    damaged.sizeBytes = 7; // A file that was opened.
    facts.problems = {damaged};
    QCOMPARE(healthOf(facts).light(), Light::Green);
    facts.problems.append(unseen("/a/locked"));
    QCOMPARE(healthOf(facts).light(), Light::Red);
    QCOMPARE(healthOf(facts).unseen.size(), 1);
    facts.away.insert({1}); // Then that is what there is to say.
    QCOMPARE(healthOf(facts).state, State::Away);
    QVERIFY(healthOf(facts).unseen.isEmpty());
}

void tst_LibraryHealth::isNotCurrentWhileIndexingCannotGoOn()
{
    services::HealthFacts facts = wellFacts();
    facts.isPaused = true;
    QCOMPARE(healthOf(facts).state, State::Paused);
    facts.access = ingest::LibraryAccess::OtherWrites;
    QCOMPARE(healthOf(facts).state, State::OtherWrites);
    facts.access = ingest::LibraryAccess::WriteProtected;
    QCOMPARE(healthOf(facts).state, State::WriteProtected);
    QCOMPARE(healthOf(facts).light(), Light::Yellow);
}

void tst_LibraryHealth::followsWatchingAndIndexing()
{
    const Library library;
    QVERIFY(library.paint(u"red.png"_s, Qt::red));
    services::Librarian librarian(library.data());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::FolderWatcher watcher; // Of nothing: the test says what it would say.
    const services::HealthMonitor monitor(&librarian, &indexer, &watcher);
    librarian.addFolder(library.folder());
    QTRY_COMPARE(monitor.health().folders.size(), 1);
    QCOMPARE(monitor.health().state, State::NotLookedThrough);
    Q_EMIT watcher.watched(library.folder());
    QCOMPARE(monitor.health().state, State::NotLookedThrough);
    QVERIFY(Library::finish(indexer, [&] { indexer.update({library.path(u"red.png"_s)}); }));
    QCOMPARE(monitor.health().state, State::NotLookedThrough); // One photo is not the folder.
    QVERIFY(Library::finish(indexer, [&] { indexer.update({library.folder()}); }));
    QCOMPARE(monitor.health().state, State::Live);

    Q_EMIT watcher.degraded(library.folder(), PollingReason::WatchLimit);
    QCOMPARE(monitor.health().state, State::Polled);
    Q_EMIT watcher.watched(library.folder());
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(monitor.health().state, State::Live);

    // A disk that goes, and comes back.
    const FolderId folder = monitor.health().folders.first().folder.id;
    Q_EMIT librarian.foldersAway({folder});
    QCOMPARE(monitor.health().state, State::Away);
    Q_EMIT librarian.foldersAway({});
    QCOMPARE(monitor.health().state, State::NotLookedThrough);
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(monitor.health().state, State::Live);
}

void tst_LibraryHealth::isNotCurrentAfterACancelledRun()
{
    const Library library;
    QVERIFY(library.paint(u"red.png"_s, Qt::red));
    services::Librarian librarian(library.data());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::FolderWatcher watcher;
    const services::HealthMonitor monitor(&librarian, &indexer, &watcher);
    librarian.addFolder(library.folder());
    QTRY_COMPARE(monitor.health().folders.size(), 1);
    Q_EMIT watcher.watched(library.folder());
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(monitor.health().state, State::Live);

    QVERIFY(library.paint(u"blue.png"_s, Qt::blue));
    indexer.pause();
    QVERIFY(Library::finish(indexer, [&] {
        indexer.update({library.path(u"blue.png"_s)});
        QCOMPARE(monitor.health().state, State::Paused);
        indexer.cancel();
    }));
    QCOMPARE(monitor.health().state, State::NotLookedThrough);
}

void tst_LibraryHealth::seesThatADirectoryCannotBeListed()
{
    const Library library;
    QVERIFY(library.paint(u"red.png"_s, Qt::red));
    QFile damaged(library.path(u"damaged.jpg"_s));
    QVERIFY(damaged.open(QIODevice::WriteOnly) && damaged.write("no JPEG, though it says so") > 0);
    damaged.close();
    QVERIFY(Library::age(damaged.fileName()) && QDir().mkpath(library.path(u"locked"_s)));
    giveToNobody(QDir::cleanPath(library.path(u".."_s)));
    const test::NotRoot notRoot;
    services::Librarian librarian(library.data());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::FolderWatcher watcher;
    const services::HealthMonitor monitor(&librarian, &indexer, &watcher);
    librarian.addFolder(library.folder());
    QTRY_COMPARE(monitor.health().folders.size(), 1);
    Q_EMIT watcher.watched(library.folder());
    const auto look = [&] {
        QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
        QSignalSpy loaded(&librarian, &services::Librarian::problemsLoaded);
        librarian.loadProblems();
        QVERIFY(loaded.wait());
        QVERIFY(!loaded.first().first().value<QList<Problem>>().isEmpty()); // The damaged file.
    };
    const std::string locked = library.path(u"locked"_s).toStdString();
    QCOMPARE(::chmod(locked.c_str(), 0), 0);
    look();
    QCOMPARE(monitor.health().state, State::Unreadable);
    QCOMPARE(monitor.health().unseen.size(), 1);
    QCOMPARE(monitor.health().unseen.first().path, locked);
    QCOMPARE(::chmod(locked.c_str(), 0700), 0);
    look();
    QCOMPARE(monitor.health().state, State::Live);
}

QTEST_GUILESS_MAIN(tst_LibraryHealth)
#include "tst_library_health.moc"
