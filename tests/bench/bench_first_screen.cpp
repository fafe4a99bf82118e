// SPDX-License-Identifier: GPL-3.0-or-later
// From the key to the pixels: the real window over a catalogue of many photos that lie nowhere, whose
// thumbnails of 256 pixels are in thumbs.db, asked for one mixture of colours after another with an encoder
// that costs nothing. Measured is from the key, and so with the search, until all cells in sight have been
// painted with their thumbnails. Bar at 100,000 photos: 50 ms from the ranked list.
//
//   bench_first_screen [PHOTOS]      (without: 100000)
#include "core/db/catalogue.h"
#include "program.h"
#include "ui/photo_grid.h"
#include "ui/photo_list_model.h"

#include <QApplication>
#include <QBuffer>
#include <QElapsedTimer>
#include <QSet>
#include <QSignalSpy>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

using namespace yingxun;
using namespace Qt::StringLiterals;

namespace {

constexpr int kQueries = 30;
constexpr int kBatch = 10'000;
constexpr int kMostInSight = 200;

QString query(int number)
{
    return u"红 绿^%1 蓝^%2"_s.arg(0.2 + number % 6 * 0.4).arg(0.2 + number / 6 * 0.5);
}

/// Somewhat like a photograph for the decoder: neither flat nor noise.
std::vector<std::byte> jpegOf(unsigned seed)
{
    std::mt19937 random(seed);
    QImage coarse(32, 24, QImage::Format_RGB32);
    for (int y = 0; y < coarse.height(); ++y) {
        for (int x = 0; x < coarse.width(); ++x)
            coarse.setPixel(x, y, random());
    }
    QBuffer jpeg;
    jpeg.open(QIODevice::WriteOnly);
    coarse.scaled(256, 192, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).save(&jpeg, "JPEG", 85);
    std::vector<std::byte> bytes(static_cast<std::size_t>(jpeg.data().size()));
    std::memcpy(bytes.data(), jpeg.data().constData(), bytes.size());
    return bytes;
}

bool fill(db::Catalogue &catalogue, const test::Library &library, int count)
{
    const std::string root = library.folder().toStdString();
    const auto folder = catalogue.addFolder(root);
    if (!folder)
        return false;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (int first = 0; first < count; first += kBatch) {
        std::vector<Photo> photos;
        std::vector<ContentHash> contents;
        Embeddings rows{{}, 0, 3};
        for (int number = first; number < std::min(count, first + kBatch); ++number) {
            Photo photo;
            photo.folder = *folder;
            photo.path = root + "/" + std::to_string(number) + ".jpg";
            std::memcpy(photo.hash.bytes.data(), &number, sizeof number);
            photo.mtimeMs = 1'600'000'000'000 + std::int64_t{number} * 60'000;
            photo.width = photo.height = 1000;
            contents.push_back(photo.hash);
            photos.push_back(std::move(photo));
            for (int i = 0; i < 3; ++i)
                rows.values.push_back(normal(random));
            ++rows.count;
        }
        for (int row = 0; row < rows.count; ++row) {
            float *values = rows.values.data() + 3 * row;
            const float length = std::hypot(values[0], values[1], values[2]);
            std::for_each(values, values + 3, [length](float &value) { value /= length; });
        }
        if (!library.store->append(contents, rows) || !catalogue.putPhotos(photos))
            return false;
    }
    return true;
}

/// Thumbnails of what the queries will find first. @return how many bytes one has, on average; 0: failed
double keepThumbnails(db::Catalogue &catalogue, const test::Library &library)
{
    services::Searcher searcher(library.encoder, library.store);
    QSignalSpy found(&searcher, &services::Searcher::found);
    QSet<ContentHash> kept;
    double bytes = 0;
    for (int number = 0; number < kQueries; ++number) {
        found.clear();
        searcher.searchText(query(number), kMostInSight);
        if (!found.wait())
            return 0;
        std::vector<Thumbnail> some;
        for (const ContentHash &content : found.first().first().value<services::SearchResult>().contents) {
            if (kept.contains(content))
                continue;
            kept.insert(content);
            some.push_back({content, jpegOf(static_cast<unsigned>(kept.size()))});
            bytes += static_cast<double>(some.back().jpeg.size());
        }
        if (!catalogue.putThumbnails(some))
            return 0;
    }
    return bytes / static_cast<double>(kept.size());
}

/// The rows of the cells that are in sight.
QList<QModelIndex> inSight(const ui::PhotoGrid &grid)
{
    QList<QModelIndex> all;
    for (int row = 0; row < std::min(grid.model()->rowCount(), kMostInSight); ++row) {
        const QModelIndex index = grid.model()->index(row, 0);
        if (grid.visualRect(index).intersects(grid.viewport()->rect()))
            all.append(index);
    }
    return all;
}

bool measure(int count)
{
    const test::Library library;
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue || !fill(*catalogue, library, count))
        return false;
    const double bytes = keepThumbnails(*catalogue, library);
    if (bytes <= 0)
        return false;
    test::Program program(library);
    program.window.resize(1600, 1000);
    program.window.show();
    if (!QTest::qWaitFor([&] { return program.rows() == count; }, 60'000))
        return false;
    std::vector<qint64> times;
    qsizetype cells = 0;
    QElapsedTimer clock;
    QSet<qlonglong> shown;
    qsizetype first = 0; // Cells that showed what the window had not shown before.
    bool isFound = false;
    QObject::connect(&program.composition.searcher(), &services::Searcher::found, &program.window,
                     [&isFound] { isFound = true; });
    for (int number = 0; number < kQueries; ++number) {
        isFound = false;
        clock.start();
        program.search()->setText(query(number));
        const auto isPainted = [&] {
            if (!isFound)
                return false;
            const QList<QModelIndex> cellsInSight = inSight(*program.grid());
            cells = cellsInSight.size();
            return cells > 0 &&
                   std::all_of(cellsInSight.begin(), cellsInSight.end(),
                               [](const QModelIndex &one) { return !one.data(Qt::DecorationRole).isNull(); });
        };
        while (!isPainted())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
        program.window.repaint();
        times.push_back(clock.elapsed());
        for (const QModelIndex &one : inSight(*program.grid())) {
            const qlonglong photo = one.data(ui::PhotoListModel::PhotoIdRole).toLongLong();
            first += shown.contains(photo) ? 0 : 1;
            shown.insert(photo);
        }
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "%d photos, %lld cells in sight (%lld of them new, on average) of thumbnails of %.0f KB: painted "
        "after %lld ms (median), %lld ms (longest of %d)\n",
        count, static_cast<long long>(cells), static_cast<long long>(first / kQueries), bytes / 1000,
        static_cast<long long>(times[times.size() / 2]), static_cast<long long>(times.back()), kQueries);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QStandardPaths::setTestModeEnabled(true); // Not the settings of whoever measures.
    const QApplication application(argc, argv);
    return measure(argc > 1 ? std::stoi(argv[1]) : 100'000) ? 0 : 1;
}
