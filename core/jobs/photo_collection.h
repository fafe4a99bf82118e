// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QList>
#include <QMetaType>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace yingxun::jobs {

/// Photos as they were at one moment, with what a window looks up in them again and again. Never changes, so
/// that threads share it.
class PhotoCollection
{
public:
    /// @param photos  in the order in which they are shown.
    explicit PhotoCollection(std::vector<Photo> photos);

    int size() const { return static_cast<int>(m_photos.size()); }
    const Photo &at(int index) const { return m_photos[static_cast<std::size_t>(index)]; }
    const std::vector<Photo> &photos() const { return m_photos; }

    const QList<ContentHash> &contents() const
    {
        return m_contents;
    } ///< Each once, as good as always; in no order.
    /// Calls visit(index) for each photo that has a content, in the order in which they are shown.
    template<typename Visit>
    void forEachWith(const ContentHash &content, Visit visit) const
    {
        const Key key{beginningOf(content), 0};
        for (auto it = std::lower_bound(m_byContent.begin(), m_byContent.end(), key);
             it != m_byContent.end() && it->first == key.first; ++it) {
            if (at(it->second).hash == content)
                visit(it->second);
        }
    }
    /// How many photos lie in a directory itself, by its path.
    const std::map<std::string, qsizetype> &directories() const { return m_directories; }

private:
    using Key = std::pair<std::uint64_t, int>; ///< A content's beginning, and the index of a photo.

    static std::uint64_t beginningOf(const ContentHash &content);

    std::vector<Photo> m_photos;
    std::vector<Key> m_byContent; ///< Sorted.
    QList<ContentHash> m_contents;
    std::map<std::string, qsizetype> m_directories;
};

/// Null: nothing is loaded yet. Whoever lets the last one go does not wait for its end.
using Photos = std::shared_ptr<const PhotoCollection>;
Photos sharedPhotos(std::vector<Photo> photos);

} // namespace yingxun::jobs

Q_DECLARE_METATYPE(yingxun::jobs::Photos)
