// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/byte_copy.h"
#include "core/vectors/byte_dot.h"
#include "core/vectors/byte_row.h"
#include "core/vectors/dot.h"
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/numbered_contents.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace yingxun;
using test::hashes;
using test::hashOf;
using vectors::ByteCopy;
using vectors::ByteDotKind;
using vectors::DotKind;
using vectors::EmbeddingStore;
using vectors::Hit;
using vectors::RowSet;

namespace {

const std::string kModel(32, 'a');
constexpr int kDimension = 72; // Of which the copy fills up the last step.
constexpr int kRows = 20'000;  // So many that there is a copy.
static_assert(kRows > ByteCopy::kFewestRows);

/// Unit rows as a model gives them: near to each other in groups, and with a few numbers larger than the
/// rest.
Embeddings groupedRows(int count, int dimension, unsigned seed)
{
    constexpr int kGroups = 50;
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    const auto numbers = static_cast<std::size_t>(dimension);
    std::vector<float> centres(kGroups * numbers);
    std::mt19937 same(7);
    for (float &x : centres)
        x = normal(same);
    Embeddings rows{{}, count, dimension};
    for (int r = 0; r < count; ++r) {
        const float *centre = centres.data() + random() % kGroups * numbers;
        double squares = 0;
        for (std::size_t i = 0; i < numbers; ++i) {
            const float x = centre[i] + 0.4f * normal(random) + (i == 5 ? 6.f : 0.f);
            rows.values.push_back(x);
            squares += static_cast<double>(x) * static_cast<double>(x);
        }
        for (std::size_t i = rows.values.size() - numbers; i < rows.values.size(); ++i)
            rows.values[i] = static_cast<float>(static_cast<double>(rows.values[i]) / std::sqrt(squares));
    }
    return rows;
}

bool areSame(const std::vector<Hit> &a, const std::vector<Hit> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Hit &x, const Hit &y) {
        return x.content == y.content && x.score == y.score; // Exactly.
    });
}

/// topK() as it is without a copy: the best of all scores.
std::vector<Hit> bestOfAll(const EmbeddingStore &store, std::span<const float> query, int limit,
                           const RowSet *among = nullptr)
{
    std::vector<Hit> hits = *store.scores(query, among);
    std::stable_sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { return a.score > b.score; });
    hits.resize(std::min(hits.size(), static_cast<std::size_t>(limit)));
    return hits;
}

bool searchesRight(const EmbeddingStore &store, unsigned seed = 3)
{
    const Embeddings queries = groupedRows(5, kDimension, seed);
    for (int i = 0; i < queries.count; ++i) {
        const auto found = store.topK(queries.row(i), 50);
        if (!found || !areSame(*found, bestOfAll(store, queries.row(i), 50)))
            return false;
    }
    return true;
}

std::vector<float> filled(std::size_t count, float first, float others)
{
    std::vector<float> numbers(count, others);
    numbers.front() = first;
    return numbers;
}

} // namespace

class tst_ByteCopy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void kernelsAreExact();
    void boundsHoldEveryScore();
    void makesNoByteOfTheLeast();
    void findsWhatAScanOfRowsFinds_data();
    void findsWhatAScanOfRowsFinds();
    void keepsTiesInTheOrderOfStoring();
    void isMadeOnceThereAreManyRows();
    void growsAndIsFoundAgain();
    void isMadeAnew_data();
    void isMadeAnew();
    void readersFollowIt();
    void changesNothingUnderReaders();
    void searchesWithoutIt();
    void searchesWhileItGrows();
    void isRightAfterAnEndWithoutWarning();
    void leavesOutDamagedRows();
    void goesWithTheEmbeddings();

private:
    EmbeddingStore opened() const;
    std::filesystem::path directory() const { return QFile::encodeName(m_directory->path()).toStdString(); }
    QString copy() const { return m_directory->filePath(QString::fromStdString(kModel) + u".i8"_s); }

    Embeddings m_rows;
    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_ByteCopy::initTestCase()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_rows = groupedRows(kRows, kDimension, 1);
}

void tst_ByteCopy::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

EmbeddingStore tst_ByteCopy::opened() const
{
    auto store = EmbeddingStore::open(directory(), kModel, kDimension);
    if (!store)
        qFatal("%s", store.error().message.c_str());
    return std::move(*store);
}

void tst_ByteCopy::kernelsAreExact()
{
    std::mt19937 random(1);
    for (const std::size_t length : {64, 128, 192, 512, 65536}) {
        // The largest sums of all come of equal numbers, the largest numbers of one among zeros.
        const auto few = static_cast<std::ptrdiff_t>(length - 1);
        std::vector<float> mixed(static_cast<std::size_t>(few));
        std::generate(mixed.begin(), mixed.end(),
                      [&] { return std::ldexp(float(random() % 2001) - 1000.f, -9); });
        for (const std::vector<float> &query :
             {mixed, filled(length, 1, 1), filled(length, -1, -1), filled(length, -1, 0),
              filled(length, 0, 0), filled(length, 1, -0.004f), filled(length, 65504, 65504),
              filled(length, 1e-42f, 3e-43f)}) {
            const vectors::ByteQuery byteQuery(query, length);
            const std::size_t stride = length + 16;
            std::vector<std::byte> rows(5 * stride);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const std::size_t row = i / stride;
                rows[i] = static_cast<std::byte>(row == 0   ? 255
                                                 : row == 1 ? 1
                                                 : row == 2 ? 128
                                                            : random() % 255 + 1);
            }
            std::array<std::int64_t, 5> expected{};
            for (std::size_t row = 0; row < 5; ++row) {
                for (std::size_t i = 0; i < length; ++i) {
                    QCOMPARE(int{byteQuery.numbers[i]}, 256 * byteQuery.high[i] + byteQuery.low[i]);
                    expected[row] +=
                        std::to_integer<std::int64_t>(rows[row * stride + i]) * byteQuery.numbers[i];
                }
            }
            QCOMPARE(std::int64_t{byteQuery.zero}, expected[2]);
            for (const ByteDotKind kind : {ByteDotKind::Scalar, ByteDotKind::Avx2, ByteDotKind::Avx512Vnni}) {
                if (!vectors::isSupported(kind))
                    continue;
                std::array<std::int32_t, 5> sums{};
                vectors::byteDotKernel(kind)({rows.data(), stride, 5, length}, byteQuery, sums.data());
                for (std::size_t row = 0; row < 5; ++row)
                    QVERIFY2(sums[row] == expected[row], vectors::nameOf(kind));
            }
        }
    }
}

void tst_ByteCopy::boundsHoldEveryScore()
{
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    for (const int dimension : {1, 3, 63, 64, 65, 72, 512}) {
        const auto count = static_cast<std::size_t>(dimension);
        const vectors::RowLayout layout(dimension);
        const vectors::ByteLayout bytes(layout);
        const auto noise = [&](float size) {
            std::vector<float> numbers(count);
            std::generate(numbers.begin(), numbers.end(), [&] { return size * normal(random); });
            return numbers;
        };
        std::vector<std::vector<float>> vectors{filled(count, 0, 0),     filled(count, 1, 0),
                                                filled(count, 1, 3e-3f), filled(count, 65504, -65504),
                                                filled(count, 6e-8f, 0), filled(count, 6e-8f, 6e-5f)};
        for (const float size : {0.05f, 0.05f, 0.05f, 1e-6f, 3000.f})
            vectors.push_back(noise(size));
        std::vector<std::vector<float>> queries = vectors;
        queries.push_back(filled(count, 1e-42f, 1e-44f));
        for (const std::vector<float> &numbers : vectors) {
            std::vector<std::byte> row(layout.stride);
            std::vector<std::byte> byteRow(bytes.stride);
            vectors::makeRow(layout, hashOf(1), numbers, row.data());
            vectors::makeByteRow(layout, bytes, row.data(), byteRow.data());
            QVERIFY(vectors::isCopyOf(bytes, byteRow.data(), row.data()));
            const auto header = vectors::byteHeaderOf(byteRow.data());
            for (std::vector<float> query : queries) {
                const vectors::ByteQuery byteQuery(query, bytes.length);
                std::int32_t sum = 0;
                vectors::byteDotKernel(vectors::fastestByteDot())(
                    {byteRow.data() + vectors::ByteLayout::kRowHeaderBytes, bytes.stride, 1, bytes.length},
                    byteQuery, &sum);
                const auto [least, most] =
                    vectors::ByteBound(byteQuery, layout.paddedDimension).rangeOf(header, sum);
                query.resize(layout.paddedDimension);
                for (const DotKind kind : {DotKind::Scalar, DotKind::Avx2, DotKind::Avx512}) {
                    if (!vectors::isSupported(kind))
                        continue;
                    float score = 0;
                    vectors::dotKernel(kind)({row.data() + vectors::RowLayout::kRowHeaderBytes, layout.stride,
                                              1, layout.paddedDimension},
                                             query.data(), &score);
                    QVERIFY2(
                        least <= score && score <= most,
                        qPrintable(u"%1: %2 <= %3 <= %4"_s.arg(dimension).arg(least).arg(score).arg(most)));
                }
            }
        }
    }
}

void tst_ByteCopy::makesNoByteOfTheLeast()
{
    const vectors::RowLayout layout(65);
    const vectors::ByteLayout bytes(layout);
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        std::vector<float> numbers(65);
        for (float &x : numbers)
            x = std::ldexp(float(random() % 4001) - 2000.f, int(random() % 20) - 16);
        if (round == 0)
            numbers.assign(65, 0.f);
        std::vector<std::byte> row(layout.stride);
        std::vector<std::byte> byteRow(bytes.stride);
        vectors::makeRow(layout, hashOf(round), numbers, row.data());
        vectors::makeByteRow(layout, bytes, row.data(), byteRow.data());
        const auto header = vectors::byteHeaderOf(byteRow.data());
        QVERIFY(std::isfinite(header.scale) && std::isfinite(header.error) && std::isfinite(header.length));
        for (std::size_t i = vectors::ByteLayout::kRowHeaderBytes; i < byteRow.size(); ++i) {
            QVERIFY(byteRow[i] != std::byte{0});
            QVERIFY(byteRow[i] == std::byte{128} ||
                    (round != 0 && i < vectors::ByteLayout::kRowHeaderBytes + 65));
        }
    }
}

void tst_ByteCopy::findsWhatAScanOfRowsFinds_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("share");
    QTest::newRow("all") << 50'000 << 1.0;
    QTest::newRow("all, the last word begun") << 16'411 << 1.0;
    for (const double share : {0.01, 0.2, 0.6})
        QTest::addRow("%g at random", share) << 50'000 << share;
}

void tst_ByteCopy::findsWhatAScanOfRowsFinds()
{
    QFETCH(int, count);
    QFETCH(double, share);
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, count), groupedRows(count, kDimension, 4)));
    QCOMPARE(store.copiedRows(), std::int64_t{count});
    RowSet some(count);
    std::mt19937 random(5);
    std::bernoulli_distribution isMember(share);
    for (int row = 0; row < count; ++row) {
        if (isMember(random))
            some.insert(row);
    }
    const RowSet *among = share < 1 ? &some : nullptr;
    const Embeddings queries = groupedRows(share < 1 ? 20 : 100, kDimension, 6);
    for (int i = 0; i < queries.count; ++i) {
        for (const int limit : {1, 30, 1000}) {
            const auto found = store.topK(queries.row(i), limit, among, 1 + i % 3);
            QVERIFY(found);
            QVERIFY(areSame(*found, bestOfAll(store, queries.row(i), limit, among)));
        }
    }
    const std::vector<float> nothing(kDimension);
    QVERIFY(areSame(*store.topK(nothing, 100, among), bestOfAll(store, nothing, 100, among)));
}

void tst_ByteCopy::keepsTiesInTheOrderOfStoring()
{
    auto store = std::make_unique<EmbeddingStore>(opened());
    const Embeddings few = groupedRows(100, kDimension, 7);
    Embeddings rows{{}, kRows, kDimension};
    for (int i = 0; i < kRows; ++i) // Each row two hundred times.
        rows.values.insert(rows.values.end(), few.row(i % 100).begin(), few.row(i % 100).end());
    QVERIFY(store->append(hashes(0, kRows), rows));
    const auto isRight = [&few](const EmbeddingStore &searched) {
        for (const int limit : {1, 150, 777}) {
            for (const int threads : {1, 2, 3}) {
                const auto found = searched.topK(few.row(9), limit, nullptr, threads);
                if (!found || !areSame(*found, bestOfAll(searched, few.row(9), limit)))
                    return false;
            }
        }
        return true;
    };
    QVERIFY(isRight(*store));
    store.reset();
    QVERIFY(QFile::resize(copy(), 64 + 3 * (16 + 128))); // Nearly all are scored as they are.
    const auto writer =
        vectors::EmbeddingFile::open(directory() / (kModel + ".f16"), kModel, vectors::RowLayout(kDimension));
    QVERIFY(writer && writer->isWriter());
    const EmbeddingStore reader = opened();
    QCOMPARE(reader.copiedRows(), 3);
    QVERIFY(isRight(reader));
}

void tst_ByteCopy::isMadeOnceThereAreManyRows()
{
    const int fewest = ByteCopy::kFewestRows;
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, fewest - 1), groupedRows(fewest - 1, kDimension, 1)));
    QCOMPARE(store.copiedRows(), 0);
    QVERIFY(!QFile::exists(copy()));
    QVERIFY(store.append(hashes(fewest, 1), groupedRows(1, kDimension, 8)));
    QCOMPARE(store.copiedRows(), std::int64_t{fewest});
    QVERIFY(store.drop(hashes(5, 1)));
    QCOMPARE(store.copiedRows(), 0);
    QVERIFY(!QFile::exists(copy()));
}

void tst_ByteCopy::growsAndIsFoundAgain()
{
    {
        EmbeddingStore store = opened();
        QVERIFY(store.append(hashes(0, kRows), m_rows));
        QVERIFY(store.append(hashes(kRows, 77), groupedRows(77, kDimension, 9)));
        QCOMPARE(store.copiedRows(), kRows + 77);
        QVERIFY(searchesRight(store));
    }
    QCOMPARE(std::filesystem::status(copy().toStdString()).permissions(), std::filesystem::perms(0600));
    const auto made = std::filesystem::last_write_time(copy().toStdString());
    EmbeddingStore store = opened();
    QCOMPARE(store.copiedRows(), kRows + 77);
    QCOMPARE(std::filesystem::last_write_time(copy().toStdString()), made);
    QVERIFY(store.drop(hashes(100, 200)));
    QCOMPARE(store.copiedRows(), kRows + 77 - 200);
    QVERIFY(searchesRight(store));
    QVERIFY(store.append(hashes(100, 3), groupedRows(3, kDimension, 10)));
    QCOMPARE(store.copiedRows(), kRows + 77 - 197);
    QVERIFY(searchesRight(store));
    QCOMPARE(std::filesystem::status(copy().toStdString()).permissions(), std::filesystem::perms(0600));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 2);
}

void tst_ByteCopy::isMadeAnew_data()
{
    QTest::addColumn<qint64>("cutTo");
    QTest::addColumn<qint64>("damagedAt");
    QTest::addColumn<int>("stillGood");
    constexpr qint64 kStride = 16 + 128;
    QTest::newRow("missing") << qint64{-1} << qint64{-1} << 0;
    QTest::newRow("empty") << qint64{0} << qint64{-1} << 0;
    QTest::newRow("in the header") << qint64{63} << qint64{-1} << 0;
    QTest::newRow("in a row") << 64 + 1000 * kStride + 17 << qint64{-1} << 1000;
    QTest::newRow("behind a row") << 64 + 1000 * kStride << qint64{-1} << 1000;
    QTest::newRow("magic") << qint64{-2} << qint64{3} << 0;
    QTest::newRow("dimension") << qint64{-2} << qint64{8} << 0;
    QTest::newRow("scale") << qint64{-2} << 64 + 1000 * kStride + 2 << 1000;
    QTest::newRow("error") << qint64{-2} << 64 + 1000 * kStride + 6 << 1000;
    QTest::newRow("length") << qint64{-2} << 64 + 1000 * kStride + 10 << 1000;
    QTest::newRow("number") << qint64{-2} << 64 + 1000 * kStride + 50 << 1000;
}

void tst_ByteCopy::isMadeAnew()
{
    QFETCH(qint64, cutTo);
    QFETCH(qint64, damagedAt);
    QFETCH(int, stillGood);
    QVERIFY(opened().append(hashes(0, kRows), m_rows));
    if (cutTo == -1) {
        QVERIFY(QFile::remove(copy()));
    } else if (cutTo >= 0) {
        QVERIFY(QFile::resize(copy(), cutTo));
    } else {
        QFile file(copy());
        char byte = 0;
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(damagedAt) && file.getChar(&byte));
        QVERIFY(file.seek(damagedAt) && file.putChar(char(byte ^ 0x10)));
    }
    {
        // While another Yingxun is the writer of the embeddings alone.
        const auto writer = vectors::EmbeddingFile::open(directory() / (kModel + ".f16"), kModel,
                                                         vectors::RowLayout(kDimension));
        QVERIFY(writer && writer->isWriter());
        const EmbeddingStore reader = opened();
        QCOMPARE(reader.copiedRows(), std::int64_t{stillGood});
        QVERIFY(searchesRight(reader));
    }
    const EmbeddingStore store = opened();
    QCOMPARE(store.copiedRows(), std::int64_t{kRows});
    QVERIFY(searchesRight(store));
}

void tst_ByteCopy::readersFollowIt()
{
    auto writer = std::make_unique<EmbeddingStore>(opened());
    EmbeddingStore reader = opened();
    QVERIFY(writer->append(hashes(0, kRows), m_rows));
    QVERIFY(reader.refresh());
    QCOMPARE(reader.copiedRows(), std::int64_t{kRows});
    QVERIFY(writer->append(hashes(kRows, 10), groupedRows(10, kDimension, 11)));
    QVERIFY(reader.refresh());
    QCOMPARE(reader.copiedRows(), std::int64_t{kRows} + 10);
    QVERIFY(searchesRight(reader));
    QVERIFY(writer->drop(hashes(0, 10)));
    QVERIFY(reader.refresh());
    QCOMPARE(reader.copiedRows(), std::int64_t{kRows});
    QVERIFY(searchesRight(reader));
    writer.reset();
    QVERIFY(reader.refresh());
    QVERIFY(reader.append(hashes(0, 10), groupedRows(10, kDimension, 12)));
    QCOMPARE(reader.copiedRows(), std::int64_t{kRows} + 10);
    QVERIFY(searchesRight(reader));
}

void tst_ByteCopy::changesNothingUnderReaders()
{
    EmbeddingStore writer = opened();
    QVERIFY(writer.append(hashes(0, kRows), m_rows));
    const EmbeddingStore reader = opened();
    QVERIFY(writer.drop(hashes(kRows - 1000, 1000))); // All that is left has the same number.
    QVERIFY(writer.append(hashes(kRows, 1000), groupedRows(1000, kDimension, 13)));
    QCOMPARE(reader.count(), std::int64_t{kRows});
    for (const int row : {kRows - 1, kRows - 500, kRows - 1000})
        QVERIFY(areSame(*reader.topK(m_rows.row(row), 20), bestOfAll(reader, m_rows.row(row), 20)));
}

void tst_ByteCopy::searchesWithoutIt()
{
    QVERIFY(QDir(m_directory->path()).mkdir(copy() + u".new"_s)); // In the way of its making.
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, kRows), m_rows));
    QCOMPARE(store.copiedRows(), 0);
    QVERIFY(searchesRight(store));
    QVERIFY(QDir(m_directory->path()).rmdir(copy() + u".new"_s));
    QVERIFY(QDir(m_directory->path()).mkdir(copy()));
    QVERIFY(store.drop(hashes(0, 10)));
    QCOMPARE(store.copiedRows(), 0);
    QVERIFY(searchesRight(store));
    QVERIFY(!QFile::exists(copy() + u".new"_s));
}

void tst_ByteCopy::searchesWhileItGrows()
{
    EmbeddingStore store = opened();
    QVERIFY(store.append(hashes(0, kRows), m_rows));
    const std::vector<float> query(m_rows.row(7).begin(), m_rows.row(7).end());
    const std::vector<Hit> before = bestOfAll(store, query, 20);
    std::atomic<bool> failed = false;
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                const auto hits = store.topK(query, 20, nullptr, 2);
                failed = failed || !hits || hits->size() != 20 ||
                         hits->front().content != before[0].content ||
                         hits->back().score < before.back().score;
            }
        });
    }
    bool stored = true;
    for (int batch = 0; batch < 60; ++batch) // The copy outgrows its first mapping.
        stored = stored &&
                 store.append(hashes(kRows + 2000 * batch, 2000), groupedRows(2000, kDimension, 20 + batch));
    done = true;
    for (std::thread &reader : readers)
        reader.join();
    QVERIFY(stored && !failed);
    QCOMPARE(store.copiedRows(), kRows + 120'000);
    QVERIFY(searchesRight(store));
}

void tst_ByteCopy::isRightAfterAnEndWithoutWarning()
{
    QVERIFY(opened().append(hashes(0, kRows), m_rows));
    for (int round = 0; round < 10; ++round) {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            auto store = EmbeddingStore::open(directory(), kModel, kDimension);
            for (int i = 0; store; ++i) // Until it is killed, whatever it is doing then.
                static_cast<void>(
                    store->append(hashes(50'000 + i * 50, 50), groupedRows(50, kDimension, unsigned(i))) &&
                    (i % 20 != 0 || store->drop(hashes(50'000 + i * 50, 5))));
            ::_exit(1);
        }
        QTest::qWait(40 + 7 * round);
        ::kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        const EmbeddingStore store = opened();
        QVERIFY(store.count() >= kRows);
        QCOMPARE(store.copiedRows(), store.count());
        QVERIFY(searchesRight(store));
    }
}

void tst_ByteCopy::leavesOutDamagedRows()
{
    QVERIFY(opened().append(hashes(0, kRows), m_rows));
    QFile rows(m_directory->filePath(QString::fromStdString(kModel) + u".f16"_s));
    const vectors::RowLayout layout(kDimension);
    QVERIFY(rows.open(QIODevice::ReadWrite));
    for (const int row : {0, 63, 64, kRows - 1}) {
        QVERIFY(rows.seek(qint64(layout.offsetOf(row)) + 41) && rows.putChar('\x7e'));
    }
    rows.close();
    for (const bool anew : {false, true}) {
        if (anew)
            QVERIFY(QFile::remove(copy()));
        const EmbeddingStore store = opened();
        QCOMPARE(store.skippedRows(), 4);
        QCOMPARE(store.copiedRows(), std::int64_t{kRows});
        QVERIFY(searchesRight(store));
        QVERIFY(store.topK(m_rows.row(63), 1)->front().content != hashOf(63));
    }
}

void tst_ByteCopy::goesWithTheEmbeddings()
{
    const std::string now(32, 'b');
    QVERIFY(opened().append(hashes(0, kRows), m_rows));
    {
        const auto made = std::filesystem::last_write_time(copy().toStdString());
        const auto store = EmbeddingStore::open(directory(), now, kDimension, [] { return kModel; });
        QVERIFY(store);
        QCOMPARE(store->copiedRows(), std::int64_t{kRows});
        QVERIFY(!QFile::exists(copy()));
        QCOMPARE(std::filesystem::last_write_time(directory() / (now + ".i8")), made);
    }
    QVERIFY(vectors::deleteEmbeddings(directory(), now));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 0);
}

QTEST_GUILESS_MAIN(tst_ByteCopy)
#include "tst_byte_copy.moc"
