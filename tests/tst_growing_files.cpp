// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/ingest/growing_files.h"
#include "core/ingest/index_pipeline.h"
#include "core/services/folder_watcher.h"
#include "core/services/indexer.h"
#include "library.h"

#include <QBuffer>

#include <chrono>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

class tst_GrowingFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatMayStillGrow();
    void tellsUnfinishedFilesByTheirNames_data();
    void tellsUnfinishedFilesByTheirNames();
    void waitsForAFileWrittenInPieces_data();
    void waitsForAFileWrittenInPieces();
    void waitsForAFileThatIsTouchedWhileItIsWritten_data();
    void waitsForAFileThatIsTouchedWhileItIsWritten();
    void takesTheLatestWordForAFile();
    void readsAFileOfTheFutureAtOnce();
    void leavesUnfinishedFilesAlone();
    void waitsForABoundedTimeAtTheEndOfARun_data();
    void waitsForABoundedTimeAtTheEndOfARun();
    void readsNothingThatChangedMeanwhile();
};

namespace {

void addFolder(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue && catalogue->addFolder(library.folder().toStdString()));
}

/// A picture whose parts are no picture.
QByteArray picture()
{
    QImage image(64, 48, QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            image.setPixel(x, y, qRgb(x * y * 37 % 251, x * 91 % 241, y * 57 % 239));
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

bool append(const QString &path, const QByteArray &part)
{
    QFile file(path);
    return file.open(QIODevice::Append) && file.write(part) == part.size();
}

/// The way of most programs: closed once it is whole.
class SlowWriter
{
public:
    explicit SlowWriter(const QString &path) : m_file(path) { m_file.open(QIODevice::WriteOnly); }
    bool append(const QByteArray &part) { return m_file.write(part) == part.size() && m_file.flush(); }
    void close() { m_file.close(); }

private:
    QFile m_file;
};

} // namespace

void tst_GrowingFiles::tellsWhatMayStillGrow()
{
    const auto at = [](std::int64_t mtimeMs) {
        return ingest::mayStillGrow({"/a.jpg", 1, mtimeMs}, 1'000'000);
    };
    QVERIFY(at(1'000'000) && at(998'001) && at(1'001'999));
    QVERIFY(!at(998'000) && !at(1'002'000) && !at(0) && !at(86'400'000));
}

void tst_GrowingFiles::tellsUnfinishedFilesByTheirNames_data()
{
    QTest::addColumn<bool>("unfinished");
    for (const char *name : {"a.jpg.part", "a.jpg.crdownload", "a.jpg.download", "a.tmp", "~a.tmp",
                             "A.JPG.TMP", ".syncthing.a.jpg.tmp", ".goutputstream-X1Y2Z3", ".~lock.a.jpg#"})
        QTest::newRow(name) << true;
    for (const char *name :
         {"a.jpg", "part", "a.part.jpg", "tmp.png", "lock.jpg", "~a.jpg", "a.jpg.tmp/b.jpg"})
        QTest::newRow(name) << false;
}

void tst_GrowingFiles::tellsUnfinishedFilesByTheirNames()
{
    QFETCH(bool, unfinished);
    QCOMPARE(ingest::isNamedAsUnfinished(std::string("/photos/") + QTest::currentDataTag()), unfinished);
    if (!std::string(QTest::currentDataTag()).starts_with("a.jpg.tmp/"))
        QCOMPARE(ingest::isNamedAsUnfinished(QTest::currentDataTag()), unfinished);
}

void tst_GrowingFiles::waitsForAFileWrittenInPieces_data()
{
    QTest::addColumn<std::size_t>("watches");
    QTest::addColumn<std::chrono::milliseconds>("pollEvery");
    QTest::newRow("watched") << std::numeric_limits<std::size_t>::max() << std::chrono::milliseconds(60'000);
    QTest::newRow("polled") << std::size_t{0} << std::chrono::milliseconds(200);
}

void tst_GrowingFiles::waitsForAFileWrittenInPieces()
{
    QFETCH(std::size_t, watches);
    QFETCH(std::chrono::milliseconds, pollEvery);
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"whole.png"_s, Qt::red));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::FolderWatcher watcher(nullptr, watches, pollEvery);
    connect(&watcher, &services::FolderWatcher::changed, &indexer, &services::Indexer::update);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    qint64 problems = 0; // At any time.
    const auto count = [&] { problems += std::ssize(*catalogue->problems()); };
    connect(&indexer, &services::Indexer::photosChanged, this, count);
    connect(&indexer, &services::Indexer::finished, this, count);
    watcher.setFolders({library.folder()});
    QTRY_COMPARE(library.encoder->pictures.load(), 1);

    const QByteArray bytes = picture();
    const qsizetype third = bytes.size() / 3;
    SlowWriter writer(library.path(u"slow.png"_s));
    QVERIFY(writer.append(bytes.first(third)));
    QTest::qWait(1400); // Time enough to be heard of.
    QVERIFY(writer.append(bytes.sliced(third, third)));
    QTest::qWait(1400);
    QCOMPARE(library.encoder->pictures.load(), 1);
    QVERIFY(writer.append(bytes.sliced(2 * third)));
    writer.close();
    QTRY_COMPARE_WITH_TIMEOUT(library.encoder->pictures.load(), 2, 20'000);
    QTRY_COMPARE(catalogue->photos()->size(), std::size_t{2});
    QTest::qWait(1000); // Nothing else comes.
    QCOMPARE(library.encoder->pictures.load(), 2);
    QCOMPARE(problems, 0);
}

void tst_GrowingFiles::waitsForAFileThatIsTouchedWhileItIsWritten_data()
{
    QTest::addColumn<bool>("chmods");
    QTest::addColumn<bool>("touches");
    QTest::addColumn<QString>("name");
    QTest::newRow("other permissions") << true << false << u"new.png"_s;
    QTest::newRow("another time") << false << true << u"new.png"_s;
    QTest::newRow("in the place of a deleted one") << false << false << u"old.png"_s;
}

/// None of it says that whoever writes the file has closed it.
void tst_GrowingFiles::waitsForAFileThatIsTouchedWhileItIsWritten()
{
    QFETCH(bool, chmods);
    QFETCH(bool, touches);
    QFETCH(QString, name);
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"whole.png"_s, Qt::red) && library.paint(u"old.png"_s, Qt::blue));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::FolderWatcher watcher;
    connect(&watcher, &services::FolderWatcher::changed, &indexer, &services::Indexer::update);
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    qint64 problems = 0; // At any time.
    connect(&indexer, &services::Indexer::finished, this,
            [&] { problems += std::ssize(*catalogue->problems()); });
    watcher.setFolders({library.folder()});
    QTRY_COMPARE(library.encoder->pictures.load(), 2);

    const QByteArray bytes = picture();
    const QString path = library.path(name);
    QFile::remove(path);
    SlowWriter writer(path);
    QVERIFY(writer.append(bytes.first(bytes.size() / 2)));
    const std::string touched = path.toStdString();
    QVERIFY(!chmods || ::chmod(touched.c_str(), 0600) == 0);
    QVERIFY(!touches || ::utimensat(AT_FDCWD, touched.c_str(), nullptr, 0) == 0);
    QTest::qWait(1400); // Time enough to be heard of.
    QCOMPARE(library.encoder->pictures.load(), 2);
    QCOMPARE(problems, 0);
    QVERIFY(writer.append(bytes.sliced(bytes.size() / 2)));
    writer.close();
    QTRY_COMPARE_WITH_TIMEOUT(library.encoder->pictures.load(), 3, 20'000);
    QTRY_VERIFY(catalogue->photoAt(touched)->has_value());
    QCOMPARE(problems, 0);
}

void tst_GrowingFiles::takesTheLatestWordForAFile()
{
    Library library;
    addFolder(library);
    const QString path = library.path(u"a.png"_s);
    const QByteArray bytes = picture();
    QVERIFY(append(path, bytes.first(bytes.size() / 2)));
    services::Indexer indexer(library.data(), nullptr, nullptr);
    indexer.update({path}); // Of the file that was there before it.
    indexer.update({path}, {path});
    QVERIFY(Library::finish(indexer, [&] { indexer.setModel(library.encoder, library.store); }));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->problems()->empty());
    QVERIFY(append(path, bytes.sliced(bytes.size() / 2)));
    QTRY_COMPARE(library.encoder->pictures.load(), 1);
}

void tst_GrowingFiles::readsAFileOfTheFutureAtOnce()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QFile file(library.path(u"a.png"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addDays(400), QFileDevice::FileModificationTime));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(Library::finish(indexer, [&] { indexer.start(); }).value().embedded, 1);
}

void tst_GrowingFiles::leavesUnfinishedFilesAlone()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(QFile::rename(library.path(u"a.png"_s), library.path(u"a.png.part"_s)));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(Library::finish(indexer, [&] { indexer.start(); }).value().found, 0);
    services::FolderWatcher watcher;
    QSignalSpy watched(&watcher, &services::FolderWatcher::watched);
    connect(&watcher, &services::FolderWatcher::changed, &indexer, &services::Indexer::update);
    watcher.setFolders({library.folder()});
    QTRY_COMPARE(watched.size(), 1);
    QVERIFY(QFile::rename(library.path(u"a.png.part"_s), library.path(u"a.png"_s)));
    QTRY_COMPARE(library.encoder->pictures.load(), 1);
}

void tst_GrowingFiles::waitsForABoundedTimeAtTheEndOfARun_data()
{
    QTest::addColumn<bool>("grows");
    QTest::newRow("whole by then") << false;
    QTest::newRow("still growing") << true;
}

void tst_GrowingFiles::waitsForABoundedTimeAtTheEndOfARun()
{
    QFETCH(bool, grows);
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"old.png"_s, Qt::red));
    QVERIFY(append(library.path(u"new.png"_s), picture()));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    const Folder folder = catalogue->folders()->front();
    ingest::IndexCounts counts;
    ingest::PauseGate gate;
    std::vector<std::string> growing;
    ingest::IndexPipeline pipeline{library.data(), library.encoder, library.store, 1,
                                   &counts,        &gate,           [](bool) {}};
    pipeline.patience = std::chrono::seconds(3);
    pipeline.onGrowing = [&growing](const std::vector<std::string> &paths) { growing = paths; };
    std::jthread writer([&](const std::stop_token &stop) {
        while (grows && !stop.stop_requested()) {
            append(library.path(u"new.png"_s), "more");
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    });
    QElapsedTimer timer;
    timer.start();
    QVERIFY(pipeline.run({{folder, folder.path}}, {}));
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(counts.embedded.load(), grows ? 1 : 2);
    QCOMPARE(counts.found.load(), grows ? 1 : 2);
    QCOMPARE(counts.done.load(), counts.found.load());
    QCOMPARE(growing.size(), std::size_t(grows ? 1 : 0));
    QVERIFY(catalogue->problems()->empty());
}

void tst_GrowingFiles::readsNothingThatChangedMeanwhile()
{
    Library library;
    addFolder(library);
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    /// Another program writes the file while it is read.
    struct Writer : media::DirectReader {
        explicit Writer(QString file) : path(std::move(file)) {}
        Result<media::Media> read(const media::MediaFile &file, const media::Wants &wants,
                                  const std::stop_token &stop) override
        {
            if (!std::exchange(hasWritten, true)) {
                append(path, "more");
                Library::age(path);
            }
            return DirectReader::read(file, wants, stop);
        }
        QString path;
        bool hasWritten = false;
    };
    services::Indexer indexer(library.data(), library.encoder, library.store);
    indexer.setReader(std::make_shared<Writer>(library.path(u"a.png"_s)));
    QCOMPARE(Library::finish(indexer, [&] { indexer.start(); }).value().found, 0);
    QCOMPARE(library.encoder->pictures.load(), 0);
    QTRY_COMPARE(library.encoder->pictures.load(), 1); // Looked at again by itself.
}

QTEST_GUILESS_MAIN(tst_GrowingFiles)
#include "tst_growing_files.moc"
