// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/inverted_lists.h"
#include "tests/support/numbered_contents.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

using namespace yingxun;
using test::hashes;
using test::hashOf;
using vectors::EmbeddingStore;
using vectors::Hit;
using vectors::RowSet;

namespace {

const std::string kModel(32, 'a');
constexpr int kDimension = 72;
constexpr int kRows = 40'010; // No whole number of a set's words.
constexpr int kGroups = 400;
constexpr int kBest = 20;

/// Unit rows in groups.
Embeddings groupedRows(int count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::mt19937 same(7);
    std::vector<float> centres(kGroups * kDimension);
    for (float &x : centres)
        x = normal(same);
    Embeddings rows{{}, count, kDimension};
    for (int r = 0; r < count; ++r) {
        const float *centre = centres.data() + random() % kGroups * kDimension;
        std::vector<float> row(kDimension);
        float squares = 0;
        for (int i = 0; i < kDimension; ++i) {
            row[static_cast<std::size_t>(i)] = centre[i] + 0.5f * normal(random);
            squares += row[static_cast<std::size_t>(i)] * row[static_cast<std::size_t>(i)];
        }
        for (const float x : row)
            rows.values.push_back(x / std::sqrt(squares));
    }
    return rows;
}

std::vector<Hit> bestOfAll(const EmbeddingStore &store, std::span<const float> query,
                           const RowSet *among = nullptr)
{
    std::vector<Hit> hits = *store.scores(query, among);
    std::stable_sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.score > b.score; });
    hits.resize(std::min(hits.size(), std::size_t{kBest}));
    return hits;
}

bool areSame(const std::vector<Hit> &a, const std::vector<Hit> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Hit &x, const Hit &y) {
        return x.content == y.content && x.score == y.score;
    });
}

/// The share of the best that searches find.
double recall(const EmbeddingStore &store, const RowSet *among = nullptr)
{
    const Embeddings queries = groupedRows(50, 3);
    int found = 0;
    for (int i = 0; i < queries.count; ++i) {
        const auto best = bestOfAll(store, queries.row(i), among);
        std::set<ContentHash> wanted;
        for (const Hit &hit : best)
            wanted.insert(hit.content);
        const auto hits = store.topK(queries.row(i), kBest, among);
        for (const Hit &hit : *hits)
            found += wanted.count(hit.content) != 0 ? 1 : 0;
    }
    return found / double(queries.count * kBest);
}

bool isExact(const EmbeddingStore &store, const RowSet *among = nullptr)
{
    const Embeddings queries = groupedRows(50, 3);
    for (int i = 0; i < queries.count; ++i) {
        if (!areSame(*store.topK(queries.row(i), kBest, among), bestOfAll(store, queries.row(i), among)))
            return false;
    }
    return true;
}

} // namespace

class tst_InvertedLists : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void findsNearlyAllOfTheBest();
    void looksAtFewRows();
    void searchesOfFewRowsAreExact();
    void leavesOutWhatIsNotAsked();
    void findsWhatCameLater();
    void findsAsManyAsThereAreFarAway();
    void damagedRowsAreNotFound();
    void isThereAtTheNextStart();
    void readersTakeIt();
    void isOfNoUseOnceRowsAreNumberedAnew();
    void damageIsNoticed_data();
    void damageIsNoticed();
    void stopsWhenAsked();
    void isTriedOnceWhereItFails();
    void goesWithTheEmbeddings();

private:
    std::filesystem::path directory() const { return m_directory->path().toStdString(); }
    QString listsPath() const { return m_directory->filePath(QString::fromStdString(kModel + ".ivf")); }
    EmbeddingStore open() const { return std::move(*EmbeddingStore::open(directory(), kModel, kDimension)); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_InvertedLists::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    EmbeddingStore store = open();
    QVERIFY(store.append(hashes(0, kRows), groupedRows(kRows, 1)));
}

void tst_InvertedLists::findsNearlyAllOfTheBest()
{
    EmbeddingStore store = open();
    QVERIFY(isExact(store));
    QVERIFY(!store.wantsLists()); // Which are not worth it yet.
    QVERIFY(store.wantsLists(kRows) && !store.wantsLists(kRows + 1));
    QVERIFY(store.makeLists());
    QVERIFY(!store.wantsLists(kRows));
    QCOMPARE(store.listedRows(), qint64{kRows});
    QVERIFY2(recall(store) >= 0.98, qPrintable(QString::number(recall(store))));
}

void tst_InvertedLists::looksAtFewRows()
{
    EmbeddingStore store = open();
    QVERIFY(store.makeLists());
    const vectors::RowLayout layout(kDimension);
    const auto file = vectors::EmbeddingFile::open(directory() / (kModel + ".f16"), kModel, layout);
    QVERIFY(file);
    const auto lists = vectors::InvertedLists::read(vectors::invertedListsOf(file->path()), layout,
                                                    *file->mapping(), file->count());
    QVERIFY(lists);
    std::vector<float> query(layout.paddedDimension);
    const Embeddings queries = groupedRows(1, 3);
    std::copy_n(queries.values.begin(), kDimension, query.begin());
    const auto count = [](const std::vector<vectors::InvertedLists::Places> &near) {
        return std::accumulate(near.begin(), near.end(), qint64{0},
                               [](qint64 sum, const auto &list) { return sum + list.end - list.first; });
    };
    const qint64 near = count(lists->nearest(query, 1000, nullptr));
    QVERIFY(near >= 1000 && near < 2000);
    QCOMPARE(count(lists->nearest(query, kRows, nullptr)), qint64{kRows});
    std::set<std::int64_t> rows; // Each in one list.
    for (std::int64_t place = 0; place < lists->rows(); ++place)
        rows.insert(lists->rowAt(place));
    QCOMPARE(rows.size(), std::size_t{kRows});
}

void tst_InvertedLists::searchesOfFewRowsAreExact()
{
    EmbeddingStore store = open();
    QVERIFY(store.makeLists());
    RowSet some(kRows, store.numbering());
    for (int row = 0; row < kRows; row += 9)
        some.insert(row);
    QVERIFY(isExact(store, &some));
}

void tst_InvertedLists::leavesOutWhatIsNotAsked()
{
    EmbeddingStore store = open();
    QVERIFY(store.makeLists());
    QVERIFY(!isExact(store)); // Or this says nothing of lists.
    RowSet most(kRows, store.numbering());
    std::set<ContentHash> left;
    for (int row = 0; row < kRows; ++row) {
        if (row % 10 == 0)
            left.insert(hashOf(row));
        else
            most.insert(row);
    }
    QVERIFY(!isExact(store, &most));
    QVERIFY(recall(store, &most) >= 0.98);
    const Embeddings queries = groupedRows(50, 3);
    for (int i = 0; i < queries.count; ++i) {
        const auto hits = store.topK(queries.row(i), kBest, &most);
        QVERIFY(hits);
        for (const Hit &hit : *hits)
            QVERIFY(left.count(hit.content) == 0);
    }
}

void tst_InvertedLists::findsWhatCameLater()
{
    EmbeddingStore store = open();
    QVERIFY(store.makeLists());
    const Embeddings queries = groupedRows(50, 3);
    QVERIFY(store.append(hashes(kRows, queries.count), queries));
    QCOMPARE(store.listedRows(), qint64{kRows});
    for (int i = 0; i < queries.count; ++i)
        QCOMPARE(store.topK(queries.row(i), 1)->front().content, hashOf(kRows + i));
    QVERIFY(!store.wantsLists(kRows));
    QVERIFY(store.append(hashes(2 * kRows, kRows / 7), groupedRows(kRows / 7, 4)));
    QVERIFY(store.wantsLists(kRows));
}

void tst_InvertedLists::findsAsManyAsThereAreFarAway()
{
    EmbeddingStore store = open();
    QVERIFY(store.makeLists());
    const Embeddings queries = groupedRows(10, 3);
    for (int i = 0; i < queries.count; ++i) {
        auto all = *store.scores(queries.row(i));
        std::stable_sort(all.begin(), all.end(),
                         [](const Hit &a, const Hit &b) { return a.score < b.score; });
        std::vector<ContentHash> farthest;
        for (int row = 0; row < kRows / 3; ++row)
            farthest.push_back(all[static_cast<std::size_t>(row)].content);
        const RowSet far(store.rowsOf(farthest));
        const auto best = bestOfAll(store, queries.row(i), &far);
        const auto found = store.topK(queries.row(i), kBest, &far);
        QVERIFY(found);
        QCOMPARE(found->size(), std::size_t{kBest});
        QVERIFY(found->front().score > best.back().score);
    }
}

void tst_InvertedLists::damagedRowsAreNotFound()
{
    const Embeddings queries = groupedRows(50, 3);
    std::vector<ContentHash> best;
    {
        EmbeddingStore store = open();
        QVERIFY(store.makeLists());
        for (int i = 0; i < queries.count; ++i)
            best.push_back(store.topK(queries.row(i), 1)->front().content);
        const vectors::RowLayout layout(kDimension);
        QFile file(m_directory->filePath(QString::fromStdString(kModel + ".f16")));
        QVERIFY(file.open(QFile::ReadWrite));
        for (const std::int64_t row : store.rowsOf(best).rows) {
            QVERIFY(file.seek(qint64(layout.offsetOf(row) + vectors::RowLayout::kRowHeaderBytes)));
            file.write("damage");
        }
    }
    const EmbeddingStore store = open();
    QCOMPARE(store.listedRows(), qint64{kRows});
    QVERIFY(store.skippedRows() > 0);
    const std::set<ContentHash> damaged(best.begin(), best.end());
    for (int i = 0; i < queries.count; ++i) {
        const auto found = store.topK(queries.row(i), kBest);
        QVERIFY(found && found->size() == std::size_t{kBest});
        for (const Hit &hit : *found)
            QVERIFY(damaged.count(hit.content) == 0);
    }
    QVERIFY(recall(store) >= 0.98);
}

void tst_InvertedLists::isThereAtTheNextStart()
{
    QVERIFY(open().makeLists());
    QCOMPARE(QFile(listsPath()).permissions() & ~(QFile::ReadUser | QFile::WriteUser),
             QFile::ReadOwner | QFile::WriteOwner);
    const EmbeddingStore store = open();
    QCOMPARE(store.listedRows(), qint64{kRows});
    QVERIFY(recall(store) >= 0.98);
}

void tst_InvertedLists::readersTakeIt()
{
    EmbeddingStore writer = open();
    EmbeddingStore reader = open();
    QVERIFY(reader.isReadOnly());
    QCOMPARE(reader.makeLists().error().code, ErrorCode::ReadOnly);
    QVERIFY(writer.makeLists());
    QCOMPARE(reader.listedRows(), 0);
    QVERIFY(reader.refresh());
    QCOMPARE(reader.listedRows(), qint64{kRows});
}

void tst_InvertedLists::isOfNoUseOnceRowsAreNumberedAnew()
{
    {
        EmbeddingStore store = open();
        QVERIFY(store.makeLists());
        QVERIFY(store.drop(hashes(5, 1)));
        QCOMPARE(store.listedRows(), 0);
        QVERIFY(!QFile::exists(listsPath()));
        QVERIFY(isExact(store));
        QVERIFY(store.refresh());
        QCOMPARE(store.listedRows(), 0);
        QVERIFY(store.append(hashes(kRows, 10), groupedRows(10, 3)));
    }
    EmbeddingStore store = open();
    QCOMPARE(store.listedRows(), 0);
    QVERIFY(store.makeLists());
    QCOMPARE(store.listedRows(), qint64{kRows + 9});
}

void tst_InvertedLists::damageIsNoticed_data()
{
    QTest::addColumn<qint64>("where"); // Below 0: cut off, counted from the end.
    QTest::newRow("empty") << -1'000'000'000LL;
    QTest::newRow("cut off in its header") << -1'000'000'001LL;
    QTest::newRow("cut off at the end") << -1LL;
    QTest::newRow("magic") << 3LL;
    QTest::newRow("dimension") << 8LL;
    QTest::newRow("number of lists") << 12LL;
    QTest::newRow("number of rows") << 17LL;
    QTest::newRow("checksum") << 20LL;
    QTest::newRow("content") << 30LL;
    QTest::newRow("a centroid") << 1000LL;
    QTest::newRow("a row") << 200'000LL;
}

void tst_InvertedLists::damageIsNoticed()
{
    QFETCH(const qint64, where);
    QVERIFY(open().makeLists());
    QFile file(listsPath());
    QVERIFY(file.open(QFile::ReadWrite));
    if (where < -1) {
        QVERIFY(file.resize(-1'000'000'000 - where));
        if (where < -1'000'000'000)
            QVERIFY(file.resize(40));
    } else if (where < 0) {
        QVERIFY(file.resize(file.size() - 1));
    } else {
        QVERIFY(file.seek(where));
        const QByteArray byte = file.read(1);
        QVERIFY(file.seek(where));
        file.write(QByteArray(1, static_cast<char>(byte.at(0) ^ 1)));
    }
    file.close();
    EmbeddingStore store = open();
    QCOMPARE(store.listedRows(), 0);
    QVERIFY(isExact(store));
    QVERIFY(store.makeLists());
    QCOMPARE(store.listedRows(), qint64{kRows});
}

void tst_InvertedLists::stopsWhenAsked()
{
    EmbeddingStore store = open();
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(store.makeLists(stop.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(store.listedRows(), 0);
    QVERIFY(!QFile::exists(listsPath()));
}

void tst_InvertedLists::isTriedOnceWhereItFails()
{
    EmbeddingStore store = open();
    QVERIFY(
        QDir(m_directory->path()).mkdir(QString::fromStdString(kModel + ".ivf"))); // Nothing replaces that.
    QVERIFY(!store.makeLists());
    QVERIFY(!store.wantsLists(kRows));
    QVERIFY(isExact(store));
}

void tst_InvertedLists::goesWithTheEmbeddings()
{
    QVERIFY(open().makeLists());
    QVERIFY(QFile::exists(listsPath()));
    QVERIFY(vectors::deleteEmbeddings(directory(), kModel));
    QVERIFY(!QFile::exists(listsPath()));
}

QTEST_APPLESS_MAIN(tst_InvertedLists)
#include "tst_inverted_lists.moc"
