// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/format.h"
#include "core/image/video.h"
#include "tests/support/video_samples.h"

#include <QColor>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace yingxun;
using namespace yingxun::image;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

constexpr VideoPart kBlack{1.5, 0, 0, 0};
constexpr VideoPart kRed{2, 220, 20, 20};
constexpr VideoPart kBlue{2, 20, 20, 220};

/// "red", "blue", "black" or "other", by the mean.
QString colourOf(const RgbImage &image)
{
    std::array<double, 3> sum{};
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
        sum[i % 3] += image.pixels[i] * 3.0 / static_cast<double>(image.pixels.size());
    if (sum[0] > 150 && sum[2] < 80)
        return u"red"_s;
    if (sum[2] > 150 && sum[0] < 80)
        return u"blue"_s;
    return sum[0] + sum[1] + sum[2] < 60 ? u"black"_s : u"other"_s;
}

QString posterColour(const std::string &path, const VideoLimits &limits = {})
{
    const auto poster = posterOf(path, limits);
    return poster ? colourOf(poster->image) : QString::fromStdString(poster.error().message);
}

} // namespace

class tst_image_video : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void aVideoIsToldByItsContent();
    void theFirstSecondIsThePoster_data();
    void theFirstSecondIsThePoster();
    void aBlackOpeningIsPassedOver();
    void anAllBlackVideoStillHasAPoster();
    void aVideoHeldUprightIsShownUpright();
    void damagedVideosAreErrors();
    void aNameThatLooksLikeAnAddressIsOnlyAFile();
    void aPlaylistInDisguiseIsNotFollowed();
    void neverWaitsForWhatIsNoFile();
    void theSearchForLightEnds();
    void hugeFramesAreRefused();

private:
    std::string path(const QString &name) const { return m_directory->filePath(name).toStdString(); }
    QByteArray bytes(const QString &name) const;
    void write(const QString &name, const QByteArray &bytes) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

QByteArray tst_image_video::bytes(const QString &name) const
{
    QFile file(m_directory->filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_image_video::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_directory->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void tst_image_video::aVideoIsToldByItsContent()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kRed}));
    QVERIFY(QFile::copy(m_directory->filePath(u"a.mp4"_s), m_directory->filePath(u"a.jpg"_s)));
    QVERIFY(isVideo(path(u"a.mp4"_s)));
    QVERIFY(isVideo(path(u"a.jpg"_s)));
    write(u"text.mp4"_s, "not a video at all, whatever the name says");
    QVERIFY(!isVideo(path(u"text.mp4"_s)));
    write(u"photo.mp4"_s, QByteArray("\0\0\0\x18"
                                     "ftypheic\0\0\0\0mif1isom",
                                     24)); // Photos name such brands, too.
    QVERIFY(!isVideo(path(u"photo.mp4"_s)));
    write(u"sound.m4a"_s, QByteArray("\0\0\0\x1c"
                                     "ftypM4A \0\0\2\0isommp42",
                                     24)); // So does sound.
    QVERIFY(!isVideo(path(u"sound.m4a"_s)));
    QVERIFY(!isVideo(path(u"missing.mp4"_s)));
    QVERIFY(writeVideo(path(u"a.mkv"_s), {kRed}));
    QVERIFY(isVideo(path(u"a.mkv"_s)));
    const QByteArray matroska = bytes(u"a.mkv"_s).left(64);
    QVERIFY(!image::beginsAsPicture(
        std::as_bytes(std::span(matroska.constData(), std::size_t(matroska.size())))));
    write(u"other.mkv"_s, QByteArray("\x1a\x45\xdf\xa3\x8b\x42\x82\x85other", 13));
    QVERIFY(!isVideo(path(u"other.mkv"_s)));
}

void tst_image_video::theFirstSecondIsThePoster_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"a.mp4"_s, u"a.mov"_s, u"a.mkv"_s, u"a.webm"_s, u"海边 100%.mp4"_s})
        QTest::newRow(qUtf8Printable(name)) << name;
}

void tst_image_video::theFirstSecondIsThePoster()
{
    QFETCH(QString, name);
    QVERIFY(writeVideo(path(name), {kRed, kBlue}));
    const auto poster = posterOf(path(name));
    QVERIFY2(poster, poster ? "" : poster.error().message.c_str());
    QCOMPARE(poster->image.width, 160);
    QCOMPARE(poster->image.height, 96);
    QCOMPARE(poster->info.width, 160);
    QCOMPARE(poster->info.format, std::string("video"));
    QCOMPARE(colourOf(poster->image), u"red"_s);
}

void tst_image_video::aBlackOpeningIsPassedOver()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kBlack, kBlue, kRed}));
    QCOMPARE(posterColour(path(u"a.mp4"_s)), u"blue"_s);
}

void tst_image_video::anAllBlackVideoStillHasAPoster()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kBlack}));
    QCOMPARE(posterColour(path(u"a.mp4"_s)), u"black"_s);
}

void tst_image_video::aVideoHeldUprightIsShownUpright()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kRed}));
    QByteArray file = bytes(u"a.mp4"_s);
    const qsizetype header = file.indexOf("tkhd");
    QVERIFY(header > 0);
    // The track's matrix, as a phone writes it: a quarter turn.
    const QByteArray turned = QByteArray::fromHex("00000000"
                                                  "00010000"
                                                  "00000000"
                                                  "ffff0000"
                                                  "00000000"
                                                  "00000000"
                                                  "00000000"
                                                  "00000000"
                                                  "40000000");
    file.replace(header + 4 + 40, turned.size(), turned);
    write(u"turned.mp4"_s, file);
    const auto poster = posterOf(path(u"turned.mp4"_s));
    QVERIFY(poster);
    QCOMPARE(poster->image.width, 96);
    QCOMPARE(poster->image.height, 160);
    QCOMPARE(poster->info.width, 96);
}

void tst_image_video::damagedVideosAreErrors()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kRed, kBlue}));
    const QByteArray whole = bytes(u"a.mp4"_s);
    for (const double share : {0.05, 0.5, 0.95}) { // The table of contents is at the end.
        write(u"cut.mp4"_s, whole.left(qsizetype(double(whole.size()) * share)));
        const auto poster = posterOf(path(u"cut.mp4"_s));
        QVERIFY(!poster);
        QCOMPARE(poster.error().code, ErrorCode::CorruptData);
        QVERIFY(poster.error().message.find("cut.mp4") != std::string::npos);
    }
    for (int seed = 0; seed < 60; ++seed) { // Anything but a crash; most still have a frame.
        QByteArray noisy = whole;
        for (int i = 0; i < 12; ++i)
            noisy[(seed * 7919 + i * 104'729) % noisy.size()] = char(seed * 31 + i * 17);
        write(u"noisy.mp4"_s, noisy);
        if (const auto poster = posterOf(path(u"noisy.mp4"_s)))
            QVERIFY(!poster->image.isNull());
    }
    QCOMPARE(posterOf(path(u"missing.mp4"_s)).error().code, ErrorCode::NotFound);
    QVERIFY(writeVideo(path(u"a.mkv"_s), {kRed, kBlue}));
    write(u"cut.mkv"_s, bytes(u"a.mkv"_s).left(300)); // Of whole frames before the cut there may be some.
    QCOMPARE(posterOf(path(u"cut.mkv"_s)).error().code, ErrorCode::Unsupported);
}

void tst_image_video::aNameThatLooksLikeAnAddressIsOnlyAFile()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kBlue}));
    const QDir home = QDir::current();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    for (const QString &name : {u"http:a.mp4"_s, u"concat:a.mp4"_s, u"img_%03d.mp4"_s}) {
        QVERIFY(QFile::copy(u"a.mp4"_s, name));
        QCOMPARE(posterColour(name.toStdString()), u"blue"_s);
    }
    QCOMPARE(posterOf("http://127.0.0.1:9/a.mp4").error().code, ErrorCode::NotFound);
    QVERIFY(QDir::setCurrent(home.path()));
}

void tst_image_video::aPlaylistInDisguiseIsNotFollowed()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kBlue}));
    write(u"list.mp4"_s, "ffconcat version 1.0\nfile a.mp4\n");
    QVERIFY(!posterOf(path(u"list.mp4"_s)));
    write(u"hls.mp4"_s, "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.mp4\n#EXT-X-ENDLIST\n");
    QVERIFY(!posterOf(path(u"hls.mp4"_s)));
}

void tst_image_video::neverWaitsForWhatIsNoFile()
{
    QCOMPARE(::mkfifo(path(u"pipe.mp4"_s).c_str(), 0600), 0);
    QVERIFY(!isVideo(path(u"pipe.mp4"_s)));
    QCOMPARE(posterOf(path(u"pipe.mp4"_s)).error().code, ErrorCode::Unsupported);
    QCOMPARE(posterOf("/dev/zero").error().code, ErrorCode::Unsupported);
    QCOMPARE(posterOf(path(u"."_s)).error().code, ErrorCode::Unsupported);
}

void tst_image_video::theSearchForLightEnds()
{
    // By film: the light comes after some ten seconds of black, so the black is taken.
    QVERIFY(writeVideo(path(u"long.mp4"_s), {{14, 0, 0, 0}, kRed}));
    QCOMPARE(posterColour(path(u"long.mp4"_s)), u"black"_s);
    // By the clock: the first frame that comes after it is the last one to be looked at.
    VideoLimits hurried;
    hurried.patience = std::chrono::milliseconds(0);
    QVERIFY(writeVideo(path(u"late.mp4"_s), {kBlack, kRed}));
    const QString colour = posterColour(path(u"late.mp4"_s), hurried);
    QVERIFY2(colour != u"red"_s, qPrintable(colour));
}

void tst_image_video::hugeFramesAreRefused()
{
    QVERIFY(writeVideo(path(u"a.mp4"_s), {kRed}));
    VideoLimits small;
    small.maximumPixels = 160 * 96 - 1;
    QCOMPARE(posterOf(path(u"a.mp4"_s), small).error().code, ErrorCode::TooLarge);
}

QTEST_GUILESS_MAIN(tst_image_video)
#include "tst_image_video.moc"
