// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few kills of each kind; tests/campaign/endurance.sh does hundreds, from other seeds.
#include "core/base/atomic_file.h"
#include "core/base/content_hasher.h"
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/ingest/unused_contents.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/cli.h"
#include "tests/support/data_directory.h"

#include <QColor>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace yingxun;

namespace {

constexpr int kPhotos = 24;
constexpr int kDimension = 16;
const std::string kModel(32, 'a');
using Micros = std::chrono::microseconds;

/// A process of its own that does some work, all of it or until it is killed.
class Child
{
public:
    explicit Child(const std::function<void()> &work) : m_process(::fork())
    {
        if (m_process == 0) {
            work();
            ::_exit(0);
        }
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;
    ~Child() { wait(); }
    void killAfter(Micros time)
    {
        ::usleep(static_cast<useconds_t>(time.count()));
        ::kill(m_process, SIGKILL);
        wait();
    }
    void wait()
    {
        if (m_process > 0)
            ::waitpid(std::exchange(m_process, 0), nullptr, 0);
    }

private:
    pid_t m_process;
};

/// How long the work takes when nobody kills it.
Micros durationOf(const std::function<void()> &work)
{
    const auto begin = std::chrono::steady_clock::now();
    Child(work).wait();
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - begin);
}

ContentHash content(int number)
{
    return contentHash(std::as_bytes(std::span(&number, 1)));
}

std::string bytesOf(const std::filesystem::path &file)
{
    QFile in(QFile::decodeName(file.c_str()));
    return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
}

/// What people made, and what is known of photos, as text.
QStringList shown(db::Catalogue &catalogue)
{
    QStringList lines;
    const auto put = [&lines](const std::string &text) { lines += QString::fromLatin1(text.c_str()); };
    const auto labels = catalogue.labels();
    for (const Label &label : *labels) {
        const auto contents = catalogue.contentsWithLabel(label.id);
        for (const ContentHash &one : *contents)
            put("label " + label.name + ' ' + one.hex());
    }
    const auto ratings = catalogue.ratings();
    for (const auto &[one, stars] : *ratings)
        put("stars " + one.hex() + ' ' + std::to_string(stars));
    const auto folders = catalogue.folders();
    for (const Folder &folder : *folders)
        put("folder " + folder.path);
    const auto photos = catalogue.photos();
    for (const Photo &photo : *photos)
        put("photo " + photo.path + ' ' + photo.hash.hex() +
            (*catalogue.hasThumbnail(photo.hash) ? " with thumbnail" : ""));
    lines.sort();
    return lines;
}

QStringList shown(const std::filesystem::path &data)
{
    auto catalogue = db::Catalogue::open(data);
    return catalogue ? shown(*catalogue) : QStringList{QString::fromStdString(catalogue.error().message)};
}

} // namespace

/// Programs that are killed, at moments spread over all that they do, lose nothing and leave nothing behind.
class tst_Killed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void removesWhatKilledWritersLeft();
    void keepsWhatWasConfirmed();
    void keepsGoodCopies();
    void purgesWhatIsUnused();
    void bringsOldLibrariesUpToDate_data();
    void bringsOldLibrariesUpToDate();
    void indexesEveryPhotoOnce();
    void labels();

private:
    std::filesystem::path data() const { return m_directory->filePath(u"data"_s).toStdString(); }
    QString photos() const { return QDir(m_directory->path()).canonicalPath() + u"/photos"_s; }
    test::Answer cli(const QStringList &arguments, std::optional<int> killAfterMs = {}) const
    {
        return test::runOn(m_directory->filePath(u"data"_s), QStringLiteral(YINGXUN_CLI), arguments,
                           killAfterMs);
    }
    void fresh() const { std::filesystem::remove_all(data()); }
    void paint() const;
    void fillLibrary() const;
    void loadOldLibrary(const QString &name) const;
    /// A moment of a run that takes so long.
    template<typename Time>
    Time momentOf(Time whole)
    {
        return Time(m_random.bounded(int(whole.count()) + 1));
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    QRandomGenerator m_random{quint32(test::campaignNumber("YINGXUN_SEED", 1))};
    const int m_kills = test::campaignNumber("YINGXUN_KILLS", 10);         ///< Of what takes milliseconds.
    const int m_programs = test::campaignNumber("YINGXUN_KILLED_RUNS", 1); ///< Of the program.
};

void tst_Killed::removesWhatKilledWritersLeft()
{
    static constexpr std::array<std::string_view, 1> kAll{""};
    const std::filesystem::path folder = m_directory->path().toStdString();
    Child([&folder] {
        auto file = AtomicFile::create(folder / "copy");
        file->write(std::as_bytes(std::span("half of it")));
        ::kill(::getpid(), SIGKILL);
    }).wait();
    QCOMPARE(test::leftovers(folder).size(), 1);
    const QString part = test::leftovers(folder).front();
    QFile(part).copy(part + u"-journal"_s);
    QFile(part).copy(m_directory->filePath(u"holiday.part-two"_s));
    QFile(part).copy(m_directory->filePath(u"copy.part-1"_s)); // Of a process that lives.
    const auto mine = AtomicFile::create(folder / "mine");
    {
        std::array<std::string_view, 1> others{"user"};
        removeAbandoned(folder, others);
        QVERIFY(QFile::exists(part));
    }
    removeAbandoned(folder, kAll);
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files),
             QStringList({u"copy.part-1"_s, u"holiday.part-two"_s, u"mine.part-%1"_s.arg(::getpid())}));
}

void tst_Killed::keepsWhatWasConfirmed()
{
    constexpr int kSteps = 40;
    for (int kill = 0; kill < m_kills; ++kill) {
        fresh();
        std::array<int, 2> pipe{};
        QVERIFY(::pipe(pipe.data()) == 0);
        const auto work = [&] {
            auto catalogue = db::Catalogue::open(data());
            for (int i = 0; i < kSteps; ++i) {
                const auto label = catalogue->addLabel("label " + std::to_string(i));
                if (!label || !catalogue->assignLabel(*label, std::array{content(i)}) ||
                    !catalogue->setRatings(std::array{Rating{content(i), 1 + i % 5}}) ||
                    ::write(pipe[1], &i, sizeof i) != sizeof i)
                    ::_exit(1);
            }
        };
        static const Micros kWhole = durationOf(work);
        fresh();
        for (int i = 0; kill == 0 && i < kSteps; ++i) // Of the undisturbed run.
            QVERIFY(::read(pipe[0], &i, sizeof i) == sizeof i);
        Child(work).killAfter(momentOf(kWhole));
        ::close(pipe[1]);
        int confirmed = 0;
        for (int i = 0; ::read(pipe[0], &i, sizeof i) == sizeof i;)
            confirmed = i + 1;
        ::close(pipe[0]);
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        auto catalogue = db::Catalogue::open(data());
        QVERIFY(catalogue);
        const auto labels = *catalogue->labels();
        const auto ratings = *catalogue->ratings();
        QVERIFY(std::ssize(labels) >= confirmed && std::ssize(ratings) >= confirmed);
        for (const Label &label : labels) {
            const int i = std::stoi(label.name.substr(6));
            QVERIFY(i >= confirmed || *catalogue->contentsWithLabel(label.id) == std::vector{content(i)});
        }
    }
}

/// Label 1 on contents 0 to 199, of which the first hundred are of photos; thumbnails and embeddings of all.
void tst_Killed::fillLibrary() const
{
    fresh();
    auto catalogue = db::Catalogue::open(data());
    auto store = vectors::EmbeddingStore::open(data() / "embeddings", kModel, kDimension);
    QVERIFY(catalogue && store);
    std::vector<ContentHash> contents;
    std::vector<Photo> photos;
    std::vector<Thumbnail> thumbnails;
    for (int i = 0; i < 200; ++i) {
        contents.push_back(content(i));
        thumbnails.push_back({content(i), std::vector<std::byte>(3000, std::byte(i))});
        Photo photo;
        photo.folder = {1};
        photo.path = "/p/" + std::to_string(i);
        photo.hash = content(i);
        if (i < 100)
            photos.push_back(photo);
    }
    QVERIFY(catalogue->addFolder("/p") && catalogue->putPhotos(photos) &&
            catalogue->putThumbnails(thumbnails));
    QVERIFY(catalogue->assignLabel(*catalogue->addLabel("狗"), contents) && catalogue->setSeenWhole());
    QVERIFY(store->append(
        contents, Embeddings{std::vector<float>(std::size_t{200} * kDimension, 0.25F), 200, kDimension}));
}

void tst_Killed::keepsGoodCopies()
{
    fillLibrary();
    const QStringList before = shown(data());
    const auto work = [this] { static_cast<void>(db::backUp(data(), "2024-05-02")); };
    const auto forget = [this] { std::filesystem::remove(data() / "backups" / "user-2024-05-02.db"); };
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    QVERIFY(db::Catalogue::open(data())->addLabel("猫"));
    const Micros whole = durationOf(work);
    forget();
    for (int kill = 0; kill < m_kills; ++kill) {
        Child(work).killAfter(momentOf(whole));
        QCOMPARE(shown(data()), before);
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        const auto copies = db::backupCopies(data());
        for (const db::BackupCopy &copy : *copies)
            QVERIFY(db::checkCopy(copy.file));
        QVERIFY(db::backUp(data(), "2024-05-02"));
        QCOMPARE(db::backupCopies(data())->size(), std::size_t{2});
        forget();
    }
    QVERIFY(*db::backUp(data(), "2024-05-02")); // The latest kill may have come after all was done.
    QCOMPARE(test::leftovers(data()), QStringList());
}

void tst_Killed::purgesWhatIsUnused()
{
    fillLibrary();
    const QStringList before = shown(data());
    const auto purge = [this] { return ingest::sweepUnused({data(), ingest::unixTimeMs(), nullptr, true}); };
    const auto work = [&purge] { static_cast<void>(purge()); };
    const Micros whole = durationOf(work);
    for (int kill = 0; kill < m_kills; ++kill) {
        fillLibrary();
        Child(work).killAfter(momentOf(whole));
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        QCOMPARE(shown(data()), before);
        const auto swept = purge();
        QVERIFY2(swept, swept ? "" : swept.error().message.c_str());
        QVERIFY(!swept->problem && swept->waiting == 0);
        QCOMPARE(test::embeddedOnce(data()), 100);
        QVERIFY(!*db::Catalogue::open(data())->hasThumbnail(content(150)));
        QCOMPARE(shown(data()), before);
        QCOMPARE(test::leftovers(data()), QStringList());
    }
}

void tst_Killed::bringsOldLibrariesUpToDate_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name :
         QDir(QStringLiteral(YINGXUN_TEST_DATA "/libraries")).entryList({u"user*"_s}, QDir::Dirs, QDir::Name))
        QTest::addRow("%s", qPrintable(name)) << name;
}

void tst_Killed::loadOldLibrary(const QString &name) const
{
    fresh();
    std::filesystem::create_directories(data());
    for (const std::string part : {"user", "cache", "thumbs"}) {
        const std::string sql = bytesOf(std::filesystem::path(YINGXUN_TEST_DATA "/libraries") /
                                        name.toStdString() / (part + ".sql"));
        if (!sql.empty()) {
            auto database = db::Database::open(data() / (part + ".db"));
            QVERIFY(database &&
                    database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; " + sql));
        }
    }
}

void tst_Killed::bringsOldLibrariesUpToDate()
{
    QFETCH(const QString, name);
    loadOldLibrary(name);
    const auto work = [this] { static_cast<void>(db::Catalogue::open(data())); };
    const Micros whole = durationOf(work);
    const QStringList expected = shown(data());
    QVERIFY(expected.size() > 10);
    for (int kill = 0; kill < m_kills; ++kill) {
        loadOldLibrary(name);
        Child(work).killAfter(momentOf(whole));
        QCOMPARE(shown(data()), expected);
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        QCOMPARE(test::leftovers(data()), QStringList());
    }
}

void tst_Killed::paint() const
{
    QVERIFY(QDir().mkpath(photos()));
    for (int i = 0; i < kPhotos; ++i) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(i * 15 % 360, 200, 200));
        QVERIFY(image.save(photos() + u"/%1.png"_s.arg(i), "PNG"));
    }
}

void tst_Killed::indexesEveryPhotoOnce()
{
    paint();
    const auto begin = std::chrono::steady_clock::now();
    QCOMPARE(cli({u"index"_s, photos()}).code, 0);
    const auto whole =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const QStringList expected = shown(data());
    QCOMPARE(expected.size(), 1 + kPhotos);
    for (int kill = 0; kill < m_programs; ++kill) {
        fresh();
        cli({u"index"_s, photos()}, int(momentOf(whole).count()));
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        const qint64 before = test::embeddedOnce(data());
        const test::Answer next = cli({u"index"_s, u"--json"_s, photos()});
        QVERIFY2(next.code == 0, next.err.constData());
        QCOMPARE(next.number(u"found"_s), kPhotos);
        QCOMPARE(next.number(u"failed"_s), 0);
        QCOMPARE(before + next.number(u"embedded"_s), qint64{kPhotos});
        QCOMPARE(test::embeddedOnce(data()), qint64{kPhotos});
        QCOMPARE(shown(data()), expected);
        QCOMPARE(test::leftovers(data()), QStringList());
    }
}

void tst_Killed::labels()
{
    paint();
    QCOMPARE(cli({u"index"_s, photos()}).code, 0);
    const QStringList arguments{u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"狗"_s};
    const auto begin = std::chrono::steady_clock::now();
    QCOMPARE(cli(arguments).code, 0);
    const auto whole =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const QStringList confirmed = shown(data());
    QCOMPARE(confirmed.size(), 1 + 2 * kPhotos);
    for (int kill = 0; kill < m_programs; ++kill) {
        cli({u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"猫"_s}, int(momentOf(whole).count()));
        QCOMPARE(test::brokenDatabases(data()), QStringList());
        QStringList now = shown(data());
        const qsizetype cats = now.removeIf(
            [](const QString &line) { return line.startsWith(u"label "_s + QString::fromLatin1("猫")); });
        QVERIFY(cats == 0 || cats == kPhotos); // All or none.
        QCOMPARE(now, confirmed);
        auto catalogue = db::Catalogue::open(data());
        const auto labels = catalogue->labels();
        for (const Label &label : *labels)
            QVERIFY(label.name != "猫" || catalogue->removeLabel(label.id));
    }
    QCOMPARE(test::leftovers(data()), QStringList());
}

QTEST_GUILESS_MAIN(tst_Killed)
#include "tst_killed.moc"
