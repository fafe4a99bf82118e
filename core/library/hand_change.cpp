// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/hand_change.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>

namespace yingxun::library {
namespace {

std::vector<Rating> rated(int stars, std::span<const ContentHash> contents)
{
    std::vector<Rating> ratings;
    ratings.reserve(contents.size());
    for (const ContentHash &content : contents)
        ratings.push_back({content, stars});
    return ratings;
}

std::int64_t nowMs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Result<std::vector<ContentHash>> heirsOf(db::Catalogue &catalogue, const std::vector<ContentHash> &contents,
                                         std::int64_t sinceMs)
{
    std::vector<ContentHash> all;
    for (const ContentHash &content : contents) {
        auto heirs = catalogue.heirsOf(content, sinceMs);
        if (!heirs)
            return heirs;
        all.insert(all.end(), heirs->begin(), heirs->end());
    }
    return all;
}

Result<std::vector<Rating>> heirsOf(db::Catalogue &catalogue, const std::vector<Rating> &ratings,
                                    std::int64_t sinceMs)
{
    std::vector<Rating> all;
    for (const Rating &rating : ratings) {
        auto heirs = catalogue.heirsOf(rating.content, sinceMs);
        if (!heirs)
            return heirs.propagate();
        for (const ContentHash &heir : *heirs)
            all.push_back({heir, rating.stars});
    }
    return all;
}

} // namespace

Result<std::vector<ContentHash>> contentsOf(db::Catalogue &catalogue, std::span<const PhotoId> photos,
                                            Touched touched)
{
    std::vector<ContentHash> contents;
    std::unordered_set<ContentHash> taken;
    const auto take = [&](const ContentHash &content) {
        if (taken.insert(content).second)
            contents.push_back(content);
    };
    for (const PhotoId id : photos) {
        const auto photo = catalogue.photo(id);
        if (!photo)
            return photo.propagate();
        if (!*photo)
            continue;
        take((*photo)->hash);
        if (touched == Touched::Picture)
            continue;
        const auto companions = catalogue.companionContents(**photo);
        if (!companions)
            return companions.propagate();
        std::for_each(companions->begin(), companions->end(), take);
    }
    return contents;
}

HandChange::HandChange(LabelStep step, LabelId label, std::vector<ContentHash> contents)
    : m_what(Labelling{step, label, std::move(contents)}), m_madeMs(nowMs())
{
}

HandChange::HandChange(int stars, std::span<const ContentHash> contents)
    : m_what(rated(stars, contents)), m_madeMs(nowMs())
{
}

std::size_t HandChange::count() const
{
    const auto *labelling = std::get_if<Labelling>(&m_what);
    return labelling != nullptr ? labelling->contents.size() : std::get<Ratings>(m_what).size();
}

Result<void> HandChange::turn(db::Catalogue &catalogue, State wanted)
{
    if (m_state == wanted)
        return {};
    if (auto *labelling = std::get_if<Labelling>(&m_what)) {
        const bool assign = (labelling->step == LabelStep::Assign) == (wanted == State::Done);
        auto contents = heirsOf(catalogue, labelling->contents, m_madeMs);
        if (!contents)
            return contents.propagate();
        auto changed = assign ? catalogue.assignLabel(labelling->label, *contents)
                              : catalogue.unassignLabel(labelling->label, *contents);
        if (!changed)
            return changed.propagate();
        labelling->contents = *std::move(changed);
    } else {
        auto ratings = heirsOf(catalogue, std::get<Ratings>(m_what), m_madeMs);
        if (!ratings)
            return ratings.propagate();
        auto before = catalogue.setRatings(*ratings);
        if (!before)
            return before.propagate();
        m_what = *std::move(before);
    }
    m_state = wanted;
    return {};
}

} // namespace yingxun::library
