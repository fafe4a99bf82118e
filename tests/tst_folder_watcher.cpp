// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/folder_watcher.h"
#include "core/services/path_text.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
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
    void hearsOfSidecars();
    void leavesOtherFilesAlone();
    void leavesExcludedFilesAlone();
    void hearsOfNamesThatAreNotUtf8();
    void forgetsAFolder();
    void returnsAtOnceWhateverTheTreeCosts();
    void endsWhileATreeIsWalked();
    void watchesWhatWasMadeWhileChangesWereLost();
    void watchesWhatIsMadeDuringTheWalk();
    void waitsForAFolderThatIsNotThere();
    void watchesAFolderThatComesBack_data();
    void watchesAFolderThatComesBack();
    void saysThatAFolderIsPolledUntilItCanBeWatched();

private:
    /// Runs something that ends in so many folders being watched, and waits for that.
    bool watches(int folders, const std::function<void()> &begin);
    bool makeDirectories(int count) const;
    void write(const QString &name) const;
    bool hears(const QString &name) const;
    /// Of the folder itself where the name is empty.
    QString path(const QString &name) const
    {
        return name.isEmpty() ? m_directory->path() : m_directory->filePath(name);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<services::FolderWatcher> m_watcher;
    std::unique_ptr<QSignalSpy> m_changed;
    std::unique_ptr<QSignalSpy> m_watched;
};

namespace {

/// So many patterns that each name takes the walk about a millisecond.
ingest::Exclusions slowExclusions()
{
    std::vector<std::string> patterns;
    for (int i = 0; i < 1500; ++i)
        patterns.push_back("*no such name " + std::to_string(i) + '*');
    return ingest::Exclusions(patterns);
}

/// Makes more changes in a directory than the kernel keeps for a watcher.
void overflow(const QString &directory)
{
    int most = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    const std::string a = (directory + u"/a"_s).toStdString();
    const std::string b = (directory + u"/b"_s).toStdString();
    std::ofstream(a).put('x');
    for (int i = 0; i < most; ++i) // Two events each time.
        std::rename((i % 2 == 0 ? a : b).c_str(), (i % 2 == 0 ? b : a).c_str());
}

} // namespace

void tst_FolderWatcher::init()
{
    m_changed.reset();
    m_watched.reset();
    m_watcher.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_directory->path()).mkpath(u"deep/er"_s));
    m_watcher = std::make_unique<services::FolderWatcher>();
    m_changed = std::make_unique<QSignalSpy>(m_watcher.get(), &services::FolderWatcher::changed);
    m_watched = std::make_unique<QSignalSpy>(m_watcher.get(), &services::FolderWatcher::watched);
    QVERIFY(watches(1, [this] { m_watcher->setFolders({m_directory->path()}); }));
}

bool tst_FolderWatcher::watches(int folders, const std::function<void()> &begin)
{
    m_watched->clear();
    begin();
    return QTest::qWaitFor([&] { return m_watched->size() >= folders; }, 60'000);
}

bool tst_FolderWatcher::makeDirectories(int count) const
{
    for (int i = 0; i < count; ++i) {
        if (!QDir(m_directory->path()).mkpath(u"many/%1/%2"_s.arg(i / 100).arg(i)))
            return false;
    }
    return true;
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

void tst_FolderWatcher::hearsOfSidecars()
{
    write(u"deep/a.jpg.xmp"_s);
    QTRY_VERIFY(hears(u"deep"_s));
    m_changed->clear();
    QVERIFY(QFile::remove(path(u"deep/a.jpg.xmp"_s)));
    QTRY_VERIFY(hears(u"deep"_s));
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
    QVERIFY(watches(1, [this] { m_watcher->setExclusions(ingest::Exclusions({"shots"})); }));
    write(u"shots/b.jpg"_s);
    write(u"@eaDir/x/a.jpg"_s);
    QTRY_VERIFY(hears(u"@eaDir/x/a.jpg"_s));
    QVERIFY(!hears(u"shots/b.jpg"_s));
}

void tst_FolderWatcher::hearsOfNamesThatAreNotUtf8()
{
    const std::string folder = m_directory->path().toStdString() + "/\xD5\xD5\xC6\xAC";
    QCOMPARE(::mkdir(folder.c_str(), 0700), 0);
    // Itself a root, with another one below.
    QVERIFY(watches(1, [&] { m_watcher->setFolders({services::textOfPath(folder)}); }));
    const std::string below = folder + "/\xC4\xEA";
    QCOMPARE(::mkdir(below.c_str(), 0700), 0);
    const auto heard = [this](const std::string &bytes) {
        return std::any_of(m_changed->cbegin(), m_changed->cend(), [&](const QList<QVariant> &signal) {
            return signal.first().toStringList().contains(services::textOfPath(bytes));
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
    QTRY_COMPARE(m_changed->size(), 1); // The folders themselves, as they begin to be watched.
    QVERIFY(watches(1, [&] { m_watcher->setFolders({other.path()}); }));
    QTRY_COMPARE(m_changed->size(), 2);
    m_changed->clear();
    write(u"a.jpg"_s);
    QFile file(other.filePath(u"b.jpg"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QTRY_COMPARE(m_changed->size(), 1);
    QVERIFY(!hears(u"a.jpg"_s));
}

void tst_FolderWatcher::returnsAtOnceWhateverTheTreeCosts()
{
    QVERIFY(makeDirectories(2000));
    m_watcher->setFolders({});
    QElapsedTimer beat;
    qint64 longest = 0;
    QTimer heart;
    connect(&heart, &QTimer::timeout, this, [&] { longest = std::max(longest, beat.restart()); });
    beat.start();
    heart.start(5);
    QElapsedTimer total;
    qint64 called = 0;
    total.start();
    QVERIFY(watches(1, [&] {
        m_watcher->setExclusions(slowExclusions());
        m_watcher->setFolders({path(u"many"_s)});
        called = total.elapsed();
    }));
    // Against what the walk took, which is all that there is to wait for.
    const qint64 walked = total.elapsed();
    QVERIFY2(3 * called < walked, qPrintable(u"%1 of %2 ms"_s.arg(called).arg(walked)));
    QVERIFY2(3 * longest < walked, qPrintable(u"%1 of %2 ms"_s.arg(longest).arg(walked)));
    QTRY_VERIFY(hears(u"many"_s)); // For what came before it was watched.
    write(u"many/19/1999/a.jpg"_s);
    QTRY_VERIFY(hears(u"many/19/1999/a.jpg"_s));
}

void tst_FolderWatcher::endsWhileATreeIsWalked()
{
    QVERIFY(makeDirectories(2000));
    m_watched->clear();
    m_watcher->setExclusions(slowExclusions());
    QTest::qWait(100);
    QElapsedTimer timer;
    timer.start();
    m_watcher.reset();
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(m_watched->size(), 0); // The walk had not come to its end.
}

void tst_FolderWatcher::watchesWhatWasMadeWhileChangesWereLost()
{
    QVERIFY(makeDirectories(2000));
    const QString root = m_directory->path();
    QVERIFY(QDir(root).mkpath(u"busy"_s));
    QVERIFY(watches(1, [this] { m_watcher->setExclusions(slowExclusions()); }));
    QVERIFY(watches(1, [&] {
        QVERIFY(QFile::rename(path(u"many"_s), path(u"renamed"_s)));
        QTest::qWait(100); // While that is looked at, nobody reads what else happens.
        overflow(path(u"busy"_s));
        QVERIFY(QDir(root).mkpath(u"busy/new/below"_s));
        m_changed->clear();
    }));
    QTRY_VERIFY(hears({}));
    write(u"busy/new/below/c.jpg"_s);
    QTRY_VERIFY(hears(u"busy/new/below/c.jpg"_s));
}

void tst_FolderWatcher::watchesWhatIsMadeDuringTheWalk()
{
    QVERIFY(makeDirectories(200));
    const auto make = [this] {
        m_watcher->setExclusions(slowExclusions());
        for (int i = 0; i < 100; ++i) {
            QVERIFY(QDir(m_directory->path()).mkpath(u"many/%1/late%2/below"_s.arg(i % 2).arg(i)));
            QTest::qWait(1);
        }
    };
    QVERIFY(watches(1, make));
    const auto heardLast = [this] { return hears(u"many/1/late99"_s) || hears(u"many"_s); };
    QTRY_VERIFY_WITH_TIMEOUT(heardLast(), 60'000);
    for (int i = 0; i < 100; ++i)
        write(u"many/%1/late%2/below/a.jpg"_s.arg(i % 2).arg(i));
    for (int i = 0; i < 100; ++i)
        QTRY_VERIFY(hears(u"many/%1/late%2/below/a.jpg"_s.arg(i % 2).arg(i)));
}

void tst_FolderWatcher::waitsForAFolderThatIsNotThere()
{
    const QString root = path(u"stick"_s);
    m_watcher->setFolders({root});
    QTest::qWait(100); // It has seen that there is none.
    m_changed->clear();
    QVERIFY(watches(1, [&] { QVERIFY(QDir().mkpath(root)); }));
    QTRY_VERIFY(hears(u"stick"_s));
    write(u"stick/a.jpg"_s);
    QTRY_VERIFY(hears(u"stick/a.jpg"_s));
}

void tst_FolderWatcher::watchesAFolderThatComesBack_data()
{
    QTest::addColumn<bool>("moved"); // Else deleted.
    QTest::addColumn<int>("awayMs");
    QTest::addRow("deleted and made again") << false << 3000;
    QTest::addRow("deleted and made again at once") << false << 0;
    QTest::addRow("moved away and back") << true << 3000;
    QTest::addRow("moved away and back at once") << true << 0;
}

void tst_FolderWatcher::watchesAFolderThatComesBack()
{
    QFETCH(bool, moved);
    QFETCH(int, awayMs);
    const QString root = path(u"stick"_s);
    QVERIFY(QDir().mkpath(root + u"/photos"_s));
    QVERIFY(watches(1, [&] { m_watcher->setFolders({root}); }));
    QTRY_VERIFY(hears(u"stick"_s));
    QVERIFY(watches(1, [&] {
        if (moved)
            QVERIFY(QDir().rename(root, path(u"elsewhere"_s)));
        else
            QVERIFY(QDir(root).removeRecursively());
        QTest::qWait(awayMs);
        m_changed->clear();
        if (moved)
            QVERIFY(QDir().rename(path(u"elsewhere"_s), root));
        QVERIFY(QDir().mkpath(root + u"/photos/new"_s));
    }));
    QTRY_VERIFY(hears(u"stick"_s));
    write(u"stick/photos/new/a.jpg"_s);
    QTRY_VERIFY(hears(u"stick/photos/new/a.jpg"_s));
}

void tst_FolderWatcher::saysThatAFolderIsPolledUntilItCanBeWatched()
{
    services::FolderWatcher watcher(nullptr, 2);
    QSignalSpy degraded(&watcher, &services::FolderWatcher::degraded);
    QSignalSpy watched(&watcher, &services::FolderWatcher::watched);
    QSignalSpy changed(&watcher, &services::FolderWatcher::changed);
    watcher.setFolders({m_directory->path()}); // Three directories.
    QTRY_COMPARE(degraded.size(), 1);
    QCOMPARE(degraded.first().first().toString(), m_directory->path());
    QCOMPARE(degraded.first().last().value<services::PollingReason>(), services::PollingReason::WatchLimit);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().toStringList(), QStringList{m_directory->path()});
    QVERIFY(watched.isEmpty());
    watcher.setExclusions(ingest::Exclusions({"er"})); // Now there are watches enough.
    QTRY_COMPARE(watched.size(), 1);
    QCOMPARE(degraded.size(), 1);
}

QTEST_GUILESS_MAIN(tst_FolderWatcher)
#include "tst_folder_watcher.moc"
