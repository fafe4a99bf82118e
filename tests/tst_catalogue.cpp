// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/lock.h"
#include "core/db/migrations.h"
#include "core/db/sqlite.h"
#include "tests/support/write_protected.h"

#include <QDir>
#include <QFile>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <ctime>
#include <fstream>
#include <thread>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_Catalogue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void keepsFolders();
    void keepsPhotosInTheOrderOfTime();
    void sortsAScreenshotAmongThePhotosOfItsDay_data();
    void sortsAScreenshotAmongThePhotosOfItsDay();
    void movesAPhotoWithItsId();
    void readsWhatLiesWithin();
    void keepsLabelsAndRatingsByContent();
    void saysWhichContentsALabelChanged();
    void givesBackTheStarsThatWereBefore();
    void keepsThumbnailsAndProblems();
    void keepsMeasures();
    void keepsMetadata();
    void keepsSidecarsByPath();
    void givesProblemsOfAnOlderVersionOneMoreTry();
    void refusesBadNamesAndStars();
    void refusesANewerCatalogue();
    void givesThumbnailsAFileOfTheirOwn_data();
    void givesThumbnailsAFileOfTheirOwn();
    void keepsThumbnailsWhenTheRestIsDamaged();
    void waitsWithTheSplitUntilItIsAlone();
    void waitsWithTheSplitForOtherPrograms();
    void knowsWhichThumbnailsAreMissing();
    void rebuildsADamagedCacheAndKeepsLabels();
    void checksASmallCacheBeforeItIsUsed();
    void checksALargeCacheInWhichAQueryMetDamage();
    void waitsWithTheRebuildUntilItIsAlone();
    void saysWhenALabelIsGone();
    void neverTouchesADamagedUserDatabase();
    void letsTwoThreadsWrite();
    void readsALibraryThatCannotBeWritten();
    void readsWhatWasNotWrittenBack();
    void saysWhatIsMissingWhereNothingCanBeWritten();
    void closesAnEarlierVersionsLibraryToOthers();
    void leavesADirectoryWithMoreInItAsOpenAsItIs();

private:
    void fill() const;
    std::filesystem::path data() const { return m_directory->path().toStdString(); }
    db::Catalogue open() const;
    db::Catalogue openWithFolder() const;
    void damage(const QString &name) const;
    void damageBehind(std::size_t pathBytes);
    static ContentHash content(int number);
    static Photo photo(const std::string &path, int number, std::int64_t mtimeMs = 0);

    std::unique_ptr<QTemporaryDir> m_directory;
};

db::Catalogue tst_Catalogue::open() const
{
    auto catalogue = db::Catalogue::open(data());
    if (!catalogue)
        qFatal("%s", catalogue.error().message.c_str());
    return *std::move(catalogue);
}

/// With the folder of photo() in it.
db::Catalogue tst_Catalogue::openWithFolder() const
{
    auto catalogue = open();
    if (const auto folder = catalogue.addFolder("/p"); !folder)
        qFatal("%s", folder.error().message.c_str());
    return catalogue;
}

void tst_Catalogue::damage(const QString &name) const
{
    QFile file(m_directory->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(20'000, 'x'));
}

ContentHash tst_Catalogue::content(int number)
{
    ContentHash hash;
    hash.bytes[0] = std::uint8_t(number);
    hash.bytes[1] = std::uint8_t(number >> 8);
    return hash;
}

Photo tst_Catalogue::photo(const std::string &path, int number, std::int64_t mtimeMs)
{
    Photo photo;
    photo.folder = {1};
    photo.path = path;
    photo.hash = content(number);
    photo.sizeBytes = 100 + number;
    photo.mtimeMs = mtimeMs;
    photo.width = 640;
    photo.height = 480;
    return photo;
}

void tst_Catalogue::keepsFolders()
{
    const std::string odd = "/pho\xFFtos '; DROP TABLE folder; --"; // No UTF-8, and no SQL.
    {
        auto catalogue = open();
        const auto first = catalogue.addFolder(odd);
        const auto second = catalogue.addFolder(odd);
        QVERIFY(first && second);
        QVERIFY(*first == *second);
        QVERIFY(catalogue.putPhotos(std::array{[&] {
            Photo one = photo(odd + "/a.jpg", 1);
            one.folder = *first;
            return one;
        }()}));
    }
    auto catalogue = open();
    const auto folders = catalogue.folders();
    QCOMPARE(folders->size(), std::size_t{1});
    QCOMPARE(folders->front().path, odd);
    QVERIFY(catalogue.removeFolder(folders->front().id));
    QVERIFY(catalogue.folders()->empty());
    QVERIFY(catalogue.photos()->empty());
}

void tst_Catalogue::keepsPhotosInTheOrderOfTime()
{
    auto catalogue = openWithFolder();
    Photo old = photo("/p/old.jpg", 1, 5000);
    old.captureTimeMs = 1; // Taken long ago, copied recently.
    QVERIFY(catalogue.putPhotos(std::array{old, photo("/p/b.jpg", 2, 3000), photo("/p/a.jpg", 3, 3000)}));
    const auto photos = catalogue.photos();
    QCOMPARE(photos->size(), std::size_t{3});
    QCOMPARE((*photos)[0].path, std::string("/p/a.jpg"));
    QCOMPARE((*photos)[1].path, std::string("/p/b.jpg"));
    QCOMPARE((*photos)[2].captureTimeMs.value(), 1);
    QCOMPARE((*photos)[2].width, 640);
    QCOMPARE((*photos)[2].sizeBytes, 101);

    const PhotoId id = (*photos)[0].id;
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 9, 9000)})); // Changed on disk.
    QVERIFY(catalogue.photo(id)->value().hash == content(9));
    QVERIFY(catalogue.photoAt("/p/a.jpg")->value().id == id);
    QCOMPARE(catalogue.photosWithContent(content(9))->size(), std::size_t{1});
    QVERIFY(catalogue.removePhotos(std::array{id}));
    QVERIFY(!catalogue.photo(id)->has_value());
    QVERIFY(catalogue.photos(FolderId{2})->empty());
}

void tst_Catalogue::sortsAScreenshotAmongThePhotosOfItsDay_data()
{
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QDateTime>("taken"); // The screenshot, UTC.
    QTest::addColumn<QTime>("clock");     // On the wall at that moment.
    const auto utc = [](int month, int hour) {
        return QDateTime(QDate(2024, month, 2), QTime(hour, 30), Qt::UTC);
    };
    QTest::newRow("China") << QByteArray("Asia/Shanghai") << utc(5, 2) << QTime(10, 30);
    QTest::newRow("Berlin in winter") << QByteArray("Europe/Berlin") << utc(1, 9) << QTime(10, 30);
    QTest::newRow("Berlin in summer") << QByteArray("Europe/Berlin") << utc(7, 8) << QTime(10, 30);
    QTest::newRow("New York") << QByteArray("America/New_York") << utc(7, 14) << QTime(10, 30);
}

void tst_Catalogue::sortsAScreenshotAmongThePhotosOfItsDay()
{
    QFETCH(QByteArray, zone);
    QFETCH(QDateTime, taken);
    QFETCH(QTime, clock);
    const QByteArray before = qgetenv("TZ");
    const bool wasSet = qEnvironmentVariableIsSet("TZ");
    qputenv("TZ", zone);
    ::tzset();
    const auto restore = qScopeGuard([&] {
        wasSet ? qputenv("TZ", before) : qunsetenv("TZ");
        ::tzset();
    });
    const auto photograph = [&](const std::string &path, int number, int minutes) {
        Photo photo = tst_Catalogue::photo(path, number, taken.toMSecsSinceEpoch());
        photo.captureTimeMs =
            QDateTime(taken.date(), clock.addSecs(60 * minutes), Qt::UTC).toMSecsSinceEpoch();
        return photo;
    };
    const Photo earlier = photograph("/p/earlier.jpg", 1, -10);
    const Photo later = photograph("/p/later.jpg", 2, 10);
    const Photo screenshot = photo("/p/screenshot.png", 3, taken.toMSecsSinceEpoch());
    const auto names = [this] {
        std::vector<std::string> paths;
        const auto photos = openWithFolder().photos();
        for (const Photo &photo : *photos)
            paths.push_back(photo.path);
        return paths;
    };
    const std::vector<std::string> expected{later.path, screenshot.path, earlier.path};

    QVERIFY(openWithFolder().putPhotos(std::array{earlier, screenshot, later}));
    QCOMPARE(names(), expected);

    // Touched by a move, and sorted by its new time.
    auto catalogue = openWithFolder();
    const PhotoId id = (*catalogue.photoAt(screenshot.path))->id;
    QVERIFY(catalogue.movePhoto(id, {1}, screenshot.path, taken.addSecs(3600).toMSecsSinceEpoch()));
    QCOMPARE(names().front(), screenshot.path);

    // A library of the first version.
    m_directory = std::make_unique<QTemporaryDir>();
    {
        auto database = db::Database::open(data() / "cache.db");
        QVERIFY(database && db::migrate(*database, db::kCacheMigrations.first(1)));
        for (const Photo &photo : {earlier, screenshot, later}) {
            const std::string captured =
                photo.captureTimeMs ? std::to_string(*photo.captureTimeMs) : std::string("NULL");
            QVERIFY(database->execute(
                "INSERT INTO photo (folder, path, content, size, mtime, width, height, captured)"
                " VALUES (1, CAST('" +
                photo.path + "' AS BLOB), zeroblob(16), 1, " + std::to_string(photo.mtimeMs) + ", 1, 1, " +
                captured + ")"));
        }
    }
    QCOMPARE(names(), expected);
}

void tst_Catalogue::movesAPhotoWithItsId()
{
    auto catalogue = openWithFolder();
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1), photo("/p/b.jpg", 2)}));
    const PhotoId id = catalogue.photoAt("/p/a.jpg")->value().id;
    QVERIFY(catalogue.movePhoto(id, {1}, "/p/b.jpg", 77)); // Over a stale row.
    QCOMPARE(catalogue.photos()->size(), std::size_t{1});
    QVERIFY(catalogue.photoAt("/p/b.jpg")->value().id == id);
    const auto missing = catalogue.movePhoto({999}, {1}, "/p/c.jpg", 0);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
}

void tst_Catalogue::readsWhatLiesWithin()
{
    auto catalogue = open();
    const FolderId root = *catalogue.addFolder("/");
    int number = 0;
    for (const char *path : {"/p", "/p-1", "/p.jpg", "/p/a", "/p/b/c", "/p/\xFF", "/p0", "/q"}) {
        Photo one = photo(path, ++number);
        one.folder = root;
        QVERIFY(catalogue.putPhotos(std::array{one}));
        QVERIFY(catalogue.putProblem({path, root, 1, 2, 3, "broken"}));
    }
    QVERIFY(catalogue.putMeasures(std::array{Measure{content(5), 1, 2}, Measure{content(7), 1, 2}}));
    const auto within = [&](const std::string &path) {
        std::vector<std::string> photos;
        const auto foundPhotos = catalogue.photosWithin(path);
        for (const Photo &one : *foundPhotos)
            photos.push_back(one.path);
        std::vector<std::string> problems;
        const auto foundProblems = catalogue.problemsWithin(path);
        for (const Problem &one : *foundProblems)
            problems.push_back(one.path);
        return photos == problems ? photos : std::vector<std::string>{"differ"};
    };
    QCOMPARE(within("/p"), (std::vector<std::string>{"/p", "/p/a", "/p/b/c", "/p/\xFF"}));
    QCOMPARE(within("/p/a"), std::vector<std::string>{"/p/a"});
    QCOMPARE(within("/").size(), std::size_t{8});
    QVERIFY(within("/nowhere").empty());
    QVERIFY(catalogue.completeWithin("/p")->empty()); // Their metadata has not been read.
    QVERIFY(
        catalogue.putMetadata(std::array{ContentMetadata{content(5), {}}, ContentMetadata{content(7), {}}}));
    QCOMPARE(*catalogue.completeWithin("/p"), std::vector{content(5)});
}

void tst_Catalogue::keepsLabelsAndRatingsByContent()
{
    {
        auto catalogue = openWithFolder();
        const auto family = catalogue.addLabel(" 家人 ");
        const auto sea = catalogue.addLabel("海");
        QVERIFY(family && sea);
        QVERIFY(catalogue.assignLabel(*family, std::array{content(1), content(2)}));
        QVERIFY(catalogue.assignLabel(*family, std::array{content(2)})); // Twice is once.
        QVERIFY(catalogue.assignLabel(*sea, std::array{content(2)}));
        QVERIFY(catalogue.setRatings(std::array{Rating{content(1), 4}}));
    }
    auto catalogue = openWithFolder();
    const auto labels = catalogue.labels();
    QCOMPARE(labels->size(), std::size_t{2});
    const Label family = catalogue.labelsOf(content(1))->front();
    QCOMPARE(family.name, std::string("家人"));
    QCOMPARE(family.count, 2);
    QCOMPARE(catalogue.labelsOf(content(2))->size(), std::size_t{2});
    QCOMPARE(catalogue.contentsWithLabel(family.id)->size(), std::size_t{2});
    QVERIFY(catalogue.unassignLabel(family.id, std::array{content(1)}));
    QCOMPARE(catalogue.contentsWithLabel(family.id)->size(), std::size_t{1});
    QVERIFY(catalogue.renameLabel(family.id, "朋友"));
    QVERIFY(catalogue.removeLabel(family.id));
    QCOMPARE(catalogue.labels()->size(), std::size_t{1});
    QCOMPARE(catalogue.ratings()->at(content(1)), 4);
    QVERIFY(catalogue.setRatings(std::array{Rating{content(1), 0}}));
    QVERIFY(catalogue.ratings()->empty());
}

void tst_Catalogue::saysWhichContentsALabelChanged()
{
    auto catalogue = openWithFolder();
    const LabelId dog = *catalogue.addLabel("狗");
    QVERIFY(catalogue.assignLabel(dog, std::array{content(1), content(2)}));
    const auto assigned = catalogue.assignLabel(dog, std::array{content(2), content(3), content(3)});
    QVERIFY(*assigned == std::vector{content(3)});
    const auto unassigned = catalogue.unassignLabel(dog, std::array{content(3), content(4)});
    QVERIFY(*unassigned == std::vector{content(3)});
}

void tst_Catalogue::givesBackTheStarsThatWereBefore()
{
    auto catalogue = openWithFolder();
    QVERIFY(catalogue.setRatings(std::array{Rating{content(1), 2}, Rating{content(2), 5}}));
    const auto before =
        catalogue.setRatings(std::array{Rating{content(1), 5}, Rating{content(2), 5}, Rating{content(3), 5}});
    QCOMPARE(before->size(), std::size_t{2}); // The second had five already.
    QVERIFY(catalogue.setRatings(*before));
    QCOMPARE(catalogue.ratings()->size(), std::size_t{2});
    QCOMPARE(catalogue.ratings()->at(content(1)), 2);
    QCOMPARE(catalogue.ratings()->at(content(2)), 5);
}

void tst_Catalogue::keepsThumbnailsAndProblems()
{
    auto catalogue = openWithFolder();
    const std::vector<std::byte> jpeg{std::byte{1}, std::byte{2}};
    QVERIFY(!*catalogue.hasThumbnail(content(1)));
    QVERIFY(catalogue.putThumbnail(content(1), jpeg));
    QVERIFY(*catalogue.hasThumbnail(content(1)));
    QVERIFY(*catalogue.thumbnail(content(1)) == jpeg);
    QVERIFY(catalogue.thumbnail(content(2))->empty());
    std::vector<std::byte> large(10'000); // Three pages.
    large[0] = large[9998] = std::byte{0xFF};
    large[1] = std::byte{0xD8};
    large[9999] = std::byte{0xD9};
    QVERIFY(catalogue.putThumbnail(content(3), large));
    QVERIFY(*catalogue.thumbnail(content(3)) == large);
    large[9999] = {};
    QVERIFY(catalogue.putThumbnail(content(3), large));
    QVERIFY(catalogue.thumbnail(content(3))->empty());
    QVERIFY(!*catalogue.hasThumbnail(content(3))); // To be made again.

    QVERIFY(catalogue.putProblem({"/p/a.jpg", {1}, 5, 6, 7, "broken"}));
    QVERIFY(catalogue.putProblem({"/p/a.jpg", {1}, 8, 9, 7, "still broken"}));
    QCOMPARE(catalogue.problems()->size(), std::size_t{1});
    QCOMPARE(catalogue.problems()->front().message, std::string("still broken"));
    QVERIFY(catalogue.putProblem({"/p/a.jpg", {1}, 8, 9, 7, "unknown", Retry::WithNewReaders, "readers 1"}));
    QVERIFY(catalogue.problems()->front().retry == Retry::WithNewReaders);
    QCOMPARE(catalogue.problems()->front().readers, std::string("readers 1"));
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)})); // Mended.
    QVERIFY(catalogue.problems()->empty());
}

void tst_Catalogue::keepsMetadata()
{
    Metadata full;
    full.captureTimeMs = -5;
    full.utcOffsetMinutes = -210;
    full.latitude = 39.9;
    full.longitude = -116.4;
    full.altitudeMetres = -43.5;
    full.cameraMake = "FUJIFILM";
    full.cameraModel = "X-T5";
    full.lens = "XF35mmF1.4 R";
    full.iso = 640;
    full.exposureSeconds = 0.004;
    full.fNumber = 2.8;
    full.focalLengthMm = 35;
    full.rating = -1;
    full.keywords = {"海边", "holiday"};
    full.title = "大海";
    full.description = "Sand\nand sea";
    {
        auto catalogue = openWithFolder();
        QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1), photo("/p/b.jpg", 2)}));
        QVERIFY(catalogue.putMetadata(
            std::array{ContentMetadata{content(1), {}}, ContentMetadata{content(2), {}}}));
        QVERIFY(catalogue.putMetadata(std::array{ContentMetadata{content(1), full}})); // Replaces.
    }
    auto catalogue = openWithFolder();
    QVERIFY(*catalogue.hasMetadata(content(1)) && *catalogue.hasMetadata(content(2)));
    QVERIFY(!*catalogue.hasMetadata(content(3)));
    QVERIFY(*catalogue.metadataOf(photo("/p/a.jpg", 1)) == full);
    QVERIFY(catalogue.metadataOf(photo("/p/b.jpg", 2))->isEmpty());
    QVERIFY(catalogue.metadataOf(photo("/p/c.jpg", 3))->isEmpty());

    QVERIFY(catalogue.purge(std::array{content(1), content(3)}));
    QVERIFY(*catalogue.hasMetadata(content(1))); // A photo has it.
    QVERIFY(catalogue.removePhotos(std::array{(*catalogue.photoAt("/p/a.jpg"))->id}));
    QCOMPARE(*catalogue.derivedContents(), (std::vector{content(1), content(2)}));
    QVERIFY(catalogue.purge(std::array{content(1)}));
    QVERIFY(!*catalogue.hasMetadata(content(1)));
}

void tst_Catalogue::keepsSidecarsByPath()
{
    auto catalogue = openWithFolder();
    // Copies of one content, of which one has a sidecar.
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1), photo("/p/b.jpg", 1)}));
    Metadata embedded;
    embedded.rating = 2;
    embedded.title = "embedded";
    QVERIFY(catalogue.putMetadata(std::array{ContentMetadata{content(1), embedded}}));
    Sidecar beside{"/p/a.jpg", {"/p/a.xmp", 100, 7}, {}};
    beside.metadata.rating = 4;
    Sidecar ofNone = beside;
    ofNone.photo = "/p/none.jpg";
    QVERIFY(catalogue.putSidecars(std::array{beside, ofNone}));
    const auto known = *catalogue.sidecarsWithin("/p");
    QCOMPARE(known.size(), std::size_t{1});
    QVERIFY(known.at("/p/a.jpg") == beside.file);
    QVERIFY(catalogue.sidecarsWithin("/p/b.jpg")->empty());

    const auto read = *catalogue.metadataOf(photo("/p/a.jpg", 1));
    QCOMPARE(read.rating, std::optional(4));
    QCOMPARE(read.title, std::string("embedded"));
    QVERIFY(*catalogue.metadataOf(photo("/p/b.jpg", 1)) == embedded);

    // It goes with its photo, and when that leaves it.
    const PhotoId id = (*catalogue.photoAt("/p/a.jpg"))->id;
    QVERIFY(catalogue.movePhoto(id, {1}, "/p/c.jpg", 8));
    QVERIFY(catalogue.sidecarsWithin("/")->empty());
    beside.photo = "/p/c.jpg";
    QVERIFY(catalogue.putSidecars(std::array{beside}));
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/c.jpg", 2)})); // Edited: it stays.
    QCOMPARE(catalogue.sidecarsWithin("/")->size(), std::size_t{1});
    QVERIFY(catalogue.removePhotos(std::array{id}));
    QVERIFY(catalogue.sidecarsWithin("/")->empty());
    beside.photo = "/p/b.jpg";
    QVERIFY(catalogue.putSidecars(std::array{beside}));
    QVERIFY(catalogue.removeSidecars(std::array{beside.photo}));
    QVERIFY(catalogue.sidecarsWithin("/")->empty());
}

void tst_Catalogue::keepsMeasures()
{
    QVERIFY(openWithFolder().putMeasures(
        std::array{Measure{content(1), 12.625, 0xfedcba9876543210}, Measure{content(2), 1, 2}}));
    auto catalogue = openWithFolder();
    QVERIFY(catalogue.putMeasures(std::array{Measure{content(2), 0.5, 3}})); // Replaces.
    QVERIFY(*catalogue.hasMeasure(content(1)));
    QVERIFY(!*catalogue.hasMeasure(content(3)));
    auto measures = catalogue.measures().value();
    QCOMPARE(measures.size(), std::size_t{2});
    std::sort(measures.begin(), measures.end(),
              [](const Measure &a, const Measure &b) { return a.content < b.content; });
    QVERIFY(measures[0].content == content(1));
    QCOMPARE(measures[0].sharpness, 12.625);
    QCOMPARE(measures[0].perceptualHash, std::uint64_t{0xfedcba9876543210});
    QCOMPARE(measures[1].sharpness, 0.5);
}

void tst_Catalogue::givesProblemsOfAnOlderVersionOneMoreTry()
{
    QVERIFY(QDir().mkpath(m_directory->path()));
    {
        auto cache = db::Database::open(data() / "cache.db");
        QVERIFY(cache);
        QVERIFY(db::migrate(*cache, db::kCacheMigrations.first(1)));
        QVERIFY(cache->execute("INSERT INTO problem VALUES (CAST('/p/a.jpg' AS BLOB), 1, 5, 6, 7, 'old')"));
    }
    auto catalogue = openWithFolder();
    const auto problems = catalogue.problems();
    QCOMPARE(problems->size(), std::size_t{1});
    QVERIFY(problems->front().retry == Retry::EachRun);
}

void tst_Catalogue::refusesBadNamesAndStars()
{
    auto catalogue = openWithFolder();
    QCOMPARE(catalogue.addLabel("  ").error().code, ErrorCode::InvalidArgument);
    const auto a = catalogue.addLabel("a");
    QVERIFY(catalogue.addLabel("b"));
    QCOMPARE(catalogue.renameLabel(*a, "b").error().code, ErrorCode::InvalidArgument);
    // One that cannot be: none is set.
    QCOMPARE(catalogue.setRatings(std::array{Rating{content(1), 4}, Rating{content(2), 6}}).error().code,
             ErrorCode::InvalidArgument);
    QVERIFY(catalogue.ratings()->empty());
}

void tst_Catalogue::refusesANewerCatalogue()
{
    openWithFolder();
    {
        auto database = db::Database::open(data() / "user.db");
        QVERIFY(database && database->execute("PRAGMA user_version = 1000"));
    }
    const auto newer = db::Catalogue::open(data());
    QVERIFY(!newer);
    QCOMPARE(newer.error().code, ErrorCode::Unsupported);
}

namespace {

/// A library whose cache.db still holds the thumbnails: of content 1 and, of no photo, content 9.
bool makeUnsplit(const std::filesystem::path &data, std::size_t steps)
{
    std::filesystem::create_directories(data);
    auto cache = db::Database::open(data / "cache.db");
    return cache && db::migrate(*cache, db::kCacheMigrations.first(steps)) &&
           cache->execute(
               "INSERT INTO photo (id, folder, path, content, size, mtime, width, height) VALUES"
               " (7, 1, CAST('/p/a.jpg' AS BLOB), x'01000000000000000000000000000000', 2, 3, 4, 5),"
               " (8, 1, CAST('/p/b.jpg' AS BLOB), x'02000000000000000000000000000000', 2, 3, 4, 5);"
               "DELETE FROM photo WHERE id = 8;"
               "INSERT INTO problem (path, folder, size, mtime, code, message)"
               " VALUES (CAST('/p/bad.jpg' AS BLOB), 1, 5, 6, 7, 'old');"
               "INSERT INTO thumbnail VALUES (x'01000000000000000000000000000000', x'0a0b'),"
               " (x'09000000000000000000000000000000', x'0c')");
}

} // namespace

void tst_Catalogue::givesThumbnailsAFileOfTheirOwn_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<QString>("brokenOff");
    QTest::newRow("of the first version") << 1 << QString();
    QTest::newRow("of the last one") << int(db::kStepsBeforeSplit) << QString();
    QTest::newRow("broken off while copying") << int(db::kStepsBeforeSplit) << u"copying"_s;
    QTest::newRow("broken off before renaming") << int(db::kStepsBeforeSplit) << u"renaming"_s;
    QTest::newRow("broken off between the names") << int(db::kStepsBeforeSplit) << u"between"_s;
}

void tst_Catalogue::givesThumbnailsAFileOfTheirOwn()
{
    QFETCH(const int, steps);
    QFETCH(const QString, brokenOff);
    namespace fs = std::filesystem;
    const auto bytes = [](std::initializer_list<int> values) {
        std::vector<std::byte> result;
        for (const int value : values)
            result.push_back(std::byte(value));
        return result;
    };
    QVERIFY(makeUnsplit(data(), std::size_t(steps)));
    if (brokenOff == u"copying"_s)
        QVERIFY(db::Database::open(data() / "cache.new")->execute("CREATE TABLE photo (id)"));
    if (brokenOff == u"renaming"_s || brokenOff == u"between"_s) {
        openWithFolder();
        fs::rename(data() / "cache.db", data() / "cache.new");
    }
    if (brokenOff == u"renaming"_s)
        fs::rename(data() / "thumbs.db", data() / "cache.db");
    for (int time = 0; time < 2; ++time) { // Also when it is done already.
        auto catalogue = openWithFolder();
        const auto kept = catalogue.photoAt("/p/a.jpg");
        QVERIFY(kept && *kept);
        QCOMPARE((*kept)->id.value, 7);
        QCOMPARE((*kept)->sizeBytes, 2);
        QCOMPARE(catalogue.photos()->size(), std::size_t{1});
        QCOMPARE(catalogue.problems()->size(), std::size_t{1});
        QCOMPARE(*catalogue.thumbnail(content(1)), bytes({10, 11}));
        QCOMPARE(*catalogue.thumbnail(content(9)), bytes({12}));
        QVERIFY(!fs::exists(data() / "cache.new"));
        QCOMPARE(fs::status(data() / "thumbs.db").permissions(), fs::perms(0600));
        QCOMPARE(fs::status(data() / "cache.db").permissions(), fs::perms(0600));
    }
    // As in a library that began this way: no id comes twice, changes are noted, thumbnails go where they
    // belong.
    auto catalogue = openWithFolder();
    const auto moment = catalogue.photoMoment();
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/new.jpg", 3)}));
    QVERIFY((*catalogue.photoAt("/p/new.jpg"))->id.value > 8);
    QCOMPARE(*catalogue.photoMoment(), *moment + 1);
    QVERIFY(catalogue.putThumbnail(content(3), bytes({1})));
    const auto tables = [&](const char *file) {
        auto database = db::Database::open(data() / file);
        return *database->prepare("SELECT count(*) FROM sqlite_master WHERE name = 'thumbnail'")
                    .all([](const db::Statement &row) { return row.integer(0); });
    };
    QCOMPARE(tables("thumbs.db"), std::vector<std::int64_t>{1});
    QCOMPARE(tables("cache.db"), std::vector<std::int64_t>{0});
}

void tst_Catalogue::keepsThumbnailsWhenTheRestIsDamaged()
{
    const std::array jpeg{std::byte{1}, std::byte{2}};
    {
        auto catalogue = openWithFolder();
        QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)}));
        QVERIFY(catalogue.putThumbnail(content(1), jpeg));
    }
    damage(u"cache.db"_s);
    QCOMPARE(openWithFolder().thumbnail(content(1))->size(), std::size_t{2});
    damage(u"thumbs.db"_s);
    auto catalogue = openWithFolder();
    QVERIFY(catalogue.thumbnail(content(1))->empty());
    QVERIFY(catalogue.putThumbnail(content(1), jpeg));
    QCOMPARE(QDir(m_directory->path()).entryList({u"thumbs.db.broken-*"_s}).size(), 1);
}

void tst_Catalogue::waitsWithTheSplitUntilItIsAlone()
{
    QVERIFY(makeUnsplit(data(), db::kStepsBeforeSplit));
    auto other = db::CatalogueLock::begin(data() / "catalogue.lock"); // As an older Yingxun holds it.
    QVERIFY(other);
    other->finishOpening();
    const auto refused = db::Catalogue::open(data());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Io);
    QVERIFY(refused.error().message.find("Close every Yingxun") != std::string::npos);
    QVERIFY(!std::filesystem::exists(data() / "thumbs.db"));
}

/// Its log would be taken for that of the file that comes in the place of this one.
void tst_Catalogue::waitsWithTheSplitForOtherPrograms()
{
    QVERIFY(makeUnsplit(data(), db::kStepsBeforeSplit));
    {
        auto other = db::Database::open(data() / "cache.db");
        QVERIFY(other->execute("PRAGMA journal_mode = WAL"));
        db::Statement reading = other->prepare("SELECT id FROM photo");
        QVERIFY(*reading.step());
        const auto refused = db::Catalogue::open(data());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Io);
        QVERIFY(refused.error().message.find("another program") != std::string::npos);
        QVERIFY(!std::filesystem::exists(data() / "thumbs.db"));
    }
    auto catalogue = openWithFolder();
    QCOMPARE(catalogue.photos()->size(), std::size_t{1});
    QVERIFY(*catalogue.hasThumbnail(content(9)));
}

void tst_Catalogue::knowsWhichThumbnailsAreMissing()
{
    auto catalogue = openWithFolder();
    const std::array jpeg{std::byte{1}};
    QVERIFY(catalogue.putThumbnail(content(2), jpeg));
    for (const int count : {4, 2000}) { // Each by itself, and all at once.
        std::vector<ContentHash> contents;
        for (int number = 0; number < count; ++number)
            contents.push_back(content(number));
        auto expected = contents;
        expected.erase(expected.begin() + 2);
        QVERIFY(*catalogue.withoutThumbnail(contents) == expected);
    }
}

void tst_Catalogue::rebuildsADamagedCacheAndKeepsLabels()
{
    {
        auto catalogue = openWithFolder();
        QVERIFY(catalogue.addLabel("kept"));
        QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)}));
    }
    damage(u"cache.db"_s);
    auto catalogue = openWithFolder();
    QCOMPARE(catalogue.labels()->size(), std::size_t{1});
    QVERIFY(catalogue.photos()->empty());
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)}));
    QCOMPARE(QDir(m_directory->path()).entryList({u"cache.db.broken-*"_s}).size(), 1);
}

/// Stores photos, then damages the cache behind its first pages: the schema can still be read.
void tst_Catalogue::damageBehind(std::size_t pathBytes)
{
    {
        auto catalogue = openWithFolder();
        std::vector<Photo> photos;
        for (int i = 0; i < 2000; ++i)
            photos.push_back(photo("/p/" + std::string(pathBytes, 'a') + std::to_string(i), i));
        QVERIFY(catalogue.putPhotos(photos));
    }
    QFile file(m_directory->filePath(u"cache.db"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.size() > 200'000);
    QVERIFY(file.seek(100'000));
    file.write(QByteArray(int(file.size() - 100'000), 'x'));
}

void tst_Catalogue::checksASmallCacheBeforeItIsUsed()
{
    damageBehind(0);
    auto rebuilt = openWithFolder();
    QVERIFY(rebuilt.photos()->empty());
    QVERIFY(rebuilt.putPhotos(std::array{photo("/p/a.jpg", 1)}));
}

void tst_Catalogue::checksALargeCacheInWhichAQueryMetDamage()
{
    damageBehind(8000); // Twice, with the index.
    const auto photos = openWithFolder().photos();
    QVERIFY(!photos);
    QCOMPARE(photos.error().code, ErrorCode::CorruptData);
    auto rebuilt = openWithFolder();
    QVERIFY(rebuilt.photos()->empty());
    QVERIFY(rebuilt.putPhotos(std::array{photo("/p/a.jpg", 1)}));
}

void tst_Catalogue::waitsWithTheRebuildUntilItIsAlone()
{
    openWithFolder();
    damage(u"cache.db"_s);
    auto other = db::CatalogueLock::begin(data() / "catalogue.lock"); // As another Yingxun holds it.
    QVERIFY(other);
    other->finishOpening();
    const auto second = db::Catalogue::open(data());
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::CorruptData);
    QVERIFY(second.error().message.find("Close every Yingxun") != std::string::npos);
}

void tst_Catalogue::saysWhenALabelIsGone()
{
    auto catalogue = openWithFolder();
    const LabelId label = *catalogue.addLabel("\u3000\u732b \u00a0"); // Blanks of all kinds around it.
    QCOMPARE(catalogue.labels()->front().name, std::string("\u732b"));
    QVERIFY(catalogue.removeLabel(label));
    QCOMPARE(catalogue.renameLabel(label, "x").error().code, ErrorCode::NotFound);
    QCOMPARE(catalogue.assignLabel(label, std::array{content(1)}).error().code, ErrorCode::NotFound);
}

void tst_Catalogue::neverTouchesADamagedUserDatabase()
{
    openWithFolder();
    damage(u"user.db"_s);
    const auto broken = db::Catalogue::open(data());
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::CorruptData);
    QCOMPARE(QFile(m_directory->filePath(u"user.db"_s)).size(), 20'000);
}

void tst_Catalogue::letsTwoThreadsWrite()
{
    openWithFolder();
    std::atomic<int> failures = 0;
    const auto write = [&](int thread) {
        auto catalogue = db::Catalogue::open(data());
        for (int i = 0; i < 200; ++i) {
            const std::string path = "/p/" + std::to_string(thread) + "/" + std::to_string(i);
            if (!catalogue || !catalogue->putPhotos(std::array{photo(path, i)}))
                ++failures;
        }
    };
    std::thread first(write, 1);
    std::thread second(write, 2);
    first.join();
    second.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(openWithFolder().photos()->size(), std::size_t{400});
}

void tst_Catalogue::fill() const
{
    auto catalogue = openWithFolder();
    QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)}));
    const LabelId label = *catalogue.addLabel("猫");
    QVERIFY(catalogue.assignLabel(label, std::array{content(1)}));
    QVERIFY(catalogue.setRatings(std::array{Rating{content(1), 3}}));
}

void tst_Catalogue::readsALibraryThatCannotBeWritten()
{
    fill();
    const auto files = QDir(m_directory->path()).entryList(QDir::Files);
    const test::WriteProtected protection(data());
    const test::NotRoot notRoot;
    auto catalogue = open();
    QVERIFY(catalogue.isReadOnly());
    QCOMPARE(catalogue.folders()->size(), std::size_t{1});
    QCOMPARE(catalogue.photos()->size(), std::size_t{1});
    QCOMPARE(catalogue.labels()->front().count, 1);
    QCOMPARE(catalogue.ratings()->at(content(1)), 3);

    const auto refused = catalogue.addLabel("狗");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ReadOnly);
    QVERIFY(refused.error().message.starts_with(data().string() + " cannot be written"));
    QCOMPARE(catalogue.setRatings(std::array{Rating{content(1), 5}}).error().code, ErrorCode::ReadOnly);
    QCOMPARE(catalogue.putPhotos(std::array{photo("/p/b.jpg", 2)}).error().code, ErrorCode::ReadOnly);
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files), files);
}

void tst_Catalogue::readsWhatWasNotWrittenBack()
{
    QTemporaryDir copy; // As a power cut leaves the files: with a log.
    {
        auto catalogue = openWithFolder();
        QVERIFY(catalogue.putPhotos(std::array{photo("/p/a.jpg", 1)}));
        for (const QString &name : QDir(m_directory->path()).entryList(QDir::Files))
            QVERIFY(QFile::copy(m_directory->filePath(name), copy.filePath(name)));
    }
    QVERIFY(QFileInfo(copy.filePath(u"cache.db-wal"_s)).size() > 0);
    {
        const test::WriteProtected protection(copy.path().toStdString());
        const test::NotRoot notRoot;
        auto catalogue = db::Catalogue::open(copy.path().toStdString());
        QVERIFY2(catalogue, catalogue ? "" : catalogue.error().message.c_str());
        QVERIFY(catalogue->isReadOnly());
        QCOMPARE(catalogue->photos()->size(), std::size_t{1});
    }
    QVERIFY(QFile::remove(copy.filePath(u"cache.db-shm"_s))); // Then the log cannot be read.
    const test::WriteProtected protection(copy.path().toStdString());
    const test::NotRoot notRoot;
    const auto catalogue = db::Catalogue::open(copy.path().toStdString());
    QVERIFY(!catalogue);
    QVERIFY2(catalogue.error().message.find("start Yingxun once where") != std::string::npos,
             catalogue.error().message.c_str());
}

void tst_Catalogue::saysWhatIsMissingWhereNothingCanBeWritten()
{
    const test::WriteProtected protection(data());
    const test::NotRoot notRoot;
    const auto catalogue = db::Catalogue::open(data());
    QVERIFY(!catalogue);
    QCOMPARE(catalogue.error().code, ErrorCode::NotFound);
    QVERIFY(catalogue.error().message.find("Index it where it can be written") != std::string::npos);
}

void tst_Catalogue::closesAnEarlierVersionsLibraryToOthers()
{
    namespace fs = std::filesystem;
    static_cast<void>(open());
    for (const char *name : {"user.db", "cache.db", "thumbs.db", "catalogue.lock"})
        fs::permissions(data() / name, fs::perms(0644));
    fs::permissions(data(), fs::perms(0755));
    static_cast<void>(open());
    for (const char *name : {"user.db", "cache.db", "thumbs.db", "catalogue.lock"})
        QCOMPARE(fs::status(data() / name).permissions(), fs::perms(0600));
    QCOMPARE(fs::status(data()).permissions(), fs::perms(0700));
}

void tst_Catalogue::leavesADirectoryWithMoreInItAsOpenAsItIs()
{
    namespace fs = std::filesystem;
    const fs::path notOurs = data() / "holiday.jpg";
    std::ofstream(notOurs).flush();
    fs::permissions(notOurs, fs::perms(0644));
    fs::permissions(data(), fs::perms(0755));
    static_cast<void>(open());
    const auto catalogue = open();
    QCOMPARE(fs::status(data()).permissions(), fs::perms(0755));
    QCOMPARE(fs::status(notOurs).permissions(), fs::perms(0644));
    QCOMPARE(fs::status(data() / "cache.db-wal").permissions(), fs::perms(0600));
}

QTEST_APPLESS_MAIN(tst_Catalogue)
#include "tst_catalogue.moc"
