// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/photo_collection.h"

#include <QThreadPool>

#include <cstring>
#include <string_view>
#include <utility>

namespace yingxun::jobs {

PhotoCollection::PhotoCollection(std::vector<Photo> photos) : m_photos(std::move(photos))
{
    m_byContent.reserve(m_photos.size());
    auto directory = m_directories.end();
    for (int i = 0; i < size(); ++i) {
        const Photo &photo = at(i);
        m_byContent.emplace_back(beginningOf(photo.hash), i);
        // Neighbours in time mostly lie in one directory.
        const std::string_view parent(photo.path.data(), photo.path.rfind('/'));
        if (directory == m_directories.end() || directory->first != parent)
            directory = m_directories.try_emplace(std::string(parent), 0).first;
        ++directory->second;
    }
    std::sort(m_byContent.begin(), m_byContent.end());
    m_contents.reserve(size());
    for (const auto &[beginning, index] : m_byContent) {
        // Of one content they follow each other, but for a collision of beginnings: then one comes twice.
        if (m_contents.isEmpty() || m_contents.last() != at(index).hash)
            m_contents.append(at(index).hash);
    }
}

std::uint64_t PhotoCollection::beginningOf(const ContentHash &content)
{
    std::uint64_t beginning = 0;
    std::memcpy(&beginning, content.bytes.data(), sizeof(beginning));
    return beginning;
}

Photos sharedPhotos(std::vector<Photo> photos)
{
    // A million photos take long to be freed.
    return {new PhotoCollection(std::move(photos)), [](const PhotoCollection *collection) {
                QThreadPool::globalInstance()->start([collection] { delete collection; });
            }};
}

} // namespace yingxun::jobs
