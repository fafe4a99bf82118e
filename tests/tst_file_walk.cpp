// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/path_within.h"
#include "core/image/format.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/passed_over.h"
#include "write_protected.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <sys/stat.h>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_FileWalk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsPhotosInOrder();
    void findsSidecars();
    void leavesOutWhatSystemsPutBesidePhotos();
    void leavesOutWhatSomebodyNamed();
    void endsLoopsOfLinks();
    void leavesOutWhatAnotherFolderLists();
    void tellsWhatItCouldNotSee();
    void namesADirectoryBeforeItIsListed();
    void tellsAbsentFromEmpty();
    void knowsPhotosByTheirEnding();
    void looksOnceIntoFilesWhoseNamesSayNothing();
    void knowsWhatLiesWithin();
};

namespace {

void write(const QString &path)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("x");
}

QStringList walked(const QString &top, const std::vector<std::string> &patterns = ingest::defaultExclusions())
{
    QStringList names;
    ingest::walkPhotos(top.toStdString(), {top.toStdString(), ingest::Exclusions(patterns)}, {},
                       [&](const ingest::FoundFile &file) {
                           names.append(QString::fromStdString(file.path).mid(top.size() + 1));
                       });
    return names;
}

} // namespace

void tst_FileWalk::findsPhotosInOrder()
{
    QTemporaryDir directory;
    for (const QString &name :
         {u"b.JPG"_s, u"a.png"_s, u"中文 目录/图 1.heic"_s, u".hidden/c.jpg"_s, u"notes.txt"_s})
        write(directory.filePath(name));
    QCOMPARE(::mkfifo(directory.filePath(u"pipe.jpg"_s).toStdString().c_str(), 0600), 0);
    QCOMPARE(walked(directory.path()), QStringList({u"a.png"_s, u"b.JPG"_s, u"中文 目录/图 1.heic"_s}));
}

void tst_FileWalk::findsSidecars()
{
    QTemporaryDir directory;
    for (const QString &name :
         {u"a.jpg"_s, u"a.xmp"_s, u"b.jpg"_s, u"b.jpg.xmp"_s, u"b.xmp"_s, u"c.JPG"_s, u"c.XMP"_s, u"d.jpg"_s,
          u"d.JPG.xmp"_s, u"e.f/g.jpg"_s, u"e.xmp"_s, u"h.mp4"_s, u"h.mp4.xmp"_s})
        write(directory.filePath(name));
    QDir(directory.path()).mkdir(u"d.xmp"_s); // No file.
    const std::string top = directory.path().toStdString();
    const std::map<std::string, std::string> expected{{"a.jpg", "a.xmp"}, {"b.jpg", "b.jpg.xmp"},
                                                      {"c.JPG", "c.XMP"}, {"d.jpg", ""},
                                                      {"e.f/g.jpg", ""},  {"h.mp4", "h.mp4.xmp"}};
    std::map<std::string, std::string> found;
    std::map<std::string, std::string> alone;
    const ingest::WalkRules rules{top, ingest::Exclusions(std::vector<std::string>())};
    const auto noteIn = [&top](std::map<std::string, std::string> &names) {
        return [&top, &names](const ingest::FoundFile &file) {
            names[file.path.substr(top.size() + 1)] =
                file.sidecar ? file.sidecar->path.substr(top.size() + 1) : "";
            if (file.sidecar)
                QVERIFY(file.sidecar->sizeBytes == 1 && file.sidecar->mtimeMs > 0);
        };
    };
    ingest::walkPhotos(top, rules, {}, noteIn(found));
    QCOMPARE(found, expected);
    for (const auto &[name, sidecar] : expected) // A change of a single file.
        ingest::walkPhotos(top + '/' + name, rules, {}, noteIn(alone));
    QCOMPARE(alone, expected);
}

void tst_FileWalk::leavesOutWhatSystemsPutBesidePhotos()
{
    QTemporaryDir directory;
    for (const QString &name :
         {u"IMG_1.jpg"_s, u"._IMG_1.jpg"_s, u".trashed-1700000000-a.jpg"_s, u".pending-1700000000-b.jpg"_s,
          u"@eaDir/IMG_1.jpg/SYNOFILE_THUMB_XL.jpg"_s, u"#recycle/old.jpg"_s,
          u"deep/$Recycle.bin/S-1/$RA.jpg"_s, u".thumbnails/1.jpg"_s, u"lost+found/2.jpg"_s,
          u".Trash-1000/files/3.jpg"_s, u".git/4.jpg"_s, u"deep/IMG_2.jpg"_s})
        write(directory.filePath(name));
    QCOMPARE(walked(directory.path()), QStringList({u"IMG_1.jpg"_s, u"deep/IMG_2.jpg"_s}));
    // A folder that was added itself is walked, whatever its name and those above it.
    QCOMPARE(walked(directory.filePath(u".thumbnails"_s)), QStringList({u"1.jpg"_s}));
}

void tst_FileWalk::leavesOutWhatSomebodyNamed()
{
    QTemporaryDir directory;
    for (const QString &name : {u"a.jpg"_s, u".b.jpg"_s, u"截图/c.jpg"_s, u"2020/截图/d.jpg"_s,
                                u"2020/e_edit.JPG"_s, u"2020/raw/f.jpg"_s, u"raw/g.jpg"_s})
        write(directory.filePath(name));
    QCOMPARE(walked(directory.path(), {u"截?"_s.toStdString(), "*_EDIT.jpg", "2020/raw"}),
             QStringList({u".b.jpg"_s, u"a.jpg"_s, u"raw/g.jpg"_s}));
}

void tst_FileWalk::endsLoopsOfLinks()
{
    QTemporaryDir directory;
    write(directory.filePath(u"deep/a.jpg"_s));
    QVERIFY(QFile::link(directory.path(), directory.filePath(u"deep/again"_s)));
    QCOMPARE(walked(directory.path()), QStringList({u"deep/a.jpg"_s}));
}

void tst_FileWalk::leavesOutWhatAnotherFolderLists()
{
    QTemporaryDir directory;
    const std::string top = directory.path().toStdString();
    for (const QString &name : {u"own/a.png"_s, u"own/inner/b.png"_s, u"other/c.png"_s, u"elsewhere/d.png"_s,
                                u"own/.hidden/e.png"_s})
        write(directory.filePath(name));
    for (const auto &[link, target] : {std::pair{"own/0-loop", "own"},
                                       {"own/1-other", "other"},
                                       {"own/2-elsewhere", "elsewhere"},
                                       {"own/3-hidden", "own/.hidden"}})
        QCOMPARE(::symlink((top + '/' + target).c_str(), (top + '/' + link).c_str()), 0);
    ingest::WalkRules rules{top + "/own", ingest::Exclusions(ingest::defaultExclusions())};
    rules.folders = {top + "/other", top + "/own", top + "/own/inner"};
    QStringList names;
    ingest::walkPhotos(top + "/own", rules, {}, [&](const ingest::FoundFile &file) {
        names.append(QString::fromStdString(file.path).mid(directory.path().size() + 1));
    });
    // What the library leaves out where it lies is not walked elsewhere.
    QCOMPARE(names, QStringList({u"own/a.png"_s, u"own/2-elsewhere/d.png"_s, u"own/3-hidden/e.png"_s}));

    names.clear();
    ingest::walkPhotos(top + "/own/1-other/c.png", rules, {}, [&](const ingest::FoundFile &file) {
        names.append(QString::fromStdString(file.path));
    });
    QVERIFY(names.isEmpty());

    ingest::walkDirectories(top + "/own", rules, {}, [&](const std::string &path) {
        names.append(QString::fromStdString(path).mid(directory.path().size() + 1));
        return true;
    });
    QCOMPARE(names, QStringList({u"own"_s, u"own/2-elsewhere"_s, u"own/3-hidden"_s, u"own/inner"_s}));
}

void tst_FileWalk::tellsWhatItCouldNotSee()
{
    QTemporaryDir directory;
    const std::string top = directory.path().toStdString();
    write(directory.filePath(u"closed/a.png"_s));
    write(directory.filePath(u"open/b.png"_s));
    QCOMPARE(::symlink("nowhere", (top + "/link").c_str()), 0);
    QCOMPARE(::chmod(top.c_str(), 0755), 0);
    QCOMPARE(::chmod((top + "/closed").c_str(), 0), 0);
    QStringList unseen;
    {
        const test::NotRoot notRoot;
        const auto report = ingest::walkPhotos(top, {top, ingest::Exclusions(std::vector<std::string>())}, {},
                                               [](const auto &) {});
        QVERIFY(report.readable);
        for (const ingest::UnseenEntry &entry : report.unseen)
            unseen.append(
                u"%1 %2"_s.arg(QString::fromStdString(entry.path.substr(top.size() + 1))).arg(entry.error));
    }
    QCOMPARE(::chmod((top + "/closed").c_str(), 0755), 0);
    QCOMPARE(unseen, QStringList({u"link %1"_s.arg(ENOENT), u"closed %1"_s.arg(EACCES)}));
}

void tst_FileWalk::namesADirectoryBeforeItIsListed()
{
    QTemporaryDir directory;
    const std::string top = directory.path().toStdString();
    QStringList names;
    ingest::walkDirectories(top, {top, ingest::Exclusions()}, {}, [&](const std::string &path) {
        names.append(directory.path() == QString::fromStdString(path)
                         ? u"."_s
                         : QString::fromStdString(path).mid(directory.path().size() + 1));
        QDir(directory.path()).mkdir(u"late"_s); // As another program does at the worst moment.
        return true;
    });
    QCOMPARE(names, QStringList({u"."_s, u"late"_s}));
}

void tst_FileWalk::tellsAbsentFromEmpty()
{
    QTemporaryDir directory;
    const auto ignore = [](const ingest::FoundFile &) {};
    const auto absent = ingest::walkPhotos(directory.filePath(u"nowhere"_s).toStdString(), {}, {}, ignore);
    QVERIFY(!absent.readable);
    const auto empty = ingest::walkPhotos(directory.path().toStdString(), {}, {}, ignore);
    QVERIFY(empty.readable);
    QVERIFY(empty.empty);
    write(directory.filePath(u"notes.txt"_s));
    QVERIFY(!ingest::walkPhotos(directory.path().toStdString(), {}, {}, ignore).empty);
}

void tst_FileWalk::knowsPhotosByTheirEnding()
{
    for (const char *name : {"a.jpg", "A.JPEG", "x.y.webp", "/deep/路/图.HeIc", "raw.CR3", "a.mpo", "a.heics",
                             "a.apng", "a.jp2", "a.jxl", "a.psd", "b.PSB", "a.jfif", "a.mp4", "B.MOV"})
        QVERIFY2(image::hasPictureEnding(name), name);
    for (const char *name : {"a", "jpg", "a.txt", "dir.jpg/file", "a.jpg~", "", "a.", "a.jp"})
        QVERIFY2(!image::hasPictureEnding(name), name);
}

void tst_FileWalk::looksOnceIntoFilesWhoseNamesSayNothing()
{
    QTemporaryDir directory;
    const QString name = directory.filePath(u"IMG_0001"_s);
    const auto put = [&name](const QByteArray &start) {
        QFile file(name);
        return file.open(QIODevice::WriteOnly) &&
               file.write(start + QByteArray(100 - start.size(), ' ')) == 100;
    };
    const auto jpeg = QByteArray("\xff\xd8\xff\xe0");
    const std::filesystem::path memory = directory.filePath(u"passed-over"_s).toStdString();
    ingest::FoundFile file{name.toStdString(), 100, 1};
    for (const char *text : {"Just a text.", "BMW, the makers of cars", "P3 is a road"}) {
        QVERIFY(put(text));
        auto passedOver = ingest::PassedOver::load(memory);
        ++file.mtimeMs;
        QVERIFY2(!passedOver.isPicture(file), text);
        passedOver.save();
    }
    // The file is another one by now, but is not opened again before its time says so.
    QVERIFY(put(jpeg));
    auto passedOver = ingest::PassedOver::load(memory);
    QVERIFY(!passedOver.isPicture(file));
    ++file.mtimeMs;
    QVERIFY(passedOver.isPicture(file));
    // What could not be opened is not settled: here it comes back with the size and time that it had.
    ++file.mtimeMs;
    QVERIFY(QFile::remove(name));
    QVERIFY(!passedOver.isPicture(file));
    passedOver.save();
    QVERIFY(put(jpeg));
    QVERIFY(passedOver.isPicture(file));
    QVERIFY(ingest::PassedOver::load(memory).isPicture(file));
}

void tst_FileWalk::knowsWhatLiesWithin()
{
    QVERIFY(isWithin("/a/b", "/a"));
    QVERIFY(isWithin("/a", "/a/"));
    QVERIFY(isWithin("/a", "/"));
    QVERIFY(!isWithin("/ab", "/a"));
    QVERIFY(!isWithin("/", "/a"));
}

QTEST_APPLESS_MAIN(tst_FileWalk)
#include "tst_file_walk.moc"
