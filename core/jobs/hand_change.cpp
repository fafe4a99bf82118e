// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/hand_change.h"

namespace yingxun::jobs {
namespace {

std::vector<Rating> rated(int stars, std::span<const ContentHash> contents)
{
    std::vector<Rating> ratings;
    ratings.reserve(contents.size());
    for (const ContentHash &content : contents)
        ratings.push_back({content, stars});
    return ratings;
}

} // namespace

HandChange::HandChange(LabelStep step, LabelId label, std::vector<ContentHash> contents)
    : m_what(Labelling{step, label, std::move(contents)})
{
}

HandChange::HandChange(int stars, std::span<const ContentHash> contents) : m_what(rated(stars, contents)) {}

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
        auto changed = assign ? catalogue.assignLabel(labelling->label, labelling->contents)
                              : catalogue.unassignLabel(labelling->label, labelling->contents);
        if (!changed)
            return changed.propagate();
        labelling->contents = *std::move(changed);
    } else {
        auto before = catalogue.setRatings(std::get<Ratings>(m_what));
        if (!before)
            return before.propagate();
        m_what = *std::move(before);
    }
    m_state = wanted;
    return {};
}

} // namespace yingxun::jobs
