// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/sqlite.h"
#include "core/image/decode.h"
#include "core/media/media.h"
#include "core/services/indexer.h"
#include "library.h"
#include "tests/support/metadata_samples.h"
#include "tests/support/video_samples.h"

#include <QDateTime>
#include <QFile>

#include <array>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

/// How what photos and sidecars say gets into the catalogue.
class tst_IndexMetadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void keepsWhatPhotosSay();
    void readsItOncePerContent();
    void ofAnEarlierVersionIsReadWithoutEmbedding();
    void followsSidecars();
    void photosStandWhereMetadataPutThem();
    void timesThatTheDecoderAloneKnowsStay();
    void olderLibrariesAreSortedAnew();
    void olderLibrariesNoticeThatASidecarWent();
    void sidecarsMoveWithPhotos();
    void ofABrokenSidecarIsNotReadAgain();
    void videosSayNothingButTheirSidecars();

private:
    void tag(const QString &name, const Tags &tags) const;
    void write(const QString &name, const std::vector<std::byte> &bytes) const;
    void writeSidecar(const QString &name, const Tags &tags, int secondsOn = 0) const;
    services::IndexProgress indexed();
    Metadata metadata(const QString &name) const;

    std::unique_ptr<Library> m_library;
    std::unique_ptr<services::Indexer> m_indexer;
};

void tst_IndexMetadata::init()
{
    m_indexer.reset();
    m_library = std::make_unique<Library>();
    auto catalogue = db::Catalogue::open(m_library->data());
    QVERIFY(catalogue && catalogue->addFolder(m_library->folder().toStdString()));
    m_indexer = std::make_unique<services::Indexer>(m_library->data(), m_library->encoder, m_library->store);
}

void tst_IndexMetadata::write(const QString &name, const std::vector<std::byte> &bytes) const
{
    QFile file(m_library->path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char *>(bytes.data()), qint64(bytes.size()));
}

/// Adds tags to a photo that is there.
void tst_IndexMetadata::tag(const QString &name, const Tags &tags) const
{
    const auto photo = image::readFile(m_library->path(name).toStdString());
    QVERIFY(photo);
    write(name, withTags(*photo, tags));
    QVERIFY(Library::age(m_library->path(name)));
}

void tst_IndexMetadata::writeSidecar(const QString &name, const Tags &tags, int secondsOn) const
{
    write(name, sidecar(tags));
    QFile file(m_library->path(name));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(secondsOn), QFile::FileModificationTime));
}

services::IndexProgress tst_IndexMetadata::indexed()
{
    return Library::finish(*m_indexer, [&] { m_indexer->start(); }).value_or(services::IndexProgress{});
}

Metadata tst_IndexMetadata::metadata(const QString &name) const
{
    auto catalogue = db::Catalogue::open(m_library->data());
    const auto photo = catalogue->photoAt(m_library->path(name).toStdString());
    if (!photo || !*photo)
        qFatal("%s is not in the catalogue", qPrintable(name));
    return *catalogue->metadataOf(**photo);
}

void tst_IndexMetadata::keepsWhatPhotosSay()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red) && m_library->paint(u"b.png"_s, Qt::blue));
    tag(u"a.png"_s, {{"Exif.Image.Model", "X-T5"}, {"Xmp.dc.subject", "海边"}});
    QCOMPARE(indexed().embedded, 2);
    QCOMPARE(metadata(u"a.png"_s).cameraModel, std::string("X-T5"));
    QCOMPARE(metadata(u"a.png"_s).keywords, std::vector<std::string>{"海边"});
    QVERIFY(metadata(u"b.png"_s).isEmpty());
    QCOMPARE(indexed().unchanged, 2);
}

void tst_IndexMetadata::readsItOncePerContent()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    tag(u"a.png"_s, {{"Exif.Image.Model", "X-T5"}});
    QCOMPARE(indexed().embedded, 1);
    QVERIFY(QFile::copy(m_library->path(u"a.png"_s), m_library->path(u"copy.png"_s)));
    QVERIFY(Library::age(m_library->path(u"copy.png"_s)));
    QCOMPARE(indexed().embedded, 0);
    QCOMPARE(metadata(u"copy.png"_s).cameraModel, std::string("X-T5"));
    QCOMPARE(indexed().unchanged, 2);
}

void tst_IndexMetadata::ofAnEarlierVersionIsReadWithoutEmbedding()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    tag(u"a.png"_s, {{"Exif.Image.Model", "X-T5"}});
    QCOMPARE(indexed().embedded, 1);
    {
        auto database = db::Database::open(m_library->data() / "cache.db");
        QVERIFY(database && database->execute("DELETE FROM metadata"));
    }
    QVERIFY(metadata(u"a.png"_s).isEmpty());
    const auto again = indexed();
    QCOMPARE(again.embedded, 0);
    QCOMPARE(again.unchanged, 0);
    QCOMPARE(metadata(u"a.png"_s).cameraModel, std::string("X-T5"));
    QCOMPARE(indexed().unchanged, 1);
}

void tst_IndexMetadata::followsSidecars()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    tag(u"a.png"_s, {{"Xmp.xmp.Rating", "1"}, {"Xmp.dc.title", "embedded"}});
    QCOMPARE(indexed().embedded, 1);
    QCOMPARE(metadata(u"a.png"_s).rating, std::optional(1));

    writeSidecar(u"a.xmp"_s, {{"Xmp.xmp.Rating", "2"}}); // Added.
    QCOMPARE(indexed().unchanged, 0);
    QCOMPARE(metadata(u"a.png"_s).rating, std::optional(2));
    QCOMPARE(metadata(u"a.png"_s).title, std::string("embedded"));
    QCOMPARE(indexed().unchanged, 1);

    writeSidecar(u"a.xmp"_s, {{"Xmp.xmp.Rating", "3"}}, 10); // Changed.
    QCOMPARE(indexed().unchanged, 0);
    QCOMPARE(metadata(u"a.png"_s).rating, std::optional(3));

    writeSidecar(u"a.png.xmp"_s, {{"Xmp.xmp.Rating", "4"}}); // The name says more.
    QCOMPARE(indexed().unchanged, 0);
    QCOMPARE(metadata(u"a.png"_s).rating, std::optional(4));

    QVERIFY(QFile::remove(m_library->path(u"a.png.xmp"_s)) && QFile::remove(m_library->path(u"a.xmp"_s)));
    QCOMPARE(indexed().unchanged, 0);
    QCOMPARE(metadata(u"a.png"_s).rating, std::optional(1));
    QCOMPARE(indexed().unchanged, 1);
    QCOMPARE(m_library->encoder->pictures.load(), 1);
}

void tst_IndexMetadata::photosStandWhereMetadataPutThem()
{
    const auto captured = [this](const QString &name) {
        auto catalogue = db::Catalogue::open(m_library->data());
        const auto photo = *catalogue->photoAt(m_library->path(name).toStdString());
        return photo->captureTimeMs
                   ? QDateTime::fromMSecsSinceEpoch(*photo->captureTimeMs, Qt::UTC).toString(Qt::ISODate)
                   : QString();
    };
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    tag(u"a.png"_s, {{"Xmp.exif.DateTimeOriginal", "2019-05-06T07:08:09"}}); // The decoder reads no XMP.
    indexed();
    QCOMPARE(captured(u"a.png"_s), u"2019-05-06T07:08:09Z"_s);
    writeSidecar(u"a.xmp"_s, {{"Xmp.exif.DateTimeOriginal", "2020-01-02T03:04:05"}}); // Put right by hand.
    indexed();
    QCOMPARE(captured(u"a.png"_s), u"2020-01-02T03:04:05Z"_s);
    QVERIFY(QFile::copy(m_library->path(u"a.png"_s), m_library->path(u"copy.png"_s)));
    QVERIFY(Library::age(m_library->path(u"copy.png"_s)));
    indexed();
    QCOMPARE(captured(u"copy.png"_s), u"2019-05-06T07:08:09Z"_s); // Nothing lies beside it.
    QVERIFY(QFile::remove(m_library->path(u"a.xmp"_s)));
    indexed();
    QCOMPARE(captured(u"a.png"_s), u"2019-05-06T07:08:09Z"_s);
}

void tst_IndexMetadata::timesThatTheDecoderAloneKnowsStay()
{
    class Dated : public media::DirectReader
    {
    public:
        Result<media::Media> read(const media::MediaFile &file, const media::Wants &wants,
                                  const std::stop_token &stop) override
        {
            auto made = DirectReader::read(file, wants, stop);
            if (made && !wants.isSidecar)
                made->info.captureTimeMs = 1'000'000'000'000;
            return made;
        }
    };
    m_indexer->setReader(std::make_shared<Dated>());
    const auto captured = [this](const QString &name) {
        auto catalogue = db::Catalogue::open(m_library->data());
        return (*catalogue->photoAt(m_library->path(name).toStdString()))->captureTimeMs.value_or(0);
    };
    const auto forget = [this] { // As libraries of before are: the photo has it, its metadata have not.
        auto cache = db::Database::open(m_library->data() / "cache.db");
        return cache && cache->execute("UPDATE metadata SET captured = NULL");
    };
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    indexed();
    QCOMPARE(captured(u"a.png"_s), 1'000'000'000'000);
    QVERIFY(forget());
    QVERIFY(QFile::rename(m_library->path(u"a.png"_s), m_library->path(u"b.png"_s)));
    indexed();
    QCOMPARE(captured(u"b.png"_s), 1'000'000'000'000);
    writeSidecar(u"b.xmp"_s, {{"Xmp.exif.DateTimeOriginal", "2020-01-02T03:04:05"}});
    indexed();
    QVERIFY(captured(u"b.png"_s) > 1'500'000'000'000);
    QVERIFY(forget() && QFile::remove(m_library->path(u"b.xmp"_s)));
    indexed();
    QCOMPARE(captured(u"b.png"_s), 1'000'000'000'000);
}

void tst_IndexMetadata::olderLibrariesNoticeThatASidecarWent()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    writeSidecar(u"a.xmp"_s, {{"Xmp.exif.DateTimeOriginal", "2001-09-09T01:46:40"}});
    indexed();
    const auto captured = [this] {
        auto catalogue = db::Catalogue::open(m_library->data());
        return (*catalogue->photos()).front().captureTimeMs;
    };
    QVERIFY(captured());
    {
        auto cache = db::Database::open(m_library->data() / "cache.db");
        QVERIFY(cache && cache->execute("DELETE FROM film")); // Which earlier versions did not have of PNG.
    }
    QVERIFY(QFile::remove(m_library->path(u"a.xmp"_s)));
    indexed();
    QVERIFY(!captured());
}

void tst_IndexMetadata::olderLibrariesAreSortedAnew()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red) && m_library->paint(u"b.png"_s, Qt::blue));
    tag(u"a.png"_s, {{"Xmp.exif.DateTimeOriginal", "2019-05-06T07:08:09"}});
    writeSidecar(u"b.xmp"_s, {{"Xmp.exif.DateTimeOriginal", "2020-01-02T03:04:05"}});
    indexed();
    {
        auto cache = db::Database::open(m_library->data() / "cache.db");
        QVERIFY(cache && cache->execute("UPDATE photo SET captured = NULL, shown_at = 0; DROP TABLE film;"
                                        "PRAGMA user_version = 13"));
    }
    auto catalogue = db::Catalogue::open(m_library->data());
    const auto photos = *catalogue->photos();
    QCOMPARE(photos.size(), std::size_t{2});
    QVERIFY(photos[0].path.ends_with("b.png") && photos[1].path.ends_with("a.png"));
    QVERIFY(photos[0].captureTimeMs > photos[1].captureTimeMs && photos[1].captureTimeMs);
}

void tst_IndexMetadata::sidecarsMoveWithPhotos()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    writeSidecar(u"a.xmp"_s, {{"Xmp.xmp.Rating", "2"}});
    QCOMPARE(indexed().embedded, 1);
    QVERIFY(QFile::rename(m_library->path(u"a.png"_s), m_library->path(u"b.png"_s)));
    QVERIFY(QFile::rename(m_library->path(u"a.xmp"_s), m_library->path(u"b.xmp"_s)));
    QCOMPARE(indexed().embedded, 0);
    QCOMPARE(metadata(u"b.png"_s).rating, std::optional(2));
    QVERIFY(QFile::rename(m_library->path(u"b.png"_s), m_library->path(u"c.png"_s))); // Leaves it behind.
    QCOMPARE(indexed().embedded, 0);
    QVERIFY(metadata(u"c.png"_s).isEmpty());
    QCOMPARE(indexed().unchanged, 1);
}

void tst_IndexMetadata::ofABrokenSidecarIsNotReadAgain()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red) && m_library->paint(u"b.png"_s, Qt::blue));
    write(u"a.xmp"_s, std::vector<std::byte>(1000, std::byte{'<'}));
    write(u"b.xmp"_s, {});
    QCOMPARE(indexed().embedded, 2);
    QVERIFY(metadata(u"a.png"_s).isEmpty() && metadata(u"b.png"_s).isEmpty());
    const auto again = indexed();
    QCOMPARE(again.unchanged, 2);
    QCOMPARE(again.failed, 0);
}

void tst_IndexMetadata::videosSayNothingButTheirSidecars()
{
    if (!writeVideo(m_library->path(u"a.mp4"_s).toStdString(), {{1, 200, 0, 0}}))
        QSKIP("OpenCV cannot write a video here");
    writeSidecar(u"a.mp4.xmp"_s, {{"Xmp.xmp.Rating", "2"}});
    m_library->age();
    QCOMPARE(indexed().embedded, 1);
    Metadata expected;
    expected.rating = 2;
    QVERIFY(metadata(u"a.mp4"_s) == expected);
    QCOMPARE(indexed().unchanged, 1);
}

QTEST_GUILESS_MAIN(tst_IndexMetadata)
#include "tst_index_metadata.moc"
