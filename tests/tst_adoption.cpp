// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/embedding_list.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/numbered_contents.h"
#include "tests/support/write_protected.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace yingxun;
using test::hashOf;
using vectors::EmbeddingStore;

namespace {

constexpr int kDimension = 16;
const std::string kFormer(32, 'f');
const std::string kNow(32, 'a');

/// Contents first, first + 1, ...: every number of a row is that of its content.
bool append(EmbeddingStore &store, int first, int count)
{
    std::vector<ContentHash> contents;
    Embeddings rows{{}, count, kDimension};
    for (int i = first; i < first + count; ++i) {
        contents.push_back(hashOf(i));
        rows.values.insert(rows.values.end(), kDimension, static_cast<float>(i));
    }
    return store.append(contents, rows).has_value();
}

/// Whether it holds the contents 0 to count - 1, each with its own row, and nothing else.
bool holds(const EmbeddingStore &store, int count)
{
    for (int i = 0; i < count; ++i) {
        if (store.find(hashOf(i)) != std::vector<float>(kDimension, static_cast<float>(i)))
            return false;
    }
    return store.count() == count && store.skippedRows() == 0;
}

} // namespace

/// A model gets another identity, and its embeddings follow.
class tst_Adoption : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void keepsAllRows();
    void goesOnAfterAnInterruption_data();
    void goesOnAfterAnInterruption();
    void waitsForTheWriter();
    void followsWhoeverWasFaster();
    void followsADropOfTheWriter();
    void usesWhatCannotBeWritten();
    void keepsToTheFormerFileWhereNothingCanBeRenamed();
    void asksOnlyWhereItMayHelp();
    void leavesOtherModelsAlone();
    void saysWhatIsWrong();

private:
    std::filesystem::path folder() const { return m_directory->path().toStdString(); }
    QStringList files() const { return QDir(m_directory->path()).entryList(QDir::Files, QDir::Name); }
    QString file(const std::string &name) const
    {
        return m_directory->filePath(QString::fromStdString(name));
    }
    /// As the version of that identity left it.
    EmbeddingStore former() const { return *EmbeddingStore::open(folder(), kFormer, kDimension); }
    Result<EmbeddingStore> opened()
    {
        return EmbeddingStore::open(folder(), kNow, kDimension, [this]() -> Result<std::string> {
            ++m_asked;
            return kFormer;
        });
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    int m_asked = 0;
};

/// Five rows and a name.
void tst_Adoption::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_asked = 0;
    EmbeddingStore store = former();
    QVERIFY(append(store, 0, 5));
    QVERIFY(vectors::nameEmbeddings(folder(), kFormer, "colours"));
}

void tst_Adoption::keepsAllRows()
{
    {
        auto store = opened();
        QVERIFY(store && !store->isReadOnly());
        QCOMPARE(store->identity(), kNow);
        QVERIFY(holds(*store, 5));
        QVERIFY(append(*store, 5, 2));
    }
    const auto listed = vectors::listEmbeddings(folder());
    QCOMPARE(listed.size(), std::size_t{1});
    QCOMPARE(listed.front().identity, kNow);
    QCOMPARE(listed.front().name, std::string("colours"));
    QCOMPARE(files().size(), 2); // And nothing is left behind.
    QCOMPARE(m_asked, 1);
    // It is like any other store, for who knows of no former identity as well.
    QVERIFY(holds(*EmbeddingStore::open(folder(), kNow, kDimension), 7));
    QVERIFY(holds(*opened(), 7));
    QCOMPARE(m_asked, 1);
}

void tst_Adoption::goesOnAfterAnInterruption_data()
{
    QTest::addColumn<int>("written");
    QTest::addColumn<bool>("isRenamed");
    for (const int written : {0, 3, 20, 36}) {
        for (const bool isRenamed : {false, true})
            QTest::addRow("%d bytes, name %d", written, isRenamed) << written << isRenamed;
    }
}

void tst_Adoption::goesOnAfterAnInterruption()
{
    QFETCH(const int, written);
    QFETCH(const bool, isRenamed);
    const QTemporaryDir another;
    QVERIFY(EmbeddingStore::open(another.path().toStdString(), kNow, kDimension));
    QFile whole(another.filePath(QString::fromStdString(kNow) + u".f16"_s));
    QVERIFY(whole.open(QIODevice::ReadOnly) && whole.seek(20));
    QFile half(file(kFormer + ".f16"));
    QVERIFY(half.open(QIODevice::ReadWrite) && half.seek(20) && half.write(whole.read(written)) == written);
    half.close();
    if (isRenamed)
        QVERIFY(QFile::rename(file(kFormer + ".name"), file(kNow + ".name")));
    {
        const test::WriteProtected protection(folder());
        const test::NotRoot notRoot;
        QVERIFY(holds(*opened(), 5));
    }
    QVERIFY(holds(*opened(), 5));
    QCOMPARE(files(), (QStringList{QString::fromStdString(kNow) + u".f16"_s,
                                   QString::fromStdString(kNow) + u".name"_s}));
    QVERIFY(holds(*EmbeddingStore::open(folder(), kNow, kDimension), 5));
}

void tst_Adoption::waitsForTheWriter()
{
    auto writer = std::make_unique<EmbeddingStore>(former());
    auto store = opened();
    QVERIFY(store && store->isReadOnly() && !store->isWriteProtected());
    QCOMPARE(store->identity(), kFormer);
    QVERIFY(holds(*store, 5));
    QVERIFY(append(*writer, 5, 1));
    QVERIFY(store->refresh());
    QVERIFY(holds(*store, 6));
    QVERIFY(!QFile::exists(file(kNow + ".f16")));

    const std::uint64_t numbering = store->numbering();
    writer.reset();
    QVERIFY(store->refresh());
    QVERIFY(!store->isReadOnly());
    QCOMPARE(store->identity(), kNow);
    QCOMPARE(store->numbering(), numbering); // The rows have stayed where they were.
    QVERIFY(append(*store, 6, 1) && holds(*store, 7));
    QVERIFY(!QFile::exists(file(kFormer + ".f16")));
}

void tst_Adoption::followsWhoeverWasFaster()
{
    auto writer = std::make_unique<EmbeddingStore>(former());
    auto store = opened();
    QVERIFY(store && store->isReadOnly());
    writer.reset();
    auto faster = opened();
    QVERIFY(faster && append(*faster, 5, 1));
    QVERIFY(store->refresh());
    QVERIFY(store->isReadOnly());
    QCOMPARE(store->identity(), kNow);
    QVERIFY(holds(*store, 6));
    QVERIFY(!QFile::exists(file(kFormer + ".f16")));
}

void tst_Adoption::followsADropOfTheWriter()
{
    auto writer = std::make_unique<EmbeddingStore>(former());
    auto store = opened();
    QVERIFY(append(*writer, 5, 1));
    QVERIFY(writer->drop({{hashOf(5)}}));
    writer.reset();
    QVERIFY(store->refresh());
    QCOMPARE(store->identity(), kNow);
    QVERIFY(holds(*store, 5));
}

void tst_Adoption::usesWhatCannotBeWritten()
{
    {
        const test::WriteProtected protection(folder());
        const test::NotRoot notRoot;
        auto store = opened();
        QVERIFY(store && store->isWriteProtected());
        QCOMPARE(store->identity(), kFormer);
        QVERIFY(holds(*store, 5));
        QVERIFY(store->refresh());
        QVERIFY(holds(*store, 5));
    }
    QCOMPARE(opened()->identity(), kNow);
}

void tst_Adoption::keepsToTheFormerFileWhereNothingCanBeRenamed()
{
    {
        const test::WriteProtected protection(folder());
        ::chmod(file(kFormer + ".f16").toUtf8(), 0666);
        const test::NotRoot notRoot;
        auto store = opened();
        QVERIFY(store && !store->isReadOnly());
        QCOMPARE(store->identity(), kFormer);
        QVERIFY(append(*store, 5, 1) && holds(*store, 6));
    }
    QVERIFY(holds(former(), 6)); // For earlier versions as well.
    QCOMPARE(opened()->identity(), kNow);
}

void tst_Adoption::asksOnlyWhereItMayHelp()
{
    const auto ask = [this](const std::string &identity, int dimension) {
        m_asked = 0;
        const auto store =
            EmbeddingStore::open(folder(), identity, dimension, [this]() -> Result<std::string> {
                ++m_asked;
                return std::string();
            });
        return store && store->count() == 0 ? m_asked : -1;
    };
    QCOMPARE(ask("of another size", 32), 0);
    QCOMPARE(ask("of the same size", kDimension), 1);
    QCOMPARE(ask("of the same size", kDimension), 0); // It is there now.
    QVERIFY(holds(former(), 5));
    m_directory = std::make_unique<QTemporaryDir>();
    QCOMPARE(ask(kNow, kDimension), 0);
}

void tst_Adoption::leavesOtherModelsAlone()
{
    QFile::rename(file(kFormer + ".f16"), file("other.f16"));
    QFile::rename(file(kFormer + ".name"), file("other.name"));
    QCOMPARE(opened()->count(), 0);
    QCOMPARE(m_asked, 1);
    QVERIFY(QFile::exists(file("other.f16")) && QFile::exists(file("other.name")));
    QVERIFY(!QFile::exists(file(kFormer + ".f16")));
    // What has been begun under the present identity is not exchanged for the former one's either.
    QVERIFY(append(*std::make_unique<EmbeddingStore>(former()), 0, 3));
    QCOMPARE(opened()->count(), 0);
    QVERIFY(holds(former(), 3));
}

void tst_Adoption::saysWhatIsWrong()
{
    const auto unknown = EmbeddingStore::open(folder(), kNow, kDimension, []() -> Result<std::string> {
        return fail(ErrorCode::Io, "the model cannot be read");
    });
    QCOMPARE(unknown.error().message, std::string("the model cannot be read"));
    QVERIFY(!QFile::exists(file(kNow + ".f16"))); // Else the embeddings would never be found again.

    QFile damaged(file(kFormer + ".f16"));
    QVERIFY(damaged.open(QIODevice::ReadWrite) && damaged.seek(30) && damaged.write("?") == 1);
    damaged.close();
    QCOMPARE(opened().error().code, ErrorCode::CorruptData);
    QVERIFY(QFile::exists(file(kFormer + ".f16")));
}

QTEST_GUILESS_MAIN(tst_Adoption)
#include "tst_adoption.moc"
