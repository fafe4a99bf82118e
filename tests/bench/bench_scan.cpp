// SPDX-License-Identifier: GPL-3.0-or-later
// Trees of so many tiny photos, with an encoder that costs nothing: how long a walk takes, and how long the
// same calls of the system take by themselves (nftw); how long a run of the indexer takes that finds nothing
// new; how many new photos a second a full library takes in, beside a small one: by the indexer, from file to
// row, thumbnail and embedding, and by the catalogue alone. Bars at 1,000,000 photos: walk 60 s, run 15 s,
// full library at least 0.9 times as fast.
//
//   bench_scan [DIRECTORY] [PHOTOS...]      (without: the system's for temporary files, 10000 100000)
#include "core/base/content_hasher.h"
#include "core/db/catalogue.h"
#include "core/ingest/file_walk.h"
#include "library.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <ftw.h>
#include <string>
#include <string_view>
#include <vector>

using namespace yingxun;

namespace {

constexpr int kBatch = 10'000;
constexpr int kInDirectory = 500;
constexpr int kSmall = 1000;      // Photos in a small catalogue.
constexpr int kMeasured = 20'000; // Photos whose storing is timed.
constexpr int kIndexed = 5'000;   // And whose indexing is.
constexpr int kFirstNew = 15'000'000;
constexpr std::int64_t kMsApart = 60'000;
constexpr int kPatienceMs = 600'000;
constexpr int kStored = 100; // Of them at once.

double seconds(const QElapsedTimer &clock)
{
    return static_cast<double>(clock.nsecsElapsed()) / 1e9;
}

/// A picture of one pixel; what comes behind it is read by nobody.
std::string picture(int number)
{
    return "P3 1 1 255 " + std::to_string(number / 65536) + ' ' + std::to_string(number / 256 % 256) + ' ' +
           std::to_string(number % 256) + '\n';
}

Photo photo(FolderId folder, ingest::FoundFile file, const ContentHash &content)
{
    Photo one;
    one.folder = folder;
    one.path = std::move(file.path);
    one.hash = content;
    one.sizeBytes = file.sizeBytes;
    one.mtimeMs = file.mtimeMs;
    one.width = one.height = 1;
    return one;
}

ContentHash contentOf(const std::string &bytes)
{
    return contentHash(std::as_bytes(std::span(bytes)));
}

bool plant(const std::string &root, int count, int first = 0)
{
    for (int number = first; number < first + count; ++number) {
        const std::string directory = root + '/' + std::to_string(number / kInDirectory);
        if (number % kInDirectory == 0)
            std::filesystem::create_directories(directory);
        std::ofstream file(directory + "/IMG_" + std::to_string(number) + ".ppm");
        if (!(file << picture(number)))
            return false;
    }
    return true;
}

/// What a first run would have stored.
bool store(const test::Library &library, FolderId folder, const std::vector<ingest::FoundFile> &files)
{
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue)
        return false;
    for (std::size_t first = 0; first < files.size(); first += kBatch) {
        std::vector<Photo> photos;
        std::vector<Measure> measures;
        std::vector<ContentMetadata> metadata;
        std::vector<Thumbnail> thumbnails;
        std::vector<ContentHash> contents;
        Embeddings embeddings{{}, 0, 3};
        for (std::size_t i = first; i < std::min(files.size(), first + kBatch); ++i) {
            const std::string &path = files[i].path;
            const std::size_t name = path.rfind('_') + 1;
            contents.push_back(contentOf(picture(std::stoi(path.substr(name)))));
            photos.push_back(photo(folder, files[i], contents.back()));
            measures.push_back({contents.back(), 1, i});
            metadata.push_back({contents.back(), {}});
            thumbnails.push_back({contents.back(), std::vector<std::byte>(64)}); // They are only counted.
            embeddings.values.insert(embeddings.values.end(), {1, 0, 0});
            ++embeddings.count;
        }
        if (!library.store->append(contents, embeddings) || !catalogue->putMeasures(measures) ||
            !catalogue->putMetadata(metadata) || !catalogue->putThumbnails(thumbnails) ||
            !catalogue->putPhotos(photos))
            return false;
    }
    return true;
}

/// Photos in the order of a walk, which is mostly that of their times as well.
/// @return photos a second, 0 when it went wrong.
double insertRate(db::Catalogue &catalogue, FolderId folder, const std::string &root)
{
    static int number = 0;
    QElapsedTimer clock;
    clock.start();
    for (int done = 0; done < kMeasured; done += kStored) {
        std::vector<Photo> photos;
        for (int i = 0; i < kStored; ++i, ++number) {
            const std::string path = root + "/new/IMG_" + std::to_string(1'000'000 + number) + ".ppm";
            photos.push_back(
                photo(folder, {path, 20, 1'600'000'000'000 + number * kMsApart}, contentOf(path)));
        }
        if (!catalogue.putPhotos(photos))
            return 0;
    }
    return kMeasured / seconds(clock);
}

/// Runs the indexer to its end. @return seconds, 0 when not all files were known already.
double runOverKnown(services::Indexer &indexer, int count)
{
    QSignalSpy finished(&indexer, &services::Indexer::finished);
    QElapsedTimer clock;
    clock.start();
    indexer.start();
    const bool ended = finished.wait(kPatienceMs);
    return ended && indexer.progress().unchanged == count ? seconds(clock) : 0;
}

/// New files, by the indexer: all that a photo needs but the tower.
/// @return photos a second, 0 when it went wrong.
double indexRate(const test::Library &library)
{
    const QString directory = library.path(QStringLiteral("new"));
    if (!plant(directory.toStdString(), kIndexed, kFirstNew))
        return 0;
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QElapsedTimer clock;
    clock.start();
    const auto done = test::Library::finish(indexer, [&] { indexer.update({directory}); });
    return done && done->embedded == kIndexed ? kIndexed / seconds(clock) : 0;
}

struct Rates {
    double indexed = 0; ///< Photos a second.
    double stored = 0;
};

/// Of a library of few photos.
Rates smallRates()
{
    const test::Library library;
    const std::string root = library.folder().toStdString();
    auto catalogue = db::Catalogue::open(library.data());
    const auto folder = catalogue ? catalogue->addFolder(root) : catalogue.propagate();
    if (!folder)
        return {};
    std::vector<Photo> photos;
    for (int number = 0; number < kSmall; ++number) {
        const std::string path = root + "/0/IMG_" + std::to_string(number) + ".ppm";
        photos.push_back(photo(*folder, {path, 20, number}, contentOf(path)));
    }
    if (!catalogue->putPhotos(photos))
        return {};
    const double indexed = indexRate(library);
    return {indexed, insertRate(*catalogue, *folder, root)};
}

bool measure(int count)
{
    const test::Library library;
    const std::string root = library.folder().toStdString();
    FolderId folder;
    {
        auto catalogue = db::Catalogue::open(library.data());
        const auto added = catalogue ? catalogue->addFolder(root) : catalogue.propagate();
        if (!added || !plant(root, count))
            return false;
        folder = *added;
    }

    QElapsedTimer clock;
    clock.start();
    static int peersFiles = 0;
    peersFiles = 0;
    ::nftw(
        root.c_str(),
        [](const char *, const struct stat *, int type, FTW *) {
            peersFiles += type == FTW_F ? 1 : 0;
            return 0;
        },
        64, FTW_PHYS);
    const double peer = seconds(clock);
    clock.restart();
    std::vector<ingest::FoundFile> files;
    ingest::walkPhotos(root, {root, ingest::Exclusions(ingest::defaultExclusions()), {root}}, {},
                       [&files](ingest::FoundFile file) { files.push_back(std::move(file)); });
    const double walk = seconds(clock);
    if (std::ssize(files) != count || peersFiles != count || !store(library, folder, files))
        return false;

    services::Indexer indexer(library.data(), library.encoder, library.store);
    const double firstRun = runOverKnown(indexer, count); // Looks for what is no longer used as well.
    const double run = runOverKnown(indexer, count);
    if (firstRun <= 0 || run <= 0)
        return false;

    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue)
        return false;
    const Rates small = smallRates();
    const double indexed = indexRate(library);
    const double stored = insertRate(*catalogue, folder, root);
    std::printf("%8d photos: walk %.2f s (nftw %.2f s, ratio %.2f), nothing new %.2f s (at first %.2f s)\n"
                "         indexed %6.0f/s (of %d: %6.0f/s, ratio %.2f), "
                "catalogue alone %6.0f/s (%6.0f/s, ratio %.2f)\n",
                count, walk, peer, walk / peer, run, firstRun, indexed, kSmall, small.indexed,
                indexed / small.indexed, stored, small.stored, stored / small.stored);
    std::fflush(stdout);
    return indexed > 0 && small.indexed > 0 && small.stored > 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    std::vector<int> counts;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]).find('/') != std::string_view::npos)
            qputenv("TMPDIR", argv[i]); // Where Library puts what it makes.
        else
            counts.push_back(std::stoi(argv[i]));
    }
    if (counts.empty())
        counts = {10'000, 100'000};
    return std::all_of(counts.begin(), counts.end(), measure) ? 0 : 1;
}
