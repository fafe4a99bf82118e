// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/migrations.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>

using namespace yingxun;
using namespace Qt::StringLiterals;

/// What a person made follows a photo that is edited outside.
class tst_Succession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void editingAFileKeepsItsLabelsAndStars();
    void editingOneOfTwoCopiesLeavesTheOtherItsLabels();
    void editingBothCopiesDifferentlyKeepsBothLabelled();
    void aRatedPhotoKeepsItsOwnStars();
    void exchangingTwoNamesMixesNothing();
    void aFileRemovedAndWrittenAnewKeepsItsLabels();
    void aNewFileUnderTheNameOfAMovedPhotoInheritsNothing();
    void aNewFileUnderANameGoneForLongInheritsNothing();
    void aRawFileKeepsTheLabelsOfItsPicture();
    void findsWhatCameInThePlaceOfAPhoto();
    void keepsLabelsOfTheFirstVersion();

private:
    db::Catalogue &catalogue() { return *m_catalogue; }
    std::filesystem::path data() const { return m_directory->path().toStdString(); }
    void put(std::initializer_list<std::pair<const char *, int>> files);
    QString labels(int number);
    int stars(int number);

    static ContentHash content(int number)
    {
        ContentHash hash;
        hash.bytes[0] = std::uint8_t(number);
        return hash;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::optional<db::Catalogue> m_catalogue;
    LabelId m_dog;
    LabelId m_sea;
};

void tst_Succession::init()
{
    m_catalogue.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    auto opened = db::Catalogue::open(data());
    QVERIFY(opened);
    m_catalogue.emplace(*std::move(opened));
    QVERIFY(catalogue().addFolder("/"));
    m_dog = *catalogue().addLabel("dog");
    m_sea = *catalogue().addLabel("sea");
}

/// Stores what one batch of indexing found: paths and their contents.
void tst_Succession::put(std::initializer_list<std::pair<const char *, int>> files)
{
    std::vector<Photo> photos;
    for (const auto &[path, number] : files) {
        Photo photo;
        photo.folder = {1};
        photo.path = path;
        photo.hash = content(number);
        photos.push_back(photo);
    }
    QVERIFY(catalogue().putPhotos(photos));
}

QString tst_Succession::labels(int number)
{
    QStringList names;
    const auto carried = catalogue().labelsOf(content(number));
    for (const Label &label : *carried)
        names.append(QString::fromStdString(label.name));
    return names.join(u' ');
}

int tst_Succession::stars(int number)
{
    const auto all = catalogue().ratings();
    const auto found = all->find(content(number));
    return found == all->end() ? 0 : found->second;
}

void tst_Succession::editingAFileKeepsItsLabelsAndStars()
{
    put({{"/a.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().setRatings(std::array{Rating{content(1), 4}}));
    put({{"/a.jpg", 2}});
    QCOMPARE(labels(2), u"dog"_s);
    QCOMPARE(stars(2), 4);
    QCOMPARE(labels(1), u""_s); // Not counted twice.
    QCOMPARE(stars(1), 0);
    put({{"/a.jpg", 3}}); // And once more.
    QCOMPARE(labels(3), u"dog"_s);
    QCOMPARE(stars(3), 4);
}

void tst_Succession::editingOneOfTwoCopiesLeavesTheOtherItsLabels()
{
    put({{"/a.jpg", 1}, {"/copy.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().setRatings(std::array{Rating{content(1), 4}}));
    put({{"/a.jpg", 2}});
    QCOMPARE(labels(1), u"dog"_s);
    QCOMPARE(labels(2), u"dog"_s);
    QCOMPARE(stars(1), 4);
    QCOMPARE(stars(2), 4);
    put({{"/copy.jpg", 2}}); // The same edit: one content again.
    QCOMPARE(labels(1), u""_s);
    QCOMPARE(labels(2), u"dog"_s);
}

void tst_Succession::editingBothCopiesDifferentlyKeepsBothLabelled()
{
    put({{"/a.jpg", 1}, {"/copy.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().setRatings(std::array{Rating{content(1), 4}}));
    put({{"/a.jpg", 2}, {"/copy.jpg", 3}});
    QCOMPARE(labels(2), u"dog"_s);
    QCOMPARE(labels(3), u"dog"_s);
    QCOMPARE(stars(2), 4);
    QCOMPARE(stars(3), 4);
    QCOMPARE(labels(1), u""_s);
}

void tst_Succession::aRatedPhotoKeepsItsOwnStars()
{
    put({{"/a.jpg", 1}, {"/b.jpg", 2}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().assignLabel(m_sea, std::array{content(2)}));
    QVERIFY(catalogue().setRatings(std::array{Rating{content(1), 4}, Rating{content(2), 2}}));
    put({{"/a.jpg", 2}}); // b copied over a.
    QCOMPARE(labels(2), u"dog sea"_s);
    QCOMPARE(stars(2), 2);
}

void tst_Succession::exchangingTwoNamesMixesNothing()
{
    put({{"/a.jpg", 1}, {"/b.jpg", 2}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().assignLabel(m_sea, std::array{content(2)}));
    put({{"/a.jpg", 2}, {"/b.jpg", 1}});
    QCOMPARE(labels(1), u"dog"_s);
    QCOMPARE(labels(2), u"sea"_s);
}

void tst_Succession::aFileRemovedAndWrittenAnewKeepsItsLabels()
{
    put({{"/a.jpg", 1}, {"/copy.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().removePhotos(std::array{catalogue().photoAt("/a.jpg")->value().id}));
    put({{"/a.jpg", 2}});
    QCOMPARE(labels(1), u"dog"_s);
    QCOMPARE(labels(2), u"dog"_s);
    QVERIFY(catalogue().removePhotos(std::array{catalogue().photoAt("/copy.jpg")->value().id}));
    put({{"/copy.jpg", 1}}); // Back as it was.
    put({{"/copy.jpg", 3}});
    QCOMPARE(labels(3), u"dog"_s);
    QCOMPARE(labels(1), u""_s);
}

void tst_Succession::aNewFileUnderTheNameOfAMovedPhotoInheritsNothing()
{
    put({{"/a.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().removePhotos(std::array{catalogue().photoAt("/a.jpg")->value().id}));
    put({{"/elsewhere.jpg", 1}});
    put({{"/a.jpg", 2}});
    QCOMPARE(labels(1), u"dog"_s);
    QCOMPARE(labels(2), u""_s);
}

void tst_Succession::aNewFileUnderANameGoneForLongInheritsNothing()
{
    put({{"/a.jpg", 1}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().removePhotos(std::array{catalogue().photoAt("/a.jpg")->value().id}));
    {
        auto user = db::Database::open(data() / "user.db");
        QVERIFY(user && user->execute("UPDATE vanished SET at = at - 25 * 60 * 60 * 1000"));
    }
    put({{"/a.jpg", 2}});
    QCOMPARE(labels(1), u"dog"_s);
    QCOMPARE(labels(2), u""_s);
}

void tst_Succession::aRawFileKeepsTheLabelsOfItsPicture()
{
    put({{"/a.jpg", 1}, {"/a.NEF", 2}, {"/a.b.nef", 3}, {"/b/a.nef", 4}, {"/a.b/a.nef", 5}, {"/ab.nef", 6}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(1)}));
    QVERIFY(catalogue().assignLabel(m_sea, std::array{content(2)}));
    QVERIFY(catalogue().setRatings(std::array{Rating{content(1), 4}}));
    QCOMPARE(*catalogue().companionContents(**catalogue().photoAt("/a.jpg")), std::vector{content(2)});
    const auto remove = [this](const char *path) {
        const auto photo = catalogue().photoAt(path);
        return catalogue().removePhotos(std::array{(*photo)->id});
    };
    QVERIFY(remove("/a.jpg"));
    QCOMPARE(labels(2), u"dog sea"_s);
    QCOMPARE(stars(2), 4);
    for (const int other : {3, 4, 5, 6})
        QCOMPARE(labels(other), u""_s);
    put({{"/a.jpg", 1}});
    QCOMPARE(labels(1), u"dog"_s);

    // It still goes with another picture.
    put({{"/d.jpg", 10}, {"/d.png", 11}, {"/d.nef", 12}});
    QCOMPARE(catalogue().companionContents(**catalogue().photoAt("/d.jpg"))->size(), std::size_t(1));
    QVERIFY(catalogue().companionContents(**catalogue().photoAt("/d.png"))->empty());
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(10)}));
    QVERIFY(remove("/d.jpg"));
    QCOMPARE(labels(12), u""_s);

    // Both together leave nothing to each other.
    put({{"/c.jpg", 7}, {"/c.nef", 8}});
    QVERIFY(catalogue().assignLabel(m_dog, std::array{content(7)}));
    const auto jpeg = catalogue().photoAt("/c.jpg");
    const auto raw = catalogue().photoAt("/c.nef");
    QVERIFY(catalogue().removePhotos(std::array{(*jpeg)->id, (*raw)->id}));
    QCOMPARE(labels(8), u""_s);
}

void tst_Succession::findsWhatCameInThePlaceOfAPhoto()
{
    put({{"/a.jpg", 1}, {"/copy.jpg", 1}});
    QVERIFY(*catalogue().heirsOf(content(1), 0) == std::vector{content(1)});
    put({{"/a.jpg", 2}});
    put({{"/a.jpg", 3}});
    const auto heirs = catalogue().heirsOf(content(1), 0);
    QCOMPARE(heirs->size(), std::size_t{2}); // The copy, and what a.jpg is today.
    QVERIFY(std::find(heirs->begin(), heirs->end(), content(1)) != heirs->end());
    QVERIFY(std::find(heirs->begin(), heirs->end(), content(3)) != heirs->end());
    const auto later = std::chrono::system_clock::now().time_since_epoch() + std::chrono::hours(1);
    const auto laterMs = std::chrono::duration_cast<std::chrono::milliseconds>(later).count();
    QVERIFY(*catalogue().heirsOf(content(1), laterMs) == std::vector{content(1)});
}

void tst_Succession::keepsLabelsOfTheFirstVersion()
{
    const QTemporaryDir old;
    const std::filesystem::path file = old.filePath(QStringLiteral("user.db")).toStdString();
    {
        auto database = db::Database::open(file);
        QVERIFY(database && db::migrate(*database, db::kUserMigrations.first(1)));
        QVERIFY(database->execute("INSERT INTO label (name) VALUES ('old')"));
    }
    auto opened = db::Catalogue::open(file.parent_path());
    QVERIFY(opened);
    QCOMPARE(opened->labels()->front().name, std::string("old"));
    Photo photo;
    photo.folder = *opened->addFolder("/");
    photo.path = "/a.jpg";
    QVERIFY(opened->putPhotos(std::array{photo}));
}

QTEST_APPLESS_MAIN(tst_Succession)
#include "tst_succession.moc"
