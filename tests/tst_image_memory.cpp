// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/decode_budget.h"
#include "tests/support/image_samples.h"

#include <QFile>
#include <QTest>

#include <atomic>
#include <cstdio> // Before jpeglib.h, which needs it.
#include <cstdlib>
#include <cstring>
#include <jpeglib.h>
#include <latch>
#include <thread>
#include <vector>

using namespace yingxun::image;
using namespace yingxun::test;
using yingxun::ErrorCode;

namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

/// The most memory that this process has held since resetPeak(), bytes.
std::uint64_t peak()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toULongLong() * 1024;
    }
    return 0;
}

bool resetPeak()
{
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    return file.open(QIODevice::WriteOnly) && file.write("5") == 1;
}

/// Written row by row: the test holds no picture.
Bytes greyJpeg(unsigned width, unsigned height, bool isProgressive)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char *buffer = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &buffer, &size);
    info.image_width = width;
    info.image_height = height;
    info.input_components = 1;
    info.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&info);
    if (isProgressive)
        jpeg_simple_progression(&info);
    jpeg_start_compress(&info, TRUE);
    std::vector<unsigned char> row(width);
    while (info.next_scanline < height) {
        std::fill(row.begin(), row.end(), info.next_scanline < height / 2 ? 40 : 200);
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    Bytes file(size);
    std::memcpy(file.data(), buffer, size);
    jpeg_destroy_compress(&info);
    std::free(buffer);
    return file;
}

/// Little-endian numbers one after the other.
class Writer
{
public:
    Writer &text(const char *bytes, std::size_t size)
    {
        for (std::size_t i = 0; i < size; ++i)
            m_bytes.push_back(static_cast<std::byte>(bytes[i]));
        return *this;
    }
    Writer &number(std::uint32_t value, int size)
    {
        for (int i = 0; i < size; ++i)
            m_bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 255));
        return *this;
    }
    Writer &tag(std::uint32_t tag, std::uint32_t type, std::uint32_t value)
    {
        return number(tag, 2).number(type, 2).number(1, 4).number(value, 4);
    }
    const Bytes &bytes() const { return m_bytes; }

private:
    Bytes m_bytes;
};

/// A canvas of side x side with a frame of one pixel.
Bytes tinyGif(std::uint32_t side)
{
    return Writer()
        .text("GIF89a", 6)
        .number(side, 2)
        .number(side, 2)
        .number(0x80, 1)
        .number(0, 2)
        .text("\x00\x00\x00\xff\xff\xff", 6)
        .text(",\x00\x00\x00\x00\x01\x00\x01\x00\x00", 10)
        .text("\x02\x02\x44\x01\x00;", 6)
        .bytes();
}

/// Run-length encoded, with an end mark and no run.
Bytes tinyBmp(std::uint32_t side)
{
    Writer writer;
    writer.text("BM", 2).number(14 + 40 + 8 + 2, 4).number(0, 4).number(14 + 40 + 8, 4);
    writer.number(40, 4).number(side, 4).number(side, 4).number(1, 2).number(8, 2).number(1, 4).number(2, 4);
    writer.number(0, 4).number(0, 4).number(2, 4).number(0, 4).text("\0\0\0\0\xff\xff\xff\0", 8);
    return writer.text("\0\1", 2).bytes();
}

/// One strip of packed bits, nearly all of it missing.
Bytes tinyTiff(std::uint32_t side)
{
    Writer writer;
    writer.text("II*\0", 4).number(8, 4).number(9, 2);
    writer.tag(256, 4, side).tag(257, 4, side).tag(258, 3, 8).tag(259, 3, 32773).tag(262, 3, 1);
    writer.tag(273, 4, 8 + 2 + 9 * 12 + 4).tag(277, 3, 1).tag(278, 4, side).tag(279, 4, 4).number(0, 4);
    return writer.text("\x81\x55\x81\x55", 4).bytes();
}

} // namespace

/// What decoding costs in memory.
class tst_image_memory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAScanOf366MegapixelsInLittleMemory();
    void countsWhatAProgressivePictureHolds();
    void tinyFilesOfManyThreadsStayInTheBudget();
    void waitsForWhatOthersHold();
    void stopsWaitingWhenAsked();
    void refusesWhatNeverFits();
};

void tst_image_memory::readsAScanOf366MegapixelsInLittleMemory()
{
    const Bytes file = greyJpeg(30'000, 12'200, false);
    QVERIFY(resetPeak());
    const std::uint64_t before = peak();
    const auto decoded = decode(file, {.minimumSide = 448});
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    QCOMPARE(decoded->info.width, 30'000);
    QCOMPARE(decoded->info.height, 12'200);
    QCOMPARE(decoded->image.width, 3750);
    QCOMPARE(int(decoded->image.pixels.front()), 40);
    QCOMPARE(int(decoded->image.pixels.back()), 200);
    QVERIFY2(peak() - before < 100 * kMegabyte,
             QByteArray::number(qulonglong((peak() - before) / kMegabyte)));
    // Whole it would be held whole.
    QCOMPARE(decode(file).error().code, ErrorCode::TooLarge);
}

void tst_image_memory::countsWhatAProgressivePictureHolds()
{
    // Its scans are all kept until the last one has come, whatever comes out: two bytes a pixel.
    const Bytes file = greyJpeg(8000, 6000, true);
    DecodeBudget small(64 * kMegabyte);
    DecodeBudget enough(128 * kMegabyte);
    QCOMPARE(decode(file, {.minimumSide = 448, .budget = &small}).error().code, ErrorCode::TooLarge);
    QVERIFY(decode(file, {.minimumSide = 448, .budget = &enough}));
    QVERIFY(decode(greyJpeg(8000, 6000, false), {.minimumSide = 448, .budget = &small}));
}

void tst_image_memory::tinyFilesOfManyThreadsStayInTheBudget()
{
    constexpr std::uint32_t kSide = 17'320; // 300 megapixels.
    const std::vector<Bytes> files{tinyGif(kSide), tinyBmp(kSide), tinyTiff(kSide)};
    for (const Bytes &file : files)
        QVERIFY(file.size() < 300);
    constexpr std::uint64_t kBudget = 1300 * kMegabyte;
    DecodeBudget budget(kBudget);
    QVERIFY(resetPeak());
    const std::uint64_t before = peak();
    std::atomic<int> shown = 0;
    std::latch begin(3);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            begin.arrive_and_wait();
            for (std::size_t k = 0; k < files.size(); ++k) {
                const auto decoded =
                    decode(files[(i + k) % files.size()], {.minimumSide = 448, .budget = &budget});
                shown += decoded ? 1 : 0;
            }
        });
    }
    threads.clear();
    QVERIFY(shown >= 3); // The GIF at least is a picture, of one pixel on an empty canvas.
    const std::uint64_t most = peak() - before;
    QVERIFY2(most < kBudget + 100 * kMegabyte, QByteArray::number(qulonglong(most / kMegabyte)));
}

void tst_image_memory::waitsForWhatOthersHold()
{
    DecodeBudget budget(100);
    auto first = budget.acquire(70);
    QVERIFY(first);
    QVERIFY(budget.acquire(70)); // Who holds something is not kept waiting.
    std::atomic<bool> isDone = false;
    std::jthread other([&] {
        const auto lease = budget.acquire(70);
        isDone = bool(lease);
    });
    std::jthread third([&] { static_cast<void>(budget.acquire(10)); });
    first->shrinkTo(40);
    QVERIFY(!isDone); // 40 + 70 is still more than there is.
    first->release();
    other.join();
    QVERIFY(isDone);
}

void tst_image_memory::stopsWaitingWhenAsked()
{
    DecodeBudget budget(100);
    auto first = budget.acquire(70);
    std::atomic<ErrorCode> why{};
    std::jthread other([&](const std::stop_token &stop) {
        const auto lease = budget.acquire(70, stop);
        why = lease ? ErrorCode{} : lease.error().code;
    });
    std::atomic<bool> isDone = false;
    std::jthread third([&] { isDone = bool(budget.acquire(30)); });
    other.request_stop();
    other.join();
    QCOMPARE(why.load(), ErrorCode::Cancelled);
    third.join(); // Whoever came after it is served.
    QVERIFY(isDone);
    first->release();
    QVERIFY(budget.acquire(100));
}

void tst_image_memory::refusesWhatNeverFits()
{
    DecodeBudget budget(10 * kMegabyte);
    const auto refused = decode(encoded(quarters(2000, 2000), "PNG"), {.budget = &budget});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QVERIFY2(refused.error().message.find("the limit for all decoding is 10 MB") != std::string::npos,
             refused.error().message.c_str());
}

QTEST_APPLESS_MAIN(tst_image_memory)

#include "tst_image_memory.moc"
