// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/file_walk.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_FileWalk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsPhotosInOrder();
    void endsLoopsOfLinks();
    void tellsAbsentFromEmpty();
    void knowsPhotosByTheirEnding();
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

QStringList walked(const QString &top)
{
    QStringList names;
    jobs::walkPhotos(top.toStdString(), {}, [&](const jobs::FoundFile &file) {
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

void tst_FileWalk::endsLoopsOfLinks()
{
    QTemporaryDir directory;
    write(directory.filePath(u"deep/a.jpg"_s));
    QVERIFY(QFile::link(directory.path(), directory.filePath(u"deep/again"_s)));
    QCOMPARE(walked(directory.path()), QStringList({u"deep/a.jpg"_s}));
}

void tst_FileWalk::tellsAbsentFromEmpty()
{
    QTemporaryDir directory;
    const auto ignore = [](const jobs::FoundFile &) {};
    const auto absent = jobs::walkPhotos(directory.filePath(u"nowhere"_s).toStdString(), {}, ignore);
    QVERIFY(!absent.readable);
    const auto empty = jobs::walkPhotos(directory.path().toStdString(), {}, ignore);
    QVERIFY(empty.readable);
    QVERIFY(empty.empty);
    write(directory.filePath(u"notes.txt"_s));
    QVERIFY(!jobs::walkPhotos(directory.path().toStdString(), {}, ignore).empty);
}

void tst_FileWalk::knowsPhotosByTheirEnding()
{
    for (const char *name : {"a.jpg", "A.JPEG", "x.y.webp", "/deep/路/图.HeIc", "raw.CR3"})
        QVERIFY2(jobs::isPhotoName(name), name);
    for (const char *name : {"a", "jpg", "a.txt", "dir.jpg/file", "a.jpg~", ""})
        QVERIFY2(!jobs::isPhotoName(name), name);
}

void tst_FileWalk::knowsWhatLiesWithin()
{
    QVERIFY(jobs::isWithin("/a/b", "/a"));
    QVERIFY(jobs::isWithin("/a", "/a/"));
    QVERIFY(jobs::isWithin("/a", "/"));
    QVERIFY(!jobs::isWithin("/ab", "/a"));
    QVERIFY(!jobs::isWithin("/", "/a"));
}

QTEST_APPLESS_MAIN(tst_FileWalk)
#include "tst_file_walk.moc"
