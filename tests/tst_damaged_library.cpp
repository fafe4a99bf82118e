// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few pages of each file; tests/campaign/endurance.sh does hundreds, from other seeds.
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "tests/support/cli.h"
#include "tests/support/data_directory.h"

#include <QColor>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace yingxun;

namespace {

constexpr int kPhotos = 24;
constexpr const char *kSidecar =
    R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
    R"(<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>)";

/// A file that has not just been written: such ones are waited for.
bool putAged(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush() &&
           file.setFileTime(QDateTime::currentDateTime().addSecs(-3600), QFile::FileModificationTime);
}

} // namespace

/// Whatever bytes of a library go bad, the program says so or makes them again, and never crashes.
class tst_DamagedLibrary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void makesThePicturesOfACacheAgain_data();
    void makesThePicturesOfACacheAgain();
    void offersACopyOfWhatPeopleMade();
    void embedsAgainWhatIsDamaged();
    void keepsEmbeddingsUnderAHeaderThatIsGone();

private:
    std::filesystem::path data() const { return m_data->filePath(u"data"_s).toStdString(); }
    test::Answer cli(const QStringList &arguments) const
    {
        return test::runOn(m_data->filePath(u"data"_s), QStringLiteral(YINGXUN_CLI), arguments);
    }
    void damage(const std::filesystem::path &file, int blockBytes);
    std::filesystem::path embeddings() const;
    void verifyWhole() const;
    int labelled() const;

    QTemporaryDir m_whole; ///< An undamaged library, and its photos.
    std::unique_ptr<QTemporaryDir> m_data;
    QRandomGenerator m_random{quint32(test::campaignNumber("YINGXUN_SEED", 1))};
    const int m_rounds = test::campaignNumber("YINGXUN_ROUNDS", 1);
};

void tst_DamagedLibrary::initTestCase()
{
    QVERIFY(QDir().mkpath(m_whole.filePath(u"photos"_s)));
    for (int i = 0; i < kPhotos; ++i) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(i * 15 % 360, 200, 200));
        for (int y = 0; y < 240; ++y) // Thumbnails that take more than a page.
            for (int x = 0; x < 320; x += 3)
                image.setPixelColor(x, y, QColor::fromHsv((x * y + i) % 360, 200, 200));
        QVERIFY(image.save(m_whole.filePath(u"photos/%1.png"_s.arg(i)), "PNG"));
    }
    const QString whole = m_whole.filePath(u"data"_s);
    const QString program = QStringLiteral(YINGXUN_CLI);
    QCOMPARE(test::runOn(whole, program, {u"index"_s, m_whole.filePath(u"photos"_s)}).code, 0);
    QCOMPARE(test::runOn(whole, program, {u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"狗"_s}).code,
             0);
    std::filesystem::remove_all(whole.toStdString() + "/backups");
    QVERIFY(*db::backUp(whole.toStdString(), QDate::currentDate().toString(Qt::ISODate).toStdString()));
}

void tst_DamagedLibrary::init()
{
    m_data = std::make_unique<QTemporaryDir>();
    std::filesystem::copy(m_whole.filePath(u"data"_s).toStdString(), data(),
                          std::filesystem::copy_options::recursive);
}

/// Overwrites one to four blocks, at random places or all of them.
void tst_DamagedLibrary::damage(const std::filesystem::path &file, int blockBytes)
{
    QFile target(QFile::decodeName(file.c_str()));
    QVERIFY(target.open(QIODevice::ReadWrite));
    const int blocks = int(target.size() / blockBytes);
    for (int left = 1 + m_random.bounded(4); left > 0; --left) {
        QByteArray noise(blockBytes, '\0');
        if (m_random.bounded(3) > 0) // Else zeros, as after a power cut.
            m_random.fillRange(reinterpret_cast<quint32 *>(noise.data()), noise.size() / 4);
        const int block = m_random.bounded(std::max(blocks, 1));
        qInfo("block %d of %d in %s", block, blocks, file.filename().c_str());
        QVERIFY(target.seek(qint64{block} * blockBytes) && target.write(noise) == noise.size());
    }
    if (m_random.bounded(8) == 0)
        QVERIFY(target.resize(m_random.bounded(int(target.size()))));
}

std::filesystem::path tst_DamagedLibrary::embeddings() const
{
    for (const auto &entry : std::filesystem::directory_iterator(data() / "embeddings")) {
        if (entry.path().extension() == ".f16")
            return entry.path();
    }
    return {};
}

int tst_DamagedLibrary::labelled() const
{
    auto catalogue = db::Catalogue::open(data());
    const auto labels = catalogue ? catalogue->labels() : Result<std::vector<Label>>(catalogue.propagate());
    return labels && labels->size() == 1 ? labels->front().count : -1;
}

/// Everything is looked at, as in a window, and something of each kind comes and goes; whatever is found to
/// be damaged the next start makes again. The start after it says nothing.
void tst_DamagedLibrary::verifyWhole() const
{
    const test::Answer first = cli({u"index"_s});
    QVERIFY2(first.code == 0 || (first.code == 1 && !first.err.isEmpty()), first.err.constData());
    if (first.err.contains("delete it")) // Embeddings, of which nobody knows any more whose they are.
        QVERIFY(std::filesystem::remove(embeddings()));
    if (auto catalogue = db::Catalogue::open(data())) {
        const auto photos = catalogue->photos();
        for (std::size_t i = 0; photos && i < photos->size(); ++i)
            static_cast<void>(catalogue->thumbnail((*photos)[i].hash));
    }
    const QString another = m_whole.filePath(u"photos/another.png"_s);
    QFile one(m_whole.filePath(u"photos/0.png"_s));
    QVERIFY(one.open(QIODevice::ReadOnly));
    QVERIFY(putAged(another, one.readAll()) && putAged(another + u".xmp"_s, kSidecar));
    cli({u"index"_s});
    QVERIFY(QFile::remove(another) && QFile::remove(another + u".xmp"_s));
    cli({u"index"_s});
    cli({u"index"_s});
    const test::Answer last = cli({u"index"_s, u"--json"_s});
    QVERIFY2(last.code == 0, (first.err + last.err).constData());
    QCOMPARE(last.number(u"found"_s), kPhotos);
    QCOMPARE(last.number(u"unchanged"_s), kPhotos);
    const QStringList broken = test::brokenDatabases(data());
    QVERIFY2(broken.isEmpty(), qPrintable(broken.join(u'\n')));
    QCOMPARE(labelled(), kPhotos);
    auto catalogue = db::Catalogue::open(data());
    const auto photos = catalogue->photos();
    QCOMPARE(photos->size(), std::size_t{kPhotos});
    for (const Photo &photo : *photos)
        QVERIFY(!catalogue->thumbnail(photo.hash)->empty());
    const test::Answer found = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"100"_s, u"狗"_s});
    QVERIFY2(found.code == 0, found.err.constData());
    QCOMPARE(found.lines().size(), kPhotos);
}

void tst_DamagedLibrary::makesThePicturesOfACacheAgain_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("cache.db") << u"cache.db"_s;
    QTest::newRow("thumbs.db") << u"thumbs.db"_s;
}

void tst_DamagedLibrary::makesThePicturesOfACacheAgain()
{
    QFETCH(const QString, name);
    for (int round = 0; round < m_rounds; ++round) {
        init();
        damage(data() / name.toStdString(), 4096);
        verifyWhole();
    }
}

void tst_DamagedLibrary::offersACopyOfWhatPeopleMade()
{
    for (int round = 0; round < m_rounds; ++round) {
        init();
        damage(data() / "user.db", 4096);
        const test::Answer first = cli({u"index"_s});
        QVERIFY(first.code == 0 || first.code == 1);
        if (first.code == 1) {
            QVERIFY2(first.err.contains("yingxun-cli restore --from latest"), first.err.constData());
            const test::Answer restored = cli({u"restore"_s, u"--from"_s, u"latest"_s});
            QVERIFY2(restored.code == 0, restored.err.constData());
        }
        verifyWhole();
    }
}

void tst_DamagedLibrary::embedsAgainWhatIsDamaged()
{
    for (int round = 0; round < m_rounds; ++round) {
        init();
        damage(embeddings(), 512);
        verifyWhole();
    }
}

void tst_DamagedLibrary::keepsEmbeddingsUnderAHeaderThatIsGone()
{
    QFile file(QFile::decodeName(embeddings().c_str()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray before = file.readAll();
    QVERIFY(file.seek(0) && file.write(QByteArray(64, '\0')) == 64 && file.flush());
    const test::Answer answer = cli({u"index"_s, u"--json"_s});
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.number(u"unchanged"_s), kPhotos);
    QVERIFY(file.seek(0));
    QCOMPARE(file.readAll(), before);
}

QTEST_GUILESS_MAIN(tst_DamagedLibrary)
#include "tst_damaged_library.moc"
