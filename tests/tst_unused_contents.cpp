// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/content_hasher.h"
#include "core/db/catalogue.h"
#include "core/db/sqlite.h"
#include "core/ingest/index_pipeline.h"
#include "core/ingest/unused_contents.h"
#include "core/vectors/embedding_list.h"
#include "library.h"
#include "write_protected.h"

#include <QFile>

#include <atomic>
#include <thread>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t kStartMs = 1'800'000'000'000;

std::vector<ContentHash> sorted(std::vector<ContentHash> contents)
{
    std::sort(contents.begin(), contents.end());
    return contents;
}

} // namespace

/// What is purged of contents that have left the library, and when.
class tst_UnusedContents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void purgesWhatHasBeenGoneForNinetyDays();
    void keepsWhatCameBackInTime();
    void waitsNoLongerAfterAClockThatWasAhead();
    void purgesAtOnceWhenAsked();
    void purgesTheEmbeddingsOfEveryModel();
    void waitsForEmbeddingsThatAnotherHasOpen();
    void goesOnWhereItWasStopped();
    void touchesNothingThatCannotBeWritten();
    void comesOnceADayAtTheEndOfARun();
    void removesNothingBeforeAllHasBeenSeen();
    void keepsWhatCameBackMeanwhile();
    void keepsWhatIsBeingStored();
    void storesPhotosBeforeWhatBelongsToThem();
    void opensNoEmbeddingsToLookThroughThem();
    void writesEmbeddingsAnewForMoreThanAFew();
    void removesTheRestWhenEmbeddingsCannotBeWritten();

private:
    db::Catalogue catalogue() const;
    void index() const;
    std::vector<ContentHash> embedded() const;
    ingest::SweptContents swept(int day, bool everything = false) const;

    std::unique_ptr<Library> m_library;
    std::vector<ContentHash> m_all; ///< Of the photos 0.png to 3.png.
    ContentHash m_gone;             ///< Of 0.png.
};

db::Catalogue tst_UnusedContents::catalogue() const
{
    auto catalogue = db::Catalogue::open(m_library->data());
    if (!catalogue)
        qFatal("%s", catalogue.error().message.c_str());
    return *std::move(catalogue);
}

void tst_UnusedContents::index() const
{
    services::Indexer indexer(m_library->data(), m_library->encoder, m_library->store);
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
}

std::vector<ContentHash> tst_UnusedContents::embedded() const
{
    const auto contents =
        vectors::embeddedContents(m_library->data() / "embeddings", m_library->encoder->identity());
    return contents ? *contents : std::vector<ContentHash>();
}

ingest::SweptContents tst_UnusedContents::swept(int day, bool everything) const
{
    const auto swept = ingest::sweepUnused(
        {m_library->data(), kStartMs + day * ingest::kDayMs, m_library->store.get(), everything});
    if (!swept)
        qFatal("%s", swept.error().message.c_str());
    if (!catalogue().setSweptAt(ingest::unixTimeMs())) // So that no run looks by the clock of today.
        qFatal("not noted");
    return *swept;
}

/// Four photos are indexed, and one of them has a label and is deleted.
void tst_UnusedContents::init()
{
    m_library = std::make_unique<Library>();
    QVERIFY(catalogue().addFolder(m_library->folder().toStdString()));
    for (int i = 0; i < 4; ++i)
        QVERIFY(m_library->paint(u"%1.png"_s.arg(i), Qt::red, i));
    index();
    auto now = catalogue();
    m_all = sorted(*now.contents());
    QCOMPARE(m_all.size(), std::size_t{4});
    m_gone = (*now.photoAt(m_library->path(u"0.png"_s).toStdString()))->hash;
    QVERIFY(now.assignLabel(*now.addLabel("kept"), {{m_gone}}));
    QVERIFY(QFile::remove(m_library->path(u"0.png"_s)));
    index();
    QCOMPARE(now.contents()->size(), std::size_t{3});
    QVERIFY(now.unused()->empty()); // The run of today was over already.
}

void tst_UnusedContents::purgesWhatHasBeenGoneForNinetyDays()
{
    for (const int day : {0, 40, 89}) {
        const auto result = swept(day);
        QCOMPARE(result.contents + result.thumbnails + result.measures + result.embeddings, 0);
        QCOMPARE(result.waiting, 1);
        QCOMPARE(result.nextMs, kStartMs + ingest::kUnusedKeptMs);
        QCOMPARE(sorted(*catalogue().derivedContents()), m_all);
        QCOMPARE(sorted(embedded()), m_all);
    }
    const auto bytes = static_cast<std::int64_t>(catalogue().thumbnail(m_gone)->size());
    const auto result = swept(90);
    QCOMPARE(result.contents, 1);
    QCOMPARE(result.thumbnails, 1);
    QCOMPARE(result.measures, 1);
    QCOMPARE(result.embeddings, 1);
    QCOMPARE(result.bytes, bytes + 32 + 2 * 16);
    QCOMPARE(result.waiting, 0);
    auto now = catalogue();
    QCOMPARE(now.derivedContents()->size(), std::size_t{3});
    QVERIFY(!*now.hasThumbnail(m_gone) && !*now.hasMeasure(m_gone) && !m_library->store->contains(m_gone));
    QVERIFY(now.unused()->empty());
    QCOMPARE(now.labelsOf(m_gone)->size(), std::size_t{1}); // Made by hand.
    QCOMPARE(swept(200).contents, 0);
}

void tst_UnusedContents::keepsWhatCameBackInTime()
{
    QCOMPARE(swept(0).waiting, 1);
    QVERIFY(m_library->paint(u"again.png"_s, Qt::red, 0));
    const int pictures = m_library->encoder->pictures;
    index();
    QCOMPARE(m_library->encoder->pictures.load(), pictures); // Its embedding was still there.
    QCOMPARE(swept(89).waiting, 0);
    QVERIFY(QFile::remove(m_library->path(u"again.png"_s)));
    index();
    QCOMPARE(swept(90).waiting, 1); // From now on.
    QCOMPARE(swept(179).contents, 0);
    QCOMPARE(swept(180).contents, 1);
}

void tst_UnusedContents::waitsNoLongerAfterAClockThatWasAhead()
{
    QCOMPARE(swept(20'000).waiting, 1);
    QCOMPARE(swept(0).nextMs, kStartMs + ingest::kUnusedKeptMs);
    QCOMPARE(swept(89).contents, 0);
    QCOMPARE(swept(90).contents, 1);
}

void tst_UnusedContents::purgesAtOnceWhenAsked()
{
    QCOMPARE(swept(0).waiting, 1);
    const auto result = swept(1, true);
    QCOMPARE(result.contents, 1);
    QCOMPARE(result.waiting, 0);
    QCOMPARE(m_library->store->count(), 3);
    QCOMPARE(swept(2, true).contents, 0);
}

void tst_UnusedContents::purgesTheEmbeddingsOfEveryModel()
{
    const auto folder = m_library->data() / "embeddings";
    {
        auto other = vectors::EmbeddingStore::open(folder, "other", 16);
        QVERIFY(other && other->append(m_all, Embeddings{std::vector<float>(64, 0.25F), 4, 16}));
    }
    QFile foreign(QString::fromStdString((folder / "foreign.f16").string()));
    QVERIFY(foreign.open(QIODevice::WriteOnly) && foreign.write(QByteArray(200, 'x')) == 200);
    foreign.close();
    QCOMPARE(swept(0, true).embeddings, 2);
    const auto other = vectors::EmbeddingStore::open(folder, "other", 16);
    QCOMPARE(other->count(), 3);
    QVERIFY(!other->contains(m_gone));
    QCOMPARE(foreign.size(), 200);
}

void tst_UnusedContents::waitsForEmbeddingsThatAnotherHasOpen()
{
    const auto result = ingest::sweepUnused({m_library->data(), kStartMs, nullptr, true});
    QVERIFY(result);
    QCOMPARE(result->contents, 0);
    QCOMPARE(result->thumbnails, 1);
    QCOMPARE(result->embeddings, 0);
    QCOMPARE(result->inUse, 1);
    QVERIFY(m_library->store->contains(m_gone));
    const auto later = swept(1); // By the one that has it open, who need not be asked again.
    QCOMPARE(later.contents, 1);
    QCOMPARE(later.embeddings, 1);
    QVERIFY(!m_library->store->contains(m_gone));
}

void tst_UnusedContents::goesOnWhereItWasStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const ingest::UnusedSweep sweep{m_library->data(), kStartMs, m_library->store.get(), true};
    QCOMPARE(ingest::sweepUnused(sweep, stop.get_token()).error().code, ErrorCode::Cancelled);
    QVERIFY(m_library->store->contains(m_gone));
    // As after a power cut between the embeddings and the rest.
    QVERIFY(m_library->store->drop({{m_gone}}));
    QCOMPARE(swept(0, true).contents, 1);
    QVERIFY(!*catalogue().hasThumbnail(m_gone));
}

void tst_UnusedContents::touchesNothingThatCannotBeWritten()
{
    const WriteProtected protection(m_library->data().parent_path());
    const NotRoot notRoot;
    const auto refused = ingest::sweepUnused({m_library->data(), kStartMs, nullptr, true});
    QCOMPARE(refused.error().code, ErrorCode::ReadOnly);
}

void tst_UnusedContents::comesOnceADayAtTheEndOfARun()
{
    const std::int64_t now = ingest::unixTimeMs();
    QVERIFY(now - **catalogue().sweptAt() < ingest::kDayMs);
    QVERIFY(catalogue().putUnused({{{m_gone, now - 91 * ingest::kDayMs}}}));
    index();
    QVERIFY(m_library->store->contains(m_gone));
    QVERIFY(catalogue().setSweptAt(now - ingest::kSweepIntervalMs));
    index();
    QVERIFY(!m_library->store->contains(m_gone));
    QVERIFY(**catalogue().sweptAt() >= now);
    QVERIFY(*ingest::isSweepDue(*std::make_unique<db::Catalogue>(catalogue()), now - ingest::kDayMs));
}

/// A catalogue that is made anew knows of no photo, until a run has found them all again.
void tst_UnusedContents::removesNothingBeforeAllHasBeenSeen()
{
    for (const char *name : {"cache.db", "cache.db-wal", "cache.db-shm"})
        std::filesystem::remove(m_library->data() / name);
    const auto removesNothing = [this] {
        QVERIFY(catalogue().setSweptAt(0)); // So that one would be due.
        QVERIFY(!*ingest::isSweepDue(*std::make_unique<db::Catalogue>(catalogue()), kStartMs));
        const auto result = ingest::sweepUnused({m_library->data(), kStartMs, m_library->store.get(), true});
        QVERIFY(result);
        QVERIFY(result->isLibraryUnseen);
        QCOMPARE(sorted(embedded()), m_all);
        QVERIFY(*catalogue().hasThumbnail(m_gone));
    };
    removesNothing();
    services::Indexer indexer(m_library->data(), m_library->encoder, m_library->store);
    QVERIFY(Library::finish(indexer, [&] { indexer.update({m_library->path(u"1.png"_s)}); }));
    QCOMPARE(catalogue().contents()->size(), std::size_t{1});
    removesNothing();
    // A file that could not be read this time.
    QVERIFY(m_library->paint(u"blue.png"_s, Qt::blue));
    m_library->encoder->blueFails = test::FakeEncoder::BlueFails::OutOfMemory;
    index();
    QCOMPARE(catalogue().problems()->size(), std::size_t{1});
    removesNothing();
    m_library->encoder->blueFails = test::FakeEncoder::BlueFails::No;
    QVERIFY(QFile::remove(m_library->path(u"blue.png"_s)));
    // A folder on a disk that is away.
    QTemporaryDir other;
    QVERIFY(catalogue().addFolder(other.path().toStdString()));
    index();
    removesNothing();
    QVERIFY(QFile::copy(m_library->path(u"1.png"_s), other.filePath(u"copy.png"_s)));
    QVERIFY(test::Library::age(other.filePath(u"copy.png"_s)));
    index();
    QVERIFY(*catalogue().isSeenWhole());
    QCOMPARE(swept(0, true).contents, 1);
    QCOMPARE(m_library->store->count(), 3);
    QVERIFY(!m_library->store->contains(m_gone));
}

/// Between being found to be unused, and the embeddings being written anew.
void tst_UnusedContents::keepsWhatCameBackMeanwhile()
{
    auto cache = db::Database::open(m_library->data() / "cache.db");
    QVERIFY(cache->execute("CREATE TRIGGER back AFTER INSERT ON unused BEGIN"
                           " INSERT INTO photo (folder, path, content, size, mtime, width, height) VALUES"
                           " (1, CAST('/back.png' AS BLOB), NEW.content, 1, 2, 3, 4); END"));
    const auto result = swept(0, true);
    QCOMPARE(result.contents + result.thumbnails + result.measures + result.embeddings, 0);
    QVERIFY(m_library->store->contains(m_gone));
    QVERIFY(*catalogue().hasThumbnail(m_gone));
    QVERIFY(catalogue().unused()->empty());
}

/// By an indexer that goes on all the while: its photos come before their embeddings here, so that none is
/// ever unused.
void tst_UnusedContents::keepsWhatIsBeingStored()
{
    std::atomic<bool> done = false;
    int stored = 0;
    std::thread indexer([&] {
        auto mine = catalogue();
        const FolderId folder = mine.folders()->front().id;
        for (; !done; ++stored) {
            Photo photo;
            photo.folder = folder;
            photo.path = "/p/" + std::to_string(stored);
            photo.hash = contentHash(std::as_bytes(std::span(&stored, 1)));
            const int dimension = m_library->encoder->dimension();
            const Embeddings row{std::vector<float>(static_cast<std::size_t>(dimension), 0.25F), 1,
                                 dimension};
            if (!mine.putPhotos({{photo}}) || !m_library->store->append({{photo.hash}}, row))
                qFatal("cannot store");
        }
    });
    std::int64_t removed = 0;
    for (int i = 0; i < 50; ++i)
        removed += swept(0, true).embeddings;
    done = true;
    indexer.join();
    QCOMPARE(removed, 1);
    QCOMPARE(m_library->store->count(), 3 + stored);
}

/// So that another process knows of them before it could take their thumbnails for unused.
void tst_UnusedContents::storesPhotosBeforeWhatBelongsToThem()
{
    auto thumbnails = db::Database::open(m_library->data() / "thumbs.db");
    QVERIFY(thumbnails->execute("CREATE TRIGGER full BEFORE INSERT ON thumbnail BEGIN"
                                " SELECT RAISE(ABORT, 'no room'); END"));
    QVERIFY(m_library->paint(u"new.png"_s, Qt::blue));
    index();
    const auto photo = catalogue().photoAt(m_library->path(u"new.png"_s).toStdString());
    QVERIFY(photo && *photo);
    QVERIFY(!*catalogue().hasThumbnail((*photo)->hash) && !*catalogue().hasMeasure((*photo)->hash));
    QVERIFY(thumbnails->execute("DROP TRIGGER full"));
    index(); // Makes up for what broke off.
    QVERIFY(*catalogue().hasThumbnail((*photo)->hash) && *catalogue().hasMeasure((*photo)->hash));
}

void tst_UnusedContents::opensNoEmbeddingsToLookThroughThem()
{
    const auto folder = m_library->data() / "embeddings";
    {
        auto other = vectors::EmbeddingStore::open(folder, "other", 16);
        QVERIFY(other && other->append(m_all, Embeddings{std::vector<float>(64, 0.25F), 4, 16}));
    }
    QFile file(QString::fromStdString((folder / "other.f16").string()));
    QVERIFY(file.open(QIODevice::Append) && file.write("torn, as its writer would notice") > 0);
    file.close();
    const qint64 size = file.size();
    QCOMPARE(swept(0).waiting, 1);
    QCOMPARE(file.size(), size);
    QCOMPARE(swept(90).embeddings, 2);
}

void tst_UnusedContents::writesEmbeddingsAnewForMoreThanAFew()
{
    const auto folder = m_library->data() / "embeddings";
    std::vector<ContentHash> contents{m_gone};
    for (int i = 0; i < 59; ++i) {
        Photo photo;
        photo.folder = catalogue().folders()->front().id;
        photo.path = "/p/" + std::to_string(i);
        photo.hash = contentHash(std::as_bytes(std::span(&i, 1)));
        QVERIFY(catalogue().putPhotos({{photo}}));
        contents.push_back(photo.hash);
    }
    {
        auto other = vectors::EmbeddingStore::open(folder, "other", 16);
        QVERIFY(other && other->append(contents, Embeddings{std::vector<float>(60 * 16, 0.25F), 60, 16}));
    }
    QCOMPARE(swept(0).waiting, 1);
    for (const int day : {90, 119}) {
        const auto result = swept(day);
        QCOMPARE(result.contents, 0);
        QCOMPARE(result.embeddings, day == 90 ? 1 : 0); // Of the other model, four in all.
        QCOMPARE(result.thumbnails, day == 90 ? 1 : 0);
        QCOMPARE(result.waiting, 1);
        QCOMPARE(result.nextMs, kStartMs + 120 * ingest::kDayMs);
        QCOMPARE(catalogue().unused()->size(), std::size_t{1});
    }
    QCOMPARE(swept(120).contents, 1);
    QVERIFY(!vectors::EmbeddingStore::open(folder, "other", 16)->contains(m_gone));
    QVERIFY(catalogue().unused()->empty());
}

void tst_UnusedContents::removesTheRestWhenEmbeddingsCannotBeWritten()
{
    const auto folder = m_library->data() / "embeddings";
    {
        auto other = vectors::EmbeddingStore::open(folder, "other", 16);
        QVERIFY(other && other->append(m_all, Embeddings{std::vector<float>(64, 0.25F), 4, 16}));
    }
    const auto obstacle = folder / "other.f16.new";
    std::filesystem::create_directory(obstacle);
    QVERIFY(catalogue().putUnused({{{m_gone, ingest::unixTimeMs() - 91 * ingest::kDayMs}}}));
    QVERIFY(catalogue().setSweptAt(0));
    std::vector<Error> warnings;
    ingest::PauseGate gate;
    ingest::IndexCounts counts;
    ingest::IndexPipeline pipeline{m_library->data(), m_library->encoder, m_library->store, 1, &counts, &gate,
                                   [](bool) {}};
    pipeline.onWarning = [&warnings](const Error &error) { warnings.push_back(error); };
    const Folder photos = catalogue().folders()->front();
    QVERIFY(pipeline.run({{photos, photos.path}}, {}));
    QCOMPARE(warnings.size(), std::size_t{1});
    QCOMPARE(warnings.front().code, ErrorCode::Io);
    QVERIFY(!*catalogue().hasThumbnail(m_gone) && !m_library->store->contains(m_gone));
    QVERIFY(vectors::EmbeddingStore::open(folder, "other", 16)->contains(m_gone));
    QCOMPARE(catalogue().unused()->size(), std::size_t{1});
    std::filesystem::remove(obstacle);
    QCOMPARE(swept(0, true).contents, 1);
    QVERIFY(!vectors::EmbeddingStore::open(folder, "other", 16)->contains(m_gone));
}

QTEST_GUILESS_MAIN(tst_UnusedContents)
#include "tst_unused_contents.moc"
