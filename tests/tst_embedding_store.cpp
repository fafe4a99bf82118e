// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/content_hasher.h"
#include "core/vectors/dot.h"
#include "core/vectors/embedding_file.h"
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/numbered_contents.h"
#include "tests/support/write_protected.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <limits>
#include <random>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace yingxun;
using test::hashes;
using test::hashOf;
using vectors::DotKind;
using vectors::EmbeddingStore;
using vectors::Hit;
using vectors::RowSet;

namespace {

const std::string kModel(32, 'a');
constexpr qint64 kHeaderBytes = 64;
constexpr qint64 kRowHeaderBytes = 32;

/// Unit rows, the same for the same seed.
Embeddings unitRows(int count, int dimension, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Embeddings rows{{}, count, dimension};
    rows.values.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(dimension));
    for (int r = 0; r < count; ++r) {
        const auto row =
            std::span(rows.values)
                .subspan(static_cast<std::size_t>(r * dimension), static_cast<std::size_t>(dimension));
        double squares = 0;
        for (float &x : row) {
            x = normal(random);
            squares += static_cast<double>(x) * static_cast<double>(x);
        }
        for (float &x : row)
            x = static_cast<float>(static_cast<double>(x) / std::sqrt(squares));
    }
    return rows;
}

/// Dot product in double precision of what is really stored.
double exactScore(const std::vector<float> &stored, std::span<const float> query)
{
    double sum = 0;
    for (std::size_t i = 0; i < stored.size(); ++i)
        sum += static_cast<double>(stored[i]) * static_cast<double>(query[i]);
    return sum;
}

/// Those of the contents that the store holds.
RowSet stored(const EmbeddingStore &store, const std::vector<ContentHash> &contents)
{
    return RowSet(store.rowsOf(contents));
}

} // namespace

class tst_EmbeddingStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void hashesAsXxhsumDoes();
    void convertsHalfPrecisionBothWays();
    void kernelsAgree();
    void keepsRowsOverReopening();
    void storesEachContentOnce();
    void refusesWhatDoesNotFit();
    void cutsOffATornRow();
    void keepsWholeRowsThatWereNotPublished();
    void ignoresADamagedRowAndTakesItAgain();
    void ignoresARowOfWhatAreNoNumbers();
    void refusesAnotherDimensionModelOrVersion();
    void survivesAHeaderCutShort();
    void lendsTheFileToOneWriter();
    void followsTheWriterAndSucceedsIt();
    void writesNoMoreOnceItYields();
    void readsWhatCannotBeWritten();
    void storesNothingWhenTheDiskIsFull();
    void equalsBruteForce_data();
    void equalsBruteForce();
    void breaksTiesInTheOrderOfStoring();
    void scansAmongSomeRows_data();
    void scansAmongSomeRows();
    void leavesOutRowsThatCameAfterTheSet();
    void findsNoDamagedRowOfASet();
    void knowsTheRowsOfContents();
    void refusesQueriesThatMakeNoSense();
    void scansWhileRowsArrive();
    void dropsContents();
    void leavesAnOldFileBehindToNobody();
    void isWholeAfterADropThatBrokeOff();
    void dropsNothingWhenItMayNot();
    void scansWhileRowsAreDropped();
    void dropsDamagedRows();
    void refreshesWhenADropIsOver();
    void listsContentsWithoutOpening();

private:
    EmbeddingStore opened(int dimension = 64) const;
    std::filesystem::path directory() const { return QFile::encodeName(m_directory->path()).toStdString(); }
    QString file() const { return m_directory->filePath(QString::fromStdString(kModel) + u".f16"_s); }
    void patch(qint64 offset, const QByteArray &bytes) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_EmbeddingStore::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
}

void tst_EmbeddingStore::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

EmbeddingStore tst_EmbeddingStore::opened(int dimension) const
{
    auto store = EmbeddingStore::open(directory(), kModel, dimension);
    if (!store)
        qFatal("%s", store.error().message.c_str());
    return std::move(*store);
}

void tst_EmbeddingStore::patch(qint64 offset, const QByteArray &bytes) const
{
    QFile target(file());
    QVERIFY(target.open(QIODevice::ReadWrite));
    QVERIFY(target.seek(offset < 0 ? target.size() : offset));
    QCOMPARE(target.write(bytes), bytes.size());
}

void tst_EmbeddingStore::hashesAsXxhsumDoes()
{
    // XXH3_128bits of no bytes, from the algorithm's published test vectors.
    QCOMPARE(contentHash({}).hex(), std::string("99aa06d3014798d86001c324468d497f"));
}

void tst_EmbeddingStore::convertsHalfPrecisionBothWays()
{
    for (int half = 0; half < 0x10000; ++half) {
        const float value = vectors::floatFromHalf(static_cast<std::uint16_t>(half));
        if (std::isnan(value))
            QVERIFY((half & 0x7fff) > 0x7c00);
        else
            QCOMPARE(int{vectors::halfFromFloat(value)}, half);
    }
    QCOMPARE(vectors::floatFromHalf(0x3555), 0.333251953125f);
    QCOMPARE(int{vectors::halfFromFloat(1.0f + 0x1p-11f)}, 0x3c00);     // Half way: to the even one.
    QCOMPARE(int{vectors::halfFromFloat(1.0f + 3 * 0x1p-11f)}, 0x3c02); // Likewise, upwards.
    QCOMPARE(int{vectors::halfFromFloat(0x1p-25f)}, 0);                 // Half of the smallest.
    QCOMPARE(int{vectors::halfFromFloat(65520.0f)}, 0x7c00);
    QVERIFY(std::isnan(vectors::floatFromHalf(vectors::halfFromFloat(std::nanf("")))));
}

void tst_EmbeddingStore::kernelsAgree()
{
    constexpr std::size_t kStride = 32 + 2 * 48;
    const Embeddings rows = unitRows(7, 48, 5);
    std::vector<std::byte> bytes(7 * kStride);
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
        const std::uint16_t half = vectors::halfFromFloat(rows.values[i]);
        std::memcpy(bytes.data() + i / 48 * kStride + 2 * (i % 48), &half, sizeof half);
    }
    const Embeddings query = unitRows(1, 48, 6);
    std::array<float, 7> expected{};
    const vectors::HalfRows view{bytes.data(), kStride, 7, 48};
    vectors::dotKernel(DotKind::Scalar)(view, query.values.data(), expected.data());
    for (const DotKind kind : {DotKind::Avx2, DotKind::Avx512}) {
        if (!vectors::isSupported(kind))
            continue;
        std::array<float, 7> scores{};
        vectors::dotKernel(kind)(view, query.values.data(), scores.data());
        for (std::size_t i = 0; i < scores.size(); ++i)
            QVERIFY2(std::abs(scores[i] - expected[i]) < 1e-6f, vectors::nameOf(kind));
    }
}

void tst_EmbeddingStore::keepsRowsOverReopening()
{
    const Embeddings rows = unitRows(10, 64, 1);
    const auto contents = hashes(0, 10);
    {
        EmbeddingStore store = opened();
        QCOMPARE(store.count(), 0);
        QVERIFY(store.append(contents, rows));
        QCOMPARE(store.count(), 10);
    }
    const EmbeddingStore store = opened();
    QCOMPARE(store.count(), 10);
    QCOMPARE(store.dimension(), 64);
    QCOMPARE(store.skippedRows(), 0);
    for (int i = 0; i < 10; ++i) {
        const std::vector<float> found = store.find(contents[static_cast<std::size_t>(i)]);
        QCOMPARE(found.size(), std::size_t{64});
        for (std::size_t j = 0; j < found.size(); ++j)
            QVERIFY(std::abs(found[j] - rows.row(i)[j]) <= 0x1p-12f);
    }
    QVERIFY(!store.contains(hashOf(10)));
    QVERIFY(store.find(hashOf(10)).empty());
}

void tst_EmbeddingStore::storesEachContentOnce()
{
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, 3), unitRows(3, 64, 1)));
    const std::vector<float> first = store.find(hashOf(2));
    const std::vector contents{hashOf(2), hashOf(3), hashOf(3)};
    QVERIFY(store.append(contents, unitRows(3, 64, 2)));
    QCOMPARE(store.count(), 4);
    QCOMPARE(store.find(hashOf(2)), first);
    QVERIFY(store.append({}, Embeddings{{}, 0, 64}));
}

void tst_EmbeddingStore::refusesWhatDoesNotFit()
{
    EmbeddingStore store = opened();
    QCOMPARE(store.append(hashes(0, 2), unitRows(3, 64, 1)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(store.append(hashes(0, 3), unitRows(3, 32, 1)).error().code, ErrorCode::InvalidArgument);
    Embeddings broken = unitRows(3, 64, 1);
    broken.values[70] = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(store.append(hashes(0, 3), broken).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(store.count(), 0);
    QCOMPARE(EmbeddingStore::open(directory(), "../outside", 64).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(EmbeddingStore::open(directory(), "zero", 0).error().code, ErrorCode::InvalidArgument);
}

void tst_EmbeddingStore::cutsOffATornRow()
{
    QVERIFY(opened().append(hashes(0, 5), unitRows(5, 64, 1)));
    const qint64 whole = QFile(file()).size();
    patch(-1, QByteArray(77, 'x'));
    {
        EmbeddingStore store = opened();
        QCOMPARE(store.count(), 5);
        QCOMPARE(QFile(file()).size(), whole);
        QVERIFY(store.append(hashes(5, 1), unitRows(1, 64, 2)));
    }
    QCOMPARE(opened().count(), 6);

    QVERIFY(QFile::resize(file(), whole - 1)); // Shorter than what was published.
    EmbeddingStore store = opened();
    QCOMPARE(store.count(), 4);
    QVERIFY(store.append(hashes(4, 2), unitRows(2, 64, 3)));
    QCOMPARE(store.count(), 6);
    QCOMPARE(store.skippedRows(), 0);
}

void tst_EmbeddingStore::keepsWholeRowsThatWereNotPublished()
{
    QVERIFY(opened().append(hashes(0, 5), unitRows(5, 64, 1)));
    patch(56, QByteArray("\x02\0\0\0\0\0\0\0", 8)); // As if killed between rows and count.
    QCOMPARE(opened().count(), 5);
}

void tst_EmbeddingStore::ignoresADamagedRowAndTakesItAgain()
{
    const Embeddings rows = unitRows(5, 64, 1);
    QVERIFY(opened().append(hashes(0, 5), rows));
    patch(kHeaderBytes + 2 * (kRowHeaderBytes + 128) + kRowHeaderBytes + 9, "\x7e");
    {
        EmbeddingStore store = opened();
        QCOMPARE(store.skippedRows(), 1);
        QCOMPARE(store.count(), 4);
        QVERIFY(!store.contains(hashOf(2)));
        const auto hits = store.topK(rows.row(2), 5);
        QVERIFY(hits);
        QCOMPARE(hits->size(), std::size_t{4});
        QCOMPARE(store.scores(rows.row(2))->size(), std::size_t{4});
        QVERIFY(store.append(hashes(2, 1), {{rows.row(2).begin(), rows.row(2).end()}, 1, 64}));
        QVERIFY(store.topK(rows.row(2), 1)->front().content == hashOf(2));
    }
    const EmbeddingStore store = opened();
    QCOMPARE(store.count(), 5);
    QCOMPARE(store.skippedRows(), 1);
}

void tst_EmbeddingStore::ignoresARowOfWhatAreNoNumbers()
{
    const vectors::RowLayout layout(64);
    for (const float number :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        init();
        std::vector<float> values(64, 0.1f);
        values.back() = number;
        std::vector<std::byte> row(layout.stride);
        vectors::makeRow(layout, hashOf(0), values, row.data()); // Its checksum fits.
        const auto path = directory() / (kModel + ".f16");
        QVERIFY(vectors::EmbeddingFile::open(path, kModel, layout)->append(row));

        EmbeddingStore store = opened();
        QCOMPARE(store.skippedRows(), 1);
        QVERIFY(!store.contains(hashOf(0)));
        const Embeddings rows = unitRows(5, 64, 1);
        QVERIFY(store.append(hashes(0, 5), rows));
        QVERIFY(store.topK(rows.row(3), 1)->front().content == hashOf(3));
    }
}

void tst_EmbeddingStore::refusesAnotherDimensionModelOrVersion()
{
    QVERIFY(opened(64).append(hashes(0, 5), unitRows(5, 64, 1)));
    QCOMPARE(EmbeddingStore::open(directory(), kModel, 128).error().code, ErrorCode::CorruptData);
    const std::string other(32, 'b');
    QVERIFY(QFile::copy(file(), m_directory->filePath(QString::fromStdString(other) + u".f16"_s)));
    QCOMPARE(EmbeddingStore::open(directory(), other, 64).error().code, ErrorCode::CorruptData);
    patch(8, "\x02");
    QCOMPARE(EmbeddingStore::open(directory(), kModel, 64).error().code, ErrorCode::Unsupported);
    patch(0, "JUNK");
    QCOMPARE(EmbeddingStore::open(directory(), kModel, 64).error().code, ErrorCode::CorruptData);
}

void tst_EmbeddingStore::survivesAHeaderCutShort()
{
    QVERIFY(opened().append(hashes(0, 5), unitRows(5, 64, 1)));
    for (const qint64 size : {63, 8, 1, 0}) {
        QVERIFY(QFile::resize(file(), size));
        QCOMPARE(opened().count(), 0);
    }
}

void tst_EmbeddingStore::lendsTheFileToOneWriter()
{
    auto writer = std::make_unique<EmbeddingStore>(opened());
    QVERIFY(!writer->isReadOnly());
    QVERIFY(writer->append(hashes(0, 5), unitRows(5, 64, 1)));
    {
        EmbeddingStore reader = opened();
        QVERIFY(reader.isReadOnly());
        QCOMPARE(reader.count(), 5);
        const auto refused = reader.append(hashes(5, 1), unitRows(1, 64, 2));
        QCOMPARE(refused.error().code, ErrorCode::Io);
        QVERIFY(QString::fromStdString(refused.error().message).startsWith(u"Another Yingxun is using"_s));
    }
    writer.reset();
    QVERIFY(opened().append(hashes(5, 1), unitRows(1, 64, 2)));
}

void tst_EmbeddingStore::followsTheWriterAndSucceedsIt()
{
    auto writer = std::make_unique<EmbeddingStore>(opened());
    QVERIFY(writer->append(hashes(0, 5), unitRows(5, 64, 1)));
    EmbeddingStore reader = opened();
    QVERIFY(writer->append(hashes(5, 3000), unitRows(3000, 64, 2)));
    QVERIFY(reader.refresh());
    QVERIFY(reader.isReadOnly());
    QVERIFY(!reader.isWriteProtected());
    QCOMPARE(reader.count(), 3005);
    QVERIFY(reader.find(hashOf(3004)) == writer->find(hashOf(3004)));
    const auto best = reader.topK(writer->find(hashOf(3004)), 1);
    QVERIFY(best && best->front().content == hashOf(3004));

    QVERIFY(writer->append(hashes(3005, 1), unitRows(1, 64, 3)));
    writer.reset();
    QVERIFY(reader.refresh());
    QVERIFY(!reader.isReadOnly());
    QCOMPARE(reader.count(), 3006);
    QVERIFY(reader.append(hashes(3006, 1), unitRows(1, 64, 4)));
    QVERIFY(opened().isReadOnly());
    QCOMPARE(opened().count(), 3007);
}

void tst_EmbeddingStore::writesNoMoreOnceItYields()
{
    EmbeddingStore reader = opened();
    QVERIFY(reader.append(hashes(0, 5), unitRows(5, 64, 1)));
    reader.yield();
    QVERIFY(reader.isReadOnly() && !reader.append(hashes(5, 1), unitRows(1, 64, 2)));
    {
        EmbeddingStore writer = opened();
        QVERIFY(!writer.isReadOnly() && writer.append(hashes(5, 1), unitRows(1, 64, 2)));
        QVERIFY(reader.refresh());
        QCOMPARE(reader.count(), 6);
        QVERIFY(writer.drop(hashes(0, 1))); // Another file has its place.
    }
    QVERIFY(reader.refresh());
    QCOMPARE(reader.count(), 5);
    QVERIFY(reader.refresh() && reader.isReadOnly()); // Though nobody writes.
    QVERIFY(!opened().isReadOnly());
}

void tst_EmbeddingStore::readsWhatCannotBeWritten()
{
    QVERIFY(opened().append(hashes(0, 5), unitRows(5, 64, 1)));
    const std::filesystem::path directory = QFileInfo(file()).absolutePath().toStdString();
    const test::WriteProtected protection(directory);
    const test::NotRoot notRoot;
    EmbeddingStore store = opened();
    QVERIFY(store.isReadOnly() && store.isWriteProtected());
    QCOMPARE(store.count(), 5);
    QVERIFY(!store.append(hashes(5, 1), unitRows(1, 64, 2)));
    QVERIFY(store.refresh());
    // Another model's, which do not exist and cannot be made.
    for (const auto &where : {directory, directory / "missing"}) {
        const auto none = EmbeddingStore::open(where, std::string(32, 'b'), 64);
        QVERIFY2(none, none ? "" : none.error().message.c_str());
        QVERIFY(none->isWriteProtected());
        QCOMPARE(none->count(), 0);
        QVERIFY(none->topK(unitRows(1, 64, 1).values, 3)->empty());
        QVERIFY(none->scores(unitRows(1, 64, 1).values)->empty());
        QVERIFY(none->find(hashOf(1)).empty());
    }
}

void tst_EmbeddingStore::storesNothingWhenTheDiskIsFull()
{
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, 5), unitRows(5, 64, 1)));
    const qint64 size = QFile(file()).size();
    rlimit before = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ,
                SIG_IGN); // The limit then answers as a full disk does: a short write, then an error.
    const rlimit tight{static_cast<rlim_t>(size) + 300, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto refused = store.append(hashes(5, 100), unitRows(100, 64, 2));
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Io);
    QCOMPARE(store.count(), 5);
    QCOMPARE(QFile(file()).size(), size);
    QVERIFY(store.append(hashes(5, 100), unitRows(100, 64, 2)));
    QCOMPARE(store.count(), 105);
}

void tst_EmbeddingStore::equalsBruteForce_data()
{
    QTest::addColumn<int>("dimension");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("threads");
    QTest::newRow("one number") << 1 << 40 << 2;
    QTest::newRow("33 numbers") << 33 << 2001 << 1;
    QTest::newRow("48 numbers, more threads than cores") << 48 << 20001 << 5;
    QTest::newRow("512 numbers") << 512 << 9000 << 2;
    QTest::newRow("1024 numbers") << 1024 << 1000 << 2;
}

void tst_EmbeddingStore::equalsBruteForce()
{
    QFETCH(int, dimension);
    QFETCH(int, count);
    QFETCH(int, threads);
    EmbeddingStore store = opened(dimension);
    const auto contents = hashes(0, count);
    QVERIFY(store.append(contents, unitRows(count, dimension, 3)));
    const Embeddings query = unitRows(1, dimension, 4);
    std::vector<double> exact;
    for (const ContentHash &content : contents)
        exact.push_back(exactScore(store.find(content), query.values));

    const auto scores = store.scores(query.values, nullptr, threads);
    QVERIFY(scores);
    QCOMPARE(scores->size(), contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        QVERIFY(scores->at(i).content == contents[i]);
        QVERIFY(std::abs(static_cast<double>(scores->at(i).score) - exact[i]) < 2e-6);
    }
    const auto hits = store.topK(query.values, 100, nullptr, threads);
    QVERIFY(hits);
    std::sort(exact.begin(), exact.end(), std::greater<>());
    QCOMPARE(hits->size(), std::min(exact.size(), std::size_t{100}));
    for (std::size_t i = 0; i < hits->size(); ++i)
        QVERIFY(std::abs(static_cast<double>(hits->at(i).score) - exact[i]) < 2e-6);

    const auto alone = store.topK(query.values, 100, nullptr, 1);
    for (std::size_t i = 0; i < hits->size(); ++i) {
        QVERIFY(hits->at(i).content == alone->at(i).content);
        QCOMPARE(hits->at(i).score, alone->at(i).score);
    }
}

void tst_EmbeddingStore::breaksTiesInTheOrderOfStoring()
{
    constexpr int kRows = 20000;
    EmbeddingStore store = opened(16);
    Embeddings same{std::vector<float>(std::size_t{kRows} * 16, 0.25f), kRows, 16};
    QVERIFY(store.append(hashes(0, kRows), same));
    const std::vector<float> query(16, 0.25f);
    for (const int threads : {1, 2, 4}) {
        const auto hits = store.topK(query, 50, nullptr, threads);
        QVERIFY(hits);
        for (int i = 0; i < 50; ++i)
            QVERIFY(hits->at(static_cast<std::size_t>(i)).content == hashOf(i));
    }
    RowSet among(kRows);
    for (int row = 5; row < kRows; row += 5)
        among.insert(row);
    for (const int threads : {1, 2, 4}) {
        const auto hits = store.topK(query, 50, &among, threads);
        QVERIFY(hits);
        for (int i = 0; i < 50; ++i)
            QVERIFY(hits->at(static_cast<std::size_t>(i)).content == hashOf(5 + 5 * i));
    }
}

void tst_EmbeddingStore::scansAmongSomeRows_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::addColumn<double>("share");
    constexpr int kAll = 20001; // Its last word of the set has 33 rows.
    QTest::newRow("none") << 0 << 0 << 1.0;
    QTest::newRow("all") << 0 << kAll << 1.0;
    QTest::newRow("the first row") << 0 << 1 << 1.0;
    QTest::newRow("the last row") << kAll - 1 << kAll << 1.0;
    QTest::newRow("the last of a word") << 127 << 128 << 1.0;
    QTest::newRow("a row on each side of a word's end") << 127 << 129 << 1.0;
    QTest::newRow("what the last word has") << kAll - 33 << kAll << 1.0;
    QTest::newRow("a run") << 9999 << 15000 << 1.0;
    for (const double share : {0.001, 0.01, 0.2, 0.25, 0.5, 0.99})
        QTest::addRow("%g at random", share) << 0 << kAll << share;
    QTest::newRow("half of a run") << 9999 << 10400 << 0.5;
}

void tst_EmbeddingStore::scansAmongSomeRows()
{
    QFETCH(int, first);
    QFETCH(int, last);
    QFETCH(double, share);
    constexpr int kRows = 20001;
    EmbeddingStore store = opened(48);
    QVERIFY(store.append(hashes(0, kRows), unitRows(kRows, 48, 3)));
    const Embeddings query = unitRows(1, 48, 4);
    const auto all = store.scores(query.values);
    QVERIFY(all && all->size() == kRows);

    std::mt19937 random(5);
    std::bernoulli_distribution isMember(share);
    RowSet among(kRows);
    std::vector<Hit> expected;
    for (int row = first; row < last; ++row) {
        if (!isMember(random))
            continue;
        among.insert(row);
        expected.push_back(all->at(static_cast<std::size_t>(row)));
    }
    QCOMPARE(among.count(), std::int64_t(expected.size()));
    const auto isSame = [](const Hit &a, const Hit &b) {
        return a.content == b.content && a.score == b.score; // Exactly: no filter changes a score.
    };
    for (const int threads : {1, 2, 5}) {
        const auto scores = store.scores(query.values, &among, threads);
        QVERIFY(scores);
        QVERIFY(std::equal(scores->begin(), scores->end(), expected.begin(), expected.end(), isSame));
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Hit &a, const Hit &b) { return a.score > b.score; });
    expected.resize(std::min(expected.size(), std::size_t{100}));
    for (const int threads : {1, 2, 5}) {
        const auto hits = store.topK(query.values, 100, &among, threads);
        QVERIFY(hits);
        QVERIFY(std::equal(hits->begin(), hits->end(), expected.begin(), expected.end(), isSame));
    }
}

void tst_EmbeddingStore::leavesOutRowsThatCameAfterTheSet()
{
    EmbeddingStore store = opened();
    const Embeddings rows = unitRows(100, 64, 1);
    const std::vector<float> query(rows.row(7).begin(), rows.row(7).end());
    QVERIFY(store.append(hashes(0, 100), rows));
    const auto contents = hashes(0, 300);
    const RowSet among = stored(store, contents);
    QCOMPARE(among.count(), 100);
    QVERIFY(store.append(hashes(100, 100), rows)); // In the set's last word and behind it.
    QVERIFY(!among.contains(100) && !among.contains(150));
    QCOMPARE(store.scores(query, &among)->size(), std::size_t{100});
    QCOMPARE(store.topK(query, 500, &among)->size(), std::size_t{100});
    QCOMPARE(store.topK(query, 500)->size(), std::size_t{200});
    QCOMPARE(store.rowsOf(std::array{hashOf(7)}).rows, std::vector<std::int64_t>{7}); // As before.
    QCOMPARE(stored(store, contents).count(), 200);
}

void tst_EmbeddingStore::findsNoDamagedRowOfASet()
{
    constexpr int kRows = 200;
    QVERIFY(opened().append(hashes(0, kRows), unitRows(kRows, 64, 1)));
    const std::vector damaged{3, 63, 64, 130, 199};
    for (const int row : damaged)
        patch(kHeaderBytes + row * (kRowHeaderBytes + 128) + kRowHeaderBytes + 9, "\x7e");
    EmbeddingStore store = opened();
    QCOMPARE(store.skippedRows(), std::int64_t(damaged.size()));
    const RowSet known = stored(store, hashes(0, kRows));
    QCOMPARE(known.count(), std::int64_t(kRows) - store.skippedRows());
    const std::vector<float> query(64, 0.125f);
    for (const int step : {1, 3, 67}) { // Runs, and rows that lie apart.
        RowSet among(kRows);
        std::vector<ContentHash> expected;
        for (int row = 0; row < kRows; row += step) {
            among.insert(row);
            if (std::find(damaged.begin(), damaged.end(), row) == damaged.end())
                expected.push_back(hashOf(row));
            else
                QVERIFY(!known.contains(row));
        }
        const auto scores = store.scores(query, &among);
        QVERIFY(scores);
        QCOMPARE(scores->size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(scores->at(i).content == expected[i]);
        QCOMPARE(store.topK(query, kRows, &among)->size(), expected.size());
    }
}

void tst_EmbeddingStore::knowsTheRowsOfContents()
{
    EmbeddingStore store = opened();
    QCOMPARE(store.rowsOf(hashes(0, 2)).rows, std::vector<std::int64_t>({-1, -1}));
    QCOMPARE(store.rowsOf({}).end, 0);
    QVERIFY(store.append(hashes(0, 130), unitRows(130, 64, 1)));
    QCOMPARE(store.rowsOf({}).end, 130);
    const std::vector contents{hashOf(129), hashOf(500), hashOf(64), hashOf(129), hashOf(130)};
    QCOMPARE(store.rowsOf(contents).rows, std::vector<std::int64_t>({129, -1, 64, 129, -1}));
}

void tst_EmbeddingStore::refusesQueriesThatMakeNoSense()
{
    EmbeddingStore store = opened();
    const std::vector<float> query(64, 0.125f);
    QVERIFY(store.topK(query, 10)->empty());
    QVERIFY(store.scores(query)->empty());
    QVERIFY(store.append(hashes(0, 5), unitRows(5, 64, 1)));
    QVERIFY(store.topK(query, 0)->empty());
    QCOMPARE(store.topK(query, -1).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(store.topK(query, 5, nullptr, 0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(store.topK(std::span(query).first(63), 5).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(store.scores(std::vector<float>(64, std::nanf(""))).error().code, ErrorCode::InvalidArgument);
}

void tst_EmbeddingStore::scansWhileRowsArrive()
{
    constexpr int kBatches = 150;
    constexpr int kBatch = 100; // 150 * 100 rows of 2 KiB outgrow the first mapping.
    constexpr int kDimension = 1024;
    EmbeddingStore store = opened(kDimension);
    const Embeddings rows = unitRows(kBatch, kDimension, 1);
    const std::vector<float> query(rows.row(7).begin(), rows.row(7).end());
    std::atomic<bool> failed = false;
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            std::size_t seen = 0;
            while (!done) {
                const auto before = static_cast<std::size_t>(store.count());
                const auto hits = store.topK(query, 3);
                const auto all = store.scores(query, nullptr, 1);
                if (!hits || !all || all->size() < before || all->size() < seen || all->size() % kBatch != 0)
                    failed = true;
                if (before != 0 && (hits->front().content != hashOf(7) || hits->front().score < 0.99f))
                    failed = true;
                seen = all->size();
            }
        });
    }
    bool stored = true;
    for (int batch = 0; batch < kBatches; ++batch)
        stored = stored && store.append(hashes(batch * kBatch, kBatch), rows);
    done = true;
    for (std::thread &reader : readers)
        reader.join();
    QVERIFY(stored);
    QVERIFY(!failed);
    QCOMPARE(store.count(), kBatches * kBatch);
}

void tst_EmbeddingStore::dropsContents()
{
    const Embeddings rows = unitRows(100, 64, 1);
    {
        EmbeddingStore store = opened();
        QVERIFY(store.append(hashes(0, 100), rows));
        const std::vector<float> kept = store.find(hashOf(60));
        const RowSet before = stored(store, hashes(0, 100));
        const auto numbering = store.numbering();
        QVERIFY(store.drop(hashes(500, 3))->embeddings == 0); // Not there: nothing is rewritten.
        QCOMPARE(store.numbering(), numbering);

        const auto dropped = store.drop(hashes(0, 50));
        QVERIFY2(dropped, dropped ? "" : dropped.error().message.c_str());
        QCOMPARE(dropped->embeddings, 50);
        QCOMPARE(dropped->bytes, 50 * (kRowHeaderBytes + 128));
        QCOMPARE(QFile(file()).size(), kHeaderBytes + 50 * (kRowHeaderBytes + 128));
        QCOMPARE(std::filesystem::status(file().toStdString()).permissions(), std::filesystem::perms(0600));
        QCOMPARE(store.count(), 50);
        QVERIFY(!store.contains(hashOf(49)) && store.contains(hashOf(50)));
        QCOMPARE(store.find(hashOf(60)), kept);
        QVERIFY(store.numbering() != numbering);
        QCOMPARE(store.topK(kept, 3, &before).error().code, ErrorCode::InvalidArgument);
        const RowSet after = stored(store, hashes(0, 100));
        QVERIFY(store.topK(kept, 1, &after)->front().content == hashOf(60));

        QVERIFY(store.append(hashes(0, 1), unitRows(1, 64, 2))); // It has come back.
        QVERIFY(opened().isReadOnly());
    }
    const EmbeddingStore store = opened();
    QCOMPARE(store.count(), 51);
    QVERIFY(store.contains(hashOf(0)));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 1);
}

void tst_EmbeddingStore::leavesAnOldFileBehindToNobody()
{
    auto writer = std::make_unique<EmbeddingStore>(opened());
    QVERIFY(writer->append(hashes(0, 100), unitRows(100, 64, 1)));
    EmbeddingStore reader = opened();
    QVERIFY(writer->drop(hashes(0, 99)));
    QVERIFY(writer->append(hashes(200, 1), unitRows(1, 64, 2)));
    // It goes on with what it has mapped, and learns of the other file when it asks.
    QCOMPARE(reader.count(), 100);
    QCOMPARE(reader.topK(writer->find(hashOf(99)), 1)->front().content.hex(), hashOf(99).hex());
    const auto numbering = reader.numbering();
    QVERIFY(reader.refresh());
    QVERIFY(reader.isReadOnly());
    QVERIFY(reader.numbering() != numbering);
    QCOMPARE(reader.count(), 2);
    QVERIFY(reader.find(hashOf(200)) == writer->find(hashOf(200)));

    QVERIFY(writer->drop(hashes(99, 1)));
    writer.reset();
    QVERIFY(reader.refresh());
    QVERIFY(!reader.isReadOnly());
    QCOMPARE(reader.count(), 1);
    QVERIFY(reader.append(hashes(300, 1), unitRows(1, 64, 3)));
    QVERIFY(opened().contains(hashOf(300)));
}

void tst_EmbeddingStore::isWholeAfterADropThatBrokeOff()
{
    QVERIFY(opened().append(hashes(0, 5000), unitRows(5000, 64, 1)));
    const QString leftover = file() + u".new"_s;
    for (int round = 0; round < 20; ++round) {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            auto store = EmbeddingStore::open(directory(), kModel, 64);
            while (store) // Until it is killed, whatever it is doing then.
                static_cast<void>(store->drop(hashes(0, 1)) &&
                                  store->append(hashes(0, 1), unitRows(1, 64, 2)));
            ::_exit(1);
        }
        QTest::qWait(5 + round);
        ::kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        EmbeddingStore store = opened();
        QVERIFY(!QFile::exists(leftover));
        QVERIFY(!store.isReadOnly());
        QCOMPARE(store.skippedRows(), 0);
        for (int i = 1; i < 5000; ++i)
            QVERIFY(store.contains(hashOf(i)));
    }
    QFile torn(leftover);
    QVERIFY(torn.open(QIODevice::WriteOnly) && torn.write("YXEMB001 half a") > 0);
    torn.close();
    EmbeddingStore store = opened();
    QVERIFY(!torn.exists());
    QVERIFY(store.drop(hashes(1, 1)));
    QVERIFY(!store.contains(hashOf(1)) && store.contains(hashOf(2)));
}

void tst_EmbeddingStore::dropsNothingWhenItMayNot()
{
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, 5), unitRows(5, 64, 1)));
    QCOMPARE(opened().drop(hashes(0, 1)).error().code, ErrorCode::ReadOnly);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(store.drop(hashes(0, 1), stop.get_token()).error().code, ErrorCode::Cancelled);
    rlimit before = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{kHeaderBytes + 100, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto refused = store.drop(hashes(0, 1));
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    QCOMPARE(refused.error().code, ErrorCode::Io);
    QCOMPARE(store.count(), 5);
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 1);
    QVERIFY(store.append(hashes(5, 1), unitRows(1, 64, 2)));
    QCOMPARE(store.drop(hashes(0, 2))->embeddings, 2);
}

void tst_EmbeddingStore::scansWhileRowsAreDropped()
{
    EmbeddingStore store = opened();
    const Embeddings rows = unitRows(3000, 64, 1);
    QVERIFY(store.append(hashes(0, 3000), rows));
    const std::vector<float> query(rows.row(2999).begin(), rows.row(2999).end());
    std::atomic<bool> failed = false;
    std::atomic<bool> done = false;
    std::thread reader([&] {
        while (!done) {
            const auto hits = store.topK(query, 1);
            failed = failed || !hits || hits->front().content != hashOf(2999);
        }
    });
    bool dropped = true;
    for (int i = 0; i < 29; ++i)
        dropped = dropped && store.drop(hashes(100 * i, 100)) &&
                  store.append(hashes(5000 + i, 1), unitRows(1, 64, 2));
    done = true;
    reader.join();
    QVERIFY(dropped && !failed);
    QCOMPARE(store.count(), 100 + 29);
}

void tst_EmbeddingStore::dropsDamagedRows()
{
    QVERIFY(opened().append(hashes(0, 3), unitRows(3, 64, 1)));
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite) && damaged.seek(kHeaderBytes + kRowHeaderBytes + 5));
    QVERIFY(damaged.write("x") == 1);
    damaged.close();
    EmbeddingStore store = opened();
    QCOMPARE(store.skippedRows(), 1);
    QCOMPARE(store.drop(hashes(0, 1))->embeddings, 1);
    QCOMPARE(store.skippedRows(), 0);
    QCOMPARE(store.count(), 2);
}

/// Or the file would be replaced while the drop reads it.
void tst_EmbeddingStore::refreshesWhenADropIsOver()
{
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, 100'000), unitRows(100'000, 64, 1)));
    const std::string beside = file().toStdString() + ".new";
    std::thread dropping([&] {
        if (!store.drop(hashes(0, 1)))
            qFatal("cannot drop");
    });
    while (!std::filesystem::exists(beside) && store.count() == 100'000)
        std::this_thread::yield();
    QVERIFY2(std::filesystem::exists(beside), "the drop was over too soon to tell");
    const bool refreshed = store.refresh().has_value();
    const bool wasOver = !std::filesystem::exists(beside);
    dropping.join();
    QVERIFY(refreshed && wasOver);
}

void tst_EmbeddingStore::listsContentsWithoutOpening()
{
    EmbeddingStore writer = opened();
    const auto listed = [this](const std::stop_token &stop = {}) {
        return vectors::embeddedContents(directory(), kModel, stop);
    };
    QVERIFY(listed()->empty());
    QVERIFY(writer.append(hashes(0, 5), unitRows(5, 64, 1)));
    QVERIFY(*listed() == hashes(0, 5));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(listed(stop.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(vectors::embeddedContents(directory(), "other").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_EmbeddingStore)
#include "tst_embedding_store.moc"
