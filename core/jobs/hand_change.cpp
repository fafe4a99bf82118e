// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/hand_change.h"

namespace yingxun::jobs {

HandChange::HandChange(Kind kind, LabelId label, std::vector<ContentHash> contents)
    : m_kind(kind), m_label(label), m_contents(std::move(contents))
{
}

Result<void> HandChange::turn(db::Catalogue &catalogue, State wanted)
{
    if (m_state == wanted)
        return {};
    const bool assign = (m_kind == Kind::Assign) == (wanted == State::Done);
    auto changed =
        assign ? catalogue.assignLabel(m_label, m_contents) : catalogue.unassignLabel(m_label, m_contents);
    if (!changed)
        return changed.propagate();
    m_contents = *std::move(changed);
    m_state = wanted;
    return {};
}

} // namespace yingxun::jobs
