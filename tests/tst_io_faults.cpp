// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/failing_calls.h"
#include "tests/support/numbered_contents.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;
using namespace yingxun;
using test::Fault;
using test::g_callFaults;
using test::hashOf;
using vectors::EmbeddingStore;

namespace {

constexpr int kDimension = 16;
constexpr int kMostCalls = 200; // More than any of these operations makes.
const std::string kModel(32, 'a');

void addFaultRows()
{
    QTest::addColumn<Fault>("fault");
    QTest::newRow("once") << Fault::Once;
    QTest::newRow("full") << Fault::Full;
    QTest::newRow("short") << Fault::Short;
}

/// Contents first, first + 1, ... and their rows: every number of a row is that of its content.
struct Rows {
    Rows(int first, int count) : embeddings{{}, count, kDimension}
    {
        for (int i = first; i < first + count; ++i) {
            contents.push_back(hashOf(i));
            embeddings.values.insert(embeddings.values.end(), kDimension, static_cast<float>(i));
        }
    }
    std::vector<ContentHash> contents;
    Embeddings embeddings;
};

/// The directory of a store with rows 0 to 2.
std::unique_ptr<QTemporaryDir> storeOfThree()
{
    auto directory = std::make_unique<QTemporaryDir>();
    auto store = EmbeddingStore::open(directory->path().toStdString(), kModel, kDimension);
    const Rows three(0, 3);
    if (!store || !store->append(three.contents, three.embeddings))
        qFatal("cannot make a store");
    return directory;
}

std::optional<EmbeddingStore> reopened(const QTemporaryDir &directory)
{
    auto store = EmbeddingStore::open(directory.path().toStdString(), kModel, kDimension);
    return store ? std::optional(std::move(*store)) : std::nullopt;
}

/// How many of the contents 0, 1, ... are there, each with its own row and nothing else beside them; -1 when
/// anything is otherwise.
qint64 wholeRows(const EmbeddingStore &store)
{
    for (int i = 0; i < store.count(); ++i) {
        if (store.find(hashOf(i)) != std::vector<float>(kDimension, static_cast<float>(i)))
            return -1;
    }
    return store.skippedRows() == 0 ? store.count() : -1;
}

} // namespace

Q_DECLARE_METATYPE(yingxun::test::Fault)

class tst_IoFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsTheOldFileOrTheNewOne_data() { addFaultRows(); }
    void keepsTheOldFileOrTheNewOne();
    void makesAStore_data() { addFaultRows(); }
    void makesAStore();
    void appendsRows_data() { addFaultRows(); }
    void appendsRows();
    void mendsAStoreThatWasCutShort_data() { addFaultRows(); }
    void mendsAStoreThatWasCutShort();
    void adoptsAStore_data() { addFaultRows(); }
    void adoptsAStore();
};

void tst_IoFaults::keepsTheOldFileOrTheNewOne()
{
    QFETCH(const Fault, fault);
    const QByteArray before = "what was there";
    const QByteArray after(3 * 5000, 'n');
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const QTemporaryDir directory;
        QFile old(directory.filePath(u"file"_s));
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write(before);
        old.close();

        g_callFaults.arm(call, fault);
        const bool done = [&] {
            auto file = AtomicFile::create(old.fileName().toStdString());
            for (int i = 0; file && i < 3; ++i)
                file->write(
                    std::as_bytes(std::span(after).subspan(static_cast<std::size_t>(i) * 5000, 5000)));
            return file && file->commit();
        }();
        g_callFaults.disarm();
        untouched = !g_callFaults.hasStruck();

        QVERIFY(done || !untouched);
        QVERIFY(old.open(QIODevice::ReadOnly));
        QVERIFY2(old.readAll() == (done ? after : before), qPrintable(u"call %1"_s.arg(call)));
        QCOMPARE(QDir(directory.path()).entryList(QDir::Files), QStringList{u"file"_s});
    }
}

void tst_IoFaults::makesAStore()
{
    QFETCH(const Fault, fault);
    const Rows first(0, 3);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const QTemporaryDir directory;
        g_callFaults.arm(call, fault);
        {
            const auto store = reopened(directory);
            untouched = !g_callFaults.hasStruck();
            QVERIFY(store || !untouched);
        }
        g_callFaults.disarm();

        auto store = reopened(directory);
        QVERIFY(store && !store->isReadOnly());
        QCOMPARE(wholeRows(*store), 0);
        QVERIFY(store->append(first.contents, first.embeddings));
        store.reset();
        QCOMPARE(wholeRows(*reopened(directory)), 3);
    }
}

void tst_IoFaults::appendsRows()
{
    QFETCH(const Fault, fault);
    const Rows added(3, 4);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const auto directory = storeOfThree();
        auto store = reopened(*directory);
        QVERIFY(store);
        g_callFaults.arm(call, fault);
        const auto done = store->append(added.contents, added.embeddings);
        g_callFaults.disarm();
        untouched = !g_callFaults.hasStruck();

        QVERIFY(done || !untouched);
        QVERIFY(done || done.error().code == ErrorCode::Io);
        QCOMPARE(wholeRows(*store), done ? 7 : 3);
        const auto reader = reopened(*directory); // Beside the writer: as another process sees it.
        QVERIFY(reader && reader->isReadOnly());
        QCOMPARE(wholeRows(*reader), done ? 7 : 3);

        store.reset();
        store = reopened(*directory);
        QVERIFY(store);
        // Rows that were on the disk when room ran out are kept, each whole, see recoverTail().
        QVERIFY(wholeRows(*store) == 7 || (!done && wholeRows(*store) >= 3));
        QVERIFY(store->append(added.contents, added.embeddings));
        store.reset();
        QCOMPARE(wholeRows(*reopened(*directory)), 7);
    }
}

void tst_IoFaults::mendsAStoreThatWasCutShort()
{
    QFETCH(const Fault, fault);
    const Rows added(3, 4);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const auto directory = storeOfThree();
        QFile file(directory->filePath(QString::fromStdString(kModel + ".f16")));
        QVERIFY(file.open(QIODevice::Append));
        file.write("the beginning of a row");
        file.close();

        g_callFaults.arm(call, fault);
        const bool done = [&] {
            auto store = reopened(*directory);
            return store && store->append(added.contents, added.embeddings);
        }();
        g_callFaults.disarm();
        untouched = !g_callFaults.hasStruck();

        QVERIFY(done || !untouched);
        auto store = reopened(*directory);
        QVERIFY(store && !store->isReadOnly());
        QVERIFY(wholeRows(*store) == 7 || (!done && wholeRows(*store) >= 3));
    }
}

void tst_IoFaults::adoptsAStore()
{
    QFETCH(const Fault, fault);
    const std::string next(32, 'b');
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const auto directory = storeOfThree();
        const auto adopted = [&] {
            return EmbeddingStore::open(directory->path().toStdString(), next, kDimension,
                                        []() -> Result<std::string> { return kModel; });
        };
        g_callFaults.arm(call, fault);
        auto store = adopted();
        g_callFaults.disarm();
        untouched = !g_callFaults.hasStruck();
        QVERIFY(store || !untouched);
        if (store)
            QCOMPARE(wholeRows(*store), 3);

        store = fail(ErrorCode::Internal, "closed");
        store = adopted();
        QVERIFY2(store, qPrintable(u"call %1"_s.arg(call)));
        QCOMPARE(store->identity(), next);
        QCOMPARE(wholeRows(*store), 3);
        QCOMPARE(QDir(directory->path()).entryList(QDir::Files).size(), 1);
    }
}

QTEST_GUILESS_MAIN(tst_IoFaults)
#include "tst_io_faults.moc"
