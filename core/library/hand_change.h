// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace yingxun::library {

/// What of an item a change touches. Its companions are not seen, and so cannot be chosen: what they carry
/// from a time when they stood alone could not be taken off, though it finds the item.
enum class Touched { Picture, Companions };

/// Contents of photos, and of their companions if these are touched, too: each once. Photos that have gone
/// meanwhile are left out. Errors: those of the catalogue.
Result<std::vector<ContentHash>> contentsOf(db::Catalogue &catalogue, std::span<const PhotoId> photos,
                                            Touched touched);

/// A step that a person took, with what it changed: taking it back, and doing it again, touch exactly what
/// the step before touched, or what came in its place when a file was edited meanwhile. Belongs to the
/// catalogue's thread.
class HandChange
{
public:
    enum class LabelStep { Assign, Unassign };

    HandChange(LabelStep step, LabelId label, std::vector<ContentHash> contents);
    HandChange(int stars, std::span<const ContentHash> contents); ///< 0: no stars.

    /// Both do nothing when it is done already. Errors: those of the catalogue; then nothing has changed.
    Result<void> apply(db::Catalogue &catalogue) { return turn(catalogue, State::Done); }
    Result<void> revert(db::Catalogue &catalogue) { return turn(catalogue, State::TakenBack); }

    bool isRating() const { return std::holds_alternative<Ratings>(m_what); }
    std::size_t count() const; ///< Contents that it changed.

private:
    enum class State { Done, TakenBack };
    struct Labelling {
        LabelStep step;
        LabelId label;
        std::vector<ContentHash> contents; ///< Asked for; after a turn, those that it changed.
    };
    using Ratings = std::vector<Rating>; ///< What the next turn sets.

    Result<void> turn(db::Catalogue &catalogue, State wanted);

    std::variant<Labelling, Ratings> m_what;
    std::int64_t m_madeMs; ///< Since the epoch, UTC.
    State m_state = State::TakenBack;
};

} // namespace yingxun::library
