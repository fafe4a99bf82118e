// SPDX-License-Identifier: GPL-3.0-or-later
// The real window over catalogues of many photos that lie nowhere, with an encoder that costs nothing:
// how long until the grid is painted, how long the window's thread stands still at most until a photo that
// was added is in it, and while a hundred a second are, and the memory. Bars at 1,000,000 photos: 1.5 s, 50
// ms, 600 MB.
//
//   bench_window [PHOTOS...]      (without: 10000 100000 1000000)
#include "core/db/catalogue.h"
#include "process_memory.h"
#include "program.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

using namespace yingxun;

namespace {

constexpr int kBatch = 10'000;
constexpr int kInDirectory = 500;
constexpr int kAdded = 1000;
constexpr int kAddedAtOnce = 10;
constexpr int kAddedASecond = 100;

double residentMiB()
{
    return test::statusBytes("VmRSS:") / (1 << 20);
}

Photo photo(const std::string &root, FolderId folder, int number)
{
    Photo one;
    one.folder = folder;
    one.path =
        root + "/2" + std::to_string(number / kInDirectory) + "/IMG_" + std::to_string(number) + ".jpg";
    for (std::size_t byte = 0; byte < 4; ++byte)
        one.hash.bytes[byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    one.mtimeMs = 1'600'000'000'000 + std::int64_t{number} * 60'000;
    one.width = one.height = 1000;
    return one;
}

/// Lets the window's thread turn, and keeps the longest time for which it did not.
class Heart
{
public:
    Heart()
    {
        m_timer.setInterval(1);
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout,
                         [this] { m_longest = std::max(m_longest, m_beat.restart()); });
        m_beat.start();
        m_timer.start();
    }
    /// Until it holds; false after a minute.
    template<typename Condition>
    bool beatUntil(Condition condition)
    {
        m_longest = 0;
        m_beat.restart();
        return QTest::qWaitFor(condition, 60'000);
    }
    qint64 longest() { return std::max(m_longest, m_beat.elapsed()); }

private:
    QTimer m_timer;
    QElapsedTimer m_beat;
    qint64 m_longest = 0;
};

bool measure(int count)
{
    const test::Library library;
    const std::string root = library.folder().toStdString();
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue ? catalogue->addFolder(root) : catalogue.propagate();
    if (!folder)
        return false;
    for (int first = 0; first < count; first += kBatch) {
        std::vector<Photo> photos;
        for (int number = first; number < std::min(count, first + kBatch); ++number)
            photos.push_back(photo(root, *folder, number));
        if (!catalogue->putPhotos(photos))
            return false;
    }
    const double before = residentMiB();
    QElapsedTimer clock;
    clock.start();
    Heart heart;
    // Without a model nothing is indexed: photos that lie nowhere would leave the library.
    test::Program program(library, [](const QString &, const services::Computing &, const std::stop_token &) {
        return Result<std::shared_ptr<vectors::Encoder>>(fail(ErrorCode::NotFound, "none is needed"));
    });
    if (!heart.beatUntil([&] { return program.rows() == count; }))
        return false;
    program.window.repaint();
    const qint64 shown = clock.elapsed();
    const qint64 shownBlock = heart.longest();

    if (!catalogue->putPhotos(std::array{photo(root, *folder, count)}))
        return false;
    clock.restart();
    Q_EMIT program.indexer.photosChanged();
    if (!heart.beatUntil([&] { return program.rows() == count + 1; }))
        return false;
    program.window.repaint();
    const qint64 added = clock.elapsed();
    const qint64 addedBlock = heart.longest();

    std::jthread adding([&] {
        for (int number = count + 1; number <= count + kAdded; number += kAddedAtOnce) {
            std::vector<Photo> photos;
            for (int i = number; i < number + kAddedAtOnce; ++i)
                photos.push_back(photo(root, *folder, i));
            static_cast<void>(catalogue->putPhotos(photos));
            QMetaObject::invokeMethod(&program.indexer, &services::Indexer::photosChanged,
                                      Qt::QueuedConnection);
            std::this_thread::sleep_for(std::chrono::milliseconds(1000 * kAddedAtOnce / kAddedASecond));
        }
    });
    if (!heart.beatUntil([&] { return program.rows() == count + 1 + kAdded; }))
        return false;
    std::printf(
        "%8d photos: painted after %5lld ms (longest stop %3lld ms), one more after %5lld ms (longest "
        "stop %3lld ms), %d a second: longest stop %3lld ms; %5.0f MiB\n",
        count, static_cast<long long>(shown), static_cast<long long>(shownBlock),
        static_cast<long long>(added), static_cast<long long>(addedBlock), kAddedASecond,
        static_cast<long long>(heart.longest()), residentMiB() - before);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QStandardPaths::setTestModeEnabled(true); // Not the settings of whoever measures.
    const QApplication application(argc, argv);
    std::vector<int> counts;
    for (int i = 1; i < argc; ++i)
        counts.push_back(std::stoi(argv[i]));
    if (counts.empty())
        counts = {10'000, 100'000, 1'000'000};
    return std::all_of(counts.begin(), counts.end(), measure) ? 0 : 1;
}
