// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/moment_key.h"
#include "core/db/catalogue.h"
#include "core/db/migrations.h"
#include "core/db/sqlite.h"
#include "core/image/decode.h"
#include "core/image/film_plan.h"
#include "core/image/moments.h"
#include "core/image/resize.h"
#include "core/ingest/unused_contents.h"
#include "core/library/library_follower.h"
#include "core/library/place.h"
#include "core/media/media.h"
#include "core/query/embedded_rows.h"
#include "core/query/ranked_contents.h"
#include "core/services/indexer.h"
#include "core/services/moment_text.h"
#include "library.h"
#include "tests/support/png_animation.h"
#include "video_samples.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <atomic>
#include <memory>

using namespace yingxun;
using namespace yingxun::image;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

constexpr VideoPart kRed{3, 220, 20, 20};
constexpr VideoPart kGreen{3, 20, 200, 20};
constexpr VideoPart kBlue{3, 20, 20, 220};

constexpr std::array<float, 3> kBlueQuery{0, 0, 1}; // As FakeEncoder embeds the colour.

RgbImage plain(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    RgbImage image{32, 24, {}};
    for (int i = 0; i < 32 * 24; ++i)
        image.pixels.insert(image.pixels.end(), {red, green, blue});
    return image;
}

struct Found {
    std::int64_t timeMs = 0;
    char colour = '?';
};

char colourOf(const RgbImage &picture)
{
    const RgbImage one = resizeArea(picture, 1, 1);
    const auto strongest = std::max_element(one.pixels.begin(), one.pixels.end());
    return "rgb"[strongest - one.pixels.begin()];
}

QString described(const std::vector<Found> &moments)
{
    QStringList all;
    for (const Found &moment : moments)
        all << QChar::fromLatin1(moment.colour) + QString::number(moment.timeMs / 1000);
    return all.join(u' ');
}

QString momentsOf(const std::string &path, const RgbImage &poster, const VideoLimits &limits = {})
{
    std::vector<Found> found;
    const auto done = forEachMoment(path, poster, limits, [&](std::int64_t timeMs, const RgbImage &picture) {
        found.push_back({timeMs, colourOf(picture)});
        return true;
    });
    return done ? described(found) : QString::fromStdString(done.error().message);
}

/// GIF89a of plain 4 x 4 pictures without compression, a second each.
QByteArray gifOf(const std::vector<std::array<std::uint8_t, 3>> &colours)
{
    QByteArray file("GIF89a\4\0\4\0\x80\0\0", 13);
    file += QByteArray(6, '\0'); // Two colours, which no picture uses.
    for (const auto &colour : colours) {
        file += QByteArray("\x21\xf9\4\0\x64\0\0\0", 8);
        file += QByteArray("\x2c\0\0\0\0\4\0\4\0\x80", 10);
        for (const std::uint8_t value : colour)
            file += char(value);
        file += QByteArray(3, '\0');
        // Codes of 3 bits: clear (4), sixteen times the first colour with clears between so that they stay
        // short, end (5).
        std::vector<int> codes;
        for (int i = 0; i < 16; ++i) {
            if (i % 2 == 0)
                codes.push_back(4);
            codes.push_back(0);
        }
        codes.push_back(5);
        QByteArray data;
        int bits = 0;
        int count = 0;
        for (const int code : codes) {
            bits |= code << count;
            for (count += 3; count >= 8; count -= 8, bits >>= 8)
                data += char(bits & 255);
        }
        data += char(bits);
        file += char(2);
        file += char(data.size());
        file += data + '\0';
    }
    return file + ';';
}

QString momentsOf(const QByteArray &file, const RgbImage &poster, const AnimationLimits &limits = {})
{
    std::vector<Found> found;
    const auto bytes = std::as_bytes(std::span(file.constData(), std::size_t(file.size())));
    const auto done = forEachMoment(bytes, poster, limits, [&](std::int64_t timeMs, const RgbImage &picture) {
        found.push_back({timeMs, colourOf(picture)});
        return true;
    });
    return done ? described(found) : QString::fromStdString(done.error().message);
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray pngOf(const std::vector<QColor> &colours)
{
    std::vector<PngFrame> frames;
    for (const QColor &colour : colours) {
        frames.push_back({QImage(4, 4, QImage::Format_RGB32)});
        frames.back().picture.fill(colour);
    }
    return apngOf(frames);
}

class Counting : public media::DirectReader
{
public:
    Result<media::Media> read(const media::MediaFile &file, const media::Wants &wants,
                              const std::stop_token &stop) override
    {
        ++files;
        return DirectReader::read(file, wants, stop);
    }

    std::atomic<int> files = 0;
};

/// Fails behind the poster.
class Breaking : public media::DirectReader
{
public:
    explicit Breaking(ErrorCode error) : m_error(error) {}

    Result<media::Media> read(const media::MediaFile &file, const media::Wants &wants,
                              const std::stop_token &stop) override
    {
        if (wants.momentSide == 0)
            return DirectReader::read(file, wants, stop);
        ++askedForMoments;
        return fail(m_error, "something went wrong behind the poster");
    }

    std::atomic<int> askedForMoments = 0;

private:
    ErrorCode m_error;
};

} // namespace

/// What a video or an animation shows beyond its poster: chosen, kept, found and forgotten.
class tst_Moments : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachSceneIsAMoment_data();
    void eachSceneIsAMoment();
    void aStillVideoHasNone();
    void aLongVideoIsSpreadOver();
    void workIsLimited();
    void timeIsLimited();
    void anAnimatedGifHasThem();
    void damagedAnimationsEndEarly();
    void aVideoIsFoundByEachOfThem();
    void theyAreEmbeddedOnce();
    void whatIsNamedWronglyIsOpenedOnce();
    void anotherModelGetsThem();
    void anOldLibraryGetsThem();
    void whatStandsStillIsNotDecodedForThem();
    void whatHasLeftIsForgotten();
    void oneThatCannotBeEmbeddedIsLeftOut();
    void aVideoThatBreaksItsDecoderBehindThePosterIsFound();
    void anOldLibraryIsNotReadWholeForIt();
    void anOldLibraryAsksOnceMoreForThoseWithout();
    void whatMayGoBetterIsTriedAgain();
    void whatIsKnownOfAVideoStays();
    void stoppingBetweenThemLosesNothing();
    void keysDiffer();
    void timesAreReadable();

private:
    bool index(const Library &library, std::shared_ptr<media::Reader> reader = {});
    std::vector<query::RankedContent> best(const Library &library, int limit = 10);
};

bool tst_Moments::index(const Library &library, std::shared_ptr<media::Reader> reader)
{
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue || !catalogue->addFolder(library.folder().toStdString()))
        return false;
    library.age();
    services::Indexer indexer(library.data(), library.encoder, library.store);
    if (reader)
        indexer.setReader(std::move(reader));
    return Library::finish(indexer, [&] { indexer.start(); }).has_value();
}

std::vector<query::RankedContent> tst_Moments::best(const Library &library, int limit)
{
    auto catalogue = db::Catalogue::open(library.data());
    const library::Place place(*library::LibraryFollower().follow(*catalogue), {});
    query::Films films;
    if (!films.follow(*catalogue))
        return {};
    const auto rows = query::EmbeddedRows().of(place, *library.store, nullptr, &films);
    return *query::rankedContents(*library.store, kBlueQuery, limit, &rows, films, 1);
}

void tst_Moments::eachSceneIsAMoment_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"a.mp4"_s, u"a.mov"_s, u"a.mkv"_s, u"a.webm"_s})
        QTest::newRow(qUtf8Printable(name)) << name;
}

void tst_Moments::eachSceneIsAMoment()
{
    QFETCH(QString, name);
    const Library library;
    const std::string path = library.path(name).toStdString();
    QVERIFY(writeVideo(path, {kRed, kGreen, kBlue, kRed}));
    QCOMPARE(momentsOf(path, plain(220, 20, 20)), u"g3 b6 r9"_s);
    QCOMPARE(momentsOf(path, plain(255, 255, 255)), u"r0 g3 b6 r9"_s);
}

void tst_Moments::aStillVideoHasNone()
{
    const Library library;
    const std::string path = library.path(u"a.mp4"_s).toStdString();
    QVERIFY(writeVideo(path, {{30, 220, 20, 20}}));
    QCOMPARE(momentsOf(path, plain(220, 20, 20)), QString());
    QVERIFY(writeVideo(path, {{30, 0, 0, 0}})); // Black shows nothing.
    QCOMPARE(momentsOf(path, plain(220, 20, 20)), QString());
}

void tst_Moments::aLongVideoIsSpreadOver()
{
    const Library library;
    const std::string path = library.path(u"a.mp4"_s).toStdString();
    std::vector<VideoPart> parts;
    for (int i = 0; i < 60; ++i) // Ten minutes, another scene every five seconds.
        parts.insert(parts.end(), {{5, std::uint8_t(180 + i % 3 * 35), 20, 20},
                                   {5, 20, 20, std::uint8_t(250 - i % 4 * 30)}});
    QVERIFY(writeVideo(path, parts, 64, 48));
    std::vector<Found> found;
    QVERIFY(
        forEachMoment(path, plain(20, 220, 20), VideoLimits(), [&](std::int64_t timeMs, const RgbImage &p) {
            found.push_back({timeMs, colourOf(p)});
            return true;
        }));
    QVERIFY2(found.size() > 10 && found.size() <= 32, qPrintable(described(found)));
    QVERIFY2(found.back().timeMs > 500'000, qPrintable(described(found)));
    for (const Found &moment : found) { // What is shown is what is there at that time, give or take a frame.
        const bool isNearCut = (moment.timeMs + 200) % 5'000 < 400;
        QVERIFY2(isNearCut || moment.colour == (moment.timeMs / 5'000 % 2 == 0 ? 'r' : 'b'),
                 qPrintable(described({moment})));
    }
}

void tst_Moments::workIsLimited()
{
    constexpr double kFullHd = 1920.0 * 1080;
    constexpr double k4K = 3840.0 * 2160;
    QCOMPARE(filmPlan(30'000, 900, kFullHd), (FilmPlan{1'000, false}));
    QCOMPARE(filmPlan(0, 0, k4K), (FilmPlan{1'000, false})); // It says nothing of itself.
    QCOMPARE(filmPlan(640'000, 19'200, 640 * 360), (FilmPlan{10'000, true}));
    QCOMPARE(filmPlan(600'000, 18'000, kFullHd).stepMs, 14'929);     // 40 places.
    QCOMPARE(filmPlan(60'000, 3'600, k4K), (FilmPlan{5'971, true})); // Not all of a minute of it.
    QCOMPARE(filmPlan(60'000, 3'600, 1e9).stepMs, 7'500);            // At least eight.
}

void tst_Moments::timeIsLimited()
{
    const Library library;
    const std::string path = library.path(u"a.mp4"_s).toStdString();
    QVERIFY(writeVideo(path, {kRed, kGreen}));
    VideoLimits hurried;
    hurried.patience = std::chrono::milliseconds(0);
    QCOMPARE(momentsOf(path, plain(255, 255, 255), hurried), QString());
}

void tst_Moments::anAnimatedGifHasThem()
{
    const QByteArray gif = gifOf({{220, 20, 20}, {20, 220, 20}, {20, 220, 20}, {20, 20, 220}});
    const auto poster = decode(std::as_bytes(std::span(gif.constData(), std::size_t(gif.size()))));
    QVERIFY2(poster, poster ? "" : poster.error().message.c_str());
    QCOMPARE(colourOf(poster->image), 'r');
    QCOMPARE(momentsOf(gif, poster->image), u"g1 b3"_s);
    QCOMPARE(momentsOf(gifOf({{220, 20, 20}}), poster->image), QString());
    AnimationLimits small;
    small.maximumPixels = 15;
    QVERIFY(momentsOf(gif, poster->image, small).contains(u"too large"));
}

void tst_Moments::damagedAnimationsEndEarly()
{
    const QByteArray gif = gifOf({{220, 20, 20}, {20, 220, 20}, {20, 20, 220}});
    QCOMPARE(momentsOf(gif.left(gif.size() - 20), plain(220, 20, 20)), u"g1"_s);
    for (int seed = 0; seed < 500; ++seed) { // Anything but a crash.
        QByteArray noisy = gif;
        for (int i = 0; i < 3; ++i)
            noisy[(seed * 7919 + i * 104'729) % noisy.size()] = char(seed * 31 + i * 17);
        momentsOf(noisy, plain(220, 20, 20));
    }
}

void tst_Moments::aVideoIsFoundByEachOfThem()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(library.paint(u"teal.png"_s, QColor(20, 120, 160)));
    QVERIFY(library.paint(u"red.png"_s, Qt::red));
    QVERIFY(index(library));
    QCOMPARE(library.store->count(), 5); // Three photos and two more scenes.
    const auto found = best(library);
    QCOMPARE(found.size(), std::size_t{3}); // The video once.
    auto catalogue = db::Catalogue::open(library.data());
    const auto video = catalogue->photoAt(library.path(u"a.mp4"_s).toStdString());
    QVERIFY(found.front().content == (*video)->hash);
    QCOMPARE(found.front().momentMs, std::optional<std::int64_t>(6000));
    QVERIFY(found.front().score > 0.9F);
    QVERIFY(!found[1].momentMs);
    QVERIFY(*catalogue->hasThumbnail(momentKey((*video)->hash, 6000)));
    // So many of its moments before the others that the first look is not enough.
    QCOMPARE(best(library, 3).size(), std::size_t{3});
    QCOMPARE(best(library, 1).size(), std::size_t{1});
}

void tst_Moments::theyAreEmbeddedOnce()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(write(library.path(u"b.gif"_s), gifOf({{220, 20, 20}, {20, 220, 20}})));
    QVERIFY(write(library.path(u"still.gif"_s), gifOf({{220, 20, 20}})));
    QVERIFY(index(library));
    const int embedded = library.encoder->pictures;
    QCOMPARE(embedded, 6);
    QVERIFY(index(library));
    QCOMPARE(library.encoder->pictures.load(), embedded);
    QVERIFY(QFile::copy(library.path(u"a.mp4"_s), library.path(u"copy.mp4"_s)));
    QVERIFY(index(library));
    QCOMPARE(library.encoder->pictures.load(), embedded);
}

void tst_Moments::whatIsNamedWronglyIsOpenedOnce()
{
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red) && library.paint(u"b.png"_s, Qt::blue));
    QVERIFY(QFile::rename(library.path(u"a.png"_s), library.path(u"a.gif"_s)));
    QVERIFY(QFile::rename(library.path(u"b.png"_s), library.path(u"b.mp4"_s)));
    QVERIFY(write(library.path(u"c.jpg"_s), gifOf({{220, 20, 20}, {20, 220, 20}})));
    QVERIFY(index(library));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->addFolder(library.folder().toStdString()));
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(Library::finish(indexer, [&] { indexer.start(); })->unchanged, 3);
}

void tst_Moments::anotherModelGetsThem()
{
    Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(index(library));
    QCOMPARE(library.store->count(), 3);
    library.store.reset();
    QVERIFY(std::filesystem::remove_all(library.data() / "embeddings") > 0);
    library.openStore();
    QVERIFY(index(library));
    QCOMPARE(library.store->count(), 3);
    QCOMPARE(best(library).front().momentMs, std::optional<std::int64_t>(6000));
}

void tst_Moments::anOldLibraryGetsThem()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(write(library.path(u"b.gif"_s), gifOf({{220, 20, 20}, {20, 220, 20}})));
    QVERIFY(write(library.path(u"c.png"_s), pngOf({Qt::red, Qt::blue})));
    QVERIFY(index(library));
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache && cache->execute("DELETE FROM film"));
    }
    auto catalogue = db::Catalogue::open(library.data());
    const auto video = catalogue->photoAt(library.path(u"a.mp4"_s).toStdString());
    QVERIFY(!*catalogue->film((*video)->hash));
    QVERIFY(index(library));
    QCOMPARE((*catalogue->film((*video)->hash))->timesMs, (std::vector<std::int64_t>{3000, 6000}));
    const auto gif = catalogue->photoAt(library.path(u"b.gif"_s).toStdString());
    QCOMPARE((*catalogue->film((*gif)->hash))->timesMs, std::vector<std::int64_t>{1000});
    const auto png = catalogue->photoAt(library.path(u"c.png"_s).toStdString());
    const auto ofPng = catalogue->film((*png)->hash);
    QVERIFY(ofPng && *ofPng);
    QCOMPARE((*ofPng)->timesMs, std::vector<std::int64_t>{1000});
}

void tst_Moments::whatStandsStillIsNotDecodedForThem()
{
    const Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(index(library));
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache && cache->execute("DELETE FROM film"));
    }
    const auto reader = std::make_shared<Counting>();
    QVERIFY(index(library, reader));
    QCOMPARE(reader->files.load(), 0);
    auto catalogue = db::Catalogue::open(library.data());
    const auto film = catalogue->film((*catalogue->photos()).front().hash);
    QVERIFY(film && *film && (*film)->timesMs.empty());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QCOMPARE(Library::finish(indexer, [&] { indexer.start(); })->unchanged, 1); // It is looked at once.
}

void tst_Moments::whatHasLeftIsForgotten()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(library.paint(u"red.png"_s, Qt::red));
    QVERIFY(index(library));
    auto catalogue = db::Catalogue::open(library.data());
    const ContentHash video = (*catalogue->photoAt(library.path(u"a.mp4"_s).toStdString()))->hash;
    ingest::UnusedSweep sweep{library.data(), ingest::unixTimeMs(), library.store.get(), true};
    const auto kept = ingest::sweepUnused(sweep);
    QVERIFY(kept);
    QCOMPARE(kept->embeddings, 0);
    QVERIFY(QFile::remove(library.path(u"a.mp4"_s)));
    QVERIFY(index(library));
    const auto swept = ingest::sweepUnused(sweep);
    QVERIFY(swept);
    QCOMPARE(swept->embeddings, 3);
    QCOMPARE(swept->thumbnails, 3);
    QVERIFY(!*catalogue->film(video));
    QCOMPARE(library.store->count(), 1);
}

void tst_Moments::oneThatCannotBeEmbeddedIsLeftOut()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, {3, 0, 0, 250}, kRed}));
    library.encoder->blueFails = FakeEncoder::BlueFails::NotANumber;
    QVERIFY(index(library));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->problems()->empty());
    const auto film = catalogue->film((*catalogue->photos()).front().hash);
    QCOMPARE((*film)->timesMs, (std::vector<std::int64_t>{3000, 9000}));
    QCOMPARE(library.store->count(), 3);
}

void tst_Moments::aVideoThatBreaksItsDecoderBehindThePosterIsFound()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen}));
    const auto reader = std::make_shared<Breaking>(ErrorCode::Internal);
    QVERIFY(index(library, reader));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->problems()->empty());
    QCOMPARE(*catalogue->photoCount(), 1);
    QVERIFY(index(library, reader));
    QCOMPARE(reader->askedForMoments.load(), 1); // Not at each run.
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache && cache->execute("UPDATE film SET broken_readers = 'of an older version'"));
    }
    QVERIFY(index(library, reader));
    QVERIFY(index(library, reader));
    QCOMPARE(reader->askedForMoments.load(), 2); // Once by each.
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache && cache->execute("UPDATE film SET broken_readers = 'of an older version'"));
    }
    QVERIFY(index(library));
    const auto film = catalogue->film((*catalogue->photos()).front().hash);
    QCOMPARE((*film)->timesMs, std::vector<std::int64_t>{3000});
    QVERIFY((*film)->brokenReaders.empty());
}

void tst_Moments::anOldLibraryIsNotReadWholeForIt()
{
    const Library library;
    const QString path = library.path(u"still.png"_s);
    QVERIFY(library.paint(u"still.png"_s, Qt::red));
    QVERIFY(index(library));
    auto catalogue = db::Catalogue::open(library.data());
    const ContentHash content = (*catalogue->photos()).front().hash;
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache && cache->execute("DELETE FROM film"));
        // Whoever reads all of it finds another content now.
        QFile file(path);
        const QDateTime time = QFileInfo(path).lastModified();
        QVERIFY(file.open(QFile::ReadWrite) && file.seek(file.size() - 1));
        file.write("!");
        file.flush();
        QVERIFY(file.setFileTime(time, QFileDevice::FileModificationTime));
    }
    QVERIFY(index(library));
    QCOMPARE((*catalogue->photos()).front().hash, content);
    QVERIFY(catalogue->film(content)->has_value());
}

void tst_Moments::anOldLibraryAsksOnceMoreForThoseWithout()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen}));
    QVERIFY(library.paint(u"still.png"_s, Qt::red));
    QVERIFY(index(library, std::make_shared<Breaking>(ErrorCode::Internal)));
    {
        auto cache = db::Database::open(library.data() / "cache.db");
        QVERIFY(cache &&
                cache->execute("ALTER TABLE film DROP COLUMN broken_readers; PRAGMA user_version = " +
                               std::to_string(db::kCacheMigrations.size() - 1)));
    }
    auto catalogue = db::Catalogue::open(library.data());
    const auto png = catalogue->photoAt(library.path(u"still.png"_s).toStdString());
    QVERIFY((*catalogue->film((*png)->hash))->brokenReaders.empty());
    QVERIFY(index(library));
    const auto video = catalogue->photoAt(library.path(u"a.mp4"_s).toStdString());
    QCOMPARE((*catalogue->film((*video)->hash))->timesMs, std::vector<std::int64_t>{3000});
}

void tst_Moments::whatMayGoBetterIsTriedAgain()
{
    const Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen}));
    QVERIFY(index(library, std::make_shared<Breaking>(ErrorCode::OutOfMemory)));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->problems()->empty()); // Found by its poster meanwhile.
    QCOMPARE(library.store->count(), 1);
    QVERIFY(index(library));
    QCOMPARE(library.store->count(), 2);
}

void tst_Moments::whatIsKnownOfAVideoStays()
{
    Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed, kGreen, kBlue}));
    QVERIFY(index(library));
    library.store.reset();
    QVERIFY(std::filesystem::remove_all(library.data() / "embeddings") > 0);
    library.openStore(); // Of another model; and the machine is so busy that the decoder is late.
    QVERIFY(index(library, std::make_shared<Breaking>(ErrorCode::Internal)));
    QCOMPARE(library.store->count(), 1);
    QVERIFY(index(library));
    QCOMPARE(library.store->count(), 3);
}

void tst_Moments::stoppingBetweenThemLosesNothing()
{
    const Library library;
    std::vector<VideoPart> parts;
    for (int i = 0; i < 12; ++i)
        parts.push_back({1.5, std::uint8_t(i % 3 == 0 ? 220 : 20), std::uint8_t(i % 3 == 1 ? 220 : 20),
                         std::uint8_t(i % 3 == 2 ? 220 : 20)});
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), parts));
    auto catalogue = db::Catalogue::open(library.data());
    QVERIFY(catalogue->addFolder(library.folder().toStdString()));
    library.age();
    services::Indexer indexer(library.data(), library.encoder, library.store);
    library.encoder->msAPicture = 70; // So that few are embedded at a time.
    QSignalSpy failed(&indexer, &services::Indexer::failed);
    QVERIFY(Library::finish(indexer, [&] {
        indexer.start();
        QVERIFY(QTest::qWaitFor([&] { return library.encoder->pictures >= 3; }, 20'000));
        indexer.cancel();
    }));
    QCOMPARE(*catalogue->photoCount(), 0); // Not all of it was embedded.
    QVERIFY(failed.isEmpty());             // Nobody failed.
    library.encoder->msAPicture = 0;
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    QCOMPARE(*catalogue->photoCount(), 1);
    const auto film = catalogue->film((*catalogue->photos()).front().hash);
    QVERIFY(*film && (*film)->timesMs.size() >= 8);
    QCOMPARE(library.store->count(), std::int64_t((*film)->timesMs.size()) + 1);
}

void tst_Moments::keysDiffer()
{
    const ContentHash a{{1, 2, 3}};
    const ContentHash b{{1, 2, 4}};
    QVERIFY(momentKey(a, 1000) == momentKey(a, 1000));
    QVERIFY(momentKey(a, 1000) != momentKey(a, 2000));
    QVERIFY(momentKey(a, 1000) != momentKey(b, 1000));
    QVERIFY(momentKey(a, 0) != a);
    // Of XXH3-128 by the reference implementation: libraries hold it, so it never changes.
    QCOMPARE(QString::fromStdString(momentKey(a, 1000).hex()), u"f8f2be1e8b6cd796a2a80c5680b22146"_s);
}

void tst_Moments::timesAreReadable()
{
    QCOMPARE(services::timeText(0), u"0:00"_s);
    QCOMPARE(services::timeText(7'900), u"0:07"_s);
    QCOMPARE(services::timeText(754'000), u"12:34"_s);
    QCOMPARE(services::timeText(3'723'000), u"1:02:03"_s);
}

QTEST_MAIN(tst_Moments)

#include "tst_moments.moc"
