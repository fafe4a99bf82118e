// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/content_hasher.h"
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/image/decode.h"
#include "core/ingest/exclusions.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/index_stages.h"
#include "core/services/indexer.h"
#include "core/vectors/model_with_embeddings.h"
#include "library.h"
#include "write_protected.h"

#include <QDirIterator>
#include <QFile>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

/// The next so many allocations of a tower's square (16 x 16 x 3 bytes) on other threads are refused.
std::atomic<int> g_refusedSquares = 0;
const std::thread::id g_mainThread = std::this_thread::get_id();
constexpr std::size_t kSquareBytes = std::size_t{FakeEncoder::kSide} * FakeEncoder::kSide * 3;

} // namespace

void *operator new(std::size_t size)
{
    if (size == kSquareBytes && g_refusedSquares > 0 && std::this_thread::get_id() != g_mainThread &&
        g_refusedSquares.fetch_sub(1) > 0)
        throw std::bad_alloc();
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

void operator delete(void *memory) noexcept
{
    std::free(memory);
}

void operator delete(void *memory, std::size_t /*size*/) noexcept
{
    std::free(memory);
}

class tst_Indexer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void makesThumbnailsAgainThatWereLost();
    void sizesBatchesByTime();
    void embedsAFewAtATimeWhereTheModelIsSlow();
    void indexesAndThenOpensNothing();
    void followsChangesOnDisk();
    void keepsTheIdOfAMovedPhoto();
    void keepsLabelsOfAFileEditedOutside_data();
    void keepsLabelsOfAFileEditedOutside();
    void listsBrokenFilesAndGoesOn();
    void neverPurgesAnAbsentFolder();
    void keepsPhotosOfADirectoryThatCannotBeListed();
    void keepsPhotosOfAnAbsentVolume();
    void keepsPhotosBehindALinkToAnotherVolume();
    void forgetsNothingOfAFolderAddedMeanwhile();
    void forgetsNoPhotoOfAFolderInsideARemovedOne();
    void leavesNothingOfAFolderRemovedMeanwhile();
    void resumesWhereItStopped();
    void pausesAndResumes();
    void halvesBatchesWhenMemoryRunsOut();
    void embedsCopiesOnce();
    void indexesPicturesWhateverTheirNames();
    void listsAPictureThatCannotBeEmbedded_data();
    void listsAPictureThatCannotBeEmbedded();
    void listsNoPhotosWhenTheDeviceIsGone();
    void goesOnWhenMemoryIsShortForOnePhoto();
    void measuresPhotos();
    void measuresWhatAnEarlierVersionIndexed();
    void forgetsWhatBecameExcludedAndKeepsItsLabels();
    void keepsAFolderThatWasAddedInsideAnExcludedOne();
    void opensAFileOnceItMayBeRead();
    void refusesToIndexWhatCannotBeWritten();
    void tellsWhenAProblemIsSettled();
    void triesAgainWhatAnotherModelMayEmbed();
    void keepsEverythingFromOtherUsers();

private:
    static std::vector<Photo> photos(const Library &library);
    static void addFolder(const Library &library);
    static services::IndexProgress indexed(services::Indexer &indexer);
};

std::vector<Photo> tst_Indexer::photos(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    return catalogue ? *catalogue->photos() : std::vector<Photo>();
}

void tst_Indexer::addFolder(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    QVERIFY(catalogue->addFolder(library.folder().toStdString()));
}

services::IndexProgress tst_Indexer::indexed(services::Indexer &indexer)
{
    return Library::finish(indexer, [&] { indexer.start(); }).value_or(services::IndexProgress{});
}

void tst_Indexer::indexesAndThenOpensNothing()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 40; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    const auto first = indexed(indexer);
    QCOMPARE(first.found, 40);
    QCOMPARE(first.embedded, 40);
    QCOMPARE(library.encoder->pictures.load(), 40);
    QVERIFY(library.encoder->imageCalls < 40); // In batches.
    QCOMPARE(library.store->count(), 40);

    const auto second = indexed(indexer);
    QCOMPARE(second.unchanged, 40);
    QCOMPARE(second.embedded, 0);
    QCOMPARE(library.encoder->pictures.load(), 40);
}

void tst_Indexer::followsChangesOnDisk()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 3; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);

    QVERIFY(QFile::remove(library.path(u"0.png"_s)));
    QVERIFY(library.paint(u"new/4.png"_s, Qt::blue));
    QVERIFY(library.paint(u"1.png"_s, Qt::green));
    QFile changed(library.path(u"1.png"_s)); // Same second: the time alone must not decide, so it is set.
    QVERIFY(changed.open(QIODevice::ReadWrite));
    QVERIFY(changed.setFileTime(QDateTime::currentDateTime().addSecs(60), QFileDevice::FileModificationTime));
    changed.close();
    const auto done = Library::finish(indexer, [&] {
        indexer.update({library.path(u"0.png"_s), library.path(u"1.png"_s), library.path(u"new"_s)});
    });
    QVERIFY(done);
    QCOMPARE(done->embedded, 2);
    QStringList names;
    for (const Photo &photo : photos(library))
        names.append(QString::fromStdString(photo.path).mid(library.folder().size() + 1));
    names.sort();
    QCOMPARE(names, QStringList({u"1.png"_s, u"2.png"_s, u"new/4.png"_s}));
}

void tst_Indexer::keepsTheIdOfAMovedPhoto()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"other.png"_s, Qt::blue));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    QHash<QString, qint64> before;
    for (const Photo &photo : photos(library))
        before.insert(QString::fromStdString(photo.path), photo.id.value);

    QDir().mkpath(library.path(u"moved"_s));
    QVERIFY(QFile::rename(library.path(u"a.png"_s), library.path(u"moved/b.png"_s)));
    const auto done = indexed(indexer);
    QCOMPARE(done.embedded, 0);
    QHash<QString, qint64> after;
    for (const Photo &photo : photos(library))
        after.insert(QString::fromStdString(photo.path), photo.id.value);
    QCOMPARE(after.size(), 2);
    QCOMPARE(after.value(library.path(u"moved/b.png"_s)), before.value(library.path(u"a.png"_s)));
    QCOMPARE(after.value(library.path(u"other.png"_s)), before.value(library.path(u"other.png"_s)));
}

void tst_Indexer::keepsLabelsOfAFileEditedOutside_data()
{
    QTest::addColumn<bool>("byRename"); // As most editors save.
    QTest::addColumn<bool>("goneBetween");
    QTest::newRow("written in place") << false << false;
    QTest::newRow("a temporary file renamed over it") << true << false;
    QTest::newRow("removed, seen so, and written anew") << false << true;
}

void tst_Indexer::keepsLabelsOfAFileEditedOutside()
{
    QFETCH(bool, byRename);
    QFETCH(bool, goneBetween);
    Library library;
    addFolder(library);
    const QString path = library.path(u"a.png"_s);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"other.png"_s, Qt::blue)); // An emptied folder would count as unplugged.
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    auto catalogue = db::Catalogue::open(library.data());
    const ContentHash before = catalogue->photoAt(path.toStdString())->value().hash;
    const LabelId label = *catalogue->addLabel("好");
    QVERIFY(catalogue->assignLabel(label, std::array{before}));
    QVERIFY(catalogue->setRatings(std::array{Rating{before, 3}}));

    if (goneBetween) {
        QVERIFY(QFile::remove(path));
        QVERIFY(Library::finish(indexer, [&] { indexer.update({path}); }));
        QVERIFY(!catalogue->photoAt(path.toStdString())->has_value());
    }
    if (byRename) {
        QVERIFY(library.paint(u".saving.png"_s, Qt::green));
        std::filesystem::rename(library.path(u".saving.png"_s).toStdString(), path.toStdString());
    } else {
        QVERIFY(library.paint(u"a.png"_s, Qt::green));
    }
    QVERIFY(Library::finish(indexer, [&] { indexer.update({path}); }));
    const ContentHash after = catalogue->photoAt(path.toStdString())->value().hash;
    QVERIFY(after != before);
    QCOMPARE(catalogue->labelsOf(after)->size(), std::size_t{1});
    QCOMPARE(catalogue->ratings()->at(after), 3);
}

void tst_Indexer::listsBrokenFilesAndGoesOn()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"good.png"_s, Qt::red));
    for (const auto &[name, bytes] :
         {std::pair(u"empty.jpg"_s, QByteArray()), std::pair(u"text.png"_s, QByteArray("no picture"))}) {
        QFile file(library.path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QVERIFY(Library::age(file.fileName()));
    }
    services::Indexer indexer(library.data(), library.encoder, library.store);
    const auto first = indexed(indexer);
    QCOMPARE(first.embedded, 1);
    QCOMPARE(first.failed, 2);
    {
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(catalogue);
        const auto problems = catalogue->problems();
        QVERIFY(problems);
        QCOMPARE(problems->size(), std::size_t{2});
        for (const Problem &problem : *problems)
            QVERIFY(!problem.message.empty());
    }
    QCOMPARE(indexed(indexer).failed, 0); // Not tried again while unchanged.

    QVERIFY(library.paint(u"text.png"_s, Qt::green)); // Mended.
    indexed(indexer);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    QCOMPARE(catalogue->problems()->size(), std::size_t{1});
    QCOMPARE(catalogue->photos()->size(), std::size_t{2});
}

void tst_Indexer::neverPurgesAnAbsentFolder()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    const QString away = library.folder() + u"-away"_s;
    QVERIFY(QDir().rename(library.folder(), away));
    indexed(indexer);
    QCOMPARE(photos(library).size(), std::size_t{1}); // The root is gone: a disk was unplugged.
    const QString folder = away.chopped(5);
    QVERIFY(QDir().mkpath(folder));
    indexed(indexer);
    QCOMPARE(photos(library).size(), std::size_t{1}); // Empty: only the mount point is there.
    QVERIFY(QDir().rmdir(folder));
    QVERIFY(QDir().rename(away, folder));
    QCOMPARE(indexed(indexer).unchanged, 1);
}

void tst_Indexer::keepsPhotosOfADirectoryThatCannotBeListed()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"link/b.png"_s, Qt::green));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    const QString away = library.folder() + u"-away"_s;
    QVERIFY(QDir().rename(library.path(u"link"_s), away));
    // A loop of links cannot be listed by anybody; permissions would not bind root.
    QVERIFY(QFile::link(library.path(u"link"_s), library.path(u"link"_s)));
    QVERIFY(QFile::remove(library.path(u"a.png"_s)));
    const auto problems = [&library] { return *db::Catalogue::open(library.data())->problems(); };
    for (const QString &changed : {QString(), u"link"_s}) {
        const auto begin = [&] {
            changed.isEmpty() ? indexer.start() : indexer.update({library.path(changed)});
        };
        QVERIFY(Library::finish(indexer, begin));
        QCOMPARE(photos(library).size(), std::size_t{1}); // What was seen to be gone is gone.
        QCOMPARE(problems().size(), std::size_t{1});
        QCOMPARE(problems().front().path, library.path(u"link"_s).toStdString());
    }
    QVERIFY(QFile::remove(library.path(u"link"_s)));
    QVERIFY(QDir().rename(away, library.path(u"link"_s)));
    QCOMPARE(indexed(indexer).unchanged, 1);
    QVERIFY(problems().empty());
}

void tst_Indexer::keepsPhotosOfAnAbsentVolume()
{
    Library library;
    addFolder(library);
    const QString mountPoint = library.path(u"card"_s);
    for (const QString &name : {u"a.png"_s, u"card/b.png"_s, u"card/c.png"_s})
        QVERIFY(library.paint(name, Qt::red, int(name.size())));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).found, 3);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->addMountPoint({mountPoint.toStdString()})); // A test cannot mount one.

    const QString away = library.folder() + u"-away"_s;
    QVERIFY(QDir().rename(mountPoint, away));
    indexed(indexer); // As when the system makes mount points as it needs them.
    QCOMPARE(photos(library).size(), std::size_t{3});
    QVERIFY(Library::finish(indexer, [&] { indexer.update({mountPoint + u"/b.png"_s}); }));
    QCOMPARE(photos(library).size(), std::size_t{3});
    QVERIFY(QDir().mkpath(mountPoint));
    indexed(indexer);
    QCOMPARE(photos(library).size(), std::size_t{3});
    // What is imported from it meanwhile is a copy, not the same file moved.
    QVERIFY(QFile::copy(away + u"/b.png"_s, library.path(u"imported.png"_s)));
    QVERIFY(Library::age(library.path(u"imported.png"_s)));
    indexed(indexer);
    QCOMPARE(photos(library).size(), std::size_t{4});

    // Somebody has made an ordinary directory of it.
    QVERIFY(QFile::copy(away + u"/c.png"_s, mountPoint + u"/c.png"_s));
    indexed(indexer);
    QCOMPARE(photos(library).size(), std::size_t{3});
    QVERIFY(catalogue->mountPoints()->empty());
}

void tst_Indexer::keepsPhotosBehindALinkToAnotherVolume()
{
    Library library;
    addFolder(library);
    QTemporaryDir volume(u"/dev/shm/volume-XXXXXX"_s);
    const QString link = library.path(u"card"_s);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(QFile::copy(library.path(u"a.png"_s), volume.filePath(u"b.png"_s)));
    QVERIFY(Library::age(volume.filePath(u"b.png"_s)));
    QVERIFY(QFile::link(volume.path(), link));
    if (!ingest::isMountPoint(link.toStdString()))
        QSKIP("needs a second file system at /dev/shm");
    services::Indexer indexer(library.data(), library.encoder, library.store);
    // A run that is ended in its midst knows the volume all the same.
    ingest::PauseGate gate;
    ingest::IndexCounts counts;
    std::stop_source stop;
    const ingest::IndexPipeline pipeline{library.data(),
                                         library.encoder,
                                         library.store,
                                         1,
                                         &counts,
                                         &gate,
                                         [&stop](bool) { stop.request_stop(); }};
    auto catalogue = db::Catalogue::open(library.data());
    const Folder folder = catalogue->folders()->front();
    QVERIFY(pipeline.run({{folder, folder.path}}, stop.get_token()));
    QCOMPARE(catalogue->mountPoints()->size(), std::size_t{1});
    QVERIFY(catalogue->mountPoints()->front().isLink);
    indexed(indexer);

    const QString away = volume.path() + u"-away"_s;
    QVERIFY(QDir().rename(volume.path(), away));
    indexed(indexer); // It leads nowhere.
    QCOMPARE(photos(library).size(), std::size_t{2});
    QVERIFY(QFile::remove(link));
    QTemporaryDir empty;
    QVERIFY(QFile::link(empty.path(), link));
    indexed(indexer); // To a mount point without its volume.
    QCOMPARE(photos(library).size(), std::size_t{2});
    QVERIFY(QFile::remove(link));
    indexed(indexer); // Somebody has deleted it.
    QCOMPARE(photos(library).size(), std::size_t{1});
    QVERIFY(QDir().rename(away, volume.path()));
}

void tst_Indexer::forgetsNothingOfAFolderAddedMeanwhile()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"2024/a.png"_s, Qt::red));
    QVERIFY(library.paint(u"b.png"_s, Qt::green));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    ingest::PauseGate gate;
    ingest::IndexCounts counts;
    const ingest::IndexPipeline pipeline{library.data(), library.encoder, library.store, 1,
                                         &counts,        &gate,           [](bool) {}};
    auto catalogue = db::Catalogue::open(library.data());
    const Folder outer = catalogue->folders()->front();
    QVERIFY(catalogue->addFolder(library.path(u"2024"_s).toStdString())); // After the scopes were chosen.
    QVERIFY(QFile::remove(library.path(u"b.png"_s)));
    QVERIFY(pipeline.run({{outer, outer.path}}, {}));
    QCOMPARE(photos(library).size(), std::size_t{1});
}

void tst_Indexer::forgetsNoPhotoOfAFolderInsideARemovedOne()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"2024/b.png"_s, Qt::green));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto inner = catalogue->addFolder(library.path(u"2024"_s).toStdString());
    QVERIFY(inner);
    QCOMPARE(catalogue->photos(*inner)->size(), std::size_t{1});
    QCOMPARE(indexed(indexer).unchanged, 2);

    QVERIFY(catalogue->removeFolder(catalogue->folders()->front().id)); // The outer one.
    QCOMPARE(photos(library).size(), std::size_t{1});
    addFolder(library);
    indexed(indexer);
    QCOMPARE(catalogue->photos(*inner)->size(), std::size_t{1});
    QVERIFY(catalogue->removeFolder(*inner)); // The outer one holds its photos, too.
    QCOMPARE(photos(library).size(), std::size_t{2});
    QCOMPARE(indexed(indexer).unchanged, 2);
}

void tst_Indexer::leavesNothingOfAFolderRemovedMeanwhile()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 200; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    QVERIFY(Library::age(library.path(u"broken.jpg"_s))); // Makes it.
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const Folder folder = catalogue->folders()->front();
    ingest::PauseGate gate;
    ingest::IndexCounts counts;
    // After the first photos are stored, and before the next.
    const auto remove = [&](bool) {
        if (!catalogue->folders()->empty())
            QVERIFY(catalogue->removeFolder(folder.id));
    };
    const ingest::IndexPipeline pipeline{library.data(), library.encoder, library.store, 1,
                                         &counts,        &gate,           remove};
    QVERIFY(pipeline.run({{folder, folder.path}}, {}));
    QCOMPARE(counts.done.load(), 201);
    QVERIFY(catalogue->folders()->empty());
    QCOMPARE(photos(library).size(), std::size_t{0});
    QVERIFY(catalogue->problems()->empty());
}

void tst_Indexer::resumesWhereItStopped()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 200; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    {
        services::Indexer indexer(library.data(), library.encoder, library.store);
        QSignalSpy changed(&indexer, &services::Indexer::photosChanged);
        QVERIFY(Library::finish(indexer, [&] {
            indexer.start();
            QTRY_VERIFY(library.store->count() > 0);
            indexer.cancel();
        }));
    }
    const qint64 kept = library.store->count();
    QVERIFY(kept > 0);
    library.encoder->pictures = 0;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    QCOMPARE(library.store->count(), 200);
    QCOMPARE(library.encoder->pictures.load(), 200 - kept); // Nothing twice.
    QCOMPARE(photos(library).size(), std::size_t{200});
}

void tst_Indexer::pausesAndResumes()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 30; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexer.pause();
    QSignalSpy finished(&indexer, &services::Indexer::finished);
    indexer.start();
    QCOMPARE(indexer.progress().state, services::IndexProgress::State::Paused);
    QVERIFY(!finished.wait(300));
    QCOMPARE(library.store->count(), 0);
    indexer.resume();
    QVERIFY(finished.wait(30'000));
    QCOMPARE(library.store->count(), 30);
}

void tst_Indexer::halvesBatchesWhenMemoryRunsOut()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 30; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    library.encoder->mostPictures = 3;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 30);
}

void tst_Indexer::embedsCopiesOnce()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(QFile::copy(library.path(u"a.png"_s), library.path(u"b.png"_s)));
    QVERIFY(Library::age(library.path(u"b.png"_s)));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 1);
    const auto all = photos(library);
    QCOMPARE(all.size(), std::size_t{2});
    QVERIFY(all[0].hash == all[1].hash);
}

void tst_Indexer::listsAPictureThatCannotBeEmbedded_data()
{
    using BlueFails = FakeEncoder::BlueFails;
    QTest::addColumn<BlueFails>("failure");
    QTest::newRow("not a number") << BlueFails::NotANumber;
    QTest::newRow("an exception") << BlueFails::Throwing;
    QTest::newRow("too little memory") << BlueFails::OutOfMemory;
}

void tst_Indexer::listsAPictureThatCannotBeEmbedded()
{
    QFETCH(FakeEncoder::BlueFails, failure);
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"blue.png"_s, Qt::blue));
    QVERIFY(QFile::copy(library.path(u"blue.png"_s), library.path(u"copy.png"_s)));
    QVERIFY(Library::age(library.path(u"copy.png"_s)));
    library.encoder->blueFails = failure;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QSignalSpy failed(&indexer, &services::Indexer::failed);
    QCOMPARE(indexed(indexer).failed, 2); // Alone in its run as well: it is the picture all the same.

    for (int i = 0; i < 40; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    QVERIFY(library.paint(u"another blue.png"_s, Qt::blue, 7));
    const auto second = indexed(indexer);
    QCOMPARE(second.embedded, 40);
    QCOMPARE(second.done, second.found);
    QCOMPARE(photos(library).size(), std::size_t{40});
    QVERIFY(failed.isEmpty());
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto problems = catalogue->problems();
    QCOMPARE(problems->size(), std::size_t{3});
    QCOMPARE((*problems)[0].path, library.path(u"another blue.png"_s).toStdString());
    QVERIFY(!(*problems)[0].message.empty());
}

void tst_Indexer::listsNoPhotosWhenTheDeviceIsGone()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"first.png"_s, Qt::red));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 1);
    for (int i = 0; i < 40; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::green, i));
    library.encoder->gone = true;
    QSignalSpy failed(&indexer, &services::Indexer::failed);
    QCOMPARE(indexed(indexer).failed, 0);
    QCOMPARE(failed.size(), 1);
    QVERIFY(QString::fromStdString(failed.first().first().value<Error>().message).contains(u"gone"_s));
    {
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(catalogue);
        QVERIFY(catalogue->problems()->empty());
    }
    library.encoder->gone = false;
    QCOMPARE(indexed(indexer).embedded, 40);
}

void tst_Indexer::goesOnWhenMemoryIsShortForOnePhoto()
{
    Library library;
    addFolder(library);
    for (int i = 0; i < 20; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::red, i));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    g_refusedSquares = 1;
    const auto report = indexed(indexer);
    QCOMPARE(report.failed, 1);
    QCOMPARE(report.embedded, 19);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto problems = catalogue->problems();
    QCOMPARE(problems->size(), std::size_t{1});
    QCOMPARE(ErrorCode(problems->front().code), ErrorCode::OutOfMemory);
}

void tst_Indexer::measuresPhotos()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red, 900));
    QVERIFY(library.paint(u"b.png"_s, Qt::blue, 2000));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto measures = catalogue->measures();
    QCOMPARE(measures->size(), std::size_t{2});
    for (const Measure &measure : *measures) {
        QCOMPARE(catalogue->photosWithContent(measure.content)->size(), std::size_t{1});
        QVERIFY(measure.sharpness > 0);
    }
}

void tst_Indexer::measuresWhatAnEarlierVersionIndexed()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red, 900));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto file = ingest::examine(library.path(u"a.png"_s).toStdString());
    Photo old;
    old.folder = catalogue->folders()->front().id;
    old.path = file->path;
    old.hash = contentHash(*image::readFile(file->path));
    old.sizeBytes = file->sizeBytes;
    old.mtimeMs = file->mtimeMs;
    QVERIFY(catalogue->putPhotos(std::array{old}));
    QVERIFY(library.store->append(std::array{old.hash}, Embeddings{{1, 0, 0}, 1, 3}));

    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded,
             0); // Measuring costs a look at the file, but nothing is embedded again.
    QVERIFY(*catalogue->hasMeasure(old.hash));
    QCOMPARE(indexed(indexer).unchanged, 1);
}

void tst_Indexer::indexesPicturesWhateverTheirNames()
{
    Library library;
    addFolder(library);
    const QStringList names{u"a.mpo"_s, u"b.apng"_s, u"c.jfif"_s, u"IMG_0001"_s, u"d.txt"_s};
    for (int i = 0; i < names.size(); ++i) {
        QVERIFY(library.paint(u"x.png"_s, Qt::red, i));
        QVERIFY(QFile::rename(library.path(u"x.png"_s), library.path(names[i])));
    }
    QFile text(library.path(u"notes.txt"_s));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write(QByteArray(200, 'x'));
    text.close();
    services::Indexer indexer(library.data(), library.encoder, library.store);
    const auto first = indexed(indexer);
    QCOMPARE(first.found, 5);
    QCOMPARE(first.embedded, 5);
    QCOMPARE(first.failed, 0);
    const auto second = indexed(indexer);
    QCOMPARE(second.found, 5);
    QCOMPARE(second.unchanged, 5);
}

void tst_Indexer::forgetsWhatBecameExcludedAndKeepsItsLabels()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"截图/b.png"_s, Qt::blue));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 2);
    auto catalogue = db::Catalogue::open(library.data());
    const auto photo = catalogue->photoAt(library.path(u"截图/b.png"_s).toStdString());
    QVERIFY(photo && *photo);
    const std::array content{(*photo)->hash};
    const auto label = catalogue->addLabel("蓝");
    QVERIFY(catalogue->assignLabel(*label, content));

    QVERIFY(!ingest::storeExclusions(*catalogue, {" * "}));
    QVERIFY(ingest::storeExclusions(*catalogue, {"", " 截图/ ", "截图"}));
    QCOMPARE(ingest::loadExclusions(*catalogue)->patterns(), std::vector<std::string>{"截图"});
    QCOMPARE(indexed(indexer).found, 1);
    QCOMPARE(photos(library).size(), std::size_t{1});
    QCOMPARE(catalogue->contentsWithLabel(*label)->size(), std::size_t{1});

    QVERIFY(ingest::storeExclusions(*catalogue, ingest::defaultExclusions()));
    const auto again = indexed(indexer);
    QCOMPARE(again.embedded, 0); // Its embedding was kept.
    QCOMPARE(photos(library).size(), std::size_t{2});
}

void tst_Indexer::keepsAFolderThatWasAddedInsideAnExcludedOne()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"deep/.own/a.png"_s, Qt::red));
    QVERIFY(db::Catalogue::open(library.data())->addFolder(library.path(u"deep/.own"_s).toStdString()));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 1);
    for (const QString &changed : {u"deep"_s, u"deep/.own/a.png"_s}) {
        QVERIFY(Library::finish(indexer, [&] { indexer.update({library.path(changed)}); }));
        QCOMPARE(photos(library).size(), std::size_t{1});
    }
}

void tst_Indexer::opensAFileOnceItMayBeRead()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"held.png"_s, Qt::red));
    // A lease refuses others the file; unlike permissions, it does so to root as well.
    const std::string path = library.path(u"held.png"_s).toStdString();
    const int held = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    QVERIFY(held >= 0);
    const auto oldHandler = std::signal(SIGIO, SIG_IGN); // Tells that somebody wants in.
    QVERIFY2(::fcntl(held, F_SETLEASE, F_WRLCK) == 0, "this file system knows no leases");
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).failed, 1);
    ::close(held);
    std::signal(SIGIO, oldHandler);
    QCOMPARE(indexed(indexer).embedded, 1); // With the size and time that it had.
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    QVERIFY(catalogue->problems()->empty());
}

void tst_Indexer::refusesToIndexWhatCannotBeWritten()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    std::filesystem::permissions(library.data().parent_path(), std::filesystem::perms(0755));
    {
        const WriteProtected protection(library.data());
        const NotRoot notRoot;
        library.openStore();
        QVERIFY(library.store);
        services::Indexer indexer(library.data(), library.encoder, library.store);
        QSignalSpy failed(&indexer, &services::Indexer::failed);
        QCOMPARE(indexed(indexer).embedded, 0);
        QVERIFY(failed.isEmpty()); // A window that only reads complains of nothing.
        QCOMPARE(indexer.access(), ingest::LibraryAccess::WriteProtected);

        ingest::IndexCounts counts;
        ingest::PauseGate gate;
        const ingest::IndexPipeline pipeline{library.data(), library.encoder, library.store, 1,
                                             &counts,        &gate,           [](bool) {}};
        const auto refused = pipeline.run({}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::ReadOnly);
    }
    library.openStore();
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).embedded, 1);
}

void tst_Indexer::tellsWhenAProblemIsSettled()
{
    Library library;
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const auto folder = catalogue->addFolder("/p");
    QVERIFY(folder);
    const auto list = [&](const std::string &path, ErrorCode code) {
        return catalogue->putProblem(
            {path, *folder, 5, 6, static_cast<int>(code), "m", ingest::retryAfter(code), "1"});
    };
    QVERIFY(list("/p/damaged.jpg", ErrorCode::CorruptData));
    QVERIFY(list("/p/forbidden.jpg", ErrorCode::Io));
    QVERIFY(list("/p/large.jpg", ErrorCode::OutOfMemory));
    QVERIFY(list("/p/new.xyz", ErrorCode::Unsupported));
    const auto settled = [&](const std::string &readers, const std::string &path, std::int64_t mtime = 6,
                             ingest::ProblemFiles which = ingest::ProblemFiles::WhenDue) {
        const auto known = ingest::KnownFiles::load(*catalogue, {{{*folder, "/p"}, "/p"}}, readers, which);
        return known && known->isSettled({path, 5, mtime}, *folder, *library.store);
    };
    QVERIFY(settled("1", "/p/damaged.jpg"));
    QVERIFY(settled("2", "/p/damaged.jpg"));
    QVERIFY(!settled("1", "/p/damaged.jpg", 7));
    QVERIFY(!settled("1", "/p/damaged.jpg", 6, ingest::ProblemFiles::All));
    QVERIFY(!settled("1", "/p/forbidden.jpg"));
    QVERIFY(!settled("1", "/p/large.jpg"));
    QVERIFY(settled("1", "/p/new.xyz"));
    QVERIFY(!settled("2", "/p/new.xyz"));
}

void tst_Indexer::triesAgainWhatAnotherModelMayEmbed()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"blue.png"_s, Qt::blue));
    library.encoder->blueFails = FakeEncoder::BlueFails::NotANumber;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(indexer).failed, 1);
    QCOMPARE(indexed(indexer).unchanged, 1); // The same model fails the same way.
    library.encoder->blueFails = FakeEncoder::BlueFails::No;
    QCOMPARE(indexed(indexer).unchanged, 1); // Nobody knows yet.
    const auto asked = Library::finish(indexer, [&] { indexer.retryProblems(); });
    QVERIFY(asked);
    QCOMPARE(asked->embedded, 1);

    library.encoder->blueFails = FakeEncoder::BlueFails::NotANumber;
    QVERIFY(library.paint(u"another blue.png"_s, Qt::blue, 7));
    QCOMPARE(indexed(indexer).failed, 1);
    library.encoder->blueFails = FakeEncoder::BlueFails::No;
    library.encoder->model = '2';
    library.openStore();
    services::Indexer other(library.data(), library.encoder, library.store);
    QCOMPARE(indexed(other).embedded, 2);
    QCOMPARE(photos(library).size(), std::size_t{2});
}

void tst_Indexer::keepsEverythingFromOtherUsers()
{
    const mode_t before = ::umask(022);
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QFile text(library.path(u"no picture"_s)); // Remembered as passed over.
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write(QByteArray(4096, 'x')) == 4096);
    text.close();
    const auto model = vectors::withEmbeddings(library.encoder, library.data());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexed(indexer);
    const auto reader = db::Catalogue::open(library.data()); // So that there are logs.
    QVERIFY(reader && model && db::backUp(library.data(), "2026-01-01"));
    ::umask(before);

    QStringList names;
    QDirIterator entries(QString::fromStdString(library.data().string()),
                         QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QFileInfo entry(entries.next());
        names.append(entry.fileName());
        const auto others = entry.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                                                   QFile::ReadOther | QFile::WriteOther | QFile::ExeOther);
        QVERIFY2(!others, qPrintable(entry.filePath()));
    }
    for (const QString &name : {u"user.db"_s, u"cache.db"_s, u"cache.db-wal"_s, u"cache.db-shm"_s,
                                u"thumbs.db"_s, u"thumbs.db-wal"_s, u"thumbs.db-shm"_s, u"catalogue.lock"_s,
                                u"passed-over"_s, u"embeddings"_s, u"backups"_s, u"user-2026-01-01.db"_s,
                                QString::fromStdString(library.encoder->identity()) + u".name"_s})
        QVERIFY2(names.contains(name), qPrintable(name));
    QCOMPARE(std::filesystem::status(library.data()).permissions(), std::filesystem::perms::owner_all);
}

void tst_Indexer::makesThumbnailsAgainThatWereLost()
{
    Library library;
    for (int i = 0; i < 3; ++i)
        QVERIFY(library.paint(QString::number(i) + u".png"_s, Qt::red, i));
    addFolder(library);
    const auto run = [&library] {
        services::Indexer indexer(library.data(), library.encoder, library.store);
        return Library::finish(indexer, [&] { indexer.start(); });
    };
    QVERIFY(run());
    std::filesystem::remove(library.data() / "thumbs.db");
    QVERIFY(run());
    auto catalogue = db::Catalogue::open(library.data());
    const auto contents = catalogue->contents();
    QCOMPARE(contents->size(), std::size_t{3});
    QVERIFY(catalogue->withoutThumbnail(*contents)->empty());
    QCOMPARE(library.encoder->pictures.load(), 3); // Their embeddings were there.
}

void tst_Indexer::sizesBatchesByTime()
{
    using namespace std::chrono_literals;
    ingest::BatchSize size;
    const auto after = [&size](std::chrono::nanoseconds aPicture) {
        size.took(size.pictures(), aPicture * size.pictures());
        return size.pictures();
    };
    QCOMPARE(after(1ms), 8); // Twice as many, however fast it was.
    QCOMPARE(after(1ms), 16);
    QCOMPARE(after(1ms), 32);
    QCOMPARE(after(1ms), 32); // No device wants more.
    QCOMPARE(after(10ms), 12);
    QCOMPARE(after(70ms), 1);
    QCOMPARE(after(5s), 1);
    QCOMPARE(after(0ns), 2);
    QCOMPARE(after(50ms), 2);
}

void tst_Indexer::embedsAFewAtATimeWhereTheModelIsSlow()
{
    Library library;
    for (int i = 0; i < 14; ++i)
        QVERIFY(library.paint(QString::number(i) + u".png"_s, Qt::red, i));
    addFolder(library);
    library.encoder->msAPicture = 50;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    const auto progress = Library::finish(indexer, [&] { indexer.start(); });
    QVERIFY(progress);
    QCOMPARE(progress->failed, 0);
    QCOMPARE(library.store->count(), 14);
    QVERIFY2(library.encoder->latestBatch <= 2, qPrintable(QString::number(library.encoder->latestBatch)));
}

QTEST_GUILESS_MAIN(tst_Indexer)
#include "tst_indexer.moc"
