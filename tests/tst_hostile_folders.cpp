// SPDX-License-Identifier: GPL-3.0-or-later
//
// What lies in folders, and what happens in them and on the disk, while a person indexes them.
#include "core/db/catalogue.h"
#include "tests/support/cli.h"
#include "tests/support/data_directory.h"
#include "tests/support/shared_data.h"

#include <QBuffer>
#include <QColor>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace yingxun;

namespace {

QByteArray picture(int number)
{
    QImage image(160, 120, QImage::Format_RGB32);
    image.fill(QColor::fromHsv(number * 37 % 360, 200, 200));
    image.setPixelColor(number % 160, number / 160, Qt::white);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

void write(const std::string &path, const QByteArray &bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.constData(), bytes.size());
}

} // namespace

class tst_HostileFolders : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void takesEveryName();
    void passesOverWhatIsNoFile();
    void listsWhatCannotBeRead();
    void bearsFilesThatChangeMeanwhile();
    void bearsASecondProgram();
    void bearsAWindowBeside();
    void bearsAFullDisk();
    void bearsAllSharedFiles();

private:
    std::string data() const { return m_directory->filePath(u"data"_s).toStdString(); }
    std::string photos() const { return m_photos; }
    test::Answer cli(const QStringList &arguments) const
    {
        return test::runOn(m_directory->filePath(u"data"_s), QStringLiteral(YINGXUN_CLI), arguments);
    }
    test::Answer index() const { return cli({u"index"_s, u"--json"_s, QString::fromStdString(photos())}); }
    void fill(int count) const;
    std::set<std::string> indexed() const;
    std::set<std::string> problems() const;
    void verifySound() const { QCOMPARE(test::brokenDatabases(data()), QStringList()); }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::string m_photos;
    const bool m_isCampaign = test::campaignNumber("YINGXUN_CAMPAIGN", 0) != 0;
};

void tst_HostileFolders::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_photos = QDir(m_directory->path()).canonicalPath().toStdString() + "/photos";
    std::filesystem::create_directory(m_photos);
}

void tst_HostileFolders::fill(int count) const
{
    for (int i = 0; i < count; ++i)
        write(photos() + "/" + std::to_string(i) + ".png", picture(i));
}

std::set<std::string> tst_HostileFolders::indexed() const
{
    std::set<std::string> paths;
    auto catalogue = db::Catalogue::open(data());
    const auto all = catalogue->photos();
    for (const Photo &photo : *all)
        paths.insert(photo.path);
    return paths;
}

/// Those that have a reason.
std::set<std::string> tst_HostileFolders::problems() const
{
    std::set<std::string> paths;
    auto catalogue = db::Catalogue::open(data());
    const auto all = catalogue->problems();
    for (const Problem &problem : *all) {
        if (!problem.message.empty())
            paths.insert(problem.path);
    }
    return paths;
}

void tst_HostileFolders::takesEveryName()
{
    const std::array<std::string, 10> names{
        "line\nbreak.png",           "quote\"s 'and' `more`.png",     "invalid \xff\xfe\xd5.png",
        "🏖️🐕.png",           "\u202eright to left\u202c.png", "שלום مرحبا.png",
        "-rf; $(rm) %s \\.png",      std::string(251, 'x') + ".png",  "\x01\x1b[31mred.png",
        " leading and trailing .png"};
    std::set<std::string> expected;
    std::filesystem::create_directory(photos() + "/folder\n\xff");
    for (const std::string &name : names) {
        for (const std::string &path : {photos() + "/" + name, photos() + "/folder\n\xff/" + name}) {
            write(path, picture(int(expected.size())));
            expected.insert(path);
        }
    }
    const test::Answer first = index();
    QVERIFY2(first.code == 0, first.err.constData());
    QVERIFY(indexed() == expected);
    QVERIFY(problems().empty());
    QCOMPARE(index().number(u"unchanged"_s), int(expected.size()));
    const test::Answer found = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"100"_s, u"海"_s});
    QCOMPARE(found.lines().size(), qsizetype(expected.size()));
    for (const QJsonObject &line : found.lines())
        QVERIFY(line.contains(u"path"_s));
    verifySound();
}

void tst_HostileFolders::passesOverWhatIsNoFile()
{
    fill(3);
    QCOMPARE(::mkfifo((photos() + "/fifo.png").c_str(), 0600), 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = photos() + "/socket.png";
    std::copy(name.begin(), name.end(), address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    static_cast<void>(::mknod((photos() + "/device.png").c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0);
    const auto link = [this](const std::string &to, const std::string &from) {
        std::filesystem::create_symlink(to, photos() + "/" + from);
    };
    link("/dev/zero", "zero.png");
    link("/proc/self/mem", "memory.png");
    link("loop2.png", "loop1.png");
    link("loop1.png", "loop2.png");
    link("nowhere", "nowhere.png");
    link(".", "here");
    link("..", "above");
    std::filesystem::create_directory(photos() + "/folder.png");
    link("../folder.png", "folder.png/itself");
    const test::Answer answer = index();
    ::close(socket);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QVERIFY(indexed() ==
            (std::set<std::string>{photos() + "/0.png", photos() + "/1.png", photos() + "/2.png"}));
    verifySound();
}

void tst_HostileFolders::listsWhatCannotBeRead()
{
    fill(3);
    const QByteArray whole = picture(9);
    const std::array<std::pair<const char *, QByteArray>, 4> bad{{{"empty.png", {}},
                                                                  {"cut.png", whole.left(40)},
                                                                  {"text.jpg", "not a picture"},
                                                                  {"noise.heic", QByteArray(5000, 'n')}}};
    std::set<std::string> expected;
    for (const auto &[name, bytes] : bad) {
        write(photos() + "/" + name, bytes);
        expected.insert(photos() + "/" + name);
    }
    const test::Answer answer = index();
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.number(u"failed"_s), int(expected.size()));
    QVERIFY(problems() == expected);
    QCOMPARE(indexed().size(), std::size_t{3});
    verifySound();
}

void tst_HostileFolders::bearsFilesThatChangeMeanwhile()
{
    constexpr int kCount = 150;
    fill(kCount);
    std::atomic<bool> stop = false;
    std::thread hostile([&] {
        QRandomGenerator random{quint32(test::campaignNumber("YINGXUN_SEED", 1))};
        while (!stop) {
            const std::string path = photos() + "/" + std::to_string(random.bounded(kCount)) + ".png";
            const std::string other = photos() + "/" + std::to_string(random.bounded(kCount)) + ".png";
            switch (random.bounded(6)) {
            case 0:
                ::rename(path.c_str(), other.c_str());
                break;
            case 1:
                static_cast<void>(::truncate(path.c_str(), random.bounded(300)) == 0);
                break;
            case 2:
                ::unlink(path.c_str());
                break;
            case 3:
                ::unlink(path.c_str());
                ::mkfifo(path.c_str(), 0600);
                break;
            case 4:
                ::unlink(path.c_str());
                static_cast<void>(::symlink(other.c_str(), path.c_str()) == 0);
                break;
            default:
                ::unlink(path.c_str());
                write(path, picture(random.bounded(1000)));
            }
        }
    });
    for (int run = 0; run < (m_isCampaign ? 10 : 2); ++run) {
        const test::Answer answer =
            cli({u"index"_s, QString::fromStdString(photos()), u"--remove-missing"_s});
        if (answer.code != 0) {
            stop = true;
            hostile.join();
        }
        QVERIFY2(answer.code == 0, answer.err.constData());
    }
    stop = true;
    hostile.join();
    verifySound();
    std::filesystem::remove_all(photos());
    std::filesystem::create_directory(photos());
    fill(kCount);
    const test::Answer calm = cli({u"index"_s, u"--json"_s, u"--remove-missing"_s});
    QCOMPARE(calm.number(u"found"_s), kCount);
    QCOMPARE(calm.number(u"failed"_s), 0);
    QCOMPARE(indexed().size(), std::size_t{kCount});
    QVERIFY(problems().empty());
    QVERIFY(test::embeddedOnce(data()) >= kCount);
    QCOMPARE(test::leftovers(data()), QStringList());
}

void tst_HostileFolders::bearsASecondProgram()
{
    fill(60);
    test::Answer other;
    std::thread second([&] { other = index(); });
    const test::Answer one = index();
    second.join();
    for (const test::Answer &answer : {one, other})
        QVERIFY2(answer.code == 0 || (answer.code == 1 && answer.err.contains("Another Yingxun")),
                 answer.err.constData());
    QVERIFY(one.code == 0 || other.code == 0);
    QCOMPARE(indexed().size(), std::size_t{60});
    QCOMPARE(test::embeddedOnce(data()), 60);
    verifySound();
}

void tst_HostileFolders::bearsAWindowBeside()
{
    fill(60);
    std::thread window([this] {
        test::runOn(m_directory->filePath(u"data"_s), QStringLiteral(YINGXUN_PROGRAM),
                    {QString::fromStdString(photos())}, 4000);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    const test::Answer beside = index();
    const test::Answer labelled = cli({u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"狗"_s});
    window.join(); // It was killed.
    QVERIFY2(beside.code == 0 || (beside.code == 1 && beside.err.contains("Another Yingxun")),
             beside.err.constData());
    QVERIFY2(labelled.code == 0, labelled.err.constData());
    QCOMPARE(index().code, 0);
    QCOMPARE(indexed().size(), std::size_t{60});
    QCOMPARE(test::embeddedOnce(data()), 60);
    verifySound();
    QCOMPARE(test::leftovers(data()), QStringList());
}

void tst_HostileFolders::bearsAFullDisk()
{
    fill(60);
    const QList<int> limits =
        m_isCampaign ? QList<int>{0, 1, 8, 32, 64, 100, 128, 160, 200, 256, 300} : QList<int>{8, 128};
    for (const int blocks : limits) { // Of 512 bytes, the most that a file may have.
        const test::Answer answer =
            test::runOn(m_directory->filePath(u"data"_s), u"sh"_s,
                        {u"-c"_s, u"trap '' XFSZ; ulimit -f %1; exec \"$0\" index \"$1\""_s.arg(blocks),
                         QStringLiteral(YINGXUN_CLI), QString::fromStdString(photos())});
        QVERIFY2(answer.code == 0 || (answer.code == 1 && !answer.err.isEmpty()), answer.err.constData());
        verifySound();
    }
    const test::Answer calm = index();
    QVERIFY2(calm.code == 0, calm.err.constData());
    QCOMPARE(indexed().size(), std::size_t{60});
    QCOMPARE(test::embeddedOnce(data()), 60);
    QVERIFY(problems().empty());
    QCOMPARE(test::leftovers(data()), QStringList());
}

void tst_HostileFolders::bearsAllSharedFiles()
{
    QStringList folders{QStringLiteral(YINGXUN_SHARED_DIR "/odd-files")};
    if (!QDir(folders.first()).exists())
        SKIP_WITHOUT_SHARED("needs the odd files");
    if (m_isCampaign)
        folders += QStringLiteral(YINGXUN_SHARED_DIR "/photos");
    const test::Answer answer = cli(QStringList{u"index"_s, u"--json"_s} + folders);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(int(indexed().size() + problems().size()), answer.number(u"found"_s));
    QCOMPARE(int(problems().size()), answer.number(u"failed"_s));
    QVERIFY(!indexed().empty());
    verifySound();
    const test::Answer again = cli({u"index"_s, u"--json"_s});
    QCOMPARE(again.number(u"embedded"_s), 0);
    QCOMPARE(again.number(u"found"_s), answer.number(u"found"_s));
}

YINGXUN_SHARED_TEST_MAIN(tst_HostileFolders)
#include "tst_hostile_folders.moc"
