// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/image/format.h"
#include "core/library/library_follower.h"
#include "core/query/embedded_rows.h"
#include "core/query/file_endings.h"
#include "core/query/planner.h"
#include "core/query/printer.h"
#include "core/services/picture_meanings.h"
#include "library.h"

#include <cmath>
#include <numeric>

using namespace yingxun;
using namespace yingxun::query;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

ContentHash content(int number)
{
    ContentHash hash;
    hash.bytes[0] = std::uint8_t(number);
    return hash;
}

constexpr std::int64_t kHourMs = 3'600'000;

std::int64_t clockMs(int year, int month, int day, int hour = 0)
{
    return QDate(1970, 1, 1).daysTo(QDate(year, month, day)) * 24 * kHourMs + hour * kHourMs;
}

Sidecar sidecarOf(const std::string &photo, const Metadata &metadata)
{
    Sidecar sidecar;
    sidecar.photo = photo;
    sidecar.file.path = photo + ".xmp";
    sidecar.metadata = metadata;
    return sidecar;
}

} // namespace

class tst_QueryPlanner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void filters_data();
    void filters();
    void namesWhatTheLibraryDoesNotHave_data();
    void namesWhatTheLibraryDoesNotHave();
    void findsByTheSidecarFirst();
    void findsAnItemByWhatGoesWithIt();
    void listsCamerasAndLenses();
    void weighsMeanings();
    void saysWhatEachMeaningGives();
    void takesPlainWordsAsTheyWereTyped_data();
    void takesPlainWordsAsTheyWereTyped();
    void ranksWithinThePlaceAndTheFilter();
    void saysWhyMeaningsHaveNoAnswer();
    void weighsPictures();
    void letsTextsCountBesidePictures();
    void saysWhyAPictureIsNone_data();
    void saysWhyAPictureIsNone();
    void knowsTheEndingsOfAllFormats();

private:
    void put(int number, const std::string &path, std::int64_t takenMs, int width, int height,
             std::int64_t bytes, MediaKind kind = MediaKind::Photo);
    Result<Answer> ask(const QString &typed, library::Scope scope = {});
    QString numbers(const Answer &found) const;

    std::unique_ptr<Library> m_library;
    std::unique_ptr<db::Catalogue> m_catalogue;
    library::SharedPlace m_place;
    EmbeddedRows m_embedded;
    services::PictureMeanings m_pictures{std::make_shared<media::DirectReader>()};
    FolderId m_folder;
    int m_asked = 0; // Embeddings.
    std::vector<float> m_meaning;
};

void tst_QueryPlanner::put(int number, const std::string &path, std::int64_t takenMs, int width, int height,
                           std::int64_t bytes, MediaKind kind)
{
    Photo photo;
    photo.folder = m_folder;
    photo.path = path;
    photo.hash = content(number);
    photo.sizeBytes = bytes;
    photo.width = width;
    photo.height = height;
    photo.captureTimeMs = takenMs;
    photo.kind = kind;
    QVERIFY(m_catalogue->putPhotos({&photo, 1}));
}

/// 1 red, 2 green, 3 blue, 4 reddish; 5 is a copy of 1 elsewhere, 6 has no embedding.
void tst_QueryPlanner::init()
{
    m_library = std::make_unique<Library>();
    m_embedded.forget();
    m_pictures.forget();
    m_asked = 0;
    m_catalogue = std::make_unique<db::Catalogue>(*db::Catalogue::open(m_library->data()));
    m_folder = *m_catalogue->addFolder("/home/anna/Pictures");
    QVERIFY(m_catalogue->addFolder("/mnt/empty"));
    put(1, "/home/anna/Pictures/旅行/2023/a.JPG", clockMs(2023, 5, 1, 23), 4000, 3000, 5'000'000);
    put(2, "/home/anna/Pictures/旅行/2024/b.heic", clockMs(2024, 2, 10), 3000, 4000, 2'000'000);
    put(3, "/home/anna/Pictures/Work/c.jxl", clockMs(2023, 5, 2), 1000, 1000, 300'000);
    put(4, "/home/anna/Pictures/d.mov", clockMs(2022, 1, 1), 1920, 1080, 90'000'000, MediaKind::Video);
    put(1, "/home/anna/Pictures/Work/e.jpeg", clockMs(2023, 5, 1, 22), 4000, 3000, 5'000'000);
    put(6, "/home/anna/Pictures/Work/f.psd", clockMs(2021, 1, 1), 1, 2, 1);
    const Embeddings rows{{1, 0, 0, 0, 1, 0, 0, 0, 1, 0.8F, 0.6F, 0}, 4, 3};
    QVERIFY(m_library->store->append(std::array{content(1), content(2), content(3), content(4)}, rows));

    const LabelId dog = *m_catalogue->addLabel("Dog");
    QVERIFY(m_catalogue->assignLabel(dog, std::array{content(1), content(4)}));
    QVERIFY(m_catalogue->assignLabel(*m_catalogue->addLabel("dog"), std::array{content(2)}));
    QVERIFY(m_catalogue->addLabel("空"));
    QVERIFY(m_catalogue->setRatings(std::array{Rating{content(2), 5}, Rating{content(3), 3}}));

    Metadata nikon;
    nikon.cameraMake = "NIKON CORPORATION";
    nikon.cameraModel = "NIKON D3200";
    nikon.lens = "35mm f/1.8";
    Metadata phone;
    phone.cameraMake = "Apple";
    phone.cameraModel = "iPhone 13";
    phone.latitude = 1;
    phone.longitude = 2;
    const std::vector<ContentMetadata> metadata{{content(1), nikon}, {content(2), phone}, {content(3), {}}};
    QVERIFY(m_catalogue->putMetadata(metadata));
}

Result<Answer> tst_QueryPlanner::ask(const QString &typed, library::Scope scope)
{
    library::LibraryFollower follower;
    auto index = follower.follow(*m_catalogue);
    if (!index)
        return index.propagate();
    m_place = std::make_shared<const library::Place>(*index, std::move(scope));
    auto read = readLine(typed, QDate(2026, 11, 27));
    if (const auto *error = std::get_if<SyntaxError>(&read)) {
        Answer wrong;
        wrong.error = *error;
        return wrong;
    }
    const auto &encoder = m_library->encoder;
    const Sources sources{
        [this] { return Result<library::SharedPlace>(m_place); },
        [this] { return Result<db::Catalogue *>(m_catalogue.get()); },
        [&](const QString &text) { return queryProblem(*encoder, text); },
        [&](const QString &text) -> Result<std::vector<float>> {
            ++m_asked;
            const std::string utf8 = text.toStdString();
            return encoder->encodeTexts({&utf8, 1})->values;
        },
        [this](std::span<const float> unit, const PhotoSet *among) {
            m_meaning.assign(unit.begin(), unit.end());
            const auto rows = m_embedded.of(*m_place, *m_library->store, among);
            return rankedContents(*m_library->store, unit, 10, &rows, Films(), 1);
        },
        {},
        [&](const QString &path) { return m_pictures.of(path, *m_library->store, *encoder, {}); },
        [this](std::span<const float> unit) { return spreadIn(unit, *m_library->store, nullptr, 1); }};
    return answer(std::get<Query>(read), sources);
}

/// Of the photos' ids, as the answer has them.
QString tst_QueryPlanner::numbers(const Answer &found) const
{
    QStringList ids;
    if (found.byTime) {
        for (const library::Row row : *found.byTime)
            ids << QString::number(m_place->library().id(row).value);
    }
    for (const RankedContent &hit : found.hits) {
        m_place->library().forEachWith(hit.content, [&](library::Row row) {
            if (!found.photos || found.photos->contains(row))
                ids << QString::number(m_place->library().id(row).value);
        });
    }
    return ids.join(u' ');
}

void tst_QueryPlanner::filters_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("found"); // Newest first: 2 3 1 5 4 6.
    const auto row = [](const QString &typed, const QString &found) {
        QTest::addRow("%s", qPrintable(typed)) << typed << found;
    };
    row(u"label:DOG"_s, u"2 1 5 4"_s);
    row(u"标签:空"_s, u""_s);
    row(u"folder:旅行"_s, u"2 1"_s);
    row(u"folder:旅行/2023"_s, u"1"_s);
    row(u"folder:pictures"_s, u"2 3 1 5 4 6"_s);
    row(u"folder:WORK"_s, u"3 5 6"_s);
    row(u"folder:/home/anna/Pictures/Work"_s, u"3 5 6"_s);
    row(u"folder:/home/anna/Pictures/Work/"_s, u"3 5 6"_s);
    row(u"folder:empty"_s, u""_s);
    row(u"date:2023-05-01"_s, u"1 5"_s);
    row(u"date:2023"_s, u"3 1 5"_s);
    row(u"date:2023-05-02.."_s, u"2 3"_s);
    row(u"date:<2023"_s, u"4 6"_s);
    row(u"camera:nikon"_s, u"1 5"_s);
    row(u"camera:\"nikon d3200\""_s, u"1 5"_s);
    row(u"camera:\"apple iphone\""_s, u"2"_s);
    row(u"camera:Leica"_s, u""_s);
    row(u"lens:F/1.8"_s, u"1 5"_s);
    row(u"rating:5"_s, u"2"_s);
    row(u"rating:>=3"_s, u"2 3"_s);
    row(u"rating:0"_s, u"1 5 4 6"_s);
    row(u"rating:<=3"_s, u"3 1 5 4 6"_s);
    row(u"format:jpeg"_s, u"1 5"_s);
    row(u"format:heic"_s, u"2"_s);
    row(u"format:jxl"_s, u"3"_s);
    row(u"format:psd"_s, u"6"_s);
    row(u"有GPS"_s, u"2"_s);
    row(u"size:12mp"_s, u"2 1 5"_s);
    row(u"size:>12mp"_s, u""_s);
    row(u"size:<2mp"_s, u"3 6"_s);
    row(u"size:>=1920x1080"_s, u"2 1 5 4"_s);
    row(u"size:=1920x1080"_s, u"4"_s);
    row(u"size:>5mb"_s, u"4"_s);
    row(u"size:5mb"_s, u"1 5 4"_s);
    row(u"横图"_s, u"1 5 4"_s);
    row(u"竖图"_s, u"2 6"_s);
    row(u"方图"_s, u"3"_s);
    row(u"视频"_s, u"4"_s);
    row(u"type:photo"_s, u"2 3 1 5 6"_s);
    row(u"-label:dog"_s, u"3 6"_s);
    row(u"label:dog folder:旅行"_s, u"2 1"_s);
    row(u"label:dog or folder:work"_s, u"2 3 1 5 4 6"_s);
    row(u"rating:5 or rating:3 date:2023"_s, u"3"_s);
    row(u"not (label:dog or rating:3)"_s, u"6"_s);
}

void tst_QueryPlanner::filters()
{
    QFETCH(QString, typed);
    const auto found = ask(typed);
    QVERIFY(found && !found->error);
    QTEST(numbers(*found), "found");
    QCOMPARE(m_asked, 0);
}

void tst_QueryPlanner::namesWhatTheLibraryDoesNotHave_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<SyntaxErrorKind>("kind");
    QTest::addColumn<QString>("name");
    QTest::newRow("label") << u"红 label:Cat"_s << SyntaxErrorKind::UnknownLabel << u"Cat"_s;
    QTest::newRow("folder") << u"红 -folder:旅馆"_s << SyntaxErrorKind::UnknownFolder << u"旅馆"_s;
    QTest::newRow("above the library") << u"folder:anna"_s << SyntaxErrorKind::UnknownFolder << u"anna"_s;
    QTest::newRow("path") << u"folder:/home/an"_s << SyntaxErrorKind::UnknownFolder << u"/home/an"_s;
    QTest::newRow("in an or") << u"rating:5 or label:Cat"_s << SyntaxErrorKind::UnknownLabel << u"Cat"_s;
}

void tst_QueryPlanner::namesWhatTheLibraryDoesNotHave()
{
    QFETCH(QString, typed);
    const auto found = ask(typed);
    QVERIFY(found && found->error);
    QTEST(found->error->kind, "kind");
    QTEST(found->error->found, "name");
    QVERIFY(typed.mid(found->error->span.offset, found->error->span.length).endsWith(found->error->found));
    QCOMPARE(m_asked, 0);
}

void tst_QueryPlanner::findsByTheSidecarFirst()
{
    Metadata model;
    model.cameraModel = "D850"; // The maker is the file's.
    model.lens = "85mm";
    Metadata place;
    place.latitude = 3;
    place.longitude = 4;
    const std::array sidecars{sidecarOf("/home/anna/Pictures/旅行/2023/a.JPG", model),
                              sidecarOf("/home/anna/Pictures/Work/c.jxl", place)};
    QVERIFY(m_catalogue->putSidecars(sidecars));
    const auto found = [this](const QString &typed) { return numbers(*ask(typed)); };
    QCOMPARE(found(u"camera:d3200"_s), u"5"_s); // The copy has no sidecar.
    QCOMPARE(found(u"camera:\"nikon corporation d850\""_s), u"1"_s);
    QCOMPARE(found(u"lens:85"_s), u"1"_s);
    QCOMPARE(found(u"lens:35"_s), u"5"_s);
    QCOMPARE(found(u"has:gps"_s), u"2 3"_s);
}

/// A raw file beside its JPEG, with a label and stars of its own from before the JPEG came.
void tst_QueryPlanner::findsAnItemByWhatGoesWithIt()
{
    put(7, "/home/anna/Pictures/旅行/2023/a.NEF", clockMs(2023, 5, 1, 23), 4000, 3000, 25'000'000);
    QVERIFY(m_catalogue->assignLabel(*m_catalogue->addLabel("raw ones"), std::array{content(7)}));
    QVERIFY(m_catalogue->setRatings(std::array{Rating{content(7), 1}}));
    for (const QString &typed : {u"格式:raw"_s, u"label:\"raw ones\""_s, u"rating:1"_s})
        QCOMPARE(numbers(*ask(typed)), u"1"_s);
}

void tst_QueryPlanner::listsCamerasAndLenses()
{
    Metadata beside;
    beside.cameraModel = "D850";
    beside.lens = "85mm";
    const std::array sidecars{sidecarOf("/home/anna/Pictures/旅行/2023/a.JPG", beside)};
    QVERIFY(m_catalogue->putSidecars(sidecars));
    const auto names = [this](EquipmentKind kind) {
        QStringList all;
        const auto equipment = m_catalogue->equipment(kind);
        for (const Equipment &one : *equipment)
            all << QString::fromStdString(one.make + '|' + one.model);
        return all;
    };
    QCOMPARE(names(EquipmentKind::Camera), QStringList({u"Apple|iPhone 13"_s, u"NIKON CORPORATION|D850"_s,
                                                        u"NIKON CORPORATION|NIKON D3200"_s}));
    QCOMPARE(names(EquipmentKind::Lens), QStringList({u"|35mm f/1.8"_s, u"|85mm"_s}));
}

void tst_QueryPlanner::weighsMeanings()
{
    const auto red = *ask(u"红"_s);
    QCOMPARE(numbers(red), u"1 5 4 2 3"_s);
    const std::string text = "红";
    QCOMPARE(m_meaning, m_library->encoder->encodeTexts({&text, 1})->values); // To the last bit.

    const auto both = *ask(u"红 +绿"_s);
    QCOMPARE(numbers(both), u"4 2 1 5 3"_s); // 0.45 red, 0.89 green.
    double squares = 0;
    for (const float value : m_meaning)
        squares += double{value} * double{value};
    QVERIFY(std::abs(squares - 1) < 1e-6);
    QVERIFY(both.hits.front().score <= 1.0F && both.hits.front().score > 0.85F);
    QVERIFY(std::abs(m_meaning[1] / m_meaning[0] - 2) < 0.05F);

    QCOMPARE(numbers(*ask(u"红 绿^0.2"_s)).left(3), u"1 5"_s);
    QCOMPARE(numbers(*ask(u"红 -绿"_s)), u"1 5 4 3 2"_s);
    QCOMPARE(numbers(*ask(u"-红"_s)).right(3), u"1 5"_s); // What is least red comes first.
}

void tst_QueryPlanner::saysWhatEachMeaningGives()
{
    const auto found = *ask(u"红 绿^0.2 -蓝"_s);
    QCOMPARE(found.parts.size(), std::size_t{3});
    QCOMPARE(found.parts[1].text, u"绿"_s);
    QCOMPARE(found.parts[2].text, u"-蓝"_s);
    const auto scores = contributions(found.parts, found.hits, *m_library->store);
    QCOMPARE(scores.size(), found.hits.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const float sum = std::accumulate(scores[i].begin(), scores[i].end(), 0.0F);
        QVERIFY2(std::abs(sum - found.hits[i].score) < 1e-3F, qPrintable(QString::number(double(sum))));
    }
    // Red it is for being red, and the blue one comes last for being blue.
    QVERIFY(found.hits.front().content == content(1) && scores.front()[0] > 0.5F);
    QVERIFY(found.hits.back().content == content(3) && scores.back()[2] < -0.5F);

    RankedContent gone{{content(99), 0.5F}};
    QVERIFY(contributions(found.parts, {&gone, 1}, *m_library->store).front().empty());
    for (const char16_t *alone : {u"红", u"-红", u"format:png"})
        QVERIFY(ask(QString::fromUtf16(alone))->parts.empty());
}

void tst_QueryPlanner::takesPlainWordsAsTheyWereTyped_data()
{
    QTest::addColumn<QString>("typed");
    for (const QString &typed :
         {u"红色　的 狗"_s, u"a small dog (in a park)"_s, u"f(x) :) C++ a - b"_s, u"红！！绿"_s,
          u"dog or cat"_s, u"非 红"_s, u"12:30 https://a.example"_s, u" (红) "_s})
        QTest::addRow("%s", qPrintable(typed)) << typed;
}

void tst_QueryPlanner::takesPlainWordsAsTheyWereTyped()
{
    QFETCH(QString, typed);
    const auto read = readLine(typed, QDate(2026, 11, 27));
    QVERIFY(std::holds_alternative<Query>(read));
    const auto &query = std::get<Query>(read);
    QCOMPARE(query.terms.size(), std::size_t(1));
    QCOMPARE(query.terms.front().text, typed.trimmed());
    QVERIFY(!query.filter);
}

void tst_QueryPlanner::ranksWithinThePlaceAndTheFilter()
{
    QCOMPARE(numbers(*ask(u"红 folder:work"_s)), u"5 3"_s); // Of the copies only that in the folder.
    QCOMPARE(numbers(*ask(u"红 -视频"_s)), u"1 5 2 3"_s);
    QCOMPARE(ask(u"红 label:空"_s)->hits.size(), std::size_t(0));
    const library::Scope work{.directory = "/home/anna/Pictures/Work"};
    QCOMPARE(numbers(*ask(u"label:dog"_s, work)), u"5"_s);
    QCOMPARE(ask(u"绿 label:dog"_s, work)->hits.size(), std::size_t(1));
}

void tst_QueryPlanner::saysWhyMeaningsHaveNoAnswer()
{
    const auto none = *ask(u"红 -\"！\" label:dog"_s);
    QCOMPARE(int(none.problem), int(QueryProblem::NoWords));
    QCOMPARE(none.problemText, u"！"_s);
    QVERIFY(none.hits.empty());
    QCOMPARE(int(ask(u"红 +犇"_s)->problem), int(QueryProblem::UnknownWords));
    QCOMPARE(int(ask(u"红 -红"_s)->problem), int(QueryProblem::CancelsOut));
    QCOMPARE(int(ask(u"红 -绿"_s)->problem), int(QueryProblem::None));
}

void tst_QueryPlanner::weighsPictures()
{
    QVERIFY(m_library->paint(u"a red.png"_s, Qt::red) && m_library->paint(u"green.png"_s, Qt::green));
    const QString red = u"image:\"%1\""_s.arg(m_library->path(u"a red.png"_s));
    const QString green = u"image:"_s + valueText(m_library->path(u"green.png"_s));
    QCOMPARE(numbers(*ask(red)).left(3), u"1 5"_s);
    QCOMPARE(numbers(*ask(red + u" label:dog"_s)), u"1 5 4 2"_s);
    QCOMPARE(numbers(*ask(red + u" +"_s + green)).left(3), u"4 2"_s);
    QCOMPARE(numbers(*ask(u'-' + red)).right(3), u"1 5"_s);
    QCOMPARE(numbers(*ask(red + u" -红^0.5"_s)).left(3), u"1 5"_s);
    QCOMPARE(m_library->encoder->imageCalls.load(), 2); // Each once, however often it is asked for.

    // One of the library has its embedding already: here another one than the encoder would give.
    const auto stored = media::MediaFile::open(m_library->path(u"green.png"_s).toStdString())->content({});
    QVERIFY(m_library->store->append(std::array{*stored}, Embeddings{{0, 0, 1}, 1, 3}));
    m_pictures.forget();
    QCOMPARE(numbers(*ask(green)).left(1), u"3"_s);
    QCOMPARE(m_library->encoder->imageCalls.load(), 2);
}

/// 7 is purple. Texts that hardly move the order are multiplied until they do.
void tst_QueryPlanner::letsTextsCountBesidePictures()
{
    put(7, "/home/anna/Pictures/g.png", clockMs(2020, 1, 1), 1, 1, 1);
    QVERIFY(m_library->store->append(std::array{content(7)}, Embeddings{{0.7071F, 0, 0.7071F}, 1, 3}));
    QVERIFY(m_library->paint(u"red.png"_s, Qt::red));
    const QString red = u"image:"_s + valueText(m_library->path(u"red.png"_s));
    QCOMPARE(numbers(*ask(red + u" 蓝"_s)).left(1), u"7"_s);
    QCOMPARE(numbers(*ask(u"蓝 "_s + red)).left(1), u"7"_s);

    // Now all photos are as far from blue as from each other: 1:1 the picture alone would decide.
    QVERIFY(m_library->store->drop(std::array{content(3), content(7)}));
    const Embeddings faint{{0.199F, 0.97F, 0.14F}, 1, 3};
    QVERIFY(m_library->store->append(std::array{content(7)}, faint));
    const auto both = *ask(red + u" 蓝"_s);
    QVERIFY(m_meaning[2] > 3 * m_meaning[0]);
    QCOMPARE(numbers(both).size(), numbers(*ask(red)).size());
}

void tst_QueryPlanner::saysWhyAPictureIsNone_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<SyntaxErrorKind>("kind");
    QTest::newRow("no file") << u"none.png"_s << SyntaxErrorKind::MissingPicture;
    QTest::newRow("text") << u"text.png"_s << SyntaxErrorKind::NotAPicture;
    QTest::newRow("empty") << u"empty.png"_s << SyntaxErrorKind::NotAPicture;
    QTest::newRow("directory") << u""_s << SyntaxErrorKind::NotAPicture;
}

void tst_QueryPlanner::saysWhyAPictureIsNone()
{
    QFETCH(QString, name);
    QFile text(m_library->path(u"text.png"_s));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("not a picture at all") > 0);
    QFile empty(m_library->path(u"empty.png"_s));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    text.close();
    const QString term = u"-image:\"%1\"^2"_s.arg(m_library->path(name));
    const QString typed = u"红 "_s + term + u" label:dog"_s;
    const auto found = ask(typed);
    QVERIFY(found && found->error && found->hits.empty());
    QTEST(found->error->kind, "kind");
    QCOMPARE(typed.mid(found->error->span.offset, found->error->span.length), term);
    QCOMPARE(found->error->found, m_library->path(name));
}

void tst_QueryPlanner::knowsTheEndingsOfAllFormats()
{
    const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    // All endings of two to four letters that are pictures to the decoders, but for the formats that the
    // language has no name for.
    const QStringList nameless{u"ppm"_s, u"pgm"_s, u"pbm"_s, u"pnm"_s,
                               u"mp4"_s, u"m4v"_s, u"mov"_s, u"mkv"_s};
    int known = 0;
    const std::function<void(const std::string &)> look = [&](const std::string &ending) {
        const bool isPicture = image::hasPictureEnding("/x/a." + ending);
        if (!nameless.contains(QString::fromStdString(ending)))
            QVERIFY2(isPicture == formatOfName("a." + ending).has_value(), ending.c_str());
        known += isPicture;
        if (ending.size() == 3)
            return;
        for (const char letter : letters)
            look(ending + letter);
    };
    for (const char letter : letters)
        look(std::string(1, letter));
    QVERIFY(known > 30);
    for (const char *name : {"a.jpeg", "a.JFIF", "a.heics", "a.tiff", "a.avifs", "a.webp"})
        QVERIFY(formatOfName(name) && image::hasPictureEnding(name));
    QVERIFY(!formatOfName("a") && !formatOfName("jpg") && !formatOfName("a.") && !formatOfName("a.jpg.txt"));
}

QTEST_GUILESS_MAIN(tst_QueryPlanner)
#include "tst_query_planner.moc"
