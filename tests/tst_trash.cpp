// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/sqlite.h"
#include "core/db/succession.h"
#include "core/services/trash.h"
#include "library.h"
#include "own_trash.h"
#include "write_protected.h"

#include <map>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;
using services::TrashTrouble;

namespace {

/// What must be the same again: by names within the folder, bytes and times.
std::map<QString, std::pair<QByteArray, QDateTime>> stateOf(const Library &library)
{
    std::map<QString, std::pair<QByteArray, QDateTime>> all;
    for (QDirIterator at(library.folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         at.hasNext();) {
        QFile file(at.next());
        if (file.open(QIODevice::ReadOnly))
            all[file.fileName()] = {file.readAll(), QFileInfo(file).lastModified()};
    }
    return all;
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// A library that has been indexed, and a trash for it.
struct Indexed {
    explicit Indexed(const Library &indexedLibrary)
        : library(indexedLibrary), catalogue(*db::Catalogue::open(library.data())),
          indexer(library.data(), library.encoder, library.store), trash(library.data())
    {
        static_cast<void>(catalogue.addFolder(library.folder().toStdString()));
        index();
    }

    std::optional<services::IndexProgress> index()
    {
        return Library::finish(indexer, [this] { indexer.start(); });
    }
    std::optional<Photo> at(const QString &name)
    {
        const auto photo = catalogue.photoAt(library.path(name).toStdString());
        return photo ? *photo : std::nullopt;
    }
    services::TrashItem item(const QString &name, const QStringList &companions = {})
    {
        services::TrashItem item{at(name).value_or(Photo()).id, {}};
        for (const QString &companion : companions)
            item.companions.append(at(companion).value_or(Photo()).id);
        return item;
    }
    /// Does one thing and waits for its end. @return why files stayed, by name.
    std::map<QString, TrashTrouble> settle(const std::function<void()> &act)
    {
        QSignalSpy stayed(&trash, &services::Trash::stayed);
        QSignalSpy failed(&trash, &services::Trash::failed);
        QSignalSpy finished(&trash, &services::Trash::finished);
        act();
        std::map<QString, TrashTrouble> all;
        if (!finished.wait(20'000) || !failed.isEmpty())
            all[u"(all)"_s] = TrashTrouble::NotBack;
        for (const QList<QVariant> &told : stayed) {
            for (const auto &file : told.first().value<QList<services::StayedFile>>())
                all[QString::fromStdString(file.path.substr(file.path.rfind('/') + 1))] = file.trouble;
        }
        return all;
    }

    const Library &library;
    db::Catalogue catalogue;
    services::Indexer indexer;
    services::Trash trash;
};

} // namespace

class tst_Trash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goesAndComesBackWithAllThatBelongsToIt();
    void goesInANewHomeDirectory();
    void leavesASidecarThatIsAnothersAsWell();
    void goesAndComesBackAgainAndAgain();
    void comesBackWhereTheDirectoryHasGone();
    void staysInTheTrashWhereThePlaceIsTaken();
    void knowsWhenTheTrashHoldsSomethingElse();
    void movesTheOthersWhereOneCannotGo_data();
    void movesTheOthersWhereOneCannotGo();
    void keepsTogetherWhatCannotGoTogether();
    void staysWhereItCannotBeWritten();
    void staysWhereTheDiskIsAway();
    void doesNotAskAboutManyThatAreMeantToGo();
    void handsNoLabelOnToWhatComesLater();
    void handsNoLabelOnWhereARunSawItMissingFirst();
    void leavesWhatCameToThePlaceMeanwhile();
    void finishesWhenTheProgramIsClosed();
};

void tst_Trash::goesAndComesBackWithAllThatBelongsToIt()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a b/海.png"_s, Qt::blue, 1) && library.paint(u"a b/海.dng"_s, Qt::blue, 2) &&
            library.paint(u"other.png"_s, Qt::red));
    QVERIFY(write(library.path(u"a b/海.xmp"_s), "<one/>") &&
            write(library.path(u"a b/海.png.XMP"_s), "<two/>"));
    Indexed indexed(library);
    const auto label = indexed.catalogue.addLabel("sea");
    const ContentHash content = indexed.at(u"a b/海.png"_s).value().hash;
    QVERIFY(label && indexed.catalogue.assignLabel(*label, std::array{content}));
    const auto before = stateOf(library);
    QCOMPARE(before.size(), 5U);

    ChangeId change;
    QVERIFY(indexed
                .settle([&] {
                    change = indexed.trash.moveAway({indexed.item(u"a b/海.png"_s, {u"a b/海.dng"_s})});
                })
                .empty());
    QCOMPARE(stateOf(library).size(), 1U);
    QCOMPARE(own.files().size(), 4);
    QCOMPARE(own.notes().size(), 4);
    QCOMPARE(*indexed.catalogue.photoCount(), 1);
    QCOMPARE(indexed.index()->missing, 0);
    QCOMPARE(*indexed.catalogue.photoCount(), 1);

    QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty());
    QVERIFY(stateOf(library) == before);
    QVERIFY(own.files().isEmpty() && own.notes().isEmpty());
    QCOMPARE(*indexed.catalogue.photoCount(), 3);
    QVERIFY(indexed.at(u"a b/海.png"_s).value().hash == content);
    QCOMPARE(indexed.catalogue.labelsOf(content)->size(), 1U);
    QCOMPARE(indexed.index()->embedded, 0); // Nothing is computed anew.
}

void tst_Trash::goesInANewHomeDirectory()
{
    const OwnTrash own;
    const QString data = QDir::cleanPath(own.path() + u"/../.local/share"_s);
    qputenv("XDG_DATA_HOME", QFile::encodeName(data)); // Until `own` goes.
    QVERIFY(!QDir(data).exists());
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue));
    Indexed indexed(library);
    QVERIFY(indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"a.png"_s)}); }).empty());
    QVERIFY(QFile::exists(data + u"/Trash/files/a.png"_s));
    QCOMPARE(QFile::permissions(data) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void tst_Trash::leavesASidecarThatIsAnothersAsWell()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"a.bmp"_s, Qt::red));
    QVERIFY(write(library.path(u"a.xmp"_s), "<both/>"));
    Indexed indexed(library);
    QVERIFY(indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"a.png"_s)}); }).empty());
    QCOMPARE(own.files(), QStringList{u"a.png"_s});
    QVERIFY(indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"a.bmp"_s)}); }).empty());
    QCOMPARE(own.files(), (QStringList{u"a.bmp"_s, u"a.png"_s, u"a.xmp"_s}));
}

void tst_Trash::goesAndComesBackAgainAndAgain()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    const auto before = stateOf(library);
    ChangeId change;
    indexed.settle([&] {
        change = indexed.trash.moveAway({indexed.item(u"a.png"_s), indexed.item(u"b.png"_s)});
    });
    QVERIFY(stateOf(library).empty());
    for (int round = 0; round < 2; ++round) {
        QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty());
        QVERIFY(stateOf(library) == before);
        QCOMPARE(*indexed.catalogue.photoCount(), 2);
        QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty()); // Nothing is left to do.
        QVERIFY(indexed.settle([&] { indexed.trash.moveAgain(change); }).empty());
        QVERIFY(stateOf(library).empty());
        QCOMPARE(*indexed.catalogue.photoCount(), 0);
    }
    indexed.settle([&] { indexed.trash.putBack(change); });
    // What was edited since is another photo.
    QVERIFY(library.paint(u"a.png"_s, Qt::green));
    const auto stayed = indexed.settle([&] { indexed.trash.moveAgain(change); });
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::Changed);
    QVERIFY(QFile::exists(library.path(u"a.png"_s)) && !QFile::exists(library.path(u"b.png"_s)));
}

void tst_Trash::comesBackWhereTheDirectoryHasGone()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"2024/05/a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    const auto before = stateOf(library);
    ChangeId change;
    indexed.settle([&] { change = indexed.trash.moveAway({indexed.item(u"2024/05/a.png"_s)}); });
    QVERIFY(QDir(library.folder()).rmpath(u"2024/05"_s) || !QDir(library.path(u"2024"_s)).exists());
    QVERIFY(!QDir(library.path(u"2024"_s)).exists());
    QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty());
    QVERIFY(stateOf(library) == before);
}

void tst_Trash::staysInTheTrashWhereThePlaceIsTaken()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    QVERIFY(write(library.path(u"a.xmp"_s), "<a/>") && write(library.path(u"b.xmp"_s), "<b/>"));
    Indexed indexed(library);
    ChangeId change;
    indexed.settle([&] {
        change = indexed.trash.moveAway({indexed.item(u"a.png"_s), indexed.item(u"b.png"_s)});
    });
    QVERIFY(write(library.path(u"a.png"_s), "another") && write(library.path(u"b.xmp"_s), "another"));
    const auto stayed = indexed.settle([&] { indexed.trash.putBack(change); });
    QCOMPARE(stayed.size(), 2U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::Taken && stayed.at(u"b.xmp"_s) == TrashTrouble::Taken);
    const auto now = stateOf(library);
    QCOMPARE(now.size(), 3U); // Without its photo the sidecar stays in the trash, too.
    QCOMPARE(now.at(library.path(u"a.png"_s)).first, "another");
    QCOMPARE(now.at(library.path(u"b.xmp"_s)).first, "another");
    QCOMPARE(own.files(), (QStringList{u"a.png"_s, u"a.xmp"_s, u"b.xmp"_s}));
    QCOMPARE(own.notes().size(), 3);
    QCOMPARE(*indexed.catalogue.photoCount(), 1);

    // When the places are free again, so are they.
    QVERIFY(QFile::remove(library.path(u"a.png"_s)) && QFile::remove(library.path(u"b.xmp"_s)));
    QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty());
    QCOMPARE(stateOf(library).size(), 4U);
    QVERIFY(own.files().isEmpty());
    QCOMPARE(*indexed.catalogue.photoCount(), 2);
}

void tst_Trash::knowsWhenTheTrashHoldsSomethingElse()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    ChangeId change;
    indexed.settle([&] {
        change = indexed.trash.moveAway({indexed.item(u"a.png"_s), indexed.item(u"b.png"_s)});
    });
    QVERIFY(QFile::remove(own.path() + u"/files/a.png"_s)); // Emptied,
    QVERIFY(write(own.path() + u"/files/a.png"_s, "of another folder"));
    const auto stayed = indexed.settle([&] { indexed.trash.putBack(change); });
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::NotInTrash);
    QCOMPARE(own.files(), QStringList{u"a.png"_s});
    QVERIFY(!QFile::exists(library.path(u"a.png"_s)) && QFile::exists(library.path(u"b.png"_s)));
}

void tst_Trash::movesTheOthersWhereOneCannotGo_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("trouble");
    QTest::newRow("gone") << u"gone.png"_s << int(TrashTrouble::Gone);
    QTest::newRow("edited") << u"edited.png"_s << int(TrashTrouble::Changed);
    QTest::newRow("not UTF-8") << u"odd\uFFFD.png"_s << int(TrashTrouble::Name);
}

void tst_Trash::movesTheOthersWhereOneCannotGo()
{
    QFETCH(const QString, name);
    QFETCH(const int, trouble);
    const OwnTrash own;
    const Library library;
    const std::string odd = library.folder().toStdString() + "/odd\xD5.png";
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"z.png"_s, Qt::red));
    QVERIFY(library.paint(name, Qt::green)); // Of the odd one its twin, which it could be taken for.
    if (trouble == int(TrashTrouble::Name)) {
        QVERIFY(library.paint(u"odd.png"_s, Qt::yellow));
        QCOMPARE(std::rename(library.path(u"odd.png"_s).toStdString().c_str(), odd.c_str()), 0);
    }
    Indexed indexed(library);
    services::TrashItem item = indexed.item(name);
    if (trouble == int(TrashTrouble::Gone))
        QVERIFY(QFile::remove(library.path(name)));
    else if (trouble == int(TrashTrouble::Changed))
        QVERIFY(library.paint(name, Qt::black));
    else
        item.photo = indexed.catalogue.photoAt(odd)->value_or(Photo()).id;
    const auto stayed = indexed.settle([&] {
        indexed.trash.moveAway({indexed.item(u"a.png"_s), item, indexed.item(u"z.png"_s)});
    });
    QCOMPARE(stayed.size(), 1U);
    QCOMPARE(int(stayed.begin()->second), trouble);
    QCOMPARE(own.files(), (QStringList{u"a.png"_s, u"z.png"_s}));
    QCOMPARE(QFile::exists(library.path(name)), trouble != int(TrashTrouble::Gone));
    if (trouble == int(TrashTrouble::Name))
        QVERIFY(std::filesystem::remove(odd)); // It is there; Qt would not remove it with the rest.
}

/// A trash that is no directory takes nothing, not even from root.
void tst_Trash::keepsTogetherWhatCannotGoTogether()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue, 1) && library.paint(u"a.dng"_s, Qt::blue, 2));
    QVERIFY(write(own.path(), "a file"));
    Indexed indexed(library);
    const auto before = stateOf(library);
    auto stayed = indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"a.png"_s, {u"a.dng"_s})}); });
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::NoTrash);
    QVERIFY(!QFile::exists(u"files/a.png"_s) && !QFile::exists(u"info/a.png.trashinfo"_s)); // Qt's mistake.
    QVERIFY(stateOf(library) == before);

    // The second one cannot go: the first one comes back.
    QVERIFY(QFile::remove(own.path()));
    QVERIFY(QFile::remove(library.path(u"a.dng"_s)));
    stayed = indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"a.png"_s, {u"a.dng"_s})}); });
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.dng"_s) == TrashTrouble::Gone);
    QVERIFY(QFile::exists(library.path(u"a.png"_s)));
    QVERIFY(own.files().isEmpty() && own.notes().isEmpty());
    QCOMPARE(*indexed.catalogue.photoCount(), 2);
}

void tst_Trash::staysWhereItCannotBeWritten()
{
    if (::geteuid() == 0)
        QSKIP("root may write everywhere");
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"closed/a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    const WriteProtected closed(library.path(u"closed"_s).toStdString());
    const auto stayed = indexed.settle([&] {
        indexed.trash.moveAway({indexed.item(u"closed/a.png"_s), indexed.item(u"b.png"_s)});
    });
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::ReadOnly);
    QVERIFY(QFile::exists(library.path(u"closed/a.png"_s)));
    QCOMPARE(own.files(), QStringList{u"b.png"_s});
}

void tst_Trash::staysWhereTheDiskIsAway()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue));
    Indexed indexed(library);
    const services::TrashItem item = indexed.item(u"a.png"_s);
    QVERIFY(QDir().rename(library.folder(), library.folder() + u" elsewhere"_s));
    const QString folder = library.folder(); // Empty: it is not there.
    const auto stayed = indexed.settle([&] { indexed.trash.moveAway({item}); });
    QVERIFY(folder.isEmpty());
    QCOMPARE(stayed.size(), 1U);
    QVERIFY(stayed.at(u"a.png"_s) == TrashTrouble::Away);
    QCOMPARE(*indexed.catalogue.photoCount(), 1);
}

void tst_Trash::doesNotAskAboutManyThatAreMeantToGo()
{
    constexpr int kPhotos = 100;
    constexpr int kGo = 30;
    const OwnTrash own;
    const Library library;
    for (int i = 0; i < kPhotos; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::blue, i));
    Indexed indexed(library);
    QSignalSpy missing(&indexed.indexer, &services::Indexer::missingChanged);
    QList<services::TrashItem> items;
    for (int i = 0; i < kGo; ++i)
        items.append(indexed.item(u"%1.png"_s.arg(i)));
    QSignalSpy finished(&indexed.indexer, &services::Indexer::finished);
    ChangeId change;
    indexed.indexer.start(); // In the midst of a run,
    QVERIFY(indexed.settle([&] { change = indexed.trash.moveAway(items); }).empty());
    QTRY_COMPARE(own.files().size(), kGo);
    QTRY_VERIFY(!finished.isEmpty());
    QCOMPARE(indexed.index()->missing, 0); // and in the next one.
    QCOMPARE(*indexed.catalogue.photoCount(), kPhotos - kGo);
    QVERIFY(missing.isEmpty());
    indexed.settle([&] { indexed.trash.putBack(change); });
    QTRY_COMPARE(*indexed.catalogue.photoCount(), kPhotos);
}

void tst_Trash::handsNoLabelOnToWhatComesLater()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"IMG_1.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    const Photo photo = indexed.at(u"IMG_1.png"_s).value();
    QVERIFY(indexed.catalogue.setRatings(std::array{Rating{photo.hash, 5}}));
    indexed.settle([&] { indexed.trash.moveAway({indexed.item(u"IMG_1.png"_s)}); });
    QVERIFY(library.paint(u"IMG_1.png"_s, Qt::green));
    QVERIFY(indexed.index());
    const auto ratings = indexed.catalogue.ratings();
    QCOMPARE(ratings->size(), 1U);
    QCOMPARE(ratings->count(photo.hash), 1U);
}

/// A run of the indexer takes a photo out, as its file is missing, before the trash does.
void tst_Trash::handsNoLabelOnWhereARunSawItMissingFirst()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"IMG_1.png"_s, Qt::blue) && library.paint(u"IMG_2.png"_s, Qt::red) &&
            library.paint(u"c.png"_s, Qt::yellow));
    Indexed indexed(library);
    const auto before = stateOf(library);
    const std::array photos{indexed.at(u"IMG_1.png"_s).value(), indexed.at(u"IMG_2.png"_s).value()};
    QVERIFY(indexed.catalogue.setRatings(std::array{Rating{photos[0].hash, 5}, Rating{photos[1].hash, 4}}));
    auto user = db::Database::open(library.data() / "user.db");
    auto cache = db::Database::open(library.data() / "cache.db");
    QVERIFY(user && cache);
    indexed.settle([&] { indexed.trash.moveAway({}); }); // Has its own connections by now.
    std::array<ChangeId, 2> changes;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        QVERIFY(
            indexed
                .settle([&] {
                    db::Transaction held(*cache); // The trash has to wait with the library, not the files.
                    changes[i] = indexed.trash.moveAway({{photos[i].id, {}}});
                    QTRY_COMPARE(own.files().size(), qsizetype(i) + 1);
                    QVERIFY(db::rememberVanished(*user, *cache, std::array{photos[i].id}));
                    QVERIFY(cache->prepare("DELETE FROM photo WHERE id = ?").bind(photos[i].id.value).run());
                    QVERIFY(held.commit());
                })
                .empty());
    }
    QCOMPARE(*indexed.catalogue.photoCount(), 1);
    QVERIFY(library.paint(u"IMG_1.png"_s, Qt::green));
    QVERIFY(indexed.index());
    QCOMPARE(indexed.catalogue.ratings()->size(), 2U);
    QCOMPARE(indexed.catalogue.ratings()->count(photos[0].hash), 1U);

    QVERIFY(QFile::remove(library.path(u"IMG_1.png"_s)));
    for (const ChangeId change : changes)
        QVERIFY(indexed.settle([&] { indexed.trash.putBack(change); }).empty());
    QVERIFY(stateOf(library) == before);
    QVERIFY(indexed.index());
    QCOMPARE(*indexed.catalogue.photoCount(), 3);
    QVERIFY(indexed.at(u"IMG_1.png"_s).value().hash == photos[0].hash);
    const auto ratings = indexed.catalogue.ratings();
    QCOMPARE(ratings->size(), 2U);
    QCOMPARE(ratings->at(photos[0].hash), 5);
    QCOMPARE(ratings->at(photos[1].hash), 4);
}

/// Found by a run between the file's going and the row's.
void tst_Trash::leavesWhatCameToThePlaceMeanwhile()
{
    const OwnTrash own;
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::blue) && library.paint(u"b.png"_s, Qt::red));
    Indexed indexed(library);
    const Photo photo = indexed.at(u"a.png"_s).value();
    const Photo other = indexed.at(u"b.png"_s).value();
    auto cache = db::Database::open(library.data() / "cache.db");
    QVERIFY(cache);
    indexed.settle([&] { indexed.trash.moveAway({}); }); // Has its own connections by now.
    QVERIFY(indexed
                .settle([&] {
                    db::Transaction held(*cache);
                    indexed.trash.moveAway({{photo.id, {}}});
                    QTRY_COMPARE(own.files().size(), 1);
                    QVERIFY(cache->prepare("UPDATE photo SET content = ? WHERE id = ?")
                                .bind(other.hash)
                                .bind(photo.id.value)
                                .run());
                    QVERIFY(held.commit());
                })
                .empty());
    QCOMPARE(*indexed.catalogue.photoCount(), 2);
}

void tst_Trash::finishesWhenTheProgramIsClosed()
{
    const OwnTrash own;
    const Library library;
    QList<services::TrashItem> items;
    for (int i = 0; i < 20; ++i)
        QVERIFY(library.paint(u"%1.png"_s.arg(i), Qt::blue, i));
    Indexed indexed(library);
    {
        services::Trash trash(library.data());
        for (int i = 0; i < 20; ++i)
            trash.moveAway({indexed.item(u"%1.png"_s.arg(i))});
    }
    QCOMPARE(own.files().size(), 20);
    QCOMPARE(*indexed.catalogue.photoCount(), 0);
}

QTEST_MAIN(tst_Trash)
#include "tst_trash.moc"
