// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "core/services/librarian.h"
#include "library.h"

#include <QElapsedTimer>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

class tst_Librarian : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addsFoldersByTheirRealPath();
    void refusesWhatIsNoFolder();
    void keepsLabelsOverARestart();
    void closingLosesNothingThatAPersonDid();
    void undoLeavesALabelOnPhotosThatHadItBefore();
    void undoPutsALabelBackOnlyWhereItWas();
    void undoGivesEachPhotoTheStarsItHad();
    void undoFollowsAFileThatWasEditedMeanwhile();
    void changesWhatACompanionCarriesWithItsPicture();
    void countsForALabelWhatIsShown();
    void ratesAHundredThousandPhotosInOneGo();
    void copiesWhatPeopleMade();
    void narrowsPhotosToAPlace();
    void answersOnlyTheLatestLoad();

private:
    static QList<Photo> stored(const Library &library, int count);
    static int labelled(const Library &library, const Photo &photo);
};

/// How many labels the photo's content carries.
int tst_Librarian::labelled(const Library &library, const Photo &photo)
{
    auto catalogue = db::Catalogue::open(library.data());
    const auto labels = catalogue ? catalogue->labelsOf(photo.hash) : catalogue.propagate();
    return labels ? int(labels->size()) : -1;
}

QList<Photo> tst_Librarian::stored(const Library &library, int count)
{
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue ? catalogue->addFolder("/root") : catalogue.propagate();
    std::vector<Photo> photos;
    for (int i = 0; folder && i < count; ++i) {
        Photo photo;
        photo.folder = *folder;
        photo.path = "/root/" + std::string(i % 2 == 0 ? "even/" : "odd/") + std::to_string(i) + ".jpg";
        photo.hash.bytes[0] = std::uint8_t(i + 1);
        photo.hash.bytes[1] = std::uint8_t(i >> 8);
        photo.hash.bytes[2] = std::uint8_t(i >> 16);
        photos.push_back(photo);
    }
    if (!folder || !catalogue->putPhotos(photos))
        return {};
    const auto all = catalogue->photos();
    return all ? QList<Photo>(all->begin(), all->end()) : QList<Photo>();
}

void tst_Librarian::addsFoldersByTheirRealPath()
{
    Library library;
    services::Librarian librarian(library.data());
    QSignalSpy folders(&librarian, &services::Librarian::foldersLoaded);
    QSignalSpy added(&librarian, &services::Librarian::folderAdded);
    librarian.addFolder(library.folder() + u"/../photos/"_s);
    QVERIFY(added.wait());
    const auto list = folders.last().first().value<QList<Folder>>();
    QCOMPARE(list.size(), 1);
    QCOMPARE(QString::fromStdString(list.first().path), library.folder());
    librarian.removeFolder(list.first().id);
    QVERIFY(folders.wait());
    QVERIFY(folders.last().first().value<QList<Folder>>().isEmpty());
}

void tst_Librarian::refusesWhatIsNoFolder()
{
    Library library;
    services::Librarian librarian(library.data());
    QSignalSpy failed(&librarian, &services::Librarian::failed);
    librarian.addFolder(u"/nowhere/at/all"_s);
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().code, ErrorCode::NotFound);
}

void tst_Librarian::keepsLabelsOverARestart()
{
    Library library;
    const QList<Photo> photos = stored(library, 4);
    QCOMPARE(photos.size(), 4);
    {
        services::Librarian librarian(library.data());
        QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
        librarian.addLabel(u" 家人 "_s);
        QVERIFY(labels.wait());
        const Label label = labels.last().first().value<QList<Label>>().value(0);
        QCOMPARE(QString::fromStdString(label.name), u"家人"_s);
        QSignalSpy assigned(&librarian, &services::Librarian::labelAssigned);
        librarian.assignLabel(label.id, {photos[0].id, photos[1].id});
        QVERIFY(assigned.wait());
    }
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    librarian.loadLabels();
    QVERIFY(labels.wait());
    const Label label = labels.last().first().value<QList<Label>>().value(0);
    QCOMPARE(label.count, 2);
    QSignalSpy loaded(&librarian, &services::Librarian::placeLoaded);
    librarian.loadPlace({.directory = {}, .label = label.id});
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.last().first().value<library::SharedPlace>()->byTime()->size(), std::size_t{2});
}

/// All at once, with what only shows something in between, so that most has not begun when it is closed.
void tst_Librarian::closingLosesNothingThatAPersonDid()
{
    constexpr int kSteps = 200;
    const Library library;
    const QList<Photo> photos = stored(library, kSteps);
    QCOMPARE(photos.size(), kSteps);
    {
        services::Librarian librarian(library.data());
        for (int i = 0; i < kSteps; ++i) {
            librarian.loadPlace({});
            librarian.addLabel(QString::number(i));
            librarian.setRating({photos[i].id}, 1 + i % 5);
        }
    }
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue);
    QCOMPARE(int(catalogue->labels()->size()), kSteps);
    QCOMPARE(int(catalogue->ratings()->size()), kSteps);
}

void tst_Librarian::undoLeavesALabelOnPhotosThatHadItBefore()
{
    Library library;
    const QList<Photo> photos = stored(library, 10);
    QCOMPARE(photos.size(), 10);
    LabelId dog;
    {
        auto catalogue = db::Catalogue::open(library.data());
        dog = *catalogue->addLabel("狗");
        std::vector<ContentHash> eight;
        for (int i = 0; i < 8; ++i)
            eight.push_back(photos[i].hash);
        QVERIFY(catalogue->assignLabel(dog, eight));
    }
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    const auto count = [&labels] { return labels.last().first().value<QList<Label>>().value(0).count; };
    QList<PhotoId> all;
    for (const Photo &photo : photos)
        all.append(photo.id);

    const ChangeId change = librarian.assignLabel(dog, all);
    librarian.revert(change); // At once, before an answer.
    QTRY_COMPARE(labels.size(), 2);
    QCOMPARE(count(), 8);
    QCOMPARE(labelled(library, photos[7]), 1);
    QCOMPARE(labelled(library, photos[8]), 0);

    librarian.repeat(change);
    librarian.repeat(change); // Twice is once.
    QTRY_COMPARE(labels.size(), 4);
    QCOMPARE(count(), 10);
    librarian.revert(change);
    librarian.forget(change);
    librarian.repeat(change); // Forgotten.
    librarian.loadLabels();
    QTRY_COMPARE(labels.size(), 6);
    QCOMPARE(count(), 8);
}

void tst_Librarian::undoPutsALabelBackOnlyWhereItWas()
{
    Library library;
    const QList<Photo> photos = stored(library, 3);
    QCOMPARE(photos.size(), 3);
    LabelId dog;
    {
        auto catalogue = db::Catalogue::open(library.data());
        dog = *catalogue->addLabel("狗");
        QVERIFY(catalogue->assignLabel(dog, std::array{photos[0].hash, photos[1].hash}));
    }
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    librarian.revert(librarian.unassignLabel(dog, {photos[1].id, photos[2].id}));
    QTRY_COMPARE(labels.size(), 2);
    QCOMPARE(labelled(library, photos[0]), 1);
    QCOMPARE(labelled(library, photos[1]), 1);
    QCOMPARE(labelled(library, photos[2]), 0);
}

void tst_Librarian::undoGivesEachPhotoTheStarsItHad()
{
    Library library;
    const QList<Photo> photos = stored(library, 3);
    QCOMPARE(photos.size(), 3);
    services::Librarian librarian(library.data());
    QSignalSpy rated(&librarian, &services::Librarian::ratingsLoaded);
    const auto stars = [&](int photo) {
        return rated.last().first().value<services::Ratings>().value(photos[photo].hash);
    };
    librarian.setRating({photos[0].id}, 2);
    const ChangeId four = librarian.setRating({photos[0].id, photos[1].id}, 4); // Before any answer.
    const ChangeId five = librarian.setRating({photos[0].id, photos[1].id, photos[2].id}, 5);
    QTRY_COMPARE(rated.size(), 3);
    QCOMPARE(stars(2), 5);
    librarian.revert(five);
    QTRY_COMPARE(rated.size(), 4);
    QCOMPARE(stars(0), 4);
    QCOMPARE(stars(1), 4);
    QCOMPARE(stars(2), 0);
    librarian.revert(four);
    QTRY_COMPARE(rated.size(), 5);
    QCOMPARE(stars(0), 2);
    QCOMPARE(stars(1), 0);
    librarian.repeat(four);
    QTRY_COMPARE(rated.size(), 6);
    QCOMPARE(stars(0), 4);
    QCOMPARE(stars(1), 4);
}

void tst_Librarian::undoFollowsAFileThatWasEditedMeanwhile()
{
    Library library;
    const QList<Photo> photos = stored(library, 2);
    QCOMPARE(photos.size(), 2);
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    QSignalSpy rated(&librarian, &services::Librarian::ratingsLoaded);
    librarian.addLabel(u"狗"_s);
    QTRY_COMPARE(labels.size(), 1);
    const LabelId dog = labels.last().first().value<QList<Label>>().value(0).id;
    const ChangeId change = librarian.assignLabel(dog, {photos[0].id});
    const ChangeId rating = librarian.setRating({photos[0].id}, 5);
    QTRY_COMPARE(rated.size(), 1);

    Photo edited = photos[0];
    edited.hash.bytes[5] = 77;
    {
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(catalogue->putPhotos(std::array{edited}));
    }
    QCOMPARE(labelled(library, edited), 1);
    librarian.revert(rating);
    QTRY_COMPARE(rated.size(), 2);
    QVERIFY(rated.last().first().value<services::Ratings>().isEmpty());
    librarian.revert(change);
    QTRY_COMPARE(labels.size(), 3);
    QCOMPARE(labelled(library, edited), 0);
    librarian.repeat(change);
    QTRY_COMPARE(labels.size(), 4);
    QCOMPARE(labelled(library, edited), 1);
}

void tst_Librarian::changesWhatACompanionCarriesWithItsPicture()
{
    Library library;
    const Photo picture = stored(library, 1).value(0); // 0.jpg
    Photo raw = picture;
    raw.path = "/root/even/0.nef";
    raw.hash.bytes[0] = 100;
    LabelId dog;
    {
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(catalogue->putPhotos(std::array{raw}));
        dog = *catalogue->addLabel("dog");
        // From a time when it stood alone.
        QVERIFY(catalogue->assignLabel(dog, std::array{raw.hash}));
        QVERIFY(catalogue->setRatings(std::array{Rating{raw.hash, 4}}));
    }
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    const auto taken = librarian.unassignLabel(dog, {picture.id});
    QVERIFY(labels.wait());
    QCOMPARE(labelled(library, raw), 0);
    librarian.revert(taken);
    QVERIFY(labels.wait());
    QCOMPARE(labelled(library, raw), 1);
    QCOMPARE(labelled(library, picture), 0);

    QSignalSpy ratings(&librarian, &services::Librarian::ratingsLoaded);
    const auto stars = [&](const Photo &photo) {
        return ratings.last().first().value<services::Ratings>().value(photo.hash);
    };
    const auto rated = librarian.setRating({picture.id}, 2);
    QVERIFY(ratings.wait());
    QCOMPARE(stars(picture), 2);
    QCOMPARE(stars(raw), 2);
    librarian.revert(rated);
    QVERIFY(ratings.wait());
    QCOMPARE(stars(picture), 0);
    QCOMPARE(stars(raw), 4);
}

void tst_Librarian::countsForALabelWhatIsShown()
{
    Library library;
    const QList<Photo> photos = stored(library, 3);
    auto catalogue = db::Catalogue::open(library.data());
    Photo raw = photos[0];
    raw.path = photos[0].path.substr(0, photos[0].path.size() - 3) + "nef";
    raw.hash.bytes[0] = 100;
    Photo copy = photos[1];
    copy.path = "/root/copy.jpg";
    QVERIFY(catalogue->putPhotos(std::array{raw, copy}));
    const LabelId dog = *catalogue->addLabel("dog");
    QVERIFY(
        catalogue->assignLabel(dog, std::array{photos[0].hash, raw.hash, photos[1].hash, photos[2].hash}));

    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    const auto items = [&] {
        librarian.loadLabels();
        return labels.wait() ? labels.last().first().value<QList<Label>>().value(0).items : -1;
    };
    QCOMPARE(items(), 4); // The raw file goes with its picture; a copy is shown by itself.
    QVERIFY(catalogue->removePhotos(std::array{photos[2].id}));
    QCOMPARE(items(), 3);
    QCOMPARE(labels.last().first().value<QList<Label>>().value(0).count, 4);
}

void tst_Librarian::ratesAHundredThousandPhotosInOneGo()
{
    Library library;
    const QList<Photo> photos = stored(library, 100'000);
    QCOMPARE(photos.size(), 100'000);
    QList<PhotoId> all;
    for (const Photo &photo : photos)
        all.append(photo.id);
    services::Librarian librarian(library.data());
    QSignalSpy rated(&librarian, &services::Librarian::ratingsLoaded);
    QElapsedTimer clock;
    clock.start();
    const ChangeId change = librarian.setRating(all, 3);
    QVERIFY(rated.wait(30'000)); // Seconds; a transaction a photo takes minutes on a disk.
    qInfo("rated in %lld ms", static_cast<long long>(clock.elapsed()));
    QCOMPARE(rated.last().first().value<services::Ratings>().size(), 100'000);
    librarian.revert(change);
    QVERIFY(rated.wait(30'000));
    QVERIFY(rated.last().first().value<services::Ratings>().isEmpty());
}

void tst_Librarian::copiesWhatPeopleMade()
{
    Library library;
    services::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &services::Librarian::labelsLoaded);
    librarian.addLabel(u"狗"_s);
    librarian.backUp();
    librarian.loadLabels();
    QTRY_COMPARE(labels.size(), 2);
    const auto copies = db::backupCopies(library.data());
    QCOMPARE(copies->size(), std::size_t{1});
    QVERIFY(db::checkCopy(copies->front().file));
}

void tst_Librarian::narrowsPhotosToAPlace()
{
    Library library;
    QCOMPARE(stored(library, 5).size(), 5);
    services::Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &services::Librarian::placeLoaded);
    librarian.loadPlace({.directory = "/root/even"});
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.last().first().value<library::SharedPlace>()->byTime()->size(), std::size_t{3});
}

void tst_Librarian::answersOnlyTheLatestLoad()
{
    Library library;
    QCOMPARE(stored(library, 5).size(), 5);
    services::Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &services::Librarian::placeLoaded);
    librarian.loadPlace({.directory = "/root/even"});
    librarian.loadPlace({});
    QVERIFY(loaded.wait());
    QVERIFY(!loaded.wait(200));
    QCOMPARE(loaded.size(), 1);
    QCOMPARE(loaded.last().first().value<library::SharedPlace>()->byTime()->size(), std::size_t{5});
}

QTEST_GUILESS_MAIN(tst_Librarian)
#include "tst_librarian.moc"
