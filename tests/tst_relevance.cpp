// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/relevance.h"
#include "library.h"

#include <cmath>

using namespace yingxun;
using namespace yingxun::query;
using namespace yingxun::test;

class tst_Relevance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void measuresASpread();
    void risesWithTheCosine();
    void asksMoreOfAQueryThatIsNearToEverything();
    void takesOutWhatAModelDoesToAllCosines();
    void cutsAtItsBorders();
    void calibratesAnyLibrary_data();
    void calibratesAnyLibrary();
    void looksAtTheLibraryOnly();
    void asksTheTextTowerForNeutralTextsOnce();

private:
    void store(const std::vector<std::array<float, 3>> &rows);

    std::unique_ptr<Library> m_library;
};

void tst_Relevance::init()
{
    m_library = std::make_unique<Library>();
    QVERIFY(m_library->store);
}

void tst_Relevance::store(const std::vector<std::array<float, 3>> &rows)
{
    std::vector<ContentHash> contents(rows.size());
    Embeddings all{{}, static_cast<int>(rows.size()), 3};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        contents[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
        contents[i].bytes[1] = static_cast<std::uint8_t>((i + 1) / 256);
        all.values.insert(all.values.end(), rows[i].begin(), rows[i].end());
    }
    QVERIFY(m_library->store->append(contents, all));
}

void tst_Relevance::measuresASpread()
{
    const Spread spread = spreadOf(std::array{0.1F, 0.3F, 0.1F, 0.3F});
    QVERIFY(std::abs(spread.mean - 0.2) < 1e-6 && std::abs(spread.deviation - 0.1) < 1e-6);
    QCOMPARE(spread.count, 4);
    QCOMPARE(spreadOf({}).count, 0);
    QCOMPARE(spreadOf({}).deviation, 0.0);
}

void tst_Relevance::risesWithTheCosine()
{
    const Calibration calibration({0.1, 0.1, 1000}, {0.1, 0.1, 1000});
    for (float cosine = 0; cosine < 0.9F; cosine += 0.05F)
        QVERIFY(calibration.relevance(cosine) < calibration.relevance(cosine + 0.05F));
    QVERIFY(calibration.relevance(-1) >= 0 && calibration.relevance(-1) < 0.001F);
    QVERIFY(calibration.relevance(1) > 0.999F && calibration.relevance(1) <= 1);
    // (2.33 * 4 - 3.18 - 6.63): the documented sum.
    QVERIFY(std::abs(calibration.relevance(0.5F) - 1 / (1 + std::exp(0.49F))) < 1e-3F);
}

void tst_Relevance::asksMoreOfAQueryThatIsNearToEverything()
{
    const Spread neutral{0.1, 0.1, 100'000};
    const Calibration narrow(neutral, {0.1, 0.05, 1000});
    const Calibration wide(neutral, {0.1, 0.2, 1000});
    QVERIFY(narrow.relevance(0.5F) > wide.relevance(0.5F));
    // One photo says nothing of the spread of a query.
    const Calibration one(neutral, {0.1, 0, 1});
    const Calibration many(neutral, {0.1, 0.1, 1000});
    QVERIFY(std::abs(one.relevance(0.5F) - many.relevance(0.5F)) < 0.02F);
}

void tst_Relevance::takesOutWhatAModelDoesToAllCosines()
{
    const Calibration wide({0.1, 0.1, 1000}, {0.1, 0.1, 1000});
    const Calibration narrow({0.3, 0.02, 1000}, {0.3, 0.02, 1000});
    QVERIFY(std::abs(wide.relevance(0.5F) - narrow.relevance(0.38F)) < 1e-4F);
}

void tst_Relevance::cutsAtItsBorders()
{
    std::vector<float> relevances{0.9F, kConfident};
    relevances.resize(kLeastPossible + 5, kPossible);
    relevances.insert(relevances.end(), {0.09F, 0.0F});
    const Cut cut = cutOf(relevances);
    QCOMPARE(cut.confident, std::size_t{2});
    QCOMPARE(cut.possible, kLeastPossible + 5);
    // The nearest are shown even so.
    QCOMPARE(cutOf(std::vector<float>(100, 0.01F)).confident, std::size_t{0});
    QCOMPARE(cutOf(std::vector<float>(100, 0.01F)).possible, kLeastPossible);
    QCOMPARE(cutOf({}).possible, std::size_t{0});
    QCOMPARE(cutOf(std::array{0.01F}).possible, std::size_t{1});
}

void tst_Relevance::calibratesAnyLibrary_data()
{
    QTest::addColumn<int>("photos");
    QTest::addColumn<bool>("alike");
    QTest::newRow("empty") << 0 << false;
    QTest::newRow("one photo") << 1 << false;
    QTest::newRow("all alike") << 50 << true;
    QTest::newRow("more than are looked at") << 10'000 << false;
}

void tst_Relevance::calibratesAnyLibrary()
{
    QFETCH(int, photos);
    QFETCH(bool, alike);
    std::vector<std::array<float, 3>> rows;
    for (int i = 0; i < photos; ++i) {
        const float angle = alike ? 1 : static_cast<float>(i);
        rows.push_back({std::cos(angle), std::sin(angle), 0});
    }
    if (photos > 0)
        store(rows);
    Calibrator calibrator(m_library->encoder);
    const auto calibration = calibrator.of(std::array{1.0F, 0.0F, 0.0F}, *m_library->store, nullptr, 2);
    QVERIFY(calibration);
    float before = 0;
    for (const float cosine : {-1.0F, 0.0F, 0.5F, 1.0F}) {
        const float relevance = calibration->relevance(cosine);
        QVERIFY(std::isfinite(relevance) && relevance >= before && relevance <= 1);
        before = relevance;
    }
}

void tst_Relevance::looksAtTheLibraryOnly()
{
    store({{1, 0, 0}, {0, 1, 0}, {0.6F, 0.8F, 0}, {0, 0, 1}});
    vectors::RowSet some(4, m_library->store->numbering());
    some.insert(1);
    some.insert(3);
    const std::array unit{1.0F, 0.0F, 0.0F};
    const auto ofSome = Calibrator(m_library->encoder).of(unit, *m_library->store, &some, 1);
    const auto ofAll = Calibrator(m_library->encoder).of(unit, *m_library->store, nullptr, 1);
    QVERIFY(ofSome && ofAll);
    QVERIFY(ofSome->relevance(0.9F) != ofAll->relevance(0.9F));
}

void tst_Relevance::asksTheTextTowerForNeutralTextsOnce()
{
    store({{1, 0, 0}, {0, 1, 0}});
    Calibrator calibrator(m_library->encoder);
    const std::array unit{1.0F, 0.0F, 0.0F};
    QVERIFY(!calibrator.isPrepared());
    QVERIFY(calibrator.of(unit, *m_library->store, nullptr, 1));
    QVERIFY(calibrator.isPrepared());
    const int calls = m_library->encoder->neutralCalls.load();
    QVERIFY(calls > 0);
    QVERIFY(calibrator.of(unit, *m_library->store, nullptr, 1));
    QCOMPARE(m_library->encoder->neutralCalls.load(), calls);
}

QTEST_GUILESS_MAIN(tst_Relevance)
#include "tst_relevance.moc"
