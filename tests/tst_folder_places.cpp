// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/folder_places.h"
#include "library.h"

#include <array>
#include <fstream>

using namespace yingxun;
using test::Library;
using namespace std::string_literals;
using namespace Qt::StringLiterals;

/// Mounting needs rights that tests do not have: what the system would tell of mounts is written by them.
class tst_FolderPlaces : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsVolumesApart_data();
    void tellsVolumesApart();
    void takesTheInnermostMountAndTheLast();
    void findsAVolumeWhereverItIsMounted();
    void passesOverBrokenLines();
    void movesAFolderWithAllThatIsKnownOfIt();
    void movesOnlyWhatIsTheFoldersOwn();
    void finishesAMoveThatBrokeOff();
    void followsADiskToAnotherPath();
    void followsDisksThatExchangedTheirPlaces();
    void followsADiskToThePlaceOfOneThatIsAway();
    void keepsFoldersInAndAroundThePlaceOfAnother();
    void doesNotTakeTheDiskOfAnotherFolderThatHoldsTheSame();
    void leavesAFolderAwayWhoseDiskIsAway();
    void takesAnotherDiskThatHoldsTheSamePhotos();
    void indexesNothingOfAnotherDiskInItsPlace();

private:
    struct TwoSticks;
    static ingest::MountTable disks(const QString &photos, const QString &stick);
    static Photo known(FolderId folder, const std::string &path, std::uint8_t number);
};

/// The root file system, and one stick that is mounted somewhere; of an empty path nothing is mounted.
ingest::MountTable tst_FolderPlaces::disks(const QString &photos, const QString &stick)
{
    QString lines = QStringLiteral("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
    if (!photos.isEmpty())
        lines += QStringLiteral("2 1 8:17 / %1 rw - exfat /dev/sdb1 rw\n").arg(photos);
    if (!stick.isEmpty())
        lines += QStringLiteral("3 1 8:33 / %1 rw - vfat /dev/sdc1 rw\n").arg(stick);
    return ingest::MountTable(lines.toStdString(),
                              {{{"/dev/sda1", "root"}, {"/dev/sdb1", "A1B2"}, {"/dev/sdc1", "C3D4"}},
                               {{"/dev/sdb1", "Holiday photos"}}});
}

Photo tst_FolderPlaces::known(FolderId folder, const std::string &path, std::uint8_t number)
{
    Photo photo;
    photo.folder = folder;
    photo.path = path;
    photo.hash.bytes[0] = number;
    return photo;
}

void tst_FolderPlaces::tellsVolumesApart_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("volume");
    QTest::addColumn<QString>("within");
    const auto row = [](const char *name, const char *line, const char *path, const char *volume,
                        const char *within) {
        QTest::newRow(name) << QByteArray(line) << QString::fromUtf8(path) << QString::fromUtf8(volume)
                            << QString::fromUtf8(within);
    };
    row("disk", "9 1 8:17 / /media/u/A rw,noatime shared:4 - exfat /dev/sdb1 rw", "/media/u/A/2024",
        "uuid:A1B2", "/2024");
    row("its top", "9 1 8:17 / /media/u/A rw - exfat /dev/sdb1 rw", "/media/u/A", "uuid:A1B2", "/");
    row("subvolume", "9 1 0:33 /@home /home rw - btrfs /dev/sdb1 rw", "/home/u/Pictures", "uuid:A1B2",
        "/@home/u/Pictures");
    row("blanks", "9 1 8:17 / /media/u/My\\040disk rw - exfat /dev/sdb1 rw", "/media/u/My disk/x",
        "uuid:A1B2", "/x");
    row("NFS", "9 1 0:50 / /mnt/nas rw - nfs4 nas:/export/photos rw", "/mnt/nas/a", "nfs:nas:/export/photos",
        "/a");
    row("SMB", "9 1 0:51 / /mnt/nas rw - cifs //nas/photos rw", "/mnt/nas/a", "cifs://nas/photos", "/a");
    row("disk without a UUID", "9 1 8:49 / /mnt/x rw - ext2 /dev/sdx1 rw", "/mnt/x/a", "", "");
    row("in memory", "9 1 0:44 / /tmp rw - tmpfs tmpfs rw", "/tmp/a", "", "");
    row("beside a mount of a similar name", "9 1 8:17 / /media/u/A rw - exfat /dev/sdb1 rw", "/media/u/AB",
        "", "");
}

void tst_FolderPlaces::tellsVolumesApart()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, path);
    QFETCH(const QString, volume);
    QFETCH(const QString, within);
    const ingest::MountTable mounts(line.toStdString(), {{{"/dev/sdb1", "A1B2"}}, {}});
    const auto place = mounts.placeOf(path.toStdString());
    QCOMPARE(place.has_value(), !volume.isEmpty());
    if (!place)
        return;
    QCOMPARE(QString::fromStdString(place->volume), volume);
    QCOMPARE(QString::fromStdString(place->path), within);
    QCOMPARE(mounts.pathsOf(*place), std::vector<std::string>{path.toStdString()});
}

void tst_FolderPlaces::takesTheInnermostMountAndTheLast()
{
    const ingest::MountTable mounts(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 8:2 / /m rw - ext4 /dev/sda2 rw\n"
        "3 2 8:3 / /m/in rw - ext4 /dev/sda3 rw\n"
        "4 1 8:4 / /m rw - ext4 /dev/sda4 rw\n",
        {{{"/dev/sda1", "1"}, {"/dev/sda2", "2"}, {"/dev/sda3", "3"}, {"/dev/sda4", "4"}},
         {{"/dev/sda4", "Top"}}});
    QCOMPARE(mounts.placeOf("/x")->volume, "uuid:1"s);
    QCOMPARE(mounts.placeOf("/m/x")->volume, "uuid:4"s);
    QCOMPARE(mounts.placeOf("/m/x")->label, "Top"s);
    QVERIFY(mounts.pathsOf({"uuid:2", "", "/x"}).empty()); // Covered.
}

void tst_FolderPlaces::findsAVolumeWhereverItIsMounted()
{
    const ingest::MountTable mounts("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
                                    "2 1 8:17 / /media/A rw - exfat /dev/sdb1 rw\n"
                                    "3 1 8:17 /2024 /home/u/bound rw - exfat /dev/sdb1 rw\n",
                                    {{{"/dev/sdb1", "A1B2"}}, {}});
    const std::vector<std::string> both{"/media/A/2024/x", "/home/u/bound/x"};
    QCOMPARE(mounts.pathsOf({"uuid:A1B2", "", "/2024/x"}), both);
    QCOMPARE(mounts.pathsOf({"uuid:A1B2", "", "/2023"}), std::vector<std::string>{"/media/A/2023"});
    QVERIFY(mounts.pathsOf({"uuid:other", "", "/2023"}).empty());
    QVERIFY(mounts.pathsOf({}).empty());
}

void tst_FolderPlaces::passesOverBrokenLines()
{
    const ingest::MountTable mounts(
        "\n- \n1 2 3\n1 0 8:1 / / rw -\n\\04\n2 1 8:17 / /a\\0 rw - exfat /dev/sdb1\n",
        {{{"/dev/sdb1", "A1B2"}}, {}});
    QVERIFY(!mounts.placeOf("/x"));
    QCOMPARE(mounts.placeOf("/a\\0/x")->path, "/x"s);
    ingest::MountTable::now(); // Whatever this machine has.
}

void tst_FolderPlaces::movesAFolderWithAllThatIsKnownOfIt()
{
    const Library library;
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder("/old");
    const std::string odd = "/sub/\xFF'\n.jpg"; // Not UTF-8.
    const std::array photos{known(*folder, "/old/a.jpg", 1), known(*folder, "/old" + odd, 2)};
    QVERIFY(catalogue->putPhotos(photos));
    const auto before = catalogue->photos();
    QVERIFY(catalogue->putProblem({"/old/broken.jpg", *folder, 1, 2, 0, "broken"}));
    QVERIFY(catalogue->addMountPoint({"/old/deep", false}));
    const auto moment = catalogue->photoMoment();

    QVERIFY(catalogue->moveFolder(*folder, "/new place"));
    QCOMPARE(catalogue->folders()->front().path, "/new place"s);
    const auto now = catalogue->photoAt("/new place" + odd);
    QVERIFY(now && *now);
    QCOMPARE((*now)->hash.bytes[0], std::uint8_t(2));
    QCOMPARE(catalogue->photosWithin("/new place")->size(), before->size());
    QVERIFY(catalogue->photosWithin("/old")->empty());
    for (const Photo &photo : *before)
        QVERIFY(*catalogue->photo(photo.id));
    QCOMPARE(catalogue->problems()->front().path, "/new place/broken.jpg"s);
    QCOMPARE(catalogue->mountPoints()->front().directory, "/new place/deep"s);
    int changed = 0;
    QVERIFY(catalogue->photoChanges(*moment, [&changed](const Photo &, std::int64_t) { ++changed; }));
    QCOMPARE(changed, 2);
}

void tst_FolderPlaces::movesOnlyWhatIsTheFoldersOwn()
{
    const Library library;
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder("/old");
    const auto inner = catalogue->addFolder("/old/in");
    const auto around = catalogue->addFolder("/mnt");
    const std::array photos{known(*folder, "/old/a.jpg", 1), known(*inner, "/old/in/b.jpg", 2),
                            known(*around, "/mnt/here/a.jpg", 1), known(*around, "/mnt/here-2/c.jpg", 3)};
    QVERIFY(catalogue->putPhotos(photos));
    const auto kept = catalogue->photoAt("/old/a.jpg");

    QVERIFY(!catalogue->moveFolder(*folder, "/old/in")); // Is one already.
    QVERIFY(catalogue->moveFolder(*folder, "/mnt/here"));
    QCOMPARE((*catalogue->photoAt("/mnt/here/a.jpg"))->id, (*kept)->id);
    QVERIFY(*catalogue->photoAt("/old/in/b.jpg"));
    QVERIFY(*catalogue->photoAt("/mnt/here-2/c.jpg"));
    QCOMPARE(catalogue->photos()->size(), std::size_t(3));
}

void tst_FolderPlaces::finishesAMoveThatBrokeOff()
{
    const Library library;
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder("/old");
    // As after the first of two steps.
    QVERIFY(catalogue->putPhotos(std::array{known(*folder, "/new/a.jpg", 1)}));
    const auto photo = catalogue->photoAt("/new/a.jpg");
    QVERIFY(catalogue->moveFolder(*folder, "/new"));
    QCOMPARE((*catalogue->photoAt("/new/a.jpg"))->id, (*photo)->id);
}

void tst_FolderPlaces::followsADiskToAnotherPath()
{
    const Library library;
    QVERIFY(library.paint(QStringLiteral("first/2024/a.png"), Qt::red));
    const QString first = library.path(QStringLiteral("first"));
    const QString second = library.path(QStringLiteral("second"));
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder((first + QStringLiteral("/2024")).toStdString());
    const auto noted = ingest::settlePlaces(*catalogue, disks(first, {}));
    QVERIFY(noted && noted->moved.empty());
    QCOMPARE(noted->here.size(), std::size_t(1));
    const VolumePlace place{"uuid:A1B2", "Holiday photos", "/2024"};
    QVERIFY(catalogue->folders()->front().place == place);

    QVERIFY(QDir().rename(first, second));
    const auto mounts = disks(second, {});
    QVERIFY(!ingest::isHere(catalogue->folders()->front(), mounts));
    const auto settled = ingest::settlePlaces(*catalogue, mounts);
    QCOMPARE(settled->moved.size(), std::size_t(1));
    QCOMPARE(settled->here.size(), std::size_t(1));
    QCOMPARE(catalogue->folders()->front().path, (second + QStringLiteral("/2024")).toStdString());
    QVERIFY(ingest::isHere(catalogue->folders()->front(), mounts));
    QVERIFY(ingest::settlePlaces(*catalogue, mounts)->moved.empty());
}

/// Two disks, each a folder with one photo.
struct tst_FolderPlaces::TwoSticks {
    TwoSticks()
    {
        isGood = library.paint(u"stick/a.png"_s, Qt::red) && library.paint(u"stick1/b.png"_s, Qt::blue) &&
                 catalogue->putPhotos(std::array{known(first, one.toStdString() + "/a.png", 1),
                                                 known(second, other.toStdString() + "/b.png", 2)}) &&
                 ingest::settlePlaces(*catalogue, disks(one, other))->here.size() == 2;
        a = idAt(one, "/a.png");
        b = idAt(other, "/b.png");
    }
    PhotoId idAt(const QString &stick, const char *name)
    {
        const auto photo = catalogue->photoAt(stick.toStdString() + name);
        return photo && *photo ? (*photo)->id : PhotoId();
    }

    Library library;
    QString one = library.path(u"stick"_s);
    QString other = library.path(u"stick1"_s);
    Result<db::Catalogue> catalogue = db::Catalogue::open(library.data());
    FolderId first = *catalogue->addFolder(one.toStdString());
    FolderId second = *catalogue->addFolder(other.toStdString());
    PhotoId a;
    PhotoId b;
    bool isGood = false;
};

void tst_FolderPlaces::followsDisksThatExchangedTheirPlaces()
{
    TwoSticks sticks;
    QVERIFY(sticks.isGood);
    const QString between = sticks.library.path(u"between"_s);
    QVERIFY(QDir().rename(sticks.one, between) && QDir().rename(sticks.other, sticks.one) &&
            QDir().rename(between, sticks.other));
    const auto settled = ingest::settlePlaces(*sticks.catalogue, disks(sticks.other, sticks.one));
    QVERIFY(settled);
    QCOMPARE(settled->here.size(), std::size_t(2));
    QCOMPARE(settled->moved.size(), std::size_t(2));
    QCOMPARE(sticks.idAt(sticks.other, "/a.png"), sticks.a);
    QCOMPARE(sticks.idAt(sticks.one, "/b.png"), sticks.b);
    const auto folders = sticks.catalogue->folders();
    for (const Folder &folder : *folders)
        QCOMPARE(folder.path, (folder.id == sticks.first ? sticks.other : sticks.one).toStdString());
}

void tst_FolderPlaces::followsADiskToThePlaceOfOneThatIsAway()
{
    TwoSticks sticks;
    QVERIFY(sticks.isGood);
    // The second one alone is plugged in again, and gets the name of the first.
    const QString away = sticks.library.path(u"away"_s);
    QVERIFY(QDir().rename(sticks.one, away) && QDir().rename(sticks.other, sticks.one));
    const auto settled = ingest::settlePlaces(*sticks.catalogue, disks({}, sticks.one));
    QVERIFY(settled);
    QCOMPARE(settled->here.size(), std::size_t(1));
    QCOMPARE(settled->here.front().id, sticks.second);
    QCOMPARE(sticks.idAt(sticks.one, "/b.png"), sticks.b);
    QCOMPARE(sticks.idAt(sticks.one, " (2)/a.png"), sticks.a);
    QCOMPARE(ingest::settlePlaces(*sticks.catalogue, disks({}, sticks.one))->moved.size(), std::size_t(0));

    QVERIFY(QDir().rename(away, sticks.other));
    const auto back = ingest::settlePlaces(*sticks.catalogue, disks(sticks.other, sticks.one));
    QCOMPARE(back->here.size(), std::size_t(2));
    QCOMPARE(sticks.idAt(sticks.other, "/a.png"), sticks.a);
}

void tst_FolderPlaces::keepsFoldersInAndAroundThePlaceOfAnother()
{
    const Library library;
    for (const QString &name : {u"stick/DCIM/a.png"_s, u"stick1/DCIM/b.png"_s})
        QVERIFY(library.paint(name, Qt::red));
    const QString one = library.path(u"stick"_s);
    const QString other = library.path(u"stick1"_s);
    auto catalogue = db::Catalogue::open(library.data());
    // The whole of one stick, and a folder in it; a part of the other.
    const auto whole = catalogue->addFolder(one.toStdString());
    const auto inner = catalogue->addFolder(one.toStdString() + "/DCIM");
    const auto part = catalogue->addFolder(other.toStdString() + "/DCIM");
    QVERIFY(catalogue->putPhotos(std::array{known(*whole, one.toStdString() + "/x.png", 1),
                                            known(*inner, one.toStdString() + "/DCIM/a.png", 2),
                                            known(*part, other.toStdString() + "/DCIM/a.png", 3)}));
    QCOMPARE(ingest::settlePlaces(*catalogue, disks(one, other))->here.size(), std::size_t(3));
    const auto before = catalogue->photos();

    // The other alone, in the place of the one.
    const QString away = library.path(u"away"_s);
    QVERIFY(QDir().rename(one, away) && QDir().rename(other, one));
    const auto settled = ingest::settlePlaces(*catalogue, disks({}, one));
    QCOMPARE(settled->here.size(), std::size_t(1));
    QCOMPARE(settled->here.front().id, *part);
    QCOMPARE((*catalogue->photoAt(one.toStdString() + "/DCIM/a.png"))->hash.bytes[0], std::uint8_t(3));
    for (const Photo &photo : *before)
        QVERIFY(*catalogue->photo(photo.id));

    QVERIFY(QDir().rename(away, other)); // And the one in the place of the other.
    QCOMPARE(ingest::settlePlaces(*catalogue, disks(other, one))->here.size(), std::size_t(3));
    QCOMPARE((*catalogue->photoAt(other.toStdString() + "/x.png"))->hash.bytes[0], std::uint8_t(1));
    QCOMPARE((*catalogue->photoAt(other.toStdString() + "/DCIM/a.png"))->hash.bytes[0], std::uint8_t(2));
    QCOMPARE(catalogue->photos()->size(), before->size());
}

void tst_FolderPlaces::doesNotTakeTheDiskOfAnotherFolderThatHoldsTheSame()
{
    const Library library;
    QVERIFY(library.paint(u"copy/a.png"_s, Qt::red) && library.paint(u"copy1/a.png"_s, Qt::red));
    const QString one = library.path(u"copy"_s);
    const QString other = library.path(u"copy1"_s);
    auto catalogue = db::Catalogue::open(library.data());
    const auto first = catalogue->addFolder(one.toStdString());
    const auto second = catalogue->addFolder(other.toStdString());
    std::array photos{known(*first, one.toStdString() + "/a.png", 1),
                      known(*second, other.toStdString() + "/a.png", 1)};
    for (Photo &photo : photos)
        photo.sizeBytes = QFileInfo(one + u"/a.png"_s).size();
    QVERIFY(catalogue->putPhotos(photos));
    QVERIFY(ingest::settlePlaces(*catalogue, disks(one, other)));

    QVERIFY(QDir(one).removeRecursively() && QDir().rename(other, one));
    const auto settled = ingest::settlePlaces(*catalogue, disks({}, one));
    QCOMPARE(settled->here.size(), std::size_t(1));
    QCOMPARE(settled->here.front().id, *second);
}

void tst_FolderPlaces::leavesAFolderAwayWhoseDiskIsAway()
{
    const Library library;
    QVERIFY(library.paint(QStringLiteral("disk/a.png"), Qt::red));
    const QString path = library.path(QStringLiteral("disk"));
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder(path.toStdString());
    QVERIFY(
        catalogue->putPhotos(std::array{known(*folder, (path + QStringLiteral("/a.png")).toStdString(), 1)}));
    QVERIFY(ingest::settlePlaces(*catalogue, disks(path, {})));

    // Its mount point is there, and empty; then another stick is mounted at the same path.
    QVERIFY(QFile::remove(path + QStringLiteral("/a.png")));
    for (const auto &mounts : {disks({}, {}), disks({}, path)}) {
        const auto settled = ingest::settlePlaces(*catalogue, mounts);
        QVERIFY(settled && settled->here.empty() && settled->moved.empty());
        QCOMPARE(catalogue->folders()->front().place.volume, "uuid:A1B2"s);
        QVERIFY(!ingest::isHere(catalogue->folders()->front(), mounts));
    }
    QCOMPARE(ingest::settlePlaces(*catalogue, disks(path, {}))->here.size(), std::size_t(1));
}

void tst_FolderPlaces::takesAnotherDiskThatHoldsTheSamePhotos()
{
    const Library library;
    QVERIFY(library.paint(QStringLiteral("disk/a.png"), Qt::red));
    const QString path = library.path(QStringLiteral("disk"));
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder(path.toStdString());
    Photo photo = known(*folder, (path + QStringLiteral("/a.png")).toStdString(), 1);
    photo.sizeBytes = QFileInfo(path + QStringLiteral("/a.png")).size();
    QVERIFY(catalogue->putPhotos(std::array{photo}));
    QVERIFY(ingest::settlePlaces(*catalogue, disks(path, {})));

    QCOMPARE(ingest::settlePlaces(*catalogue, disks({}, path))->here.size(), std::size_t(1));
    QCOMPARE(catalogue->folders()->front().place.volume, "uuid:C3D4"s);
}

void tst_FolderPlaces::indexesNothingOfAnotherDiskInItsPlace()
{
    const Library library;
    QVERIFY(library.paint(QStringLiteral("strange.png"), Qt::red));
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue->addFolder(library.folder().toStdString());
    QVERIFY(
        catalogue->putPhotos(std::array{known(*folder, library.folder().toStdString() + "/mine.jpg", 1)}));
    QVERIFY(catalogue->setFolderPlace(*folder, {"uuid:not connected", "Mine", "/"}));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    const auto done = Library::finish(indexer, [&] { indexer.start(); });
    QVERIFY(done);
    QCOMPARE(done->found, 0);
    QVERIFY(*catalogue->photoAt(library.folder().toStdString() + "/mine.jpg"));
}

QTEST_GUILESS_MAIN(tst_FolderPlaces)
#include "tst_folder_places.moc"
