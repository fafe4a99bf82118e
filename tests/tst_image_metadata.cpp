// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/utf8.h"
#include "core/image/metadata.h"
#include "tests/support/image_samples.h"
#include "tests/support/metadata_samples.h"
#include "tests/support/process_memory.h"
#include "tests/support/shared_data.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QImageWriter>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>

using namespace yingxun;
using namespace yingxun::image;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

Bytes jpeg()
{
    return encoded(quarters(64, 48), "JPEG");
}

Metadata ofTags(const Tags &tags)
{
    return readMetadata(withTags(jpeg(), tags));
}

std::int64_t clockMs(const QString &iso)
{
    return QDateTime::fromString(iso + u'Z', Qt::ISODate).toMSecsSinceEpoch();
}

bool near(std::optional<double> value, double expected, double tolerance = 1e-6)
{
    return value && std::abs(*value - expected) < tolerance;
}

Bytes fileBytes(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? toBytes(file.readAll()) : Bytes();
}

QString shared(const char *name)
{
    return QStringLiteral(YINGXUN_SHARED_DIR "/") + QString::fromLatin1(name);
}

Bytes packet(const QByteArray &inside)
{
    return toBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                   "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                   "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' "
                   "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='3'>" +
                   inside + "</rdf:Description></rdf:RDF></x:xmpmeta>");
}

/// A TIFF whose only directory has so many tags, all with the same bytes.
Bytes sharingTiff(int tags, quint32 bytesOfEach)
{
    QByteArray file("II*\0\x08\0\0\0", 8);
    const auto put = [&file](quint32 value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            file.append(char(value >> 8 * i & 0xff));
    };
    put(quint32(tags), 2);
    for (int i = 0; i < tags; ++i) {
        put(quint32(0x0200 + i), 2); // A tag without meaning.
        put(1, 2);
        put(bytesOfEach, 4);
        put(8, 4);
    }
    put(0, 4);
    file.append(QByteArray(bytesOfEach, 'x'));
    return toBytes(file);
}

} // namespace

class tst_ImageMetadata : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsExif();
    void readsXmp();
    void readsIptc();
    void readsWhatWindowsWrites();
    void prefersExifThenXmpThenIptc();
    void readsTimes_data();
    void readsTimes();
    void takesAZoneOnlyForItsTime();
    void doesNotBelieveAPositionWithoutAFix();
    void readsSidecars();
    void sidecarsWin();
    void readsOtherFormats_data();
    void readsOtherFormats();
    void textIsBoundedUtf8();
    void keywordsAreBounded();
    void saysNothingOfWhatItCannotRead();
    void readsWhatIsLeftOfBrokenExif();
    void refusesEntitiesAndDeepNesting();
    void hostileTiffTakesNoMemory();
    void readsOnManyThreads();
    void readsRealPhotos();
    void survivesOddFiles();
};

void tst_ImageMetadata::readsExif()
{
    const Metadata read = ofTags({{"Exif.Photo.DateTimeOriginal", "2024:05:01 12:30:59"},
                                  {"Exif.Photo.OffsetTimeOriginal", "+08:00"},
                                  {"Exif.GPSInfo.GPSLatitude", "39/1 54/1 2646/100"},
                                  {"Exif.GPSInfo.GPSLatitudeRef", "S"},
                                  {"Exif.GPSInfo.GPSLongitude", "116/1 2385/100 0/1"},
                                  {"Exif.GPSInfo.GPSLongitudeRef", "W"},
                                  {"Exif.GPSInfo.GPSAltitude", "435/10"},
                                  {"Exif.GPSInfo.GPSAltitudeRef", "1"},
                                  {"Exif.Image.Make", "FUJIFILM  "},
                                  {"Exif.Image.Model", "X-T5"},
                                  {"Exif.Photo.LensModel", "XF35mmF1.4 R"},
                                  {"Exif.Photo.ISOSpeedRatings", "640"},
                                  {"Exif.Photo.ExposureTime", "1/250"},
                                  {"Exif.Photo.FNumber", "28/10"},
                                  {"Exif.Photo.FocalLength", "35/1"},
                                  {"Exif.Image.ImageDescription", "At the sea\nin May"}});
    QCOMPARE(read.captureTimeMs, std::optional(clockMs(u"2024-05-01T12:30:59"_s)));
    QCOMPARE(read.utcOffsetMinutes, std::optional(480));
    QVERIFY(near(read.latitude, -(39 + 54 / 60.0 + 26.46 / 3600)));
    QVERIFY(near(read.longitude, -(116 + 23.85 / 60)));
    QVERIFY(near(read.altitudeMetres, -43.5));
    QCOMPARE(read.cameraMake, std::string("FUJIFILM"));
    QCOMPARE(read.cameraModel, std::string("X-T5"));
    QCOMPARE(read.lens, std::string("XF35mmF1.4 R"));
    QVERIFY(near(read.iso, 640));
    QVERIFY(near(read.exposureSeconds, 0.004));
    QVERIFY(near(read.fNumber, 2.8));
    QVERIFY(near(read.focalLengthMm, 35));
    QCOMPARE(read.description, std::string("At the sea\nin May"));
    QVERIFY(!read.rating && read.keywords.empty() && read.title.empty());

    const Metadata sensitive =
        ofTags({{"Exif.Photo.ISOSpeedRatings", "65535"}, {"Exif.Photo.RecommendedExposureIndex", "102400"}});
    QVERIFY(near(sensitive.iso, 102'400));
    const Metadata zero = ofTags({{"Exif.Photo.ExposureTime", "1/0"}, {"Exif.Photo.FNumber", "0/1"}});
    QVERIFY(!zero.exposureSeconds && !zero.fNumber);
}

void tst_ImageMetadata::readsXmp()
{
    const Metadata read = ofTags({{"Xmp.exif.DateTimeOriginal", "2024-05-01T12:30:59.25-03:30"},
                                  {"Xmp.exif.GPSLatitude", "39,54.441N"},
                                  {"Xmp.exif.GPSLongitude", "116,23,51.0W"},
                                  {"Xmp.exif.GPSAltitude", "435/10"},
                                  {"Xmp.exif.GPSAltitudeRef", "0"},
                                  {"Xmp.tiff.Make", "FUJIFILM"},
                                  {"Xmp.tiff.Model", "X-T5"},
                                  {"Xmp.aux.Lens", "XF35mmF1.4 R"},
                                  {"Xmp.exif.ISOSpeedRatings", "640"},
                                  {"Xmp.exif.ExposureTime", "1/250"},
                                  {"Xmp.exif.FNumber", "28/10"},
                                  {"Xmp.exif.FocalLength", "35/1"},
                                  {"Xmp.xmp.Rating", "-1"},
                                  {"Xmp.dc.subject", "海边"},
                                  {"Xmp.dc.subject", "holiday"},
                                  {"Xmp.dc.title", "lang=\"de\" Das Meer"},
                                  {"Xmp.dc.title", "lang=\"x-default\" 大海"},
                                  {"Xmp.dc.description", "lang=\"x-default\" Sand and sea"}});
    QCOMPARE(read.captureTimeMs, std::optional(clockMs(u"2024-05-01T12:30:59"_s)));
    QCOMPARE(read.utcOffsetMinutes, std::optional(-210));
    QVERIFY(near(read.latitude, 39 + 54.441 / 60));
    QVERIFY(near(read.longitude, -(116 + 23.85 / 60)));
    QVERIFY(near(read.altitudeMetres, 43.5));
    QCOMPARE(read.cameraMake, std::string("FUJIFILM"));
    QCOMPARE(read.cameraModel, std::string("X-T5"));
    QCOMPARE(read.lens, std::string("XF35mmF1.4 R"));
    QVERIFY(near(read.iso, 640));
    QVERIFY(near(read.exposureSeconds, 0.004));
    QVERIFY(near(read.fNumber, 2.8));
    QVERIFY(near(read.focalLengthMm, 35));
    QCOMPARE(read.rating, std::optional(-1));
    QCOMPARE(read.keywords, (std::vector<std::string>{"海边", "holiday"}));
    QCOMPARE(read.title, std::string("大海"));
    QCOMPARE(read.description, std::string("Sand and sea"));
}

void tst_ImageMetadata::readsIptc()
{
    const Metadata read = ofTags({{"Iptc.Application2.DateCreated", "2024-05-01"},
                                  {"Iptc.Application2.TimeCreated", "12:30:59+02:00"},
                                  {"Iptc.Application2.Keywords", "海边"},
                                  {"Iptc.Application2.ObjectName", "The sea"},
                                  {"Iptc.Application2.Caption", "Sand and sea"}});
    QCOMPARE(read.captureTimeMs, std::optional(clockMs(u"2024-05-01T12:30:59"_s)));
    QCOMPARE(read.utcOffsetMinutes, std::optional(120));
    QCOMPARE(read.keywords, std::vector<std::string>{"海边"});
    QCOMPARE(read.title, std::string("The sea"));
    QCOMPARE(read.description, std::string("Sand and sea"));
}

void tst_ImageMetadata::readsWhatWindowsWrites()
{
    // UTF-16 as bytes: "猫;b" and U+1F431.
    const Metadata read = ofTags({{"Exif.Image.Rating", "4"},
                                  {"Exif.Image.XPKeywords", "43 115 59 0 98 0 0 0"},
                                  {"Exif.Image.XPTitle", "61 216 49 220 0 0"}});
    QCOMPARE(read.rating, std::optional(4));
    QCOMPARE(read.keywords, (std::vector<std::string>{"猫", "b"}));
    QCOMPARE(read.title, std::string("🐱"));
}

void tst_ImageMetadata::prefersExifThenXmpThenIptc()
{
    Tags tags{{"Iptc.Application2.Caption", "iptc"}, {"Iptc.Application2.Keywords", "iptc"}};
    QCOMPARE(ofTags(tags).description, std::string("iptc"));
    tags.insert(tags.end(), {{"Xmp.dc.description", "xmp"}, {"Xmp.dc.subject", "xmp"}});
    QCOMPARE(ofTags(tags).description, std::string("xmp"));
    tags.insert(tags.end(), {{"Exif.Image.ImageDescription", "exif"},
                             {"Exif.Image.XPKeywords", "97 0"},
                             {"Exif.Image.Rating", "1"},
                             {"Xmp.xmp.Rating", "5"}});
    const Metadata read = ofTags(tags);
    QCOMPARE(read.description, std::string("exif"));
    QCOMPARE(read.keywords, std::vector<std::string>{"xmp"});
    QCOMPARE(read.rating, std::optional(5));
    tags.push_back({"Exif.Image.ImageDescription", "    "});
    QCOMPARE(ofTags(tags).description, std::string("xmp"));
}

void tst_ImageMetadata::readsTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clock");
    QTest::addColumn<int>("offset"); // 9999: none.
    QTest::newRow("EXIF") << u"2024:02:29 23:59:59"_s << u"2024-02-29T23:59:59"_s << 9999;
    QTest::newRow("ISO 8601") << u"2024-02-29T23:59:59"_s << u"2024-02-29T23:59:59"_s << 9999;
    QTest::newRow("zone") << u"2024-02-29T23:59:59+05:45"_s << u"2024-02-29T23:59:59"_s << 345;
    QTest::newRow("UTC") << u"2024-02-29T23:59:59.123Z"_s << u"2024-02-29T23:59:59"_s << 0;
    QTest::newRow("no seconds") << u"2024-02-29T23:59-08:00"_s << u"2024-02-29T23:59:00"_s << -480;
    QTest::newRow("no zone there is") << u"2024-02-29T23:59:59+25:00"_s << u"2024-02-29T23:59:59"_s << 9999;
    QTest::newRow("no such day") << u"2023-02-29T23:59:59"_s << QString() << 9999;
    QTest::newRow("a day only") << u"2024-02-29"_s << QString() << 9999;
    QTest::newRow("zeros") << u"0000:00:00 00:00:00"_s << QString() << 9999;
    QTest::newRow("blank") << u"    :  :     :  :  "_s << QString() << 9999;
}

void tst_ImageMetadata::readsTimes()
{
    QFETCH(const QString, text);
    QFETCH(const QString, clock);
    QFETCH(const int, offset);
    const Metadata read = readSidecar(sidecar({{"Xmp.photoshop.DateCreated", text.toStdString()}}));
    QCOMPARE(read.captureTimeMs, clock.isEmpty() ? std::nullopt : std::optional(clockMs(clock)));
    QCOMPARE(read.utcOffsetMinutes, offset == 9999 ? std::nullopt : std::optional(offset));
}

void tst_ImageMetadata::takesAZoneOnlyForItsTime()
{
    Tags tags{{"Exif.Photo.DateTimeOriginal", "2024:05:01 12:30:59"},
              {"Xmp.photoshop.DateCreated", "2024-05-01T12:30:59+02:00"}};
    QCOMPARE(ofTags(tags).utcOffsetMinutes, std::optional(120));
    tags.back().second = "2024-05-01T13:30:59+03:00";
    QVERIFY(!ofTags(tags).utcOffsetMinutes);
    QVERIFY(!ofTags({{"Exif.Photo.OffsetTimeOriginal", "+02:00"}}).utcOffsetMinutes);
}

void tst_ImageMetadata::doesNotBelieveAPositionWithoutAFix()
{
    const auto at = [](const std::string &degrees, const std::string &status) {
        return ofTags({{"Exif.GPSInfo.GPSLatitude", degrees},
                       {"Exif.GPSInfo.GPSLongitude", degrees},
                       {"Exif.GPSInfo.GPSStatus", status}});
    };
    QVERIFY(at("10/1 0/1 0/1", "A").latitude);
    QVERIFY(!at("10/1 0/1 0/1", "V").latitude);
    QVERIFY(!at("0/1 0/1 0/1", "A").latitude);
    QVERIFY(!at("91/1 0/1 0/1", "A").latitude);
    QVERIFY(!at("4294967295/1 0/1 0/1", "A").latitude);
    QVERIFY(!at("10/0 0/1 0/1", "A").latitude);
    QVERIFY(!ofTags({{"Exif.GPSInfo.GPSLatitude", "10/1 0/1 0/1"}}).latitude);
}

void tst_ImageMetadata::readsSidecars()
{
    const Metadata read = readSidecar(sidecar({{"Xmp.xmp.Rating", "4"}, {"Xmp.dc.subject", "海边"}}));
    QCOMPARE(read.rating, std::optional(4));
    QCOMPARE(read.keywords, std::vector<std::string>{"海边"});
    QVERIFY(readSidecar({}).isEmpty());
    QVERIFY(readSidecar(jpeg()).isEmpty());
    const Bytes whole = sidecar({{"Xmp.xmp.Rating", "4"}});
    for (std::size_t length = 0; length < whole.size(); ++length) // Cut off while it is written.
        QCOMPARE(readSidecar(std::span(whole).first(length)).rating.value_or(4), 4);
}

void tst_ImageMetadata::sidecarsWin()
{
    Metadata beside;
    beside.rating = 4;
    beside.keywords = {"a"};
    Metadata embedded;
    embedded.rating = 2;
    embedded.keywords = {"b", "c"};
    embedded.title = "kept";
    embedded.latitude = 1;
    embedded.longitude = 2;
    const Metadata both = completed(beside, embedded);
    QCOMPARE(both.rating, std::optional(4));
    QCOMPARE(both.keywords, std::vector<std::string>{"a"});
    QCOMPARE(both.title, std::string("kept"));
    QVERIFY(both.latitude == 1 && both.longitude == 2);
}

void tst_ImageMetadata::readsOtherFormats_data()
{
    QTest::addColumn<QByteArray>("format");
    for (const char *format : {"PNG", "WEBP", "TIFF", "JP2"})
        QTest::newRow(format) << QByteArray(format);
}

void tst_ImageMetadata::readsOtherFormats()
{
    QFETCH(const QByteArray, format);
    if (!QImageWriter::supportedImageFormats().contains(format.toLower()))
        QSKIP("Qt does not write it");
    const Bytes file = withTags(encoded(quarters(64, 48), format.constData()),
                                {{"Exif.Image.Make", "FUJIFILM"}, {"Xmp.dc.subject", "海边"}});
    const Metadata read = readMetadata(file);
    QCOMPARE(read.cameraMake, std::string("FUJIFILM"));
    QCOMPARE(read.keywords, std::vector<std::string>{"海边"});
}

void tst_ImageMetadata::textIsBoundedUtf8()
{
    std::string longest(40'000, 'x');
    const Metadata read = ofTags({{"Exif.Image.Make", "caf\xe9\x01 \xf0\x9f"},
                                  {"Exif.Image.ImageDescription", longest},
                                  {"Iptc.Application2.Keywords", "\xba\xa3\xb1\xdf"}});
    QCOMPARE(read.cameraMake, std::string("caf\uFFFD  \uFFFD"));
    QVERIFY(read.description.size() > 1000 && read.description.size() < 10'000);
    QVERIFY(isUtf8(read.keywords.front()));
    // Not cut within a character.
    std::string characters;
    while (characters.size() < 2'000)
        characters += "海";
    const Metadata cut = readSidecar(sidecar({{"Xmp.dc.title", characters}}));
    QVERIFY(isUtf8(cut.title) && cut.title.size() < 1'000 && characters.starts_with(cut.title));
}

void tst_ImageMetadata::keywordsAreBounded()
{
    QByteArray subjects("<dc:subject><rdf:Bag>");
    for (int i = 0; i < 20'000; ++i)
        subjects += "<rdf:li>k" + QByteArray::number(i) + "</rdf:li>";
    const Metadata read = readSidecar(packet(subjects + "<rdf:li>k0</rdf:li></rdf:Bag></dc:subject>"));
    QVERIFY(read.keywords.size() >= 100 && read.keywords.size() <= 1000);
    QCOMPARE(read.keywords.front(), std::string("k0"));
    QCOMPARE(std::count(read.keywords.begin(), read.keywords.end(), "k0"), 1);
}

void tst_ImageMetadata::saysNothingOfWhatItCannotRead()
{
    QVERIFY(readMetadata({}).isEmpty());
    QVERIFY(readMetadata(toBytes("no picture at all, whatever it is called")).isEmpty());
    QVERIFY(readMetadata(encoded(quarters(8, 8), "BMP")).isEmpty());
    QVERIFY(readMetadata(toBytes(QByteArray("\0\0\0\x18"
                                            "ftypisom\0\0\0\0isommp42",
                                            24) +
                                 QByteArray(1000, 'x')))
                .isEmpty());
}

void tst_ImageMetadata::readsWhatIsLeftOfBrokenExif()
{
    const Bytes whole = withTags(jpeg(), {{"Exif.Image.Make", "FUJIFILM"},
                                          {"Exif.Photo.FNumber", "28/10"},
                                          {"Exif.Photo.LensModel", "XF35mmF1.4 R"}});
    // The picture is cut off behind its EXIF block.
    static constexpr std::array kMark{std::byte{'E'}, std::byte{'x'}, std::byte{'i'}, std::byte{'f'}};
    const auto mark = std::search(whole.begin(), whole.end(), kMark.begin(), kMark.end());
    const auto begin = std::size_t(mark - whole.begin());
    const std::size_t block =
        begin - 2 + std::to_integer<std::size_t>(mark[-2]) * 256 + std::to_integer<std::size_t>(mark[-1]);
    QCOMPARE(readMetadata(std::span(whole).first(block)).cameraMake, std::string("FUJIFILM"));
    // Wherever the block itself is damaged, it ends, and text is text.
    int left = 0;
    for (std::size_t i = begin; i < block; ++i) {
        Bytes broken = whole;
        broken[i] ^= std::byte{0xff};
        const Metadata read = readMetadata(broken);
        QVERIFY(isUtf8(read.cameraMake) && isUtf8(read.lens));
        left += read.cameraMake == "FUJIFILM" ? 1 : 0;
    }
    QVERIFY(left > int(block - begin) / 3);
}

void tst_ImageMetadata::refusesEntitiesAndDeepNesting()
{
    QCOMPARE(readSidecar(packet("")).rating, std::optional(3)); // The same without what is bad.
    QByteArray laughs("<!DOCTYPE x [<!ENTITY a0 'ha'>");
    for (int i = 1; i < 40; ++i)
        laughs += "<!ENTITY a" + QByteArray::number(i) + " '" +
                  QByteArray("&a" + QByteArray::number(i - 1) + ';').repeated(10) + "'>";
    const auto prefixed = [](const QByteArray &prefix, const Bytes &rest) {
        Bytes all = toBytes(prefix);
        all.insert(all.end(), rest.begin(), rest.end());
        return all;
    };
    const auto title = [](const QByteArray &text) {
        return packet("<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>" + text +
                      "</rdf:li></rdf:Alt></dc:title>");
    };
    QElapsedTimer timer;
    timer.start();
    const double peak = peakBytes([&] {
        QVERIFY(readSidecar(prefixed(laughs + "]>", title("&a39;"))).title.size() < 1000);
        QVERIFY(readSidecar(prefixed("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>", title("&f;")))
                    .title.empty());
        const QByteArray open = QByteArray("<dc:a rdf:parseType='Resource'>").repeated(200'000);
        readSidecar(packet(open + QByteArray("</dc:a>").repeated(200'000)));
    });
    QVERIFY2(peak < 300e6, qPrintable(QString::number(peak)));
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void tst_ImageMetadata::hostileTiffTakesNoMemory()
{
    const Bytes file = sharingTiff(250, 4 << 20);
    const double peak = peakBytes([&] { readMetadata(file); });
    QVERIFY2(peak < 100e6, qPrintable(QString::number(peak)));
}

void tst_ImageMetadata::readsOnManyThreads()
{
    const Bytes file = withTags(jpeg(), {{"Exif.Image.Make", "FUJIFILM"}, {"Xmp.dc.subject", "海边"}});
    const Bytes beside = sidecar({{"Xmp.xmp.Rating", "4"}});
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 50; ++k)
                    right +=
                        readMetadata(file).keywords.size() == 1 && readSidecar(beside).rating == 4 ? 1 : 0;
            });
        }
    }
    QCOMPARE(right.load(), 400);
}

void tst_ImageMetadata::readsRealPhotos()
{
    const Metadata nikon = readMetadata(fileBytes(shared("photos/gps/gps_DSCN0010.jpg")));
    if (nikon.isEmpty())
        SKIP_WITHOUT_SHARED("photos/gps");
    QCOMPARE(nikon.captureTimeMs, std::optional(clockMs(u"2008-10-22T16:28:39"_s)));
    QVERIFY(near(nikon.latitude, 43.467448, 1e-5) && near(nikon.longitude, 11.885126, 1e-5));
    QCOMPARE(nikon.cameraMake, std::string("NIKON"));
    QCOMPARE(nikon.cameraModel, std::string("COOLPIX P6000"));
    QVERIFY(near(nikon.iso, 64) && near(nikon.fNumber, 5.9) && near(nikon.focalLengthMm, 24));
    const Metadata raw = readMetadata(fileBytes(shared("photos/formats/nef_Issue_247-4.nef")));
    QVERIFY(raw.cameraMake.starts_with("NIKON") && raw.captureTimeMs && raw.exposureSeconds);
    const Metadata phone = readMetadata(fileBytes(shared("photos/formats/heic_Issue_263_dotnet.heic")));
    QCOMPARE(phone.cameraModel, std::string("iPhone XR"));
    QCOMPARE(phone.lens, std::string("iPhone XR back camera 4.25mm f/1.8"));
    QVERIFY(near(phone.latitude, 38.699539, 1e-5) && near(phone.longitude, -9.207747, 1e-5));
    QVERIFY(near(phone.altitudeMetres, 14.0000458, 1e-5));
}

void tst_ImageMetadata::survivesOddFiles()
{
    QDirIterator files(shared("odd-files"), QDir::Files, QDirIterator::Subdirectories);
    if (!files.hasNext())
        SKIP_WITHOUT_SHARED("odd-files");
    while (files.hasNext()) {
        const QString path = files.next();
        const Bytes file = fileBytes(path);
        QElapsedTimer timer;
        timer.start();
        Metadata read;
        const double peak = peakBytes([&] {
            read = readMetadata(file);
            readSidecar(file);
        });
        QVERIFY2(timer.elapsed() < 5'000 && peak < 300e6, qPrintable(path));
        for (const std::string &text : {read.cameraMake, read.cameraModel, read.lens, read.title})
            QVERIFY2(isUtf8(text), qPrintable(path));
    }
}

YINGXUN_SHARED_TEST_MAIN(tst_ImageMetadata)
#include "tst_image_metadata.moc"
