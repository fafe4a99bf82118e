// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/library_index_maker.h"
#include "core/library/place.h"

#include <algorithm>

namespace yingxun::test {

/// Those without an id get the next one; without a capture time they are shown at 0.
inline library::Snapshot snapshotOf(std::vector<Photo> photos)
{
    std::int64_t id = 0;
    for (Photo &photo : photos) {
        if (!photo.id)
            photo.id = {++id};
    }
    std::sort(photos.begin(), photos.end(), [](const Photo &a, const Photo &b) { return a.id < b.id; });
    library::LibraryIndexMaker maker;
    for (const Photo &photo : photos)
        maker.add(photo, photo.captureTimeMs.value_or(0));
    return maker.finish();
}

/// All of a library that holds these contents.
inline library::SharedPlace placeOf(const std::vector<ContentHash> &contents, library::Scope scope = {})
{
    std::vector<Photo> photos(contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        photos[i].path = "/photos/" + std::to_string(i) + ".jpg";
        photos[i].hash = contents[i];
    }
    return std::make_shared<const library::Place>(snapshotOf(std::move(photos)), std::move(scope));
}

} // namespace yingxun::test
