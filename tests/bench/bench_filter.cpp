// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/library/library_follower.h"
#include "core/query/filtered_photos.h"
#include "core/query/parser.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

/// Prints what each kind of filter costs. Arguments: photos (100000), sidecars (0).
using namespace yingxun;

namespace {

constexpr int kRuns = 5;
constexpr int kBatch = 10'000;

ContentHash content(int number)
{
    ContentHash hash; // Spread as real ones are.
    const std::uint64_t mixed = static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15U;
    std::memcpy(hash.bytes.data(), &mixed, sizeof mixed);
    std::memcpy(hash.bytes.data() + 8, &number, sizeof number);
    return hash;
}

std::string pathOf(int number)
{
    return "/photos/" + std::to_string(number / 500) + "/" + std::to_string(number) + ".jpg";
}

Metadata metadataOf(int number)
{
    Metadata metadata;
    metadata.cameraMake = "Maker " + std::to_string(number % 10);
    metadata.cameraModel = "Model " + std::to_string(number % 40);
    metadata.lens = "Lens " + std::to_string(number % 60);
    metadata.description = std::string(100, 'x');
    if (number % 3 == 0) {
        metadata.latitude = 1;
        metadata.longitude = 2;
    }
    return metadata;
}

bool fill(db::Catalogue &catalogue, int photos, int sidecars)
{
    const auto folder = catalogue.addFolder("/photos");
    const auto label = catalogue.addLabel("tenth");
    std::vector<ContentHash> labelled;
    std::vector<Rating> rated;
    for (int begin = 0; begin < photos; begin += kBatch) {
        std::vector<Photo> some;
        std::vector<ContentMetadata> said;
        std::vector<Sidecar> beside;
        for (int i = begin; i < std::min(begin + kBatch, photos); ++i) {
            Photo photo;
            photo.folder = *folder;
            photo.path = pathOf(i);
            photo.hash = content(i);
            photo.captureTimeMs = std::int64_t{i} * 3'600'000;
            photo.width = 4000 - i % 2000;
            photo.height = 3000;
            some.push_back(photo);
            said.push_back({photo.hash, metadataOf(i)});
            if (i < sidecars) {
                beside.emplace_back();
                beside.back().photo = photo.path;
                beside.back().metadata = metadataOf(i);
            }
            if (i % 10 == 0) {
                labelled.push_back(photo.hash);
                rated.push_back({photo.hash, i % 5 + 1});
            }
        }
        if (!catalogue.putPhotos(some) || !catalogue.putMetadata(said) || !catalogue.putSidecars(beside))
            return false;
    }
    return catalogue.assignLabel(*label, labelled) && catalogue.setRatings(rated);
}

} // namespace

int main(int argc, char **argv)
{
    const int photos = argc > 1 ? std::atoi(argv[1]) : 100'000;
    const int sidecars = argc > 2 ? std::atoi(argv[2]) : 0;
    const QTemporaryDir directory;
    auto catalogue = db::Catalogue::open(directory.path().toStdString());
    if (!catalogue || !fill(*catalogue, photos, sidecars))
        return 1;
    const auto index = library::LibraryFollower().follow(*catalogue);
    if (!index)
        return 1;
    std::printf("%d photos, %d sidecars\n", photos, sidecars);
    for (const char *line :
         {"label:tenth", "folder:17", "date:1971", "camera:\"maker 3\"", "lens:\"lens 7\"", "rating:>=4",
          "rating:0", "format:raw", "has:gps", "size:>=12mp", "size:>1mb", "orientation:portrait",
          "type:video", "label:tenth camera:\"maker 3\" date:1971..1973 -rating:>=4"}) {
        const auto read = query::parse(QString::fromUtf8(line), QDate::currentDate());
        double best = 1e9;
        int count = 0;
        for (int run = 0; run < kRuns; ++run) {
            QElapsedTimer timer;
            timer.start();
            const auto found =
                query::filteredPhotos(*std::get<query::Query>(read).filter, **index, *catalogue);
            best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
            if (!found || !std::holds_alternative<query::PhotoSet>(*found))
                return 1;
            count = std::get<query::PhotoSet>(*found).count();
        }
        std::printf("%9.2f ms %8d  %s\n", best, count, line);
    }
    QElapsedTimer timer;
    timer.start();
    const auto names = catalogue->equipment(EquipmentKind::Camera);
    std::printf("%9.2f ms %8zu  names of cameras\n", static_cast<double>(timer.nsecsElapsed()) / 1e6,
                names ? names->size() : 0);
    return 0;
}
