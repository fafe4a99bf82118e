// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/folder_watcher.h"
#include "core/jobs/path_text.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <sys/stat.h>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_FolderWatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void hearsOfNewAndChangedFiles();
    void hearsOfFilesInNewDirectories();
    void hearsOfMovesAndRemovals();
    void leavesOtherFilesAlone();
    void leavesExcludedFilesAlone();
    void hearsOfNamesThatAreNotUtf8();
    void forgetsAFolder();

private:
    void write(const QString &name) const;
    bool hears(const QString &name) const;
    QString path(const QString &name) const { return m_directory->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<jobs::FolderWatcher> m_watcher;
    std::unique_ptr<QSignalSpy> m_changed;
};

void tst_FolderWatcher::init()
{
    m_changed.reset();
    m_watcher.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_directory->path()).mkpath(u"deep/er"_s));
    m_watcher = std::make_unique<jobs::FolderWatcher>();
    m_changed = std::make_unique<QSignalSpy>(m_watcher.get(), &jobs::FolderWatcher::changed);
    m_watcher->setFolders({m_directory->path()});
}

void tst_FolderWatcher::write(const QString &name) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("x");
}

bool tst_FolderWatcher::hears(const QString &name) const
{
    for (const QList<QVariant> &signal : *m_changed) {
        if (signal.first().toStringList().contains(path(name)))
            return true;
    }
    return false;
}

void tst_FolderWatcher::hearsOfNewAndChangedFiles()
{
    write(u"a.jpg"_s);
    write(u"deep/er/中文 b.png"_s);
    QTRY_VERIFY(hears(u"a.jpg"_s) && hears(u"deep/er/中文 b.png"_s));
    m_changed->clear();
    write(u"a.jpg"_s);
    QTRY_VERIFY(hears(u"a.jpg"_s));
}

void tst_FolderWatcher::hearsOfFilesInNewDirectories()
{
    QVERIFY(QDir(m_directory->path()).mkpath(u"new/below"_s));
    QTRY_VERIFY(hears(u"new"_s));
    write(u"new/below/c.jpg"_s);
    QTRY_VERIFY(hears(u"new/below/c.jpg"_s));
}

void tst_FolderWatcher::hearsOfMovesAndRemovals()
{
    write(u"a.jpg"_s);
    write(u"b.jpg"_s);
    QTRY_VERIFY(hears(u"a.jpg"_s) && hears(u"b.jpg"_s));
    m_changed->clear();
    QVERIFY(QFile::rename(path(u"a.jpg"_s), path(u"deep/z.jpg"_s)));
    QVERIFY(QFile::remove(path(u"b.jpg"_s)));
    QVERIFY(QDir(m_directory->path()).rename(u"deep"_s, u"shallow"_s));
    QTRY_VERIFY(hears(u"a.jpg"_s) && hears(u"b.jpg"_s) && hears(u"deep"_s) && hears(u"shallow"_s));
}

void tst_FolderWatcher::leavesOtherFilesAlone()
{
    write(u"notes.txt"_s);
    QFile nameless(path(u"IMG_0001"_s)); // A picture all the same.
    QVERIFY(nameless.open(QIODevice::WriteOnly));
    nameless.write("\xff\xd8\xff\xe0 and so on");
    nameless.close();
    write(u"a.jpg"_s);
    QTRY_VERIFY(hears(u"a.jpg"_s) && hears(u"IMG_0001"_s));
    QVERIFY(!hears(u"notes.txt"_s));
}

void tst_FolderWatcher::leavesExcludedFilesAlone()
{
    QVERIFY(QDir(m_directory->path()).mkpath(u"@eaDir/x"_s));
    QVERIFY(QDir(m_directory->path()).mkpath(u"shots"_s));
    write(u"._a.jpg"_s);
    write(u"@eaDir/x/a.jpg"_s);
    write(u"a.jpg"_s);
    QTRY_VERIFY(hears(u"a.jpg"_s));
    QVERIFY(!hears(u"._a.jpg"_s) && !hears(u"@eaDir"_s) && !hears(u"@eaDir/x/a.jpg"_s));
    // Another list holds from now on.
    m_changed->clear();
    m_watcher->setExclusions(jobs::Exclusions({"shots"}));
    write(u"shots/b.jpg"_s);
    write(u"@eaDir/x/a.jpg"_s);
    QTRY_VERIFY(hears(u"@eaDir/x/a.jpg"_s));
    QVERIFY(!hears(u"shots/b.jpg"_s));
}

void tst_FolderWatcher::hearsOfNamesThatAreNotUtf8()
{
    const std::string folder = m_directory->path().toStdString() + "/\xD5\xD5\xC6\xAC";
    QCOMPARE(::mkdir(folder.c_str(), 0700), 0);
    m_watcher->setFolders({jobs::textOfPath(folder)}); // Itself a root, with another one below.
    const std::string below = folder + "/\xC4\xEA";
    QCOMPARE(::mkdir(below.c_str(), 0700), 0);
    const auto heard = [this](const std::string &bytes) {
        return std::any_of(m_changed->cbegin(), m_changed->cend(), [&](const QList<QVariant> &signal) {
            return signal.first().toStringList().contains(jobs::textOfPath(bytes));
        });
    };
    QTRY_VERIFY(heard(below));
    const std::string photo = below + "/\xB0\xA1.jpg";
    std::ofstream(photo) << 'x';
    QTRY_VERIFY(heard(photo));
}

void tst_FolderWatcher::forgetsAFolder()
{
    QTemporaryDir other;
    m_watcher->setFolders({other.path()});
    write(u"a.jpg"_s);
    QFile file(other.filePath(u"b.jpg"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QTRY_COMPARE(m_changed->size(), 1);
    QVERIFY(!hears(u"a.jpg"_s));
}

QTEST_GUILESS_MAIN(tst_FolderWatcher)
#include "tst_folder_watcher.moc"
