// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/library/library_follower.h"
#include "places.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <random>

using namespace yingxun;

class tst_LibraryIndex : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsWhatBelongsTogetherAsOne();
    void pairsWhateverTheOrderOfChanges();
    void givesBackWhatItWasGiven();
    void ordersByTimeAndThenByTheBytesOfPaths();
    void findsCopiesAndCountsDirectories();
    void staysInStepWithTheCatalogue();
    void sharesWhatDidNotChange();
    void readsAllWhenTooMuchHasChanged();
    void dropsRowsThatAreNobodys();
    void narrowsToAPlace();
};

namespace {

/// The last byte of the content is `number`, so that all contents begin alike.
Photo photo(const std::string &path, int number, std::optional<std::int64_t> captured = {})
{
    Photo one;
    one.path = path;
    one.hash.bytes.back() = static_cast<std::uint8_t>(number);
    one.captureTimeMs = captured;
    return one;
}

std::vector<std::string> paths(const library::LibraryIndex &index, const std::vector<library::Row> &rows)
{
    std::vector<std::string> paths;
    for (const library::Row row : rows)
        paths.push_back(index.photo(row).path);
    return paths;
}

std::vector<std::string> pathsWith(const library::LibraryIndex &index, int number)
{
    std::vector<library::Row> rows;
    index.forEachWith(photo({}, number).hash, [&](library::Row row) { rows.push_back(row); });
    return paths(index, rows);
}

std::map<std::string, int> counts(const library::LibraryIndex &index)
{
    std::map<std::string, int> counts;
    for (const auto &directory : index.directories()) {
        if (directory.photos != 0)
            counts.emplace(directory.path, directory.photos);
    }
    return counts;
}

bool isSame(const Photo &a, const Photo &b)
{
    return a.id == b.id && a.folder == b.folder && a.path == b.path && a.hash == b.hash &&
           a.sizeBytes == b.sizeBytes && a.mtimeMs == b.mtimeMs && a.width == b.width &&
           a.height == b.height && a.captureTimeMs == b.captureTimeMs && a.kind == b.kind;
}

/// Whether an index says of everything what the catalogue says.
bool agrees(const library::LibraryIndex &index, db::Catalogue &catalogue)
{
    const auto photos = catalogue.photos();
    if (!photos || index.size() != int(photos->size()) || index.byTime()->size() != photos->size())
        return false;
    std::map<std::string, int> inDirectories;
    for (std::size_t i = 0; i < photos->size(); ++i) {
        const Photo &wanted = photos->at(i);
        const library::Row row = (*index.byTime())[i];
        if (!index.isPhoto(row) || !isSame(index.photo(row), wanted) || index.rowOf(wanted.id) != row)
            return false;
        bool isFound = false;
        index.forEachWith(wanted.hash, [&](library::Row copy) {
            isFound = isFound || copy == row;
            if (index.content(copy) != wanted.hash || !index.isPhoto(copy))
                inDirectories["wrong"] = 1;
        });
        if (!isFound)
            return false;
        ++inDirectories[wanted.path.substr(0, wanted.path.rfind('/'))];
    }
    return counts(index) == inDirectories;
}

/// A catalogue of one folder, /p.
struct Kept {
    Kept()
    {
        auto opened = db::Catalogue::open(directory.path().toStdString());
        catalogue.emplace(*std::move(opened));
        folder = *catalogue->addFolder("/p");
    }
    Photo one(int number)
    {
        Photo made =
            photo("/p/" + std::to_string(number % 7) + '/' + std::to_string(number) + ".jpg", number % 5);
        made.folder = folder;
        made.hash.bytes[0] = static_cast<std::uint8_t>(number / 3); // Some copies.
        made.mtimeMs = std::int64_t{number % 11} * 86'400'000;
        made.sizeBytes = number;
        made.width = 3;
        made.height = 4;
        if (number % 2 == 0)
            made.captureTimeMs = std::int64_t{number % 13} * 86'400'000;
        if (number % 3 == 0)
            made.kind = MediaKind::Video;
        return made;
    }
    bool put(int first, int end)
    {
        std::vector<Photo> photos;
        for (int number = first; number < end; ++number)
            photos.push_back(one(number));
        return catalogue->putPhotos(photos).has_value();
    }

    QTemporaryDir directory;
    std::optional<db::Catalogue> catalogue;
    FolderId folder;
};

} // namespace

void tst_LibraryIndex::givesBackWhatItWasGiven()
{
    const library::LibraryIndex empty;
    QCOMPARE(empty.size(), 0);
    QCOMPARE(empty.rowEnd(), library::Row{0});
    QVERIFY(empty.byTime()->empty() && empty.directories().empty() && pathsWith(empty, 0).empty());
    QVERIFY(!empty.rowOf({1}));
    QVERIFY(empty.with({})->byTime()->empty());

    Kept kept;
    QVERIFY(kept.put(0, 6));
    library::LibraryFollower follower;
    const auto index = follower.follow(*kept.catalogue);
    QVERIFY(index && agrees(**index, *kept.catalogue));
    QVERIFY(!(*index)->rowOf({7}));
    QVERIFY(!(*index)->rowOf({0}));
}

void tst_LibraryIndex::ordersByTimeAndThenByTheBytesOfPaths()
{
    const auto index =
        test::snapshotOf({photo("/p/b.jpg", 1, 5), photo("/p/a/z.jpg", 2, 5), photo("/p/a.jpg", 3, 5),
                          photo("/p/new.jpg", 4, 9), photo("/p-2/0.jpg", 5, 5), photo("/z.jpg", 6, 5),
                          photo("/p/a/a.jpg", 7, 5), photo("/p/\xff.jpg", 8, 5)});
    const std::vector<std::string> expected{"/p/new.jpg", "/p-2/0.jpg", "/p/a.jpg",    "/p/a/a.jpg",
                                            "/p/a/z.jpg", "/p/b.jpg",   "/p/\xff.jpg", "/z.jpg"};
    QCOMPARE(paths(*index, *index->byTime()), expected);
    QCOMPARE(counts(*index).at("/"), 1);
}

void tst_LibraryIndex::findsCopiesAndCountsDirectories()
{
    const auto index =
        test::snapshotOf({photo("/p/a/1.jpg", 7), photo("/p/b/2.jpg", 8), photo("/p/a/3.jpg", 7),
                          photo("/p/a/b/4.jpg", 9), photo("/p/a/5.jpg", 7), photo("/6.jpg", 8)});
    QCOMPARE(pathsWith(*index, 7), std::vector<std::string>({"/p/a/1.jpg", "/p/a/3.jpg", "/p/a/5.jpg"}));
    QCOMPARE(pathsWith(*index, 8), std::vector<std::string>({"/p/b/2.jpg", "/6.jpg"}));
    QVERIFY(pathsWith(*index, 1).empty());
    const std::map<std::string, int> expected{{"/", 1}, {"/p/a", 3}, {"/p/a/b", 1}, {"/p/b", 1}};
    QVERIFY(counts(*index) == expected);
}

void tst_LibraryIndex::staysInStepWithTheCatalogue()
{
    Kept kept;
    QVERIFY(kept.put(0, 5000)); // More than a block.
    library::LibraryFollower follower;
    QVERIFY(follower.follow(*kept.catalogue));
    // Another connection changes it: what another program does is seen as well.
    auto other = db::Catalogue::open(kept.directory.path().toStdString());
    QVERIFY(other);
    std::mt19937 random(7);
    int next = 5000;
    for (int step = 0; step < 60; ++step) {
        const auto photos = kept.catalogue->photos();
        QVERIFY(photos && !photos->empty());
        const Photo victim = photos->at(random() % photos->size());
        switch (random() % 4) {
        case 0:
            QVERIFY(kept.put(next, next + 3));
            next += 3;
            break;
        case 1: { // Edited.
            Photo edited = victim;
            edited.hash.bytes[3] = static_cast<std::uint8_t>(random());
            edited.captureTimeMs = std::int64_t(random() % 13) * 86'400'000;
            edited.width = step;
            QVERIFY(other->putPhotos(std::array{edited}));
            break;
        }
        case 2:
            QVERIFY(other->movePhoto(victim.id, kept.folder, "/p/new" + std::to_string(step) + "/m.jpg",
                                     std::int64_t(random() % 13) * 86'400'000));
            break;
        case 3: {
            const Photo also = photos->at(random() % photos->size());
            QVERIFY(kept.catalogue->removePhotos(std::array{victim.id, also.id}));
            break;
        }
        }
        if (step % 3 == 0) // Several changes at a time, too.
            continue;
        const auto index = follower.follow(*kept.catalogue);
        QVERIFY(index);
        QVERIFY2(agrees(**index, *kept.catalogue), qPrintable(QString::number(step)));
    }
}

void tst_LibraryIndex::sharesWhatDidNotChange()
{
    Kept kept;
    QVERIFY(kept.put(0, 9000));
    library::LibraryFollower follower;
    const auto before = follower.follow(*kept.catalogue);
    QVERIFY(before);
    QCOMPARE((*before)->blockCount(), std::size_t{3});
    QCOMPARE(*follower.follow(*kept.catalogue), *before); // Nothing has changed: the same.
    QVERIFY(kept.put(9000, 9001));
    const auto after = follower.follow(*kept.catalogue);
    QVERIFY(after && *after != *before);
    QCOMPARE((*after)->identityOfBlock(0), (*before)->identityOfBlock(0));
    QCOMPARE((*after)->identityOfBlock(1), (*before)->identityOfBlock(1));
    QVERIFY((*after)->identityOfBlock(2) != (*before)->identityOfBlock(2));
    QCOMPARE((*before)->size(), 9000); // As it was.
    QCOMPARE((*before)->byTime()->size(), std::size_t{9000});
    QCOMPARE((*after)->size(), 9001);
}

void tst_LibraryIndex::readsAllWhenTooMuchHasChanged()
{
    Kept kept;
    QVERIFY(kept.put(0, 10));
    library::LibraryFollower follower;
    QVERIFY(follower.follow(*kept.catalogue));
    const auto moment = kept.catalogue->photoMoment();
    QVERIFY(moment);
    const Photo first = kept.one(0);
    QVERIFY(kept.put(10, 20));
    QVERIFY(kept.catalogue->removePhotos(std::array{PhotoId{2}}));
    for (int i = 0; i < 52'000; i += 1000) // More than the catalogue remembers.
        QVERIFY(kept.catalogue->putPhotos(std::vector<Photo>(1000, first)));
    const auto changes = kept.catalogue->photoChanges(*moment, [](const Photo &, std::int64_t) {});
    QVERIFY(changes && !changes->reachesBack);
    const auto index = follower.follow(*kept.catalogue);
    QVERIFY(index && agrees(**index, *kept.catalogue));
}

void tst_LibraryIndex::dropsRowsThatAreNobodys()
{
    Kept kept;
    QVERIFY(kept.put(0, 12'000));
    library::LibraryFollower follower;
    QVERIFY(follower.follow(*kept.catalogue));
    std::vector<PhotoId> half;
    for (int i = 0; i < 6000; ++i)
        half.push_back({2 * i + 1});
    QVERIFY(kept.catalogue->removePhotos(half));
    auto index = follower.follow(*kept.catalogue);
    QVERIFY(index && agrees(**index, *kept.catalogue));
    QCOMPARE((*index)->rowEnd(), library::Row{12'000});
    QVERIFY(kept.put(12'000, 12'001));
    index = follower.follow(*kept.catalogue);
    QVERIFY(index && agrees(**index, *kept.catalogue));
    QCOMPARE((*index)->rowEnd(), library::Row{6001});
}

void tst_LibraryIndex::narrowsToAPlace()
{
    const auto index =
        test::snapshotOf({photo("/p/a/1.jpg", 1, 1), photo("/p/a/b/2.jpg", 2, 2), photo("/p/ab/3.jpg", 3, 3),
                          photo("/p/4.jpg", 1, 4), photo("/p/a/5.jpg", 3, 5)});
    const auto at = [&](const library::Scope &scope, const std::vector<ContentHash> &labelled) {
        const library::Place place(index, scope, labelled);
        for (library::Row row = 0; row < index->rowEnd(); ++row) {
            const auto &rows = *place.byTime();
            if (place.holds(row) != (std::find(rows.begin(), rows.end(), row) != rows.end()))
                return std::vector<std::string>{"holds() and byTime() differ"};
        }
        return paths(*index, *place.byTime());
    };
    using Paths = std::vector<std::string>;
    const std::vector<ContentHash> labelled{photo({}, 1).hash, photo({}, 2).hash, photo({}, 9).hash};
    QCOMPARE(at({}, labelled),
             Paths({"/p/a/5.jpg", "/p/4.jpg", "/p/ab/3.jpg", "/p/a/b/2.jpg", "/p/a/1.jpg"}));
    QCOMPARE(at({.directory = "/p/a"}, labelled), Paths({"/p/a/5.jpg", "/p/a/b/2.jpg", "/p/a/1.jpg"}));
    QCOMPARE(at({.label = LabelId{1}}, labelled), Paths({"/p/4.jpg", "/p/a/b/2.jpg", "/p/a/1.jpg"}));
    QCOMPARE(at({.directory = "/p/a", .label = LabelId{1}}, labelled), Paths({"/p/a/b/2.jpg", "/p/a/1.jpg"}));
    QCOMPARE(at({.label = LabelId{1}}, {}), Paths());
    QCOMPARE(at({.directory = "/elsewhere"}, labelled), Paths());
}

void tst_LibraryIndex::showsWhatBelongsTogetherAsOne()
{
    Kept kept;
    const auto file = [&](const std::string &name, int number, MediaKind kind = MediaKind::Photo) {
        Photo made = photo("/p/" + name, number);
        made.folder = kept.folder;
        made.kind = kind;
        return made;
    };
    const std::vector<Photo> files{file("a/1.CR2", 1),
                                   file("a/1.JPG", 2),
                                   file("a/2.NEF", 3),
                                   file("a/3.heic", 4),
                                   file("a/3.MOV", 5, MediaKind::Video),
                                   file("a/4.mov", 6, MediaKind::Video),
                                   file("b/1.dng", 7),
                                   file("a/1.JPG.png", 8),
                                   file("a/5.arw", 9),
                                   file("a/5.jpg", 10),
                                   file("a/5.mp4", 11, MediaKind::Video),
                                   file("a/5.png", 12)};
    QVERIFY(kept.catalogue->putPhotos(files));
    library::LibraryFollower follower;
    const auto index = follower.follow(*kept.catalogue);
    QVERIFY(index);
    const library::LibraryIndex &library = **index;
    QCOMPARE(library.size(), 12);
    QCOMPARE(library.items(), 8);
    auto shown = paths(library, *library.byTime());
    std::sort(shown.begin(), shown.end());
    const std::vector<std::string> wanted{"/p/a/1.JPG", "/p/a/1.JPG.png", "/p/a/2.NEF", "/p/a/3.heic",
                                          "/p/a/4.mov", "/p/a/5.jpg",     "/p/a/5.png", "/p/b/1.dng"};
    QCOMPARE(shown, wanted);
    QCOMPARE(counts(library).at("/p/a"), 7);
    for (const library::Row item : *library.byTime()) {
        const std::string path = library.photo(item).path;
        const auto companions = paths(library, library.companionsOf(item));
        if (path == "/p/a/1.JPG")
            QCOMPARE(companions, std::vector<std::string>{"/p/a/1.CR2"});
        else if (path == "/p/a/5.jpg") // The first of two pictures takes them.
            QCOMPARE(companions, (std::vector<std::string>{"/p/a/5.arw", "/p/a/5.mp4"}));
        else if (path == "/p/a/3.heic")
            QCOMPARE(companions, std::vector<std::string>{"/p/a/3.MOV"});
        else
            QVERIFY(companions.empty());
        for (const library::Row companion : library.companionsOf(item))
            QCOMPARE(library.itemOf(companion), item);
        QCOMPARE(library.itemOf(item), item);
    }
    const library::Place everywhere(*index, {});
    for (library::Row row = 0; row < library.rowEnd(); ++row)
        QCOMPARE(everywhere.holds(row), !library.isCompanion(row));
    // A label on the raw file alone, from before its JPEG came.
    const library::Place place(*index, {{}, LabelId{1}}, std::array{photo({}, 1).hash});
    QCOMPARE(paths(library, *place.byTime()), std::vector<std::string>{"/p/a/1.JPG"});
}

void tst_LibraryIndex::pairsWhateverTheOrderOfChanges()
{
    // Files that come, go and change their names at random, beside an index that is made at once.
    Kept kept;
    std::mt19937 random(3);
    library::LibraryFollower follower;
    for (int step = 0; step < 200; ++step) {
        const int number = static_cast<int>(random() % 12);
        const std::array endings{".jpg", ".cr2", ".mov"};
        const std::size_t ending = random() % endings.size();
        const std::string path =
            "/p/" + std::to_string(number % 2) + '/' + std::to_string(number) + endings[ending];
        const auto there = kept.catalogue->photoAt(path);
        if (*there && random() % 2 == 0) {
            QVERIFY(kept.catalogue->removePhotos(std::array{(*there)->id}));
        } else if (*there) {
            const std::string moved = "/p/0/" + std::to_string(random() % 12) + endings[ending];
            if (!*kept.catalogue->photoAt(moved))
                QVERIFY(kept.catalogue->movePhoto((*there)->id, kept.folder, moved, 1));
        } else {
            Photo made = photo(path, step);
            made.folder = kept.folder;
            made.kind = ending == 2 ? MediaKind::Video : MediaKind::Photo;
            QVERIFY(kept.catalogue->putPhotos(std::array{made}));
        }
        const auto followed = follower.follow(*kept.catalogue);
        library::LibraryFollower fresh;
        const auto made = fresh.follow(*kept.catalogue);
        QVERIFY(followed && made);
        QCOMPARE(paths(**followed, *(*followed)->byTime()), paths(**made, *(*made)->byTime()));
        QCOMPARE(counts(**followed), counts(**made));
    }
}

QTEST_APPLESS_MAIN(tst_LibraryIndex)
#include "tst_library_index.moc"
