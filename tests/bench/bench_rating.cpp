// SPDX-License-Identifier: GPL-3.0-or-later
// What rating many photos at once costs as a person does it, beside the bare transaction. The ratio is much
// the same for both numbers of photos if each is looked at once; it grows with them if each is compared with
// each.
#include "core/db/catalogue.h"
#include "core/services/librarian.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <cstdio>

using namespace yingxun;

namespace {

std::vector<Photo> photos(int count, FolderId folder)
{
    std::vector<Photo> all;
    for (int i = 0; i < count; ++i) {
        Photo photo;
        photo.folder = folder;
        photo.path = "/root/" + std::to_string(i) + ".jpg";
        for (std::size_t byte = 0; byte < 4; ++byte)
            photo.hash.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        all.push_back(photo);
    }
    return all;
}

bool measure(int count)
{
    const QTemporaryDir directory;
    const std::filesystem::path data = directory.path().toStdString();
    auto catalogue = db::Catalogue::open(data);
    const auto folder = catalogue ? catalogue->addFolder("/root") : catalogue.propagate();
    if (!folder || !catalogue->putPhotos(photos(count, *folder)))
        return false;
    QList<PhotoId> ids;
    std::vector<Rating> ratings;
    const auto stored = catalogue->photos();
    if (!stored)
        return false;
    for (const Photo &photo : *stored) {
        ids.append(photo.id);
        ratings.push_back({photo.hash, 2});
    }
    QElapsedTimer clock;
    clock.start();
    if (!catalogue->setRatings(ratings))
        return false;
    const double bare = static_cast<double>(clock.restart());
    services::Librarian librarian(data);
    QSignalSpy rated(&librarian, &services::Librarian::ratingsLoaded);
    librarian.setRating(ids, 3);
    if (!rated.wait(600'000))
        return false;
    const double whole = static_cast<double>(clock.elapsed());
    std::printf("%7d photos: transaction %6.0f ms, as a person does it %6.0f ms, ratio %.1f\n", count, bare,
                whole, whole / bare);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    for (const int count : {10'000, 100'000}) {
        if (!measure(count))
            return 1;
    }
    return 0;
}
