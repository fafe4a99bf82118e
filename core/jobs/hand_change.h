// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"

#include <vector>

namespace yingxun::jobs {

/// A step that a person took, with what it changed: taking it back, and doing it again, touch exactly what
/// the step before touched. Belongs to the catalogue's thread.
class HandChange
{
public:
    enum class Kind { Assign, Unassign };

    HandChange(Kind kind, LabelId label, std::vector<ContentHash> contents);

    /// Both do nothing when it is done already. Errors: those of the catalogue; then nothing has changed.
    Result<void> apply(db::Catalogue &catalogue) { return turn(catalogue, State::Done); }
    Result<void> revert(db::Catalogue &catalogue) { return turn(catalogue, State::TakenBack); }

    std::size_t count() const { return m_contents.size(); } ///< Contents that it changed.

private:
    enum class State { Done, TakenBack };
    Result<void> turn(db::Catalogue &catalogue, State wanted);

    Kind m_kind;
    LabelId m_label;
    std::vector<ContentHash> m_contents; ///< Asked for; after a turn, those that it changed.
    State m_state = State::TakenBack;
};

} // namespace yingxun::jobs
