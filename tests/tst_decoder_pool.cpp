// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode_budget.h"
#include "core/media/decoder_pool.h"
#include "core/media/wire.h"

#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace yingxun;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_DecoderPool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void makesTheSameAsInThisProcess();
    void tellsErrorsByTheFilesName();
    void survivesWhateverItsDecoderDoes_data();
    void survivesWhateverItsDecoderDoes();
    void takesOnlyMomentsThatCanBe();
    void triesOnceMore();
    void givesUpWhatTakesTooLong();
    void stopsAtOnce();
    void stopsWhileItWaitsForMemory();
    void saysThatItCannotBeStarted();
    void outlivesAnUpdateOfItsProgram();
    void servesManyThreads();
    void confinesDecoders();
    void readsNothingOutOfDamagedResults();

private:
    QString write(const QString &name, const QByteArray &bytes) const;
    QString paint(const QString &name, int side = 700) const;
    static Result<media::Media> read(media::Reader &reader, const QString &path, const media::Wants &wants,
                                     const std::stop_token &stop = {});

    QTemporaryDir m_directory;
    media::Wants m_all{true, true, true, false, 224, 300};
};

QString tst_DecoderPool::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_directory.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
}

QString tst_DecoderPool::paint(const QString &name, int side) const
{
    QImage image(side, side * 3 / 4, QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            image.setPixel(x, y, qRgb(x % 256, y % 256, (x ^ y) % 256));
    }
    image.save(m_directory.filePath(name));
    return m_directory.filePath(name);
}

Result<media::Media> tst_DecoderPool::read(media::Reader &reader, const QString &path,
                                           const media::Wants &wants, const std::stop_token &stop)
{
    const auto file = media::MediaFile::open(path.toStdString());
    return file ? reader.read(*file, wants, stop) : file.propagate();
}

void tst_DecoderPool::makesTheSameAsInThisProcess()
{
    media::DirectReader direct;
    media::DecoderPool pool(YINGXUN_DECODER);
    const QString path = paint(u"一.jpg"_s, 3000);
    media::Wants some = m_all;
    some.shownSide = 0;
    some.measures = false;
    media::Wants exact = m_all;
    exact.isExact = true;
    for (const media::Wants &wants : {m_all, some, media::Wants(), exact}) {
        const auto here = read(direct, path, wants);
        const auto there = read(pool, path, wants);
        QVERIFY(here && there);
        QCOMPARE(there->info.width, 3000);
        QCOMPARE(there->info.format, here->info.format);
        QVERIFY(there->thumbnail == here->thumbnail);
        QCOMPARE(there->measures.has_value(), wants.measures);
        QVERIFY(!wants.measures || there->measures->perceptualHash == here->measures->perceptualHash);
        QVERIFY(there->towerInput == here->towerInput);
        QCOMPARE(there->towerInput.size(), std::size_t(wants.towerSide) * wants.towerSide * 3);
        QVERIFY(there->shown.pixels == here->shown.pixels);
        QVERIFY(there->metadata == here->metadata);
    }
    const auto quick = read(direct, path, m_all);
    const auto slow = read(direct, path, exact);
    QVERIFY(quick && slow && quick->towerInput != slow->towerInput);
}

void tst_DecoderPool::tellsErrorsByTheFilesName()
{
    media::DirectReader direct;
    media::DecoderPool pool(YINGXUN_DECODER);
    QFile whole(paint(u"whole.png"_s));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    for (const QByteArray &bytes : {QByteArray("no picture"), whole.read(60)}) {
        const QString path = write(u"broken.png"_s, bytes);
        const auto here = read(direct, path, m_all);
        const auto there = read(pool, path, m_all);
        QVERIFY(!here && !there);
        QVERIFY(there.error().code == here.error().code);
        QCOMPARE(there.error().message, here.error().message);
    }
}

void tst_DecoderPool::survivesWhateverItsDecoderDoes_data()
{
    QTest::addColumn<QByteArray>("wish");
    for (const char *wish :
         {"crash", "nonsense", "empty", "too short", "huge", "not what was wanted", "memory", "end"})
        QTest::newRow(wish) << QByteArray(wish);
}

void tst_DecoderPool::survivesWhateverItsDecoderDoes()
{
    QFETCH(const QByteArray, wish);
    media::DecoderPool pool(YINGXUN_ODD_DECODER);
    const QString path = write(u"odd.jpg"_s, wish);
    const auto result = read(pool, path, m_all);
    QVERIFY(!result);
    QVERIFY(result.error().code == ErrorCode::Internal);
    QVERIFY(result.error().message.find(path.toStdString()) != std::string::npos);
}

void tst_DecoderPool::takesOnlyMomentsThatCanBe()
{
    constexpr int kSide = 4;
    media::Wants wants;
    wants.momentSide = kSide;
    const auto sent = [&](const std::vector<media::Moment> &moments) {
        media::Media media;
        media.moments = moments;
        return media::resultIn(media::packed(Result<media::Media>(media)), wants);
    };
    const media::Moment good{1000,
                             {std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}, std::byte{0}},
                             std::vector<std::uint8_t>(kSide * kSide * 3, 7)};
    media::Moment later = good;
    later.timeMs = 2000;
    const auto both = sent({good, later});
    QVERIFY(both && *both);
    QCOMPARE((*both)->moments.size(), std::size_t{2});
    QCOMPARE((*both)->moments[1].timeMs, 2000);
    QVERIFY((*both)->moments[1].towerInput == good.towerInput);
    QVERIFY(!sent({later, good})); // Out of order.
    media::Moment bad = good;
    bad.towerInput.pop_back();
    QVERIFY(!sent({bad}));
    bad = good;
    bad.thumbnail[0] = std::byte{0};
    QVERIFY(!sent({bad}));
    bad = good;
    bad.timeMs = -5;
    QVERIFY(!sent({bad}));
    std::vector<media::Moment> many;
    for (int i = 0; i < 33; ++i) {
        many.push_back(good);
        many.back().timeMs = i;
    }
    QVERIFY(!sent(many));
    many.pop_back();
    QVERIFY(sent(many));
    wants.momentSide = 0; // Nobody asked.
    QVERIFY(!sent({good}));
}

void tst_DecoderPool::triesOnceMore()
{
    media::DecoderPool pool(YINGXUN_ODD_DECODER);
    const auto result = read(pool, write(u"killed.jpg"_s, m_directory.filePath(u"mark"_s).toUtf8()), m_all);
    QVERIFY(QFile::exists(m_directory.filePath(u"mark"_s)));
    QVERIFY(!result && result.error().code == ErrorCode::Truncated); // What the second one says.
}

void tst_DecoderPool::givesUpWhatTakesTooLong()
{
    media::DecoderPool pool(YINGXUN_ODD_DECODER, {200ms, 200ms});
    QElapsedTimer clock;
    clock.start();
    const auto result = read(pool, write(u"slow.jpg"_s, "hang"), m_all);
    QVERIFY(clock.elapsed() >= 200 && clock.elapsed() < 5000);
    QVERIFY(!result && result.error().code == ErrorCode::Internal);
}

void tst_DecoderPool::stopsAtOnce()
{
    media::DecoderPool pool(YINGXUN_ODD_DECODER);
    std::stop_source stop;
    const std::jthread stopping([&stop] {
        std::this_thread::sleep_for(100ms);
        stop.request_stop();
    });
    const auto result = read(pool, write(u"slow.jpg"_s, "hang"), m_all, stop.get_token());
    QVERIFY(!result && result.error().code == ErrorCode::Cancelled);
}

void tst_DecoderPool::stopsWhileItWaitsForMemory()
{
    image::DecodeBudget &budget = image::DecodeBudget::ofProcess();
    auto all = budget.acquire(budget.capacity());
    QVERIFY(all);
    std::atomic<ErrorCode> why{};
    {
        const QString path = paint(u"a.jpg"_s);
        std::jthread waiting([&](const std::stop_token &stop) {
            media::DecoderPool pool(YINGXUN_DECODER);
            const auto result = read(pool, path, m_all, stop);
            why = result ? ErrorCode{} : result.error().code;
        });
        std::this_thread::sleep_for(300ms); // It asks for memory by then, as a rule.
    }
    QCOMPARE(why.load(), ErrorCode::Cancelled);
    all->release();
    media::DecoderPool pool(YINGXUN_DECODER);
    QVERIFY(read(pool, paint(u"b.jpg"_s), m_all));
}

void tst_DecoderPool::saysThatItCannotBeStarted()
{
    media::DecoderPool pool("/nonexistent/yingxun-decoder");
    const auto result = read(pool, paint(u"a.jpg"_s), m_all);
    QVERIFY(!result && result.error().code == ErrorCode::NotFound);
    QVERIFY(!pool.prepare());
    QVERIFY(media::DecoderPool(YINGXUN_DECODER).prepare());
}

void tst_DecoderPool::outlivesAnUpdateOfItsProgram()
{
    const QString program = m_directory.filePath(u"yingxun-decoder"_s);
    QVERIFY(QFile::copy(QStringLiteral(YINGXUN_DECODER), program));
    media::DecoderPool pool(program.toStdString());
    // As a package manager does it; what is there now says something else to whoever asks.
    const QString next = m_directory.filePath(u"next"_s);
    QVERIFY(QFile::copy(QStringLiteral(YINGXUN_ODD_DECODER), next));
    std::filesystem::rename(next.toStdString(), program.toStdString());
    QVERIFY(read(pool, paint(u"a.jpg"_s), m_all));
}

void tst_DecoderPool::servesManyThreads()
{
    media::DecoderPool pool(YINGXUN_DECODER);
    const QString path = paint(u"a.jpg"_s, 300);
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                for (int times = 0; times < 10; ++times)
                    good += read(pool, path, m_all) ? 1 : 0;
            });
    }
    QCOMPARE(good.load(), 60);
}

void tst_DecoderPool::confinesDecoders()
{
    QProcess confined;
    confined.setWorkingDirectory(m_directory.path());
    confined.start(QStringLiteral(YINGXUN_CONFINED), {write(u"file"_s, "bytes")});
    QVERIFY(confined.waitForFinished());
    const QByteArray could = confined.readAllStandardOutput();
    if (could.contains("start a program") && could.contains("fork"))
        QSKIP("This kernel or container has no seccomp.");
    QCOMPARE(could, QByteArray("read\nstart a thread\n"));
}

void tst_DecoderPool::readsNothingOutOfDamagedResults()
{
    media::DirectReader direct;
    const auto whole = read(direct, paint(u"a.jpg"_s, 64), m_all);
    QVERIFY(whole);
    const std::vector<std::byte> bytes = media::packed(whole);
    QVERIFY(media::resultIn(bytes, m_all));
    for (std::size_t size = 0; size < bytes.size(); size += size < 2000 ? 1 : 997)
        QVERIFY(!media::resultIn(std::span(bytes).first(size), m_all));
    QRandomGenerator random(7);
    for (int i = 0; i < 3000; ++i) { // Whatever comes of it: nothing is read beyond its end.
        auto damaged = bytes;
        for (int j = 0; j < 4; ++j)
            damaged[random.bounded(quint32(std::min<std::size_t>(damaged.size(), 400)))] =
                std::byte(random.bounded(256));
        static_cast<void>(media::resultIn(damaged, m_all));
    }
}

QTEST_GUILESS_MAIN(tst_DecoderPool)
#include "tst_decoder_pool.moc"
