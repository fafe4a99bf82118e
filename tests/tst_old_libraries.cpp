// SPDX-License-Identifier: GPL-3.0-or-later
//
// Libraries as earlier versions left them, in data/libraries: each was filled through the catalogue of the
// commit that its files name (user3-cache11: opened by it, as user3-cache6), with the same folders, photos,
// labels and stars as far as that version had them. All of those commits wrote the same bytes of embeddings.
#include "core/db/catalogue.h"
#include "core/db/migrations.h"
#include "core/db/sqlite.h"
#include "core/library/library_follower.h"
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

using namespace yingxun;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
const std::string kModel = "0123456789abcdef0123456789abcdef";
constexpr int kDimension = 16;

std::string bytesOf(const std::filesystem::path &file)
{
    QFile in(QFile::decodeName(file.c_str()));
    return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
}

/// All files of a library but its lock.
std::map<std::string, std::string> filesOf(const std::filesystem::path &directory)
{
    std::map<std::string, std::string> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file() && entry.path().filename() != "catalogue.lock")
            files.emplace(entry.path().string(), bytesOf(entry.path()));
    }
    return files;
}

ContentHash content(int number)
{
    ContentHash hash;
    hash.bytes.fill(static_cast<std::uint8_t>(number));
    return hash;
}

/// Paths are shown so that each byte can be seen.
QString shown(const std::string &path)
{
    return QString::fromLatin1(QByteArray::fromStdString(path).toPercentEncoding("/"));
}

QString shown(const Photo &photo)
{
    return u"%1 in %2: %3, content %4, %5 bytes, changed %6, %7 x %8, captured %9"_s.arg(photo.id.value)
               .arg(photo.folder.value)
               .arg(shown(photo.path))
               .arg(photo.hash == content(photo.hash.bytes[0]) ? int(photo.hash.bytes[0]) : -1)
               .arg(photo.sizeBytes)
               .arg(photo.mtimeMs)
               .arg(photo.width)
               .arg(photo.height)
               .arg(photo.captureTimeMs ? QString::number(*photo.captureTimeMs) : u"never"_s) +
           (photo.kind == MediaKind::Video ? u", video"_s : u""_s);
}

QString shown(const Problem &problem)
{
    return u"%1 in %2: %3 bytes, changed %4, %5 %6, retry %7 %8"_s.arg(shown(problem.path))
        .arg(problem.folder.value)
        .arg(problem.sizeBytes)
        .arg(problem.mtimeMs)
        .arg(problem.code)
        .arg(QString::fromStdString(problem.message))
        .arg(int(problem.retry))
        .arg(QString::fromStdString(problem.readers));
}

template<typename T>
QStringList shownAll(const std::vector<T> &all)
{
    QStringList lines;
    for (const T &one : all)
        lines += shown(one);
    return lines;
}

QString shown(std::vector<ContentHash> contents)
{
    std::sort(contents.begin(), contents.end());
    QStringList numbers;
    for (const ContentHash &hash : contents)
        numbers += hash == content(hash.bytes[0]) ? QString::number(hash.bytes[0]) : u"?"_s;
    return numbers.join(u' ');
}

Photo photo(std::int64_t id, std::int64_t folder, const std::string &path, int number, std::int64_t day,
            std::optional<std::int64_t> capturedDay = {})
{
    Photo photo;
    photo.id = {id};
    photo.folder = {folder};
    photo.path = path;
    photo.hash = content(number);
    photo.sizeBytes = 1000 + number;
    photo.mtimeMs = day * kDayMs;
    photo.width = 640;
    photo.height = 480 + number;
    if (capturedDay)
        photo.captureTimeMs = *capturedDay * kDayMs;
    return photo;
}

/// In the order in which they are shown.
std::vector<Photo> expectedPhotos(int cacheVersion)
{
    std::vector<Photo> photos{
        photo(5, 5, "/mnt/disk/edited.jpg", 4, 19041),
        photo(4, 4, "/media/stick/copy.jpg", 1, 19030),
        photo(2, 2, "/home/li/Photos/2024/sea.jpg", 2, 19010),
        photo(3, 3, "/home/li/\xb2\xe2\xca\xd4/\xba\xa3.jpg", 3, 19020, 18020),
        photo(1, 1, "/home/li/Photos/猫.jpg", 1, 19000, 18000),
    };
    if (cacheVersion >= 6) {
        Photo video = photo(8, 2, "/home/li/Photos/2024/clip.mp4", 5, 19060);
        video.kind = MediaKind::Video;
        photos.insert(photos.begin(), video);
    }
    return photos;
}

std::vector<Problem> expectedProblems(int cacheVersion)
{
    Problem broken{"/home/li/Photos/broken.jpg", {1},           5, 19001 * kDayMs, 3,
                   "“broken” is no photo",       Retry::EachRun};
    Problem unknown{
        "/home/li/\xb2\xe2\xca\xd4/\xbb\xb5.heic", {3}, 6, 19001 * kDayMs, 4, "no reader", Retry::EachRun};
    if (cacheVersion >= 3) { // Before, nobody noted what may help; they are tried once more.
        broken.retry = Retry::WhenFileChanges;
        unknown.retry = Retry::WithNewReaders;
        unknown.readers = "readers 1";
    }
    return {broken, unknown};
}

} // namespace

class tst_OldLibraries : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void keepLabelsAndStars_data() { addVersions(); }
    void keepLabelsAndStars();
    void keepFoldersAndTheirRules_data() { addVersions(); }
    void keepFoldersAndTheirRules();
    void keepSuccessions_data() { addVersions(); }
    void keepSuccessions();
    void keepPhotosAndProblems_data() { addVersions(); }
    void keepPhotosAndProblems();
    void keepThumbnailsAndMeasures_data() { addVersions(); }
    void keepThumbnailsAndMeasures();
    void takeMetadata_data() { addVersions(); }
    void takeMetadata();
    void takeSavedSearches_data() { addVersions(); }
    void takeSavedSearches();
    void keepEmbeddings_data() { addVersions(); }
    void keepEmbeddings();
    void areFollowedAsAnyOther_data() { addVersions(); }
    void areFollowedAsAnyOther();
    void areChangedOnlyOnce_data() { addVersions(); }
    void areChangedOnlyOnce();
    void areNotOpenedWhereTheyMayNotChange_data() { addVersions(); }
    void areNotOpenedWhereTheyMayNotChange();
    void ofANewerVersionAreNotTouched_data();
    void ofANewerVersionAreNotTouched();
    void ofANewerVersionKeepTheirEmbeddings();

private:
    static void addVersions();
    void load() const;
    std::filesystem::path data() const { return m_directory->path().toStdString(); }
    std::filesystem::path store() const { return data() / "embeddings" / (kModel + ".f16"); }
    db::Catalogue open() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_OldLibraries::addVersions()
{
    QTest::addColumn<int>("user");
    QTest::addColumn<int>("cache");
    for (const auto &[user, cache] : {std::pair(1, 1), {2, 2}, {3, 4}, {3, 6}, {3, 11}})
        QTest::addRow("user%d-cache%d", user, cache) << user << cache;
}

/// The library that the row of data names.
void tst_OldLibraries::load() const
{
    const std::filesystem::path libraries = YINGXUN_TEST_DATA "/libraries";
    for (const std::string name : {"user", "cache", "thumbs"}) {
        const std::string sql = bytesOf(libraries / QTest::currentDataTag() / (name + ".sql"));
        if (sql.empty() && name == "thumbs")
            continue; // Of a version that kept thumbnails in cache.db.
        QVERIFY(!sql.empty());
        auto database = db::Database::open(data() / (name + ".db"));
        QVERIFY(database);
        const auto loaded = database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; " + sql);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    }
    std::filesystem::create_directories(store().parent_path());
    std::filesystem::copy_file(libraries / "embeddings" / store().filename(), store());
}

db::Catalogue tst_OldLibraries::open() const
{
    auto catalogue = db::Catalogue::open(data());
    if (!catalogue)
        qFatal("%s", catalogue.error().message.c_str());
    return *std::move(catalogue);
}

void tst_OldLibraries::keepLabelsAndStars()
{
    load();
    auto catalogue = open();
    std::map<std::string, QString> labels;
    const auto kept = catalogue.labels();
    for (const Label &label : *kept)
        labels[label.name] =
            QString::number(label.count) + u": "_s + shown(*catalogue.contentsWithLabel(label.id));
    // 9 is of no photo any more.
    const std::map<std::string, QString> expected{
        {"狗", u"3: 1 4 9"_s}, {"海边", u"2: 2 3"_s}, {"empty", u"0: "_s}};
    QCOMPARE(labels, expected);
    QCOMPARE(catalogue.labelsOf(content(3)).value().front().name, std::string("海边"));
    const std::unordered_map<ContentHash, int> stars{
        {content(1), 5}, {content(3), 1}, {content(4), 3}, {content(8), 2}, {content(9), 4}};
    QVERIFY(*catalogue.ratings() == stars);
    QVERIFY(catalogue.addLabel("new")->value > 3); // No id of an earlier label again.
}

void tst_OldLibraries::keepFoldersAndTheirRules()
{
    QFETCH(const int, user);
    QFETCH(const int, cache);
    load();
    auto catalogue = open();
    QStringList folders;
    const auto kept = catalogue.folders();
    for (const Folder &folder : *kept)
        folders += QString::number(folder.id.value) + u' ' + shown(folder.path);
    const QStringList expected{u"1 /home/li/Photos"_s, u"2 /home/li/Photos/2024"_s,
                               u"3 /home/li/%B2%E2%CA%D4"_s, u"4 /media/stick"_s, u"5 /mnt/disk"_s};
    QCOMPARE(folders, expected);

    const auto exclusions = *catalogue.exclusions();
    QCOMPARE(exclusions.has_value(), user >= 3);
    if (exclusions)
        QVERIFY((*exclusions == std::vector<std::string>{".*", "sync\xb2\xe2"}));

    std::map<std::string, bool> mountPoints;
    const auto points = catalogue.mountPoints();
    for (const db::MountPoint &point : *points)
        mountPoints[point.directory] = point.isLink;
    const std::map<std::string, bool> noted{{"/media/stick", false}, {"/mnt/disk", true}};
    QCOMPARE(mountPoints, (cache >= 6 ? noted : std::map<std::string, bool>()));
}

void tst_OldLibraries::keepSuccessions()
{
    QFETCH(const int, user);
    load();
    QCOMPARE(shown(*open().heirsOf(content(40), 0)), (user >= 2 ? u"4"_s : u"40"_s));
    auto database = db::Database::open(data() / "user.db");
    db::Statement gone = database->prepare("SELECT path, content, copies FROM vanished");
    QCOMPARE(*gone.step(), user >= 2);
    if (user >= 2) {
        QCOMPARE(gone.text(0), std::string("/mnt/disk/gone.jpg"));
        QVERIFY(gone.content(1) == content(8));
        QCOMPARE(gone.integer(2), 0);
    }
}

void tst_OldLibraries::keepPhotosAndProblems()
{
    QFETCH(const int, cache);
    load();
    auto catalogue = open();
    QCOMPARE(shownAll(*catalogue.photos()), shownAll(expectedPhotos(cache)));
    QCOMPARE(shownAll(*catalogue.problems()), shownAll(expectedProblems(cache)));
    Photo added = photo(0, 1, "/home/li/Photos/new.jpg", 7, 19070);
    QVERIFY(catalogue.putPhotos(std::array{added}));
    const std::int64_t highest = cache == 1 ? 5 : cache >= 6 ? 8 : 7;
    QVERIFY((*catalogue.photoAt(added.path))->id.value > highest); // No id of an earlier photo again.
}

void tst_OldLibraries::keepThumbnailsAndMeasures()
{
    QFETCH(const int, cache);
    load();
    auto catalogue = open();
    for (int number = 1; number <= 3; ++number) {
        const auto jpeg = *catalogue.thumbnail(content(number));
        const std::string expected = "\xff\xd8 of " + std::to_string(number);
        QVERIFY(std::ranges::equal(jpeg, std::as_bytes(std::span(expected))));
    }
    QCOMPARE(shown(*catalogue.derivedContents()), u"1 2 3"_s);
    const auto measures = *catalogue.measures();
    QCOMPARE(measures.size(), std::size_t(cache >= 2 ? 2 : 0));
    for (const Measure &measure : measures) {
        const bool isFirst = measure.content == content(1);
        QVERIFY(isFirst || measure.content == content(2));
        QCOMPARE(measure.sharpness, isFirst ? 12.625 : 0.5);
        QCOMPARE(measure.perceptualHash, isFirst ? std::uint64_t{0xfedcba9876543210} : std::uint64_t{7});
    }
}

void tst_OldLibraries::takeMetadata()
{
    load();
    auto catalogue = open();
    const Photo cat = *catalogue.photoAt("/home/li/Photos/猫.jpg").value();
    QVERIFY(catalogue.completeWithin("/")->empty()); // It has yet to be read.
    Metadata metadata;
    metadata.cameraModel = "X-T5";
    QVERIFY(catalogue.putMetadata(std::array{ContentMetadata{cat.hash, metadata}}));
    QVERIFY(*catalogue.metadataOf(cat) == metadata);
}

void tst_OldLibraries::takeSavedSearches()
{
    load();
    auto catalogue = open();
    QVERIFY(catalogue.searches()->empty());
    QVERIFY(catalogue.addSearch("海", "海边 -人"));
    QCOMPARE(catalogue.searches()->front().line, std::string("海边 -人"));
}

void tst_OldLibraries::keepEmbeddings()
{
    load();
    const std::string before = bytesOf(store());
    {
        const auto opened = vectors::EmbeddingStore::open(data() / "embeddings", kModel, kDimension);
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        QCOMPARE(opened->skippedRows(), 0);
        QCOMPARE(shown(*vectors::embeddedContents(data() / "embeddings", kModel)), u"1 2 3 4"_s);
        for (int number = 1; number <= 4; ++number) {
            const std::vector<float> row = opened->find(content(number));
            QCOMPARE(row.size(), std::size_t{kDimension});
            for (int i = 0; i < kDimension; ++i) {
                const int place = i - 3 * (number - 1);
                const float expected = place == 0 ? 0.6f : place == 1 ? -0.8f : 0;
                QVERIFY(std::abs(row[std::size_t(i)] - expected) < 0.0005f); // Half precision.
            }
            const auto nearest = opened->topK(row, 1);
            QVERIFY(nearest && nearest->front().content == content(number));
        }
    }
    QCOMPARE(bytesOf(store()), before);
    const auto listed = vectors::listEmbeddings(data() / "embeddings");
    QCOMPARE(listed.size(), std::size_t{1});
    QCOMPARE(listed.front().count, 4);
}

void tst_OldLibraries::areFollowedAsAnyOther()
{
    QFETCH(const int, cache);
    load();
    auto catalogue = open();
    library::LibraryFollower follower;
    const auto shownNow = [&] {
        QStringList lines;
        const library::Snapshot index = *follower.follow(catalogue);
        for (const library::Row row : *index->byTime())
            lines += shown(index->photo(row));
        return lines;
    };
    std::vector<Photo> expected = expectedPhotos(cache);
    QCOMPARE(shownNow(), shownAll(expected));

    // Changed, and removed.
    const auto sea =
        std::find_if(expected.begin(), expected.end(), [](const Photo &one) { return one.id.value == 2; });
    sea->path = "/home/li/Photos/2024/lake.jpg";
    QVERIFY(catalogue.movePhoto(sea->id, sea->folder, sea->path, sea->mtimeMs));
    QVERIFY(catalogue.removePhotos(std::array{expected.back().id}));
    expected.pop_back();
    QCOMPARE(shownNow(), shownAll(expected));
}

void tst_OldLibraries::areChangedOnlyOnce()
{
    load();
    const auto old = filesOf(data());
    open();
    const auto migrated = filesOf(data());
    QVERIFY(migrated != old);
    open();
    QVERIFY(filesOf(data()) == migrated);
}

void tst_OldLibraries::areNotOpenedWhereTheyMayNotChange()
{
    load();
    const auto before = filesOf(data());
    const auto opened = db::Catalogue::openReadOnly(data());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Unsupported);
    QVERIFY2(opened.error().message.find("older") != std::string::npos, opened.error().message.c_str());
    QVERIFY(filesOf(data()) == before);
}

void tst_OldLibraries::ofANewerVersionAreNotTouched_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("journal");
    for (const char *name : {"user", "cache"}) {
        for (const char *journal : {"wal", "delete"})
            QTest::addRow("%s, %s", name, journal)
                << QString::fromLatin1(name) << QString::fromLatin1(journal);
    }
}

void tst_OldLibraries::ofANewerVersionAreNotTouched()
{
    QFETCH(const QString, name);
    QFETCH(const QString, journal);
    QVERIFY(open().addLabel("kept"));
    {
        auto database = db::Database::open(data() / (name.toStdString() + ".db"));
        QVERIFY(database);
        const auto steps = (name == u"user"_s ? db::kUserMigrations : db::kCacheMigrations).size();
        QVERIFY(database->execute(
            "CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY); PRAGMA user_version = " +
            std::to_string(steps + 1) + "; PRAGMA journal_mode = " + journal.toStdString()));
    }
    const auto before = filesOf(data());
    for (const auto &opened : {db::Catalogue::open(data()), db::Catalogue::openReadOnly(data())}) {
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
        QVERIFY2(opened.error().message.find("newer") != std::string::npos, opened.error().message.c_str());
    }
    QVERIFY(filesOf(data()) == before);
}

void tst_OldLibraries::ofANewerVersionKeepTheirEmbeddings()
{
    QVERIFY(vectors::EmbeddingStore::open(data() / "embeddings", kModel, kDimension));
    QFile file(QFile::decodeName(store().c_str()));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(8));
    QCOMPARE(file.write("\x02"), 1);
    file.close();
    const auto before = filesOf(data());
    const auto opened = vectors::EmbeddingStore::open(data() / "embeddings", kModel, kDimension);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Unsupported);
    QVERIFY(filesOf(data()) == before);
}

QTEST_APPLESS_MAIN(tst_OldLibraries)
#include "tst_old_libraries.moc"
