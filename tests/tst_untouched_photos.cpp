// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cli.h"
#include "tests/support/shared_data.h"

#include <QColor>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace yingxun;

namespace {

/// Every system call by which a file or its place, rights or times can change; -y shows what a file
/// descriptor stands for.
const QString kCalls =
    u"open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat,"
    u"link,"
    "linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,utime,"
    "utimes,"
    "utimensat,futimesat,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr"_s;

/// Of everything below a folder, by its path: all that can change but the time of reading.
std::map<std::string, std::string> stateOf(const QString &folder)
{
    std::map<std::string, std::string> all;
    const auto put = [&all](const std::filesystem::path &path) {
        struct stat status {
        };
        ::lstat(path.c_str(), &status);
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (S_ISREG(status.st_mode)) {
            QFile file(QFile::decodeName(path.c_str()));
            if (file.open(QIODevice::ReadOnly))
                hash.addData(&file);
        }
        const auto time = [](const timespec &t) {
            return std::to_string(t.tv_sec) + '.' + std::to_string(t.tv_nsec) + ' ';
        };
        all[path.string()] = time(status.st_mtim) + time(status.st_ctim) + std::to_string(status.st_ino) +
                             ' ' + std::to_string(status.st_mode) + ' ' + std::to_string(status.st_uid) +
                             ' ' + std::to_string(status.st_gid) + ' ' + std::to_string(status.st_nlink) +
                             ' ' + hash.result().toHex().toStdString();
    };
    put(folder.toStdString());
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder.toStdString()))
        put(entry.path());
    return all;
}

/// The lines of a trace that are a change of something below the folder.
QStringList changesWithin(const QString &trace, const QString &folder)
{
    static const QRegularExpression kReading(u"^(\\d+ +)?(<\\.\\.\\. )?(open|openat|openat2)[( ]"_s);
    static const QRegularExpression kWriting(u"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE"_s);
    QStringList changes;
    for (const QString &line : trace.split(u'\n')) {
        const bool isHere =
            line.contains(folder + u'/') || line.contains(folder + u'"') || line.contains(folder + u'>');
        if (isHere && (!line.contains(kReading) || line.contains(kWriting)))
            changes += line;
    }
    return changes;
}

} // namespace

/// Photos are only ever read, as long as nobody asks for one to go: that is tst_trash.
class tst_UntouchedPhotos : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void noticesEveryKindOfChange();
    void areOnlyRead_data();
    void areOnlyRead();

private:
    test::Answer traced(const QString &program, const QStringList &arguments, std::optional<int> forMs = {});
    QString path(const QString &name) const { return QDir(m_directory.path()).canonicalPath() + u'/' + name; }

    QTemporaryDir m_directory;
    QString m_photos;
    bool m_canTrace = false;
    QString m_trace; ///< Of the latest run.
};

void tst_UntouchedPhotos::initTestCase()
{
    m_photos = path(u"photos"_s);
    QVERIFY(QDir().mkpath(m_photos + u"/2024/海"_s));
    for (int i = 0; i < 12; ++i) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(i * 30, 200, 200));
        QVERIFY(image.save(m_photos + (i % 2 ? u"/2024/海/%1.jpg"_s : u"/%1.png"_s).arg(i),
                           i % 2 ? "JPG" : "PNG"));
    }
    const auto write = [this](const QString &name, const QByteArray &bytes) {
        QFile file(m_photos + name);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    };
    write(u"/0.png.xmp"_s, "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
    write(u"/broken.jpg"_s, QByteArray("\xff\xd8\xff\xe0") + QByteArray(100, 'x'));
    write(u"/without ending"_s, QByteArray(3000, 'x'));
    QVERIFY(QFile::copy(m_photos + u"/0.png"_s, m_photos + u"/copy of 0.png"_s));
    QVERIFY(QFile::link(m_photos + u"/0.png"_s, m_photos + u"/link.png"_s));
    QVERIFY(QFile::setPermissions(m_photos + u"/2.png"_s, QFile::ReadOwner));
    const QDir shared(QStringLiteral(YINGXUN_SHARED_DIR "/photos/formats"));
    if (!shared.exists())
        withoutShared("the formats of cameras are not among the photos");
    for (const QFileInfo &file : shared.entryInfoList(QDir::Files))
        QVERIFY(QFile::copy(file.filePath(), m_photos + u'/' + file.fileName()));
    m_canTrace = QProcess::execute(u"sh"_s, {u"-c"_s, u"strace -o /dev/null true 2>/dev/null"_s}) == 0;
    if (!m_canTrace)
        qWarning("without strace only what is left of a change can be seen");
}

test::Answer tst_UntouchedPhotos::traced(const QString &program, const QStringList &arguments,
                                         std::optional<int> forMs)
{
    if (!m_canTrace)
        return test::runOn(path(u"data"_s), program, arguments, forMs);
    const QString trace = path(u"trace"_s);
    QStringList all{u"-f"_s, u"-y"_s, u"-s"_s, u"4096"_s, u"--seccomp-bpf"_s, u"-e"_s, u"trace="_s + kCalls,
                    u"-o"_s, trace};
    if (forMs) // The tracer would be killed, and not the program.
        all += {u"timeout"_s, u"-s"_s, u"KILL"_s, QString::number(*forMs / 1000.0)};
    const test::Answer answer =
        test::runOn(path(u"data"_s), u"strace"_s, all + QStringList{program} + arguments);
    QFile file(trace);
    m_trace = file.open(QIODevice::ReadOnly) ? QString::fromLocal8Bit(file.readAll()) : QString();
    return answer;
}

void tst_UntouchedPhotos::noticesEveryKindOfChange()
{
    if (!m_canTrace)
        QSKIP("needs strace");
    const QString folder = path(u"other"_s);
    for (const QString &change : {u"echo x >> a"_s, u"mv a b"_s, u"mv b a"_s, u"chmod 600 a"_s, u"touch a"_s,
                                  u"ln a c"_s, u"rm c"_s, u"ln -s a c"_s, u"mkdir d"_s, u"rmdir d"_s,
                                  u"truncate -s 0 a"_s, u"mkfifo f"_s, u"chmod 700 ."_s}) {
        QVERIFY(QDir().mkpath(folder));
        QString absolute = change;
        absolute.replace(QRegularExpression(u" ([abcdf.])(?= |$)"_s), u" "_s + folder + u"/\\1"_s);
        traced(u"sh"_s, {u"-c"_s, absolute});
        QVERIFY2(!changesWithin(m_trace, folder).isEmpty(), qPrintable(absolute));
    }
    QVERIFY(QFile(folder + u"/a"_s).exists());
    traced(u"cat"_s, {folder + u"/a"_s});
    QCOMPARE(changesWithin(m_trace, folder), QStringList());
}

void tst_UntouchedPhotos::areOnlyRead_data()
{
    QTest::addColumn<QStringList>(
        "command"); // PHOTOS: the folder. Beginning with "window": the other program.
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("forMs"); // 0: until it ends.
    const auto row = [](const char *name, const QStringList &command, int code = 0, int forMs = 0) {
        QTest::newRow(name) << command << code << forMs;
    };
    row("index", {u"index"_s, u"PHOTOS"_s});
    row("index again", {u"index"_s, u"--retry"_s});
    row("search", {u"search"_s, u"海边的日落"_s});
    row("like", {u"search"_s, u"--like"_s, u"PHOTOS/0.png"_s});
    row("label", {u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"狗"_s});
    row("classify", {u"classify"_s, u"PHOTOS/0.png"_s, u"狗"_s, u"猫"_s});
    row("info", {u"info"_s, u"PHOTOS/0.png"_s});
    row("gc", {u"gc"_s, u"--now"_s});
    row("in the terminal",
        {u"window"_s, u"--no-window"_s, u"--query"_s, u"狗"_s, u"--sheet"_s, u"PHOTOS.png"_s});
    row("window", {u"window"_s, u"PHOTOS"_s}, 137, 4000);
}

void tst_UntouchedPhotos::areOnlyRead()
{
    QFETCH(QStringList, command);
    QFETCH(const int, code);
    QFETCH(const int, forMs);
    static const auto kBefore = stateOf(m_photos);
    command.replaceInStrings(u"PHOTOS"_s, m_photos);
    const bool isWindow = command.first() == u"window"_s;
    if (isWindow)
        command.removeFirst();
    const test::Answer answer =
        traced(isWindow ? QStringLiteral(YINGXUN_PROGRAM) : QStringLiteral(YINGXUN_CLI), command,
               forMs > 0 ? std::optional(forMs) : std::nullopt);
    QVERIFY2(answer.code == code || (forMs > 0 && answer.code == -1), answer.err.constData());
    QVERIFY(stateOf(m_photos) == kBefore);
    if (!m_canTrace)
        return;
    const QStringList changes = changesWithin(m_trace, m_photos);
    QVERIFY2(changes.isEmpty(), qPrintable(changes.join(u'\n')));
    if (command.first() == u"index"_s)
        QVERIFY(m_trace.contains(m_photos + u"/broken.jpg"_s)); // The trace is one of this folder.
}

YINGXUN_SHARED_TEST_MAIN(tst_UntouchedPhotos)
#include "tst_untouched_photos.moc"
