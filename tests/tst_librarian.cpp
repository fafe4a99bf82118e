// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/jobs/librarian.h"
#include "library.h"

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
    void narrowsPhotosToAPlace();
    void answersOnlyTheLatestLoad();

private:
    static QList<Photo> stored(const Library &library, int count);
};

QList<Photo> tst_Librarian::stored(const Library &library, int count)
{
    auto catalogue = db::Catalogue::open(library.data());
    std::vector<Photo> photos;
    for (int i = 0; i < count; ++i) {
        Photo photo;
        photo.path = "/root/" + std::string(i % 2 == 0 ? "even/" : "odd/") + std::to_string(i) + ".jpg";
        photo.hash.bytes[0] = std::uint8_t(i + 1);
        photos.push_back(photo);
    }
    if (!catalogue || !catalogue->putPhotos(photos))
        return {};
    const auto all = catalogue->photos();
    return all ? QList<Photo>(all->begin(), all->end()) : QList<Photo>();
}

void tst_Librarian::addsFoldersByTheirRealPath()
{
    Library library;
    jobs::Librarian librarian(library.data());
    QSignalSpy folders(&librarian, &jobs::Librarian::foldersLoaded);
    QSignalSpy added(&librarian, &jobs::Librarian::folderAdded);
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
    jobs::Librarian librarian(library.data());
    QSignalSpy failed(&librarian, &jobs::Librarian::failed);
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
        jobs::Librarian librarian(library.data());
        QSignalSpy labels(&librarian, &jobs::Librarian::labelsLoaded);
        librarian.addLabel(u" 家人 "_s);
        QVERIFY(labels.wait());
        const Label label = labels.last().first().value<QList<Label>>().value(0);
        QCOMPARE(QString::fromStdString(label.name), u"家人"_s);
        QSignalSpy assigned(&librarian, &jobs::Librarian::labelAssigned);
        librarian.assignLabel(label.id, {photos[0].id, photos[1].id});
        QVERIFY(assigned.wait());
    }
    jobs::Librarian librarian(library.data());
    QSignalSpy labels(&librarian, &jobs::Librarian::labelsLoaded);
    librarian.loadLabels();
    QVERIFY(labels.wait());
    const Label label = labels.last().first().value<QList<Label>>().value(0);
    QCOMPARE(label.count, 2);
    QSignalSpy loaded(&librarian, &jobs::Librarian::photosLoaded);
    librarian.loadPhotos({{}, label.id});
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.last().first().value<QList<Photo>>().size(), 2);
}

void tst_Librarian::narrowsPhotosToAPlace()
{
    Library library;
    QCOMPARE(stored(library, 5).size(), 5);
    jobs::Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &jobs::Librarian::photosLoaded);
    librarian.loadPhotos({u"/root/even"_s, {}});
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.last().first().value<QList<Photo>>().size(), 3);
}

void tst_Librarian::answersOnlyTheLatestLoad()
{
    Library library;
    QCOMPARE(stored(library, 5).size(), 5);
    jobs::Librarian librarian(library.data());
    QSignalSpy loaded(&librarian, &jobs::Librarian::photosLoaded);
    librarian.loadPhotos({u"/root/even"_s, {}});
    librarian.loadPhotos({});
    QVERIFY(loaded.wait());
    QVERIFY(!loaded.wait(200));
    QCOMPARE(loaded.size(), 1);
    QCOMPARE(loaded.last().first().value<QList<Photo>>().size(), 5);
}

QTEST_GUILESS_MAIN(tst_Librarian)
#include "tst_librarian.moc"
