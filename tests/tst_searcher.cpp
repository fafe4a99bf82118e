// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/media/media.h"
#include "core/query/zero_shot.h"
#include "core/services/searcher.h"
#include "library.h"
#include "places.h"

#include <QThread>

#include <atomic>
#include <memory>
#include <numeric>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

class tst_Searcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void ranksByDescription();
    void ranksByLikeness();
    void looksOnlyAtThePlace();
    void isNotHeardOnceOvertaken();
    void asksTheTextTowerOncePerText();
    void sharesProbabilityAmongLabels();
    void doesNotGiveASingleLabelEverything();
    void saysWhenAPhotoIsNotIndexed();
    void answersEverySpellingAlike();
    void saysWhenADescriptionHasNoAnswer();
    void sparesLabelsTheWordsItDoesNotKnow();
    void answersTheLatestOfEachKindOnceThereIsAModel();
    void filtersWhatItRanks();
    void filtersWithoutAModel();
    void saysWhatIsWrongWithALine();
    void tellsRelevancesOnceCalibrated();
    void asksOncePerPicture();
    void leavesAPictureOnceOvertaken();
    void followsFeedback();

private:
    static ContentHash content(int number);
    static QList<int> numbers(const services::SearchResult &result);

    std::unique_ptr<Library> m_library;
};

ContentHash tst_Searcher::content(int number)
{
    ContentHash hash;
    hash.bytes[0] = std::uint8_t(number);
    return hash;
}

QList<int> tst_Searcher::numbers(const services::SearchResult &result)
{
    QList<int> out;
    for (const ContentHash &hash : result.contents)
        out.append(hash.bytes[0]);
    return out;
}

void tst_Searcher::init()
{
    m_library = std::make_unique<Library>();
    // Contents 1 red, 2 green, 3 blue, 4 between red and green.
    const Embeddings rows{{1, 0, 0, 0, 1, 0, 0, 0, 1, 0.8F, 0.6F, 0}, 4, 3};
    QVERIFY(m_library->store);
    QVERIFY(m_library->store->append(std::array{content(1), content(2), content(3), content(4)}, rows));
}

void tst_Searcher::ranksByDescription()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    searcher.searchText(u"绿色的东西"_s, 3);
    QVERIFY(found.wait());
    const auto result = found.first().first().value<services::SearchResult>();
    QCOMPARE(numbers(result).mid(0, 2), QList<int>({2, 4}));
    QCOMPARE(result.contents.size(), 3);
    QVERIFY(result.scores[0] > result.scores[1] && result.scores[1] > result.scores[2]);
}

void tst_Searcher::ranksByLikeness()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    searcher.searchLike(content(4), 10);
    QVERIFY(found.wait());
    QCOMPARE(numbers(found.first().first().value<services::SearchResult>()), QList<int>({4, 1, 2, 3}));
}

void tst_Searcher::looksOnlyAtThePlace()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    const auto best = [&](int limit) {
        found.clear();
        searcher.searchText(u"红"_s, limit);
        return found.wait() ? numbers(found.last().first().value<services::SearchResult>()) : QList<int>();
    };
    searcher.setPlace(test::placeOf({content(2), content(4), content(99)})); // The last one has no embedding.
    QCOMPARE(best(1), QList<int>({4})); // Better ones elsewhere do not crowd it out.
    QCOMPARE(best(9), QList<int>({4, 2}));
    searcher.setPlace(test::placeOf({}));
    QVERIFY(best(9).isEmpty());

    // Labels look at the library, wherever the search is.
    searcher.setPlace(test::placeOf({content(1), content(3)}, {.directory = "/elsewhere"}));
    QVERIFY(best(9).isEmpty());
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    searcher.classify({u"红"_s});
    QVERIFY(classified.wait());
    const auto labels = classified.first().at(1).value<QList<services::SearchResult>>();
    QCOMPARE(numbers(labels.first()), QList<int>({1})); // Not 4, which is reddish.

    // What is dropped moves the others.
    searcher.setPlace(test::placeOf({content(3), content(4)}));
    QCOMPARE(best(9), QList<int>({4, 3}));
    QVERIFY(m_library->store->drop(std::array{content(2)}));
    QCOMPARE(best(9), QList<int>({4, 3}));
    searcher.setPlace(test::placeOf({content(1), content(3)}, {.directory = "/elsewhere"}));
    QVERIFY(m_library->store->drop(std::array{content(4)}));
    classified.clear();
    searcher.classify({u"红"_s});
    QVERIFY(classified.wait());
    QCOMPARE(numbers(classified.first().at(1).value<QList<services::SearchResult>>().first()),
             QList<int>({1}));

    // Another model keeps them elsewhere.
    searcher.setPlace(test::placeOf({content(1), content(3)}));
    QCOMPARE(best(9), QList<int>({1, 3}));
    Library other;
    QVERIFY(other.store->append(std::array{content(9), content(3)}, Embeddings{{0, 1, 0, 1, 0, 0}, 2, 3}));
    searcher.setModel(other.encoder, other.store);
    QCOMPARE(best(9), QList<int>({3}));
}

void tst_Searcher::isNotHeardOnceOvertaken()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    QVERIFY(QSignalSpy(&searcher, &services::Searcher::calibrated).wait());
    m_library->encoder->holdTexts = true;
    searcher.searchText(u"红"_s, 1);
    QTRY_COMPARE(m_library->encoder->textCalls.load(), 1);
    searcher.searchText(u"蓝"_s, 1); // While the first is being embedded.
    m_library->encoder->released.release(2);
    QVERIFY(found.wait());
    QVERIFY(!found.wait(200));
    QCOMPARE(found.size(), 1);
    QCOMPARE(numbers(found.first().first().value<services::SearchResult>()), QList<int>({3}));
}

void tst_Searcher::asksTheTextTowerOncePerText()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    for (int i = 0; i < 3; ++i) {
        searcher.searchText(u"红"_s, 1);
        QVERIFY(found.wait());
    }
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_Searcher::tellsRelevancesOnceCalibrated()
{
    services::Searcher searcher(nullptr, nullptr);
    QSignalSpy found(&searcher, &services::Searcher::found);
    searcher.setModel(m_library->encoder, m_library->store);
    const auto relevances = [&] {
        found.clear();
        searcher.searchText(u"红"_s, 4);
        return found.wait() ? found.first().first().value<services::SearchResult>().relevances
                            : QList<float>();
    };
    QSignalSpy calibrated(&searcher, &services::Searcher::calibrated);
    QVERIFY(calibrated.wait());
    const QList<float> falling = relevances();
    QCOMPARE(falling.size(), 4);
    QCOMPARE(calibrated.size(), 1);
    QVERIFY(falling[0] > falling[1] && falling[1] > falling[2] && falling[2] >= falling[3]);
}

namespace {

/// Counts, and may wait until it is stopped.
class CountingReader : public media::DirectReader
{
public:
    Result<media::Media> read(const media::MediaFile &file, const media::Wants &wants,
                              const std::stop_token &stop) override
    {
        ++calls;
        while (waits && !stop.stop_requested())
            QThread::msleep(5);
        if (breaks)
            return fail(ErrorCode::Internal, "the decoder was late");
        return DirectReader::read(file, wants, stop);
    }

    std::atomic<int> calls = 0;
    std::atomic<bool> waits = false;
    std::atomic<bool> breaks = false;
};

} // namespace

void tst_Searcher::asksOncePerPicture()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    QFile file(m_library->path(u"a.png"_s));
    QVERIFY(file.resize(file.size() / 2)); // No picture any more.
    services::Searcher searcher(m_library->encoder, m_library->store);
    const auto reader = std::make_shared<CountingReader>();
    searcher.setReader(reader);
    QSignalSpy found(&searcher, &services::Searcher::found);
    const auto isWrong = [&] {
        found.clear();
        searcher.searchText(u"image:"_s + m_library->path(u"a.png"_s), 1);
        return found.wait() && found.first().first().value<services::SearchResult>().error;
    };
    QVERIFY(isWrong());
    QVERIFY(isWrong());
    QCOMPARE(reader->calls.load(), 1);
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red)); // Mended.
    reader->breaks = true;
    QVERIFY(isWrong());
    reader->breaks = false; // The machine was busy.
    QVERIFY(!isWrong());
}

void tst_Searcher::leavesAPictureOnceOvertaken()
{
    QVERIFY(m_library->paint(u"a.png"_s, Qt::red));
    services::Searcher searcher(m_library->encoder, m_library->store);
    const auto reader = std::make_shared<CountingReader>();
    reader->waits = true;
    searcher.setReader(reader);
    QSignalSpy found(&searcher, &services::Searcher::found);
    const QString line = u"image:"_s + m_library->path(u"a.png"_s);
    searcher.searchText(line, 1);
    QTRY_COMPARE(reader->calls.load(), 1);
    searcher.cancelSearch();
    searcher.searchText(line, 1); // The same again, as the library has changed: it is not begun anew.
    QVERIFY(!found.wait(200));
    QCOMPARE(reader->calls.load(), 1);
    searcher.searchText(u"蓝"_s, 1);
    QVERIFY(found.wait());
    QCOMPARE(numbers(found.first().first().value<services::SearchResult>()), QList<int>({3}));
    QVERIFY(m_library->paint(u"b.png"_s, Qt::green));
    searcher.searchText(u"image:"_s + m_library->path(u"b.png"_s), 1);
    QTRY_COMPARE(reader->calls.load(), 2);
    searcher.searchLike(content(2), 1);
    QVERIFY(found.wait());
    QCOMPARE(numbers(found.last().first().value<services::SearchResult>()), QList<int>({2}));
}

void tst_Searcher::followsFeedback()
{
    services::Searcher searcher(nullptr, nullptr);
    QSignalSpy found(&searcher, &services::Searcher::found);
    searcher.setModel(m_library->encoder, m_library->store);
    const auto ask = [&](const query::Feedback &feedback) {
        found.clear();
        searcher.searchText(u"红"_s, 4, feedback);
        return found.wait() ? found.first().first().value<services::SearchResult>()
                            : services::SearchResult();
    };
    QTRY_COMPARE(ask({}).relevances.size(), 4);
    const auto before = ask({});
    QCOMPARE(numbers(before), QList<int>({1, 4, 2, 3}));
    const auto bluer = ask({{content(3)}, {}});
    QCOMPARE(numbers(bluer), QList<int>({1, 4, 3, 2}));
    QVERIFY(bluer.relevances.isEmpty()); // Which nothing was calibrated for.
    QVERIFY(bluer.scores[2] > before.scores[3] + 0.5F);
    QCOMPARE(numbers(ask({{content(3)}, {content(4), content(2)}})), QList<int>({1, 3, 4, 2}));
    QCOMPARE(numbers(ask({{content(99)}, {content(98)}})), numbers(before)); // They have gone meanwhile.
    const auto after = ask({});
    QCOMPARE(after.contents, before.contents);
    QCOMPARE(after.scores, before.scores);
}

void tst_Searcher::sharesProbabilityAmongLabels()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    searcher.classify({u"红"_s, u"绿"_s});
    QVERIFY(classified.wait());
    const auto results = classified.first()[1].value<QList<services::SearchResult>>();
    QCOMPARE(results.size(), 2);
    QCOMPARE(numbers(results[0]), QList<int>({1, 4})); // To the others it is worth less than one percent.
    QCOMPARE(numbers(results[1]).first(), 2);
    QVERIFY(results[0].scores.first() > 0.9F);
    QVERIFY(results[0].scores.last() >= services::Searcher::kLeastShare);

    const int asked = m_library->encoder->textCalls;
    searcher.classify({u"绿"_s, u"红"_s});
    QVERIFY(classified.wait());
    QCOMPARE(classified.last()[1].value<QList<services::SearchResult>>()[1].scores, results[0].scores);
    QCOMPARE(m_library->encoder->textCalls.load(), asked); // Each word is encoded once.
}

void tst_Searcher::doesNotGiveASingleLabelEverything()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    searcher.classify({u"红"_s});
    QVERIFY(classified.wait());
    const auto results = classified.first()[1].value<QList<services::SearchResult>>();
    QVERIFY(results[0].scores.first() > 0.9F); // The red one…
    QVERIFY(!numbers(results[0]).contains(3)); // …and not the blue one, though red is the only label.
}

void tst_Searcher::saysWhenAPhotoIsNotIndexed()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy failed(&searcher, &services::Searcher::failed);
    searcher.searchLike(content(99), 10);
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().code, ErrorCode::NotFound);
}

void tst_Searcher::answersEverySpellingAlike()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    for (const QString &typed : {u"绿"_s, u"绿。"_s, u"「绿」"_s, u"绿🌿"_s, u"綠"_s}) {
        searcher.searchText(typed, 4);
        QVERIFY(found.wait());
        const auto result = found.last().first().value<services::SearchResult>();
        QCOMPARE(numbers(result).first(), 2);
        QCOMPARE(result.scores, found.first().first().value<services::SearchResult>().scores);
    }
    QCOMPARE(m_library->encoder->textCalls.load(), 1); // All are one question to the model.
}

void tst_Searcher::saysWhenADescriptionHasNoAnswer()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    const auto ask = [&](const QString &typed) {
        searcher.searchText(typed, 4);
        if (!found.wait())
            return services::SearchResult();
        return found.last().first().value<services::SearchResult>();
    };
    QCOMPARE(int(ask(u"🌋！"_s).problem), int(query::QueryProblem::NoWords));
    QCOMPARE(int(ask(u"犇"_s).problem), int(query::QueryProblem::UnknownWords));
    QVERIFY(ask(u"犇"_s).contents.isEmpty());
    QCOMPARE(m_library->encoder->textCalls.load(), 0);
    QCOMPARE(ask(u"红"_s).contents.size(), 4);
}

void tst_Searcher::sparesLabelsTheWordsItDoesNotKnow()
{
    services::Searcher searcher(m_library->encoder, m_library->store);
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    const auto ask = [&](const QStringList &labels) {
        searcher.classify(labels);
        if (!classified.wait())
            return QList<services::SearchResult>();
        return classified.last()[1].value<QList<services::SearchResult>>();
    };
    const auto plain = ask({u"红"_s, u"绿"_s});
    const auto mixed = ask({u"犇"_s, u"红！"_s, u"綠"_s, u"绿"_s, u"😀"_s});
    QCOMPARE(plain.size(), 2);
    QCOMPARE(mixed.size(), 5);
    QCOMPARE(int(mixed[0].problem), int(query::QueryProblem::UnknownWords));
    QCOMPARE(int(mixed[4].problem), int(query::QueryProblem::NoWords));
    QVERIFY(mixed[0].contents.isEmpty());
    QCOMPARE(mixed[1].scores, plain[0].scores);
    QCOMPARE(mixed[2].scores, plain[1].scores);
    QCOMPARE(mixed[3].scores, plain[1].scores);
    QCOMPARE(ask({u"犇"_s}).size(), 1);
}

void tst_Searcher::answersTheLatestOfEachKindOnceThereIsAModel()
{
    services::Searcher searcher(nullptr, nullptr);
    QSignalSpy found(&searcher, &services::Searcher::found);
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    QSignalSpy failed(&searcher, &services::Searcher::failed);
    searcher.searchLike(content(3), 1);
    searcher.searchText(u"红"_s, 1);
    searcher.searchText(u"绿"_s, 1);
    searcher.classify({u"红"_s});
    searcher.classify({u"蓝"_s, u"绿"_s});
    QTest::qWait(20); // Nothing comes of them yet.
    QVERIFY(found.isEmpty() && classified.isEmpty());
    searcher.setModel(m_library->encoder, m_library->store);
    QTRY_VERIFY(!found.isEmpty() && !classified.isEmpty());
    QCOMPARE(numbers(found.first().first().value<services::SearchResult>()), QList<int>({2}));
    QCOMPARE(classified.first().first().toStringList(), QStringList({u"蓝"_s, u"绿"_s}));
    searcher.searchText(u"蓝"_s, 1);
    QTRY_COMPARE(found.size(), 2); // And nothing came of the others.
    QCOMPARE(numbers(found.last().first().value<services::SearchResult>()), QList<int>({3}));
    QCOMPARE(classified.size(), 1);
    QVERIFY(failed.isEmpty());
}

void tst_Searcher::filtersWhatItRanks()
{
    auto catalogue = db::Catalogue::open(m_library->data());
    QVERIFY(catalogue);
    const auto label = catalogue->addLabel("猫");
    QVERIFY(label && catalogue->assignLabel(*label, std::array{content(2), content(3), content(4)}));
    services::Searcher searcher(m_library->encoder, m_library->store);
    searcher.setData(m_library->data());
    searcher.setPlace(test::placeOf({content(1), content(2), content(3), content(4)}));
    QSignalSpy found(&searcher, &services::Searcher::found);
    const auto ask = [&](const QString &typed, int limit) {
        found.clear();
        searcher.searchText(typed, limit);
        return found.wait() ? found.last().first().value<services::SearchResult>() : services::SearchResult();
    };
    const auto cats = ask(u"红 标签:猫"_s, 2);
    QCOMPARE(numbers(cats), QList<int>({4, 2})); // The better one that is no cat does not crowd them out.
    QVERIFY(cats.photos && cats.photos->count() == 3);
    QCOMPARE(numbers(ask(u"红 -标签:猫"_s, 9)), QList<int>({1}));
    const auto plain = ask(u"红"_s, 9);
    QVERIFY(!plain.photos);
    QCOMPARE(numbers(plain), QList<int>({1, 4, 2, 3}));
    QCOMPARE(numbers(ask(u"红 -绿"_s, 1)), QList<int>({1}));
    QCOMPARE(m_library->encoder->textCalls.load(), 2); // Each of the words once.
    const auto problem = ask(u"红 +犇"_s, 1);
    QCOMPARE(int(problem.problem), int(query::QueryProblem::UnknownWords));
    QCOMPARE(problem.problemText, u"犇"_s);
}

void tst_Searcher::filtersWithoutAModel()
{
    services::Searcher searcher(nullptr, nullptr);
    searcher.setData(m_library->data());
    searcher.setPlace(test::placeOf({content(1), content(2)}));
    QSignalSpy found(&searcher, &services::Searcher::found);
    searcher.searchText(u"type:photo rating:0"_s, 1);
    QVERIFY(found.wait());
    const auto all = found.last().first().value<services::SearchResult>();
    QVERIFY(all.byTime && all.byTime->size() == 2); // Not bound by the limit: nothing was ranked.
    searcher.searchText(u"视频"_s, 1);
    QVERIFY(found.wait());
    QVERIFY(found.last().first().value<services::SearchResult>().byTime->empty());
}

void tst_Searcher::saysWhatIsWrongWithALine()
{
    services::Searcher searcher(nullptr, nullptr);
    searcher.setData(m_library->data());
    searcher.setPlace(test::placeOf({content(1)}));
    QSignalSpy found(&searcher, &services::Searcher::found);
    QSignalSpy failed(&searcher, &services::Searcher::failed);
    const auto ask = [&](const QString &typed) {
        searcher.searchText(typed, 1);
        return found.wait() ? found.last().first().value<services::SearchResult>().error : std::nullopt;
    };
    const auto syntax = ask(u"红 rating:9"_s);
    QVERIFY(syntax && syntax->kind == query::SyntaxErrorKind::BadValue);
    const auto label = ask(u"标签:没有"_s);
    QVERIFY(label && label->kind == query::SyntaxErrorKind::UnknownLabel);
    QCOMPARE(label->span.length, 5);
    QVERIFY(failed.isEmpty());
}

QTEST_GUILESS_MAIN(tst_Searcher)
#include "tst_searcher.moc"
